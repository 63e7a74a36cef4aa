"""The one place that knows where third-party samples lie: the folder named by `SEAWALL_CORPUS`.

The samples belong to others and are not part of this repository. Tests that read them skip, and say how to
run them, where the folder is not given.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def corpus_path(*parts: str) -> Path:
    """The file or folder `parts` below `SEAWALL_CORPUS`; skips the running test if it is not there."""
    root = os.environ.get("SEAWALL_CORPUS")
    if not root:
        pytest.skip("third-party samples are not here: set SEAWALL_CORPUS to their folder")
    path = Path(root).joinpath(*parts)
    if not path.exists():
        pytest.skip(f"SEAWALL_CORPUS holds no {'/'.join(parts)}: set SEAWALL_CORPUS to the folder that does")
    return path
