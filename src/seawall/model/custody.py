"""Custody: who collected which evidence, when, and the SHA-256 of each stored file before anything in it was opened.

What people say of it comes from options or from a file `custody.toml` beside the evidence:

    collected_by = "J. Doe, NOC"
    collected_at = 2026-11-21T22:30:00Z
    note = "pulled from the syslog server by scp"
"""

from __future__ import annotations

import hashlib
import os
import stat
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

from seawall.errors import InputError
from seawall.model.finding import utc_text

TYPED: Final = "-"  # the place of what came by standard input; every path begins with a slash
SIDECAR: Final = "custody.toml"
_MAX_SIDECAR: Final = 1 << 16
_MAX_WORDS: Final = 2_000
_READ_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says of evidence handed over."""

    collected_by: str = ""
    collected_at: datetime | None = None  # UTC
    note: str = ""


@dataclass(frozen=True, slots=True)
class CustodyRecord:
    """One stored file, as it was handed over."""

    origin: str
    place: str  # absolute path, or `TYPED`
    sha256: str  # of the stored bytes, hex
    bytes: int
    received: datetime  # when we first read it, UTC
    said: Said


def to_entry(record: CustodyRecord) -> dict[str, Any]:
    """A custody record as an entry of the ledger: plain values, times as RFC 3339 in UTC."""
    return {
        "kind": "custody",
        "origin": record.origin,
        "sha256": record.sha256,
        "bytes": record.bytes,
        "received": utc_text(record.received),
        "collected_by": record.said.collected_by,
        "collected_at": utc_text(record.said.collected_at) if record.said.collected_at else None,
        "note": record.said.note,
    }


def file_digest(path: Path) -> tuple[str, int]:
    """SHA-256 (hex) and size of a stored file's bytes. Raises OSError."""
    with path.open("rb") as stored:
        return stream_digest(stored)


def stream_digest(stream: BinaryIO) -> tuple[str, int]:
    """SHA-256 (hex) and size of what a stream holds from here on. Raises OSError."""
    sha256, size = hashlib.sha256(), 0
    while block := stream.read(_READ_BYTES):
        sha256.update(block)
        size += len(block)
    return sha256.hexdigest(), size


def beside(path: Path) -> Said:
    """What a `custody.toml` in the folder of a stored file, or in one of the folders above it, says; nothing if none.

    Raises:
        InputError: there is one, and it is not as described.
    """
    for folder in _folders_above(path):
        sidecar = folder / SIDECAR
        try:
            if stat.S_ISREG(os.lstat(sidecar).st_mode):
                return read_sidecar(sidecar)
        except OSError:
            continue
    return Said()


def read_sidecar(path: Path) -> Said:
    """Read a `custody.toml`. Raises InputError."""
    mend = 'write collected_by = "...", collected_at = 2026-11-21T22:30:00Z, note = "..."'
    try:
        with path.open("rb") as file:
            text = file.read(_MAX_SIDECAR + 1)
        if len(text) > _MAX_SIDECAR:
            raise InputError("larger than any custody note", where=str(path), mend=mend)
        values = tomllib.loads(text.decode("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"custody note cannot be read: {error}", where=str(path), mend=mend) from error
    unknown = set(values) - {"collected_by", "collected_at", "note"}
    by, at, note = values.get("collected_by", ""), values.get("collected_at"), values.get("note", "")
    wrong = not isinstance(by, str) or not isinstance(note, str) or not isinstance(at, datetime | None)
    if unknown or wrong:
        what = f"unknown key {sorted(unknown)[0]!r}" if unknown else "a value of the wrong type"
        raise InputError(f"custody note holds {what}", where=str(path), mend=mend)
    if at is not None:
        try:
            at = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
        except OverflowError as error:
            raise InputError("custody note holds no time", where=str(path), mend=mend) from error
    return Said(by[:_MAX_WORDS], at, note[:_MAX_WORDS])


def _folders_above(path: Path) -> Iterator[Path]:
    """The folder of a file and those above it, nearest first, a bounded number of them."""
    yield from list(path.absolute().parents)[:32]
