from __future__ import annotations

from pathlib import Path

import pytest

from seawall.disk.durable import Disk
from seawall.errors import InputError
from seawall.ledger.merkle import EMPTY_ROOT, leaf_hash, verify_consistency, verify_inclusion
from seawall.ledger.tree import Tree, shows_growth
from tests.disk.faults import FullDisk
from tests.ledger.making import slow_root

ENTRIES = [b"entry %d" % n for n in range(700)]


@pytest.mark.parametrize("tiled", [0, 1, 256, 300, 600, 700])
def test_proofs_are_the_same_wherever_the_tiles_end(tmp_path: Path, tiled: int) -> None:
    tree = Tree(tmp_path, Disk())
    for number, entry in enumerate(ENTRIES):
        if number == tiled:
            tree.settle()
        tree.add(entry)
    for size in (1, 255, 257, 699, 700):
        assert tree.root_at(size) == slow_root(ENTRIES[:size])
        for index in (0, size // 2, size - 1):
            assert verify_inclusion(
                index, size, leaf_hash(ENTRIES[index]), tree.inclusion_proof(index, size), tree.root_at(size)
            )
        assert verify_consistency(size, 700, tree.consistency_proof(size, 700), tree.root_at(size), tree.root())
        assert shows_growth(tree, size, tree.root_at(size))
        assert not shows_growth(tree, size, bytes(32))
    assert shows_growth(tree, 0, EMPTY_ROOT)
    assert not shows_growth(tree, 701, bytes(32))


def test_tiles_that_are_gone_are_told_before_and_after_loading(tmp_path: Path) -> None:
    tree = Tree(tmp_path, Disk())
    for entry in ENTRIES:
        tree.add(entry)
    tree.settle()
    assert Tree(tmp_path, Disk()).load(700)
    (tmp_path / "tile" / "0" / "001").unlink()
    loaded = Tree(tmp_path, Disk())
    assert loaded.load(700)  # the last tiles are there
    with pytest.raises(InputError, match="a tile is missing"):
        loaded.inclusion_proof(300, 700)
    (tmp_path / "tile" / "1" / "000.p" / "2").unlink()
    assert not loaded.load(700)
    assert loaded.size == 0


def test_a_disk_that_refuses_a_tile_loses_no_entry(tmp_path: Path) -> None:
    disk = FullDisk(9_000)
    tree = Tree(tmp_path, disk)
    for entry in ENTRIES:
        tree.add(entry)
    for _ in range(2):
        with pytest.raises(OSError, match="No space"):
            tree.tile()
    assert tree.entry(699) == ENTRIES[699]
    disk.room = 1 << 20
    tree.settle()
    assert tree.root_at(650) == slow_root(ENTRIES[:650])
    assert Tree(tmp_path, Disk()).load(700)
