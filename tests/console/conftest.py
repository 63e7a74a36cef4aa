"""A console nobody has logged in to yet."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.console.browser import World, open_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with asyncio.Runner() as loop:
        made = open_world(tmp_path / "case", loop=loop)
        yield made
        made.desk.close()
