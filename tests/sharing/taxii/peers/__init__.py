"""TAXII servers of others, run as real servers in environments of their own: their needs would hold ours back."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ENVIRONMENTS = Path(os.environ.get("SEAWALL_PEERS", Path(__file__).parents[4] / ".peers"))


@contextlib.contextmanager
def peer(name: str, folder: Path) -> Iterator[tuple[str, str]]:
    """A running server: the address of its API root, and the id of a collection. Skips where it is not installed."""
    python = ENVIRONMENTS / name / "bin" / "python"
    if not python.exists():
        pytest.skip(f"{name} is not installed: tools/taxii_peers.sh")
    command = [str(python), str(HERE / f"{name}_server.py"), str(folder)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=folder)
    try:
        assert server.stdout is not None
        line = next((line for line in server.stdout if line.startswith("http://")), "")
        root, collection = line.split()
        yield root, collection
    finally:
        server.kill()
        server.communicate()
