"""Real components a test may need: found here, or the test skips with the one command that brings them."""

from __future__ import annotations

import shutil

import pytest


def program(name: str) -> str:
    """The path of an installed program; skips the running test, naming the command that installs it."""
    found = shutil.which(name)
    if not found:
        pytest.skip(f"{name} is not installed: make system-deps")
    return found
