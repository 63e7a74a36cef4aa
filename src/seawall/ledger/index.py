"""Finds entries by their keys. A cache in SQLite: it follows from the entries, and is made anew if in doubt."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b, sha256
from pathlib import Path
from typing import Final

from seawall.errors import InputError

NAME: Final = "index.db"
_FORMAT: Final = 1
_MEND: Final = "free some space, or remove it: it is made anew"
_LAYOUT: Final = """
CREATE TABLE IF NOT EXISTS keys (key BLOB, entry INTEGER, PRIMARY KEY (key, entry)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS upto (one INTEGER PRIMARY KEY CHECK (one = 1), size INTEGER, root BLOB);
"""


def key_hash(name: str, value: str) -> bytes:
    """16 bytes for a key; the entry itself is looked at before anything is believed."""
    return sha256(name.encode() + b"\x00" + value.encode()).digest()[:16]


class KeySum:
    """A sum over pairs of key and entry in any order; with a fresh secret nobody has made pairs that cancel out."""

    def __init__(self, secret: bytes) -> None:
        self.value = 0
        self._secret = secret

    def add(self, key: bytes, entry: int) -> None:
        """Take in a pair."""
        pair = blake2b(key + entry.to_bytes(8, "big", signed=True), digest_size=32, key=self._secret)
        self.value = (self.value + int.from_bytes(pair.digest(), "big")) % (1 << 256)


@dataclass(frozen=True, slots=True)
class Stored:
    """What the file says it holds: the keys of the first `size` entries, of the tree with that root."""

    size: int
    root: bytes
    keys: int  # `KeySum` over its pairs


def read_stored(folder: Path, secret: bytes) -> Stored | None:
    """What the file of a ledger holds; None if there is none. Writes nothing. `secret` is that of the `KeySum`.

    Raises:
        InputError: it cannot be read.
    """
    path, keys = folder / NAME, KeySum(secret)
    if not path.exists():
        return None
    log = path.with_name(f"{NAME}-wal")
    whole = not log.exists() or not log.stat().st_size  # nobody writes: so can a read-only copy be read
    with _trouble(path):
        base = sqlite3.connect(f"{path.absolute().as_uri()}?{'immutable=1' if whole else 'mode=ro'}", uri=True)
        try:
            base.execute("BEGIN")
            size, root = base.execute("SELECT size, root FROM upto").fetchone() or (0, b"")
            for key, entry in base.execute("SELECT key, entry FROM keys"):
                keys.add(bytes(key), int(entry))
        except (TypeError, ValueError, OverflowError):
            raise InputError("the ledger's index holds other things than keys", where=str(path), mend=_MEND) from None
        finally:
            base.close()
    return Stored(int(size), bytes(root), keys.value)


class Index:
    """Keys of the first `size` entries: those up to `stored` in a file, the rest in memory."""

    def __init__(self, folder: Path) -> None:
        self.size = 0
        self.stored, self.root = 0, b""
        self._path = folder / NAME
        self._new: dict[bytes, list[int]] = {}
        self._base: sqlite3.Connection | None = None

    def load(self) -> None:
        """Take up the file; one that cannot be read is made anew."""
        try:
            self._open()
        except sqlite3.DatabaseError:
            self.close()
            self._path.unlink(missing_ok=True)
            with _trouble(self._path):
                self._open()

    def reset(self) -> None:
        """Forget everything: the entries are another log's, or were changed."""
        with _trouble(self._path), self._connection() as base:
            base.execute("DELETE FROM keys")
            base.execute("DELETE FROM upto")
        self._new.clear()
        self.size, self.stored, self.root = 0, 0, b""

    def add(self, entry: int, keys: Mapping[str, str]) -> None:
        """Remember the keys of the next entry."""
        for name, value in keys.items():
            self._new.setdefault(key_hash(name, value), []).append(entry)
        self.size = entry + 1

    def find(self, name: str, value: str) -> list[int]:
        """Numbers of the entries that may carry a key, in order."""
        key = key_hash(name, value)
        found = set(self._new.get(key, ()))
        if self.stored:
            with _trouble(self._path):
                found.update(n for (n,) in self._connection().execute("SELECT entry FROM keys WHERE key = ?", (key,)))
        return sorted(n for n in found if n < self.size)

    def store(self, root: bytes) -> None:
        """Put what is in memory into the file, with the root of the tree it belongs to."""
        if self.size == self.stored:
            return
        with _trouble(self._path), self._connection() as base:
            base.executemany("INSERT OR IGNORE INTO keys VALUES (?, ?)", self._pairs())
            base.execute("INSERT OR REPLACE INTO upto VALUES (1, ?, ?)", (self.size, root))
        self._new.clear()
        self.stored, self.root = self.size, root

    def close(self) -> None:
        """Let go of the file."""
        if self._base is not None:
            self._base.close()
            self._base = None

    def _open(self) -> None:
        self._base = sqlite3.connect(self._path, check_same_thread=False, timeout=10)
        self._base.execute("PRAGMA journal_mode = WAL")
        self._base.execute("PRAGMA synchronous = NORMAL")
        if self._base.execute("PRAGMA user_version").fetchone()[0] not in (0, _FORMAT):
            raise sqlite3.DatabaseError("another layout")
        self._base.executescript(_LAYOUT)
        self._base.execute(f"PRAGMA user_version = {_FORMAT}")
        row = self._base.execute("SELECT size, root FROM upto").fetchone()
        self.stored, self.root = row or (0, b"")
        self.size = self.stored

    def _connection(self) -> sqlite3.Connection:
        if self._base is None:
            self._open()
        assert self._base is not None
        return self._base

    def _pairs(self) -> Iterable[tuple[bytes, int]]:
        return ((key, entry) for key in sorted(self._new) for entry in self._new[key])


@contextmanager
def _trouble(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise InputError(f"the ledger's index: {error}", where=str(path), mend=_MEND) from error
