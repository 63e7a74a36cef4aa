"""Keeps the custody of what intake opens: each stored file hashed before anything in it is read."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from seawall.errors import InputError
from seawall.model.clock import Clock
from seawall.model.custody import TYPED, CustodyRecord, Said, beside, file_digest, stream_digest
from seawall.model.events import arrow_schema, event_id
from seawall.model.finding import utc_text
from seawall.sources.discover import Original
from seawall.sources.opening import cannot

_TOGETHER: Final = 1_000  # rows in one table
_ESCAPED: Final = re.compile(rb"\\x([89a-f][0-9a-f])")
Add = Callable[[str, pa.Table], int]


@dataclass(slots=True)
class Custodian:
    """Told of each stored file before it is opened; hands rows of kind `custody` to `add`, once for each content."""

    add: Add
    clock: Clock
    said: Said
    tenant: str | None = None
    scope: str | None = None
    new: int = 0
    _beside: dict[Path, Said] = field(default_factory=dict)
    _waiting: list[CustodyRecord] = field(default_factory=list)

    def before(self, original: Original) -> None:
        """Hash a stored file and put it on record. What cannot be read is said by whoever opens it.

        Raises:
            InputError: a `custody.toml` beside it is not as described.
        """
        try:
            if original.typed is not None:
                with original.typed.open() as stream:
                    sha256, size = stream_digest(stream)
                said, place = self.said, TYPED
            else:
                assert original.path is not None, "a stored file has a path"
                sha256, size = file_digest(original.path)
                said, place = self._said_of(original.path), _place_of(original.path)
        except OSError:
            return
        self._waiting.append(CustodyRecord(original.origin, place, sha256, size, self.clock.now(), said))
        if len(self._waiting) >= _TOGETHER:
            self.flush()

    def flush(self) -> None:
        """Hand on what waits; before every commit, so that no file is in the lake without its custody."""
        if self._waiting:
            self.new += self.add("custody", table_of(self._waiting, self.tenant, self.scope))
            self._waiting = []

    def _said_of(self, path: Path) -> Said:
        """What the options say, else what stands beside the file."""
        folder = path.absolute().parent
        if folder not in self._beside:
            self._beside[folder] = beside(path)
        there = self._beside[folder]
        return Said(
            self.said.collected_by or there.collected_by,
            self.said.collected_at or there.collected_at,
            self.said.note or there.note,
        )


def _place_of(path: Path) -> str:
    r"""A path as text; bytes of a name that are not UTF-8, which a table cannot hold, are written `\xff`."""
    return os.fsencode(path.absolute()).decode("utf-8", "backslashreplace")


def _path_of(place: str) -> Path:
    """The path a place names: as written if that is there, else with the bytes it stands for."""
    path = Path(place)
    if path.exists():
        return path
    raw = _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), place.encode("utf-8", "surrogateescape"))
    return Path(os.fsdecode(raw))


def table_of(records: list[CustodyRecord], tenant: str | None = None, scope: str | None = None) -> pa.Table:
    """Custody records as rows of kind `custody`. The id rests on content and on what was said, never on the place."""
    rows = [
        {
            "event_id": event_id("custody", record.said.collected_by, _identity(record)),
            "time_quality": "missing",
            "received": record.received,
            "origin": record.origin,
            "trust": "file",
            "tenant": tenant,
            "scope": scope,
            "sha256": record.sha256,
            "bytes": record.bytes,
            "place": record.place,
            "collected_by": record.said.collected_by or None,
            "collected_at": record.said.collected_at,
            "note": record.said.note or None,
        }
        for record in records
    ]
    return pa.Table.from_pylist(rows, schema=arrow_schema("custody"))


def _identity(record: CustodyRecord) -> bytes:
    at = utc_text(record.said.collected_at) if record.said.collected_at else ""
    return "\0".join((record.sha256, record.origin, at, record.said.note)).encode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Checked:
    """A stored file hashed again."""

    record: CustodyRecord
    state: str  # unchanged, changed, missing, unreadable, not kept
    what: str  # a sentence

    @property
    def faulty(self) -> bool:
        """Whether the original is no longer what it was. Standard input never stays, so nothing is wrong with it."""
        return self.state not in ("unchanged", "not kept")


def check(record: CustodyRecord) -> Checked:
    """Hash a stored file again, where it was read from. Raises nothing."""
    if record.place == TYPED:
        return Checked(record, "not kept", "came by standard input, which leaves nothing to hash again")
    try:
        path = _path_of(record.place)
        sha256, size = file_digest(path)
    except FileNotFoundError:
        return Checked(record, "missing", "no longer where it was read from")
    except OSError as error:
        return Checked(record, "unreadable", cannot(error))
    if sha256 == record.sha256:
        return Checked(record, "unchanged", "same SHA-256 as when it was read")
    how = "grew" if size > record.bytes else "is shorter" if size < record.bytes else "was altered"
    return Checked(record, "changed", f"{how} since it was read: {record.bytes} bytes then, {size} now, {sha256}")


def records_in(rows: Iterable[Mapping[str, Any]]) -> Iterator[CustodyRecord]:
    """Custody records from the rows of the lake. Raises InputError if they are not such rows."""
    try:
        for row in rows:
            yield CustodyRecord(
                str(row["origin"]),
                str(row["place"]),
                str(row["sha256"]),
                int(row["bytes"]),
                row["received"],
                Said(str(row["collected_by"] or ""), row["collected_at"], str(row["note"] or "")),
            )
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"custody rows cannot be read: {error}", where="custody", mend="restore the case") from error
