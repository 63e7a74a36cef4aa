"""Compiled rules on disk: read once, trusted only whole, ours and of this version."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from seawall.detect.sigma.archive import RuleFile
from seawall.detect.sigma.plan import Atom, Op
from seawall.detect.sigma.rulecache import MAX_PACKS, RuleCache, cache_folder
from seawall.errors import RuleError

CLASSES = (Atom, Op)
ONE, TWO = RuleFile("a.yml", b"one"), RuleFile("b.yml", b"two")


def compiled(file: RuleFile) -> list[Any]:
    if file.data == b"odd":
        return [object()]
    return [Atom(file.origin, Op.EQUALS, file.data.decode()), RuleError("broken", where=file.origin)]


def loaded(folder: Path, *files: RuleFile | RuleError, key: str = "k") -> tuple[list[str], int]:
    """What came back, as text, and how many files had to be compiled."""
    cache = RuleCache(key, CLASSES, folder)
    return [repr(item) for item in cache.items(files, compiled)], cache.read_anew


def pack(folder: Path) -> Path:
    (path,) = folder.glob("*.json")
    return path


def test_a_second_reading_compiles_nothing_and_gives_the_same(tmp_path: Path) -> None:
    first, anew = loaded(tmp_path, ONE, TWO)
    assert anew == 2
    assert loaded(tmp_path, ONE, TWO) == (first, 0)


def test_only_what_changed_is_read_anew(tmp_path: Path) -> None:
    loaded(tmp_path, ONE, TWO)
    assert loaded(tmp_path, ONE, RuleFile("b.yml", b"three"))[1] == 1
    assert loaded(tmp_path, ONE, RuleFile("c.yml", b"three"))[1] == 1  # a rule says where it stands
    assert loaded(tmp_path, ONE)[1] == 0
    assert b"three" not in pack(tmp_path).read_bytes()


def test_other_options_are_another_pack(tmp_path: Path) -> None:
    loaded(tmp_path, ONE)
    assert loaded(tmp_path, ONE, key="other")[1] == 1


@pytest.mark.parametrize("harm", ["cut", "flipped", "empty", "sealed anew over nonsense", "writable by others"])
def test_a_pack_that_cannot_be_trusted_is_made_anew(tmp_path: Path, harm: str) -> None:
    import hashlib

    wanted, _ = loaded(tmp_path, ONE, TWO)
    path = pack(tmp_path)
    data = path.read_bytes()
    head, _, body = data.partition(b"\n")
    nonsense = b'{"objects": [[99, 1]], "files": {"x": 0}}'
    seal = head[:-64] + hashlib.sha256(nonsense).hexdigest().encode()
    harmed = {
        "cut": data[:-5],
        "flipped": head + b"\n" + body.replace(b"one", b"uno"),
        "empty": b"",
        "sealed anew over nonsense": seal + b"\n" + nonsense,
    }
    path.write_bytes(harmed.get(harm, data))
    if harm == "writable by others":
        path.chmod(0o666)
    assert loaded(tmp_path, ONE, TWO) == (wanted, 2)
    assert loaded(tmp_path, ONE, TWO) == (wanted, 0)


def test_what_cannot_be_written_is_read_each_time_and_hinders_nothing(tmp_path: Path) -> None:
    odd = RuleFile("o.yml", b"odd")
    loaded(tmp_path, ONE, odd)
    assert loaded(tmp_path, ONE, odd)[1] == 1


def test_an_unreadable_file_passes_through(tmp_path: Path) -> None:
    assert loaded(tmp_path, RuleError("gone", where="x"), ONE)[0][0] == repr(RuleError("gone", where="x"))


def test_a_folder_that_cannot_be_written_costs_time_only(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    assert loaded(blocked / "in", ONE)[1] == 1


def test_old_packs_go(tmp_path: Path) -> None:
    for number in range(MAX_PACKS + 3):
        loaded(tmp_path, ONE, key=str(number))
    assert len(list(tmp_path.iterdir())) == MAX_PACKS


def test_packs_lie_where_the_user_s_caches_lie(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "seawall" / "rules"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_folder() == tmp_path / ".cache" / "seawall" / "rules"
