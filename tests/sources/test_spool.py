from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from seawall.sources import spool


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_small_content_never_touches_the_disk(temporary: Path) -> None:
    kept = spool.Spool().keep(iter([b"one", b"two"]))
    assert (kept.content, kept.path, kept.size) == (b"onetwo", None, 6)
    assert list(temporary.iterdir()) == []


def test_large_content_comes_back_whole(temporary: Path) -> None:
    room = spool.Spool()
    kept = room.keep(iter([b"x" * 700_000] * 3))
    with kept.open() as stream:
        assert stream.read() == b"x" * 2_100_000
    assert kept.size == 2_100_000
    assert kept.path is not None
    assert kept.path.stat().st_mode & 0o077 == 0o044 or kept.path.parent.stat().st_mode & 0o077 == 0
