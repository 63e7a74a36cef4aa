"""The tree over the entries: from tiles where they are written, from memory where they are not yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from seawall.disk.durable import Disk
from seawall.errors import InputError
from seawall.ledger import merkle
from seawall.ledger.merkle import Growing, leaf_hash
from seawall.ledger.tiles import Tiles

TILE_AFTER: Final = 65_536  # entries kept in memory before their tiles are written
_MEND: Final = (
    "see what is wrong: seawall ledger verify; tiles can be derived again: seawall ledger checkpoint --rebuild"
)


class Tree:
    """Every entry of a ledger, its root at any size, and proofs."""

    def __init__(self, folder: Path, disk: Disk) -> None:
        self._folder, self._disk = folder, disk
        self._pending: list[bytes] = []  # entries without tiles yet
        self._forget()

    @property
    def size(self) -> int:
        """Entries."""
        return self._grown.size

    def load(self, size: int) -> bool:
        """Take up the tiles of the first `size` entries; false, and an empty tree, if some are not there.

        Raises:
            InputError: a tile is cut short, or cannot be read.
        """
        self._forget()
        try:
            with self._reading():
                self._tiles.load(size)
                self._grown = Growing(size, self._tiles.full)
        except FileNotFoundError:
            self._forget()
        return self.size == size

    def add(self, entry: bytes, leaf: bytes | None = None) -> bytes:
        """Take in the next entry; returns its hash. Its tiles may be written later: see `tile`."""
        leaf = leaf or leaf_hash(entry)
        self._grown.add(leaf)
        self._pending.append(entry)
        return leaf

    def tile(self, *, at_least: int = 1) -> None:
        """Write the full tiles of what was taken in, once it is so many entries. OSError if the disk refuses."""
        if len(self._pending) >= at_least:
            self._tiles.add(self._pending)
            self._pending = []

    def settle(self) -> None:
        """Have every tile on the disk, so that a checkpoint may name this size. OSError if the disk refuses."""
        self.tile()
        self._tiles.settle()

    def tidy(self, old_size: int) -> None:
        """Remove partial tiles only an older checkpoint named."""
        self._tiles.tidy(old_size)

    def entry(self, index: int) -> bytes:
        """The bytes of one entry. Raises InputError if there is none with that number."""
        if not 0 <= index < self.size:
            raise InputError(
                f"there is no entry {index}", where=str(self._folder), mend=f"it holds {self.size}, from 0 on"
            )
        if index >= self._tiles.size:
            return self._pending[index - self._tiles.size]
        with self._whole():
            return self._tiles.entry(index)

    def root(self) -> bytes:
        """Root over everything."""
        return self._grown.root()

    def root_at(self, size: int) -> bytes:
        """Root of the first `size` entries. Raises InputError if there are fewer, or a tile cannot be read."""
        if not 0 <= size <= self.size:
            raise InputError(f"there are no {size} entries", where=str(self._folder), mend=f"at most {self.size}")
        if size == self.size:
            return self.root()
        with self._whole():
            return merkle.root_of(0, size, self._full)

    def inclusion_proof(self, index: int, size: int) -> list[bytes]:
        """Proof that entry `index` is in the tree of `size` entries, checked before it is given.

        Raises:
            InputError: no such entry or size; or a tile was changed.
        """
        if not 0 <= index < size <= self.size:
            raise InputError(f"there is no entry {index} in a tree of {size}", where=str(self._folder))
        with self._whole():
            proof = merkle.inclusion_proof(index, size, self._full)
        if not merkle.verify_inclusion(index, size, leaf_hash(self.entry(index)), proof, self.root_at(size)):
            raise InputError(f"the tiles do not prove entry {index}", where=str(self._folder), mend=_MEND)
        return proof

    def consistency_proof(self, old: int, new: int) -> list[bytes]:
        """Proof that the tree of `new` entries begins with that of `old`. Raises InputError for sizes there are not."""
        if not 0 <= old <= new <= self.size:
            raise InputError(f"there is no tree of {old} in one of {new} entries", where=str(self._folder))
        with self._whole():
            return merkle.consistency_proof(old, new, self._full)

    def _forget(self) -> None:
        self._tiles = Tiles(self._folder, self._disk)
        self._grown = Growing()
        self._pending.clear()

    def _full(self, height: int, number: int) -> bytes:
        if (number + 1) << height <= self._tiles.size:
            return self._tiles.full(height, number)
        if height == 0:
            return leaf_hash(self._pending[number - self._tiles.size])
        return merkle.node_hash(self._full(height - 1, 2 * number), self._full(height - 1, 2 * number + 1))

    @contextmanager
    def _whole(self) -> Iterator[None]:
        """All tiles should be there."""
        try:
            with self._reading():
                yield
        except FileNotFoundError as error:
            raise InputError("a tile is missing", where=str(error.filename), mend=_MEND) from error

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError:
            raise
        except (OSError, IndexError) as error:
            raise InputError(f"a tile cannot be read: {error}", where=str(self._folder), mend=_MEND) from error


def shows_growth(tree: Tree, old_size: int, old_root: bytes) -> bool:
    """Whether the tree begins with one of this size and root."""
    if old_size > tree.size:
        return False
    if old_size == 0:
        return old_root == merkle.EMPTY_ROOT
    proof: Sequence[bytes] = tree.consistency_proof(old_size, tree.size)
    return merkle.verify_consistency(old_size, tree.size, proof, old_root, tree.root())
