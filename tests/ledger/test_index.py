from __future__ import annotations

from pathlib import Path

from seawall.ledger.index import NAME, Index


def filled(folder: Path) -> Index:
    index = Index(folder)
    index.load()
    for entry in range(index.size, 6):
        index.add(entry, {"finding": f"f{entry % 2}", "nonce": f"n{entry}"})
    return index


def test_keys_are_found_in_memory_and_in_the_file(tmp_path: Path) -> None:
    index = filled(tmp_path)
    for _ in range(2):
        assert index.find("finding", "f1") == [1, 3, 5]
        assert index.find("nonce", "n4") == [4]
        assert index.find("nonce", "f1") == []
        index.store(b"root")
    index.close()
    again = Index(tmp_path)
    again.load()
    assert (again.size, again.stored, again.root) == (6, 6, b"root")
    assert again.find("finding", "f1") == [1, 3, 5]
    again.close()


def test_a_file_that_is_torn_or_anothers_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"SQLite format 3\x00" + b"\xff" * 500)
    index = filled(tmp_path)
    assert index.stored == 0
    index.store(b"r")
    assert index.find("nonce", "n0") == [0]
    index.close()


def test_forgetting_leaves_nothing(tmp_path: Path) -> None:
    index = filled(tmp_path)
    index.store(b"r")
    index.reset()
    assert index.find("nonce", "n0") == []
    assert index.size == 0
    index.close()
