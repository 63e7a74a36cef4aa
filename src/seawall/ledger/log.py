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
from seawall.ledger import keys as key_files
from seawall.ledger import merkle
from seawall.ledger.checkpoint import Checkpoint, open_checkpoint
from seawall.ledger.entry import Draft, Entry, decode, encode, keys_of
from seawall.ledger.index import Index
from seawall.ledger.journal import Journal
from seawall.ledger.merkle import Growing, leaf_hash, verify_consistency, verify_inclusion
from seawall.ledger.note import ED25519, Note, SigningKey, VerifierKey, read_verifier_key
from seawall.ledger.tiles import Tiles
from seawall.model.clock import Clock

CHECKPOINT: Final = "checkpoint"
VKEY: Final = "log.vkey"
LOCK: Final = "turn.lock"
TILE_AFTER: Final = 65_536  # entries kept in memory before their tiles are written
PATIENCE_S: Final = 30.0  # how long a writer waits for its turn
_RESTORE: Final = "restore the ledger folder from a backup; if you changed nothing, treat it as tampering"


@dataclass(frozen=True, slots=True)
class Receipt:
    """Entry number `index` is on the disk, and its hash is this."""

    index: int
    leaf: bytes


class Ledger:
    """A case's ledger; a context manager that publishes a checkpoint and closes it. May be shared by threads."""

    def __init__(self, folder: Path, key_file: Path, origin: str, *, clock: Clock, disk: Disk | None = None) -> None:
        self.folder, self.origin = folder, origin
        self._key_file, self._clock, self._disk = key_file, clock, disk or Disk()
        self._mutex, self._depth = threading.RLock(), 0
        self._journal = Journal(folder, self._disk)
        self._tiles = Tiles(folder, self._disk)
        self._index = Index(folder)
        self._tree = Growing()
        self._pending: list[bytes] = []  # entries without tiles yet
        self._last: datetime | None = None  # latest time of any entry
        self._checkpoint: Checkpoint | None = None
        self._key: SigningKey | None = None
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
            first = self.size
            with disk_trouble(self.folder):
                self._journal.append(raws)
            receipts = [Receipt(first + n, leaf_hash(raw)) for n, raw in enumerate(raws)]
            for receipt, draft in zip(receipts, drafts, strict=True):
                self._tree.add(receipt.leaf)
                self._index.add(receipt.index, draft.keys)
            self._pending += raws
            self._last = last
            if len(self._pending) >= TILE_AFTER:
                self._tile()
            return receipts

    @contextmanager
    def exclusive(self) -> Iterator[Ledger]:
        """Nobody else writes within: look something up, then append, and nothing came between."""
        with self._turn():
            yield self

    def publish(self) -> Checkpoint:
        """Write tiles and a signed checkpoint over everything acknowledged; the one there is, if nothing is new."""
        with self._turn():
            self._adopt()
            old = self._checkpoint
            if old is not None and old.size == self.size:
                return old
            with disk_trouble(self.folder):
                self._tile()
                self._tiles.settle()
                new = Checkpoint(self.origin, self.size, self._tree.root())
                self._must_follow(old)
                note = Note(new.text, (self._signing_key().sign(new.text),))
                self._disk.write_file(self.folder / CHECKPOINT, note.encoded)
                self._tiles.tidy(old.size if old else 0)
            self._index.store(new.root)
            self._checkpoint = new
            return new

    # -- reading -------------------------------------------------------------------------------------------------

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
        return decode(self.raw_entry(index), index)

    def raw_entry(self, index: int) -> bytes:
        """The bytes of one entry. Raises InputError if there is none with that number."""
        with self._mutex:
            if not 0 <= index < self.size:
                raise InputError(f"there is no entry {index}", where=str(self.folder), mend=f"0 to {self.size - 1}")
            if index >= self._tiles.size:
                return self._pending[index - self._tiles.size]
            with self._reading():
                return self._tiles.entry(index)

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
        path = self.folder / VKEY
        if path.exists():
            return read_verifier_key(path.read_text(encoding="utf-8"), where=str(path))
        return self._signing_key().public

    def inclusion_proof(self, index: int, size: int) -> list[bytes]:
        """Proof that entry `index` is in the tree of `size` entries, checked before it is given.

        Raises:
            InputError: no such entry or size; or a tile was changed.
        """
        with self._mutex, self._reading():
            if not 0 <= index < size <= self.size:
                raise InputError(f"there is no entry {index} in a tree of {size}", where=str(self.folder))
            proof = merkle.inclusion_proof(index, size, self._full)
            leaf = leaf_hash(self.raw_entry(index))
            if not verify_inclusion(index, size, leaf, proof, self._root_at(size)):
                raise InputError(f"the tiles do not prove entry {index}", where=str(self.folder), mend=_RESTORE)
            return proof

    def consistency_proof(self, old: int, new: int) -> list[bytes]:
        """Proof that the tree of `new` entries begins with that of `old`. Raises InputError for sizes there are not."""
        with self._mutex, self._reading():
            if not 0 <= old <= new <= self.size:
                raise InputError(f"there is no tree of {old} in one of {new} entries", where=str(self.folder))
            return merkle.consistency_proof(old, new, self._full)

    def root_at(self, size: int) -> bytes:
        """Root of the first `size` entries. Raises InputError if there are fewer."""
        with self._mutex, self._reading():
            if not 0 <= size <= self.size:
                raise InputError(f"there are no {size} entries", where=str(self.folder), mend=f"at most {self.size}")
            return self._root_at(size)

    def rebuild(self) -> Checkpoint | None:
        """Derive tiles and index again from the journal. Raises InputError if the journal denies the checkpoint."""
        with self._turn():
            self._derive(0)
            self._must_follow(self._checkpoint)
            with disk_trouble(self.folder):
                self._tile()
                self._tiles.settle()
            return self._checkpoint

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

    # -- inside --------------------------------------------------------------------------------------------------

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
        path = self.folder / CHECKPOINT
        if not path.exists() and not self._journal.has_grown() and not self._key_file.exists():
            self._key = key_files.make_key(self._key_file, self.origin, ED25519, self._disk)
        if not (self.folder / VKEY).exists():
            with disk_trouble(self.folder):
                self._disk.write_file(self.folder / VKEY, (self._signing_key().public.text + "\n").encode())
        self._adopt()
        size = self._checkpoint.size if self._checkpoint else 0
        try:
            with self._reading():
                self._tiles.load(size)
        except FileNotFoundError:
            size = 0  # tiles are derived: they are made again
        self._derive(size)
        self._must_follow(self._checkpoint)

    def _derive(self, size: int) -> None:
        """Everything from the journal behind the first `size` entries, whose tiles stand."""
        if not size:
            self._tiles = Tiles(self.folder, self._disk)
        self._tree = Growing(size, self._tiles.full)
        self._pending, self._last = [], decode(self._tiles.entry(size - 1), size - 1).latest if size else None
        self._index.load()
        if self._index.stored > size or (self._index.stored and self._index.root != self._root_at(self._index.stored)):
            self._index.reset()
        for index in range(self._index.size, size):
            self._index.add(index, keys_of(self._tiles.entry(index)))
        self._journal.start_at(size)
        self._catch_up()
        if self._journal.size < size:
            raise InputError(
                f"a checkpoint was signed over {size} entries, the journal holds {self._journal.size}",
                where=str(self.folder),
                mend=_RESTORE,
            )

    def _catch_up(self) -> None:
        """Take in what the journal holds and we do not."""
        found = False
        with disk_trouble(self.folder):
            for batch in self._journal.read_on(mend=True):
                skip = len(batch) - (self._journal.size - self.size)
                for raw in batch[max(skip, 0) :]:
                    self._take(raw)
                    found = True
            if found:
                self._journal.sync()

    def _take(self, raw: bytes) -> None:
        entry = decode(raw, self.size)
        self._last = entry.latest
        if self.size >= self._index.size:
            self._index.add(self.size, entry.keys)
        self._tree.add(leaf_hash(raw))
        self._pending.append(raw)
        if len(self._pending) >= TILE_AFTER:
            self._tile()

    def _tile(self) -> None:
        with disk_trouble(self.folder):
            self._tiles.add(self._pending)
        self._pending = []

    def _adopt(self) -> None:
        """The checkpoint on the disk: ours, or one another process published."""
        path = self.folder / CHECKPOINT
        if path.exists():
            self._checkpoint, _ = open_checkpoint(path.read_bytes(), self.verifier(), where=str(path))

    def _must_follow(self, old: Checkpoint | None) -> None:
        """Refuse to go on from, let alone sign, a history that denies what was signed before."""
        if old is None:
            return
        if old.size > self.size:
            what = f"a checkpoint was signed over {old.size} entries, only {self.size} are there"
        elif self._root_at(old.size) != old.root:
            what = f"the first {old.size} entries, or their tiles, are not those the checkpoint was signed over"
        else:
            return
        raise InputError(what, where=str(self.folder), mend=f"see what is wrong: seawall ledger verify; {_RESTORE}")

    def _root_at(self, size: int) -> bytes:
        return self._tree.root() if size == self.size else merkle.root_of(0, size, self._full)

    def _full(self, height: int, number: int) -> bytes:
        """A full subtree's root: from tiles, or from entries that have none yet."""
        if (number + 1) << height <= self._tiles.size:
            return self._tiles.full(height, number)
        if height == 0:
            return leaf_hash(self._pending[number - self._tiles.size])
        return merkle.node_hash(self._full(height - 1, 2 * number), self._full(height - 1, 2 * number + 1))

    def _signing_key(self) -> SigningKey:
        if self._key is None:
            self._key = key_files.load_key(self._key_file)
            if self._key.name != self.origin:
                raise InputError(
                    f"the key of another log: {self._key.name}",
                    where=str(self._key_file),
                    mend="restore this case's own key from a backup",
                )
        return self._key

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """A tile that cannot be read is a letter, not a traceback; one that is not there is told apart."""
        try:
            yield
        except FileNotFoundError:
            raise
        except (OSError, IndexError) as error:
            raise InputError(f"a tile cannot be read: {error}", where=str(self.folder), mend=_RESTORE) from error


def verify_follows(ledger: Ledger, older: Checkpoint) -> bool:
    """Whether the ledger still begins with what a checkpoint kept elsewhere was signed over."""
    if older.size > ledger.size:
        return False
    if older.size == 0:
        return older.root == merkle.EMPTY_ROOT
    proof: list[bytes] = []
    with contextlib.suppress(InputError):
        proof = ledger.consistency_proof(older.size, ledger.size)
    return verify_consistency(older.size, ledger.size, proof, older.root, ledger.root())
