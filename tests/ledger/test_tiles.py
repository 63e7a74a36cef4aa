"""Tiles as any tlog-tiles client reads them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.disk.durable import Disk
from seawall.errors import InputError
from seawall.ledger.merkle import Growing, leaf_hash, root_of
from seawall.ledger.tiles import ENTRIES, Tiles, bundle, read_bundle, tile_path
from tests.corpus import corpus_path


def entries(count: int, first: int = 0) -> list[bytes]:
    return [b"vecA-entry-%d" % n for n in range(first, first + count)]


def grown(count: int) -> bytes:
    tree = Growing()
    for entry in entries(count):
        tree.add(leaf_hash(entry))
    return tree.root()


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_places_are_those_of_the_specification() -> None:
    assert tile_path(0, 1234067) == "tile/0/x001/x234/067"
    assert tile_path(ENTRIES, 5, 3) == "tile/entries/005.p/3"
    assert tile_path(63, 0) == "tile/63/000"


def test_70_000_entries_lie_in_the_tiles_the_specification_counts(tmp_path: Path) -> None:
    tiles = Tiles(tmp_path, Disk())
    tiles.add(entries(70_000))
    tiles.settle()
    there = names(tmp_path / "tile")
    assert len([n for n in there if n.startswith("0/") and ".p" not in n]) == 273
    assert {n for n in there if ".p" in n or n.startswith(("1/", "2/"))} == {
        "0/273.p/112", "entries/273.p/112", "1/000", "1/001.p/17", "2/000.p/1",
    }  # fmt: skip
    assert root_of(0, 70_000, tiles.full).hex() == "73b99e710f1e181aecb06708599c831d849c71df810f0f3b8e7019953c9e819c"
    assert list(tiles.check()) == []
    again = Tiles(tmp_path, Disk())
    again.load(70_000)
    assert root_of(0, 70_000, again.full) == root_of(0, 70_000, tiles.full)
    assert again.entry(69_999) == b"vecA-entry-69999"
    assert again.entry(255) == b"vecA-entry-255"


def test_256_entries_are_one_full_tile_and_one_hash_above(tmp_path: Path) -> None:
    tiles = Tiles(tmp_path, Disk())
    tiles.add(entries(256))
    tiles.settle()
    assert names(tmp_path) == {"tile/0/000", "tile/1/000.p/1", "tile/entries/000"}


@settings(max_examples=25)
@given(st.lists(st.integers(1, 400), min_size=1, max_size=5))
def test_in_whatever_steps_they_come_the_tiles_are_the_same_and_old_partial_ones_go(
    tmp_path_factory: pytest.TempPathFactory, steps: list[int]
) -> None:
    folder, once = tmp_path_factory.mktemp("steps"), tmp_path_factory.mktemp("once")
    tiles, size = Tiles(folder, Disk()), 0
    for step in steps:
        tiles.add(entries(step, size))
        tiles.settle()
        tiles.tidy(size)
        size += step
        reread = Tiles(folder, Disk())
        reread.load(size)
        assert root_of(0, size, reread.full) == grown(size)
        tiles = reread
    whole = Tiles(once, Disk())
    whole.add(entries(size))
    whole.settle()
    assert names(folder) == names(once)
    assert all((folder / name).read_bytes() == (once / name).read_bytes() for name in names(folder))


def test_an_older_size_is_read_from_wider_tiles(tmp_path: Path) -> None:
    tiles = Tiles(tmp_path, Disk())
    tiles.add(entries(300))
    tiles.settle()
    for size in (1, 100, 256, 270):
        older = Tiles(tmp_path, Disk())
        older.load(size)
        assert root_of(0, size, older.full) == grown(size)


def test_every_bit_of_every_tile_is_checked(tmp_path: Path) -> None:
    tiles = Tiles(tmp_path, Disk())
    tiles.add(entries(600))
    tiles.settle()
    for name in sorted(names(tmp_path)):
        path = tmp_path / name
        raw = path.read_bytes()
        for at in (0, len(raw) // 2, len(raw) - 1):
            path.write_bytes(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :])
            try:
                told = list(tiles.check())
            except InputError as error:
                told = [str(error)]
            assert told, f"{name} byte {at}"
            assert "tile" in told[0] or "bundle" in told[0]
        path.write_bytes(raw)
    assert list(tiles.check()) == []


@given(st.lists(st.binary(max_size=40), max_size=20))
def test_a_bundle_reads_back(items: list[bytes]) -> None:
    assert read_bundle(bundle(items), where="x") == items


@given(st.binary(max_size=60))
def test_any_bytes_are_a_bundle_or_an_input_error(raw: bytes) -> None:
    try:
        assert bundle(read_bundle(raw, where="x")) == raw
    except InputError as error:
        assert error.where == "x"  # noqa: PT017 - both ways out are right


@pytest.mark.corpus
def test_tiles_and_bundles_of_tessera_are_byte_for_byte_ours(tmp_path: Path) -> None:
    folder = corpus_path("lawful-intercept", "tlog", "tessera-log")
    words = read_bundle((folder / "entries-000.p-8").read_bytes(), where="x")
    assert words[:3] == [b"one", b"two", b"three"]
    for size in range(1, 9):
        tiles = Tiles(tmp_path / str(size), Disk())
        tiles.add(words[:size])
        tiles.settle()
        hashes = tmp_path / str(size) / tile_path(0, 0, size)
        assert hashes.read_bytes() == (folder / f"tile-0-000.p-{size}").read_bytes()
        theirs = folder / f"entries-000.p-{size}"
        if theirs.exists():
            assert (tmp_path / str(size) / tile_path(ENTRIES, 0, size)).read_bytes() == theirs.read_bytes()
            assert read_bundle(theirs.read_bytes(), where="x") == words[:size]
