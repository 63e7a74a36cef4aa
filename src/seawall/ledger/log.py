"""The ledger: entries in, acknowledged once they are on the disk; a tree over them, signed, out.

What counts is the journal. Tiles, checkpoint and index follow from it and are brought up to it on opening. Writers in
several processes take turns, batch by batch.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from seawall.disk.durable import Disk, disk_trouble
from seawall.disk.locks import take_turn
from seawall.errors import InputError
from seawall.ledger.checkpoint import Checkpoint
from seawall.ledger.entry import Draft, Entry, decode, encode, keys_of
from seawall.ledger.heads import Heads
from seawall.ledger.index import Index
from seawall.ledger.journal import Journal
from seawall.ledger.merkle import leaf_hash
from seawall.ledger.note import VerifierKey
from seawall.ledger.tree import TILE_AFTER, Tree, shows_growth
from seawall.model.clock import Clock

LOCK: Final = "turn.lock"
PATIENCE_S: Final = 30.0  # how long a writer waits for its turn
RESTORE: Final = "see what is wrong: seawall ledger verify. If you changed nothing, treat it as tampering"


@dataclass(frozen=True, slots=True)
class Receipt:
    """Entry number `index` is on the disk, and its hash is this."""

    index: int
    leaf: bytes


class Ledger:
    """A case's ledger; a context manager that publishes a checkpoint and closes it. May be shared by threads."""

    def __init__(self, folder: Path, key_file: Path, origin: str, *, clock: Clock, disk: Disk | None = None) -> None:
        self.folder = folder
        self._clock, self._disk = clock, disk or Disk()
        self._mutex, self._depth = threading.RLock(), 0
        self.heads = Heads(folder, key_file, origin, self._disk)
        self._journal = Journal(folder, self._disk)
        self._tree = Tree(folder, self._disk)
        self._index = Index(folder)
        self._last: datetime | None = None  # latest time of any entry
        self._checkpoint: Checkpoint | None = None
        self._unsure = False  # whether what another writer left is surely on the disk
        with disk_trouble(folder):
            self._disk.make_folder(folder)
            self._journal.make()
        with self._turn(read=False):
            self._load()

    # -- writing -------------------------------------------------------------------------------------------------

    def append(self, kind: str, body: Mapping[str, Any], *, keys: Mapping[str, str] | None = None) -> Receipt:
        """Write one entry; on return it is on the disk. `keys` are the names `find` knows it by.

        Raises:
            InputError: it is no entry (see `Draft`), or the disk refused; then nothing was written.
        """
        return self.append_all([Draft(kind, body, keys or {})])[0]

    def append_all(self, drafts: Sequence[Draft]) -> list[Receipt]:
        """Write a batch, all of it or nothing, with one wait for the disk.

        Raises:
            InputError: one is no entry, or the disk refused; then nothing was written.
        """
        if not drafts:
            return []
        with self._turn():
            raws, last = list[bytes](), self._last
            for draft in drafts:
                now = self._clock.now()
                raws.append(encode(draft, now, after=last))
                last = now if last is None else max(now, last)
            with disk_trouble(self.folder):
                self._journal.append(raws)
            receipts = [Receipt(self.size + n, leaf_hash(raw)) for n, raw in enumerate(raws)]
            for receipt, raw, draft in zip(receipts, raws, drafts, strict=True):
                self._tree.add(raw, receipt.leaf)
                self._index.add(receipt.index, draft.keys)
            self._last = last
            self._tile()
            return receipts

    @contextmanager
    def exclusive(self) -> Iterator[Ledger]:
        """Nobody else writes within: look something up, then append, and nothing came between."""
        with self._turn():
            yield self

    def publish(self) -> Checkpoint:
        """Write tiles and a signed checkpoint over everything acknowledged; the one there is, if nothing is new."""
        with self._turn(), disk_trouble(self.folder):
            self._checkpoint = old = self.heads.latest()
            if old is not None and old.size == self.size:
                return old
            self._tree.settle()
            self._must_follow(old)
            self._checkpoint = self.heads.publish(self.size, self.root())
            self._tree.tidy(old.size if old else 0)
            self._index.store(self.root())
            return self._checkpoint

    # -- reading -------------------------------------------------------------------------------------------------

    @property
    def origin(self) -> str:
        """The name this log's checkpoints carry."""
        return self.heads.origin

    @property
    def size(self) -> int:
        """Entries acknowledged, as far as this object has looked."""
        return self._tree.size

    def root(self) -> bytes:
        """Root over everything acknowledged."""
        return self._tree.root()

    def refresh(self) -> int:
        """Take in what other processes wrote; returns the size."""
        with self._turn():
            return self.size

    def entry(self, index: int) -> Entry:
        """One entry. Raises InputError if there is none with that number."""
        with self._mutex:
            return decode(self._tree.entry(index), index)

    def entries(self, start: int = 0, *, kind: str | None = None) -> Iterator[Entry]:
        """Entries in order, from number `start` on; of one kind if asked."""
        for index in range(start, self.size):
            entry = self.entry(index)
            if kind in (None, entry.kind):
                yield entry

    def find(self, name: str, value: str, *, kind: str | None = None) -> list[Entry]:
        """The entries that carry a key, oldest first; of one kind if asked. Sees what other processes wrote."""
        with self._turn():
            found = (self.entry(index) for index in self._index.find(name, value))
            return [e for e in found if e.keys.get(name) == value and kind in (None, e.kind)]

    def holds(self, name: str, value: str, *, kind: str | None = None) -> bool:
        """Whether some entry carries a key: a nonce that was used, a finding that was written."""
        return bool(self.find(name, value, kind=kind))

    def checkpoint(self) -> Checkpoint | None:
        """The last checkpoint published; None before the first."""
        return self._checkpoint

    def verifier(self) -> VerifierKey:
        """The public key checkpoints are signed with."""
        return self.heads.verifier()

    def inclusion_proof(self, index: int, size: int) -> list[bytes]:
        """Proof that entry `index` is in the tree of `size` entries. Raises InputError: see `Tree`."""
        with self._mutex:
            return self._tree.inclusion_proof(index, size)

    def consistency_proof(self, old: int, new: int) -> list[bytes]:
        """Proof that the tree of `new` entries begins with that of `old`. Raises InputError: see `Tree`."""
        with self._mutex:
            return self._tree.consistency_proof(old, new)

    def root_at(self, size: int) -> bytes:
        """Root of the first `size` entries. Raises InputError if there are fewer."""
        with self._mutex:
            return self._tree.root_at(size)

    def follows(self, older: Checkpoint) -> bool:
        """Whether the ledger still begins with what a checkpoint kept elsewhere was signed over."""
        with self._mutex:
            return shows_growth(self._tree, older.size, older.root)

    # -- upkeep --------------------------------------------------------------------------------------------------

    def rebuild(self) -> Checkpoint:
        """Derive tiles and index again from the journal. Raises InputError if it denies what was signed."""
        with self._turn():
            self._index.reset()
            self._read_journal(0)
            with disk_trouble(self.folder):
                self._tree.settle()
        return self.publish()

    def close(self) -> None:
        """Publish what is new, and let go. What was acknowledged stays even if publishing fails."""
        try:
            self.publish()
        finally:
            self._journal.close()
            self._index.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _turn(self, *, read: bool = True) -> Iterator[None]:
        """Be the only writer, having read what the others wrote."""
        with self._mutex:
            if self._depth:
                yield
                return
            lock = take_turn(self.folder / LOCK, patience_s=PATIENCE_S, what="the ledger")
            self._depth += 1
            try:
                if read and self._journal.has_grown():
                    self._catch_up()
                yield
            finally:
                self._depth -= 1
                lock.release()

    def _load(self) -> None:
        """Read checkpoint, tiles and the rest of the journal; make a key if the ledger is new."""
        with disk_trouble(self.folder):
            self.heads.make(new=not self._journal.has_grown() and not (self.folder / "tile").exists())
        self._checkpoint = self.heads.latest()
        self._index.load()
        self._read_journal(self._checkpoint.size if self._checkpoint else 0)

    def _read_journal(self, size: int) -> None:
        """Everything from the journal behind the first `size` entries, whose tiles should stand."""
        if not self._tree.load(size):
            size = 0  # tiles are derived: they are made again
        self._last = decode(self._tree.entry(size - 1), size - 1).latest if size else None
        if self._index.size > size or (self._index.size and self._index.root != self._tree.root_at(self._index.size)):
            self._index.reset()
        for index in range(self._index.size, size):
            self._index.add(index, keys_of(self._tree.entry(index)))
        self._journal.start_at(size)
        self._catch_up()
        cosigned = self.heads.cosigned()
        for signed in (self._checkpoint, cosigned[0] if cosigned else None):
            self._must_follow(signed)

    def _catch_up(self) -> None:
        """Take in what the journal holds and we do not."""
        with disk_trouble(self.folder):
            for batch in self._journal.read_on(mend=True):
                first = self._journal.size - len(batch)
                for index, raw in enumerate(batch, first):
                    if index < self.size:
                        self._must_agree(index, raw)
                        continue
                    entry = decode(raw, self.size)
                    self._unsure = True
                    self._last = entry.latest
                    if self.size >= self._index.size:
                        self._index.add(self.size, entry.keys)
                    self._tree.add(raw)
                self._tile()
            if self._unsure:
                self._journal.sync()
                self._unsure = False
        if self._journal.size < self.size:
            raise InputError(
                f"a checkpoint was signed over {self.size} entries, the journal holds {self._journal.size}",
                where=str(self.folder),
                mend=RESTORE,
            )

    def _tile(self) -> None:
        """Write full tiles now and then. Entries are safe without them, so a disk that refuses is no matter yet."""
        with contextlib.suppress(OSError):
            self._tree.tile(at_least=TILE_AFTER)

    def _must_agree(self, index: int, raw: bytes) -> None:
        if self._tree.entry(index) != raw:
            raise InputError(
                f"entry {index} of the journal is not the one under the checkpoint that was signed over it",
                where=str(self.folder),
                mend=RESTORE,
            )

    def _must_follow(self, old: Checkpoint | None) -> None:
        """Refuse to go on from, let alone sign, a history that denies what was signed before."""
        if old is None:
            return
        if old.size > self.size:
            what = f"a checkpoint was signed over {old.size} entries, only {self.size} are there"
        elif self._tree.root_at(old.size) != old.root:
            what = f"the first {old.size} entries, or their tiles, are not those the checkpoint was signed over"
        else:
            return
        raise InputError(what, where=str(self.folder), mend=RESTORE)
