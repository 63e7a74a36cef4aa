"""The tree on plain files (C2SP tlog-tiles): hash tiles and entry bundles of 256, which any such client can read.

Full tiles never change. The last tile of each level is kept in memory and written as a partial tile when a checkpoint
is about to name it. Everything here follows from the journal and can be made again.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from seawall.disk.durable import TEMPORARY, Disk
from seawall.errors import InputError
from seawall.ledger.merkle import HASH_BYTES, fold_pairs, leaf_hash

WIDTH: Final = 256
ENTRIES: Final = -1  # the level entry bundles lie at
_BITS: Final = 8
_CACHED: Final = (
    512  # full tiles above the lowest level kept in memory, about 20 kB each: enough for 33 million entries
)
_MEND: Final = "derive the tiles again from the journal: seawall ledger checkpoint --rebuild"


def tile_path(level: int, number: int, width: int = WIDTH) -> str:
    """Where a tile lies below the log: `tile/0/x001/x234/067`, partial ones in `.p/width`."""
    groups = [f"{number % 1000:03d}"]
    while number := number // 1000:
        groups.append(f"x{number % 1000:03d}")
    place = "entries" if level == ENTRIES else str(level)
    return f"tile/{place}/{'/'.join(reversed(groups))}" + (f".p/{width}" if width < WIDTH else "")


def bundle(entries: Sequence[bytes]) -> bytes:
    """An entry bundle: each entry after its length in 16 bits."""
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def read_bundle(raw: bytes, *, where: str) -> list[bytes]:
    """The entries of a bundle. Raises InputError if it is cut short."""
    entries, at = list[bytes](), 0
    while at < len(raw):
        start = at + 2
        at = start + int.from_bytes(raw[at:start], "big")
        if start > len(raw) or at > len(raw):
            raise InputError("an entry bundle is cut short", where=where, mend=_MEND)
        entries.append(raw[start:at])
    return entries


class Tiles:
    """The tiles of the first `size` entries below `folder`."""

    def __init__(self, folder: Path, disk: Disk) -> None:
        self.folder = folder
        self.size = 0
        self._disk = disk
        self._edges: list[list[bytes]] = [[]]  # per level the hashes of its last tile, fewer than 256
        self._tail: list[bytes] = []  # entries of the last bundle
        self._folders: set[Path] = set()  # whose names are not yet on the disk
        self._cache: dict[tuple[int, int], list[bytes]] = {}  # above the lowest level: few tiles, in every proof
        self._lowest: tuple[int, list[bytes]] | None = None  # the one read last
        self._bundle: tuple[int, list[bytes]] | None = None  # the one read last

    def load(self, size: int) -> None:
        """Take up the tiles of `size` entries. Raises FileNotFoundError if one of the last ones is not there."""
        edges = list[list[bytes]]()
        while rest := size >> (_BITS * len(edges)):
            number, width = divmod(rest, WIDTH)
            edges.append(self._hashes(len(edges), number, width) if width else [])
        self._tail = self._entries(size >> _BITS, size % WIDTH)
        self._edges = edges or [[]]
        self.size = size

    def add(self, entries: Sequence[bytes]) -> None:
        """Take in the next entries, all or none; tiles that become full are written at once. OSError from the disk."""
        before = self.size, [list(edge) for edge in self._edges], list(self._tail)
        try:
            for entry in entries:
                self._tail.append(entry)
                if len(self._tail) == WIDTH:
                    self._write(tile_path(ENTRIES, self.size >> _BITS), bundle(self._tail))
                    self._tail = []
                self._push(0, leaf_hash(entry))
                self.size += 1
        except BaseException:
            self.size, self._edges, self._tail = before  # what was written already is written the same again
            raise

    def settle(self) -> None:
        """Write the partial tiles and wait until every name is on the disk; a checkpoint may follow."""
        if self._tail:
            self._write(tile_path(ENTRIES, self.size >> _BITS, len(self._tail)), bundle(self._tail))
        for level, edge in enumerate(self._edges):
            if edge:
                number = self.size >> (_BITS * (level + 1))
                self._write(tile_path(level, number, len(edge)), b"".join(edge))
        for folder in sorted(self._folders, reverse=True):
            self._disk.sync_folder(folder)
        self._folders.clear()

    def tidy(self, old_size: int) -> None:
        """Remove the partial tiles of an older size: the checkpoint that named them is gone."""
        for level in (ENTRIES, *range(len(self._edges))):
            shift = _BITS * max(level, 0)
            number, width = divmod(old_size >> shift, WIDTH)
            if width and (number, width) != divmod(self.size >> shift, WIDTH):
                path = self.folder / tile_path(level, number, width)
                self._disk.remove(path)
                with contextlib.suppress(OSError):  # another partial tile lies there
                    path.parent.rmdir()

    def full(self, height: int, number: int) -> bytes:
        """Root of a full subtree of 2**height entries, from at most one tile."""
        level, rest = divmod(height, _BITS)
        first = number << rest
        tile, offset = divmod(first, WIDTH)
        return fold_pairs(self._tile(level, tile)[offset : offset + (1 << rest)])

    def entry(self, index: int) -> bytes:
        """One entry of those the tiles hold."""
        number, offset = divmod(index, WIDTH)
        return self.entries(number)[offset]

    def entries(self, number: int) -> list[bytes]:
        """The entries of one bundle."""
        if number == self.size >> _BITS:
            return self._tail
        if self._bundle is None or self._bundle[0] != number:
            self._bundle = number, self._entries(number, WIDTH)
        return self._bundle[1]

    def check(self) -> Iterator[str]:
        """Every full tile that does not hold what the level below makes it hold, read from the disk."""
        self._cache.clear()
        self._bundle = self._lowest = None
        for number in range(-(-self.size // WIDTH)):
            entries = self._entries(number, min(WIDTH, self.size - number * WIDTH))
            if self._hashes(0, number, len(entries)) != [leaf_hash(entry) for entry in entries]:
                yield f"{tile_path(0, number, len(entries))} does not fit its entries"
        for level in range(1, len(self._edges)):
            total = self.size >> (_BITS * level)
            for number in range(-(-total // WIDTH)):
                width = min(WIDTH, total - number * WIDTH)
                below = [fold_pairs(self._hashes(level - 1, number * WIDTH + n, WIDTH)) for n in range(width)]
                if self._hashes(level, number, width) != below:
                    yield f"{tile_path(level, number, width)} does not fit the tiles below it"

    def _push(self, level: int, hash_: bytes) -> None:
        if level == len(self._edges):
            self._edges.append([])
        edge = self._edges[level]
        edge.append(hash_)
        if len(edge) == WIDTH:
            number = self.size >> (_BITS * (level + 1))
            self._write(tile_path(level, number), b"".join(edge))
            self._edges[level] = []
            self._push(level + 1, fold_pairs(edge))

    def _write(self, place: str, data: bytes) -> None:
        path = self.folder / place
        missing = path.parent
        while not missing.is_dir():
            self._folders.add(missing.parent)
            missing = missing.parent
        self._disk.make_folder(path.parent)
        unfinished = path.with_name(path.name + TEMPORARY)
        with self._disk.create(unfinished) as file:
            file.write(data)
            file.sync()
        self._disk.replace(unfinished, path)
        self._folders.add(path.parent)

    def _tile(self, level: int, number: int) -> list[bytes]:
        if level < len(self._edges) and number == self.size >> (_BITS * (level + 1)):
            return self._edges[level]
        if level == 0:
            if self._lowest is None or self._lowest[0] != number:
                self._lowest = number, self._hashes(0, number, WIDTH)
            return self._lowest[1]
        found = self._cache.get((level, number))
        if found is None:
            found = self._hashes(level, number, WIDTH)
            if len(self._cache) >= _CACHED:
                self._cache.pop(next(iter(self._cache)))
            self._cache[level, number] = found
        return found

    def _hashes(self, level: int, number: int, width: int) -> list[bytes]:
        raw = self._read(level, number, width)
        if len(raw) < width * HASH_BYTES or len(raw) % HASH_BYTES:
            raise InputError("a tile is cut short", where=str(self.folder / tile_path(level, number)), mend=_MEND)
        return [raw[at : at + HASH_BYTES] for at in range(0, width * HASH_BYTES, HASH_BYTES)]

    def _entries(self, number: int, width: int) -> list[bytes]:
        if not width:
            return []
        where = str(self.folder / tile_path(ENTRIES, number))
        entries = read_bundle(self._read(ENTRIES, number, width), where=where)
        if len(entries) < width:
            raise InputError("an entry bundle is cut short", where=where, mend=_MEND)
        return entries[:width]

    def _read(self, level: int, number: int, width: int) -> bytes:
        """A tile of at least `width`: the one asked for, else a full or wider one that has replaced it."""
        if width < WIDTH:
            width = self._widest(level, number, width)
        return (self.folder / tile_path(level, number, width)).read_bytes()

    def _widest(self, level: int, number: int, width: int) -> int:
        partial = self.folder / (tile_path(level, number) + ".p")
        there = [int(p.name) for p in partial.iterdir() if re.fullmatch(r"\d{1,3}", p.name)] if partial.is_dir() else []
        return width if width in there else min((w for w in there if w > width), default=WIDTH)
