"""What a reader of intercept records is, and the way of every row: identifiers first into the vault, then a row.

A reader tells `Rows` what it read. Nothing becomes a row before the vault answered for its targets; free text beside
them is masked by everything the file named so far. No message quotes a value of the file.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO, Final

import orjson

from seawall.errors import InputError
from seawall.sources.base import Chunk, Evidence, Reading, Reject
from seawall.sources.records import NEVER, Records, When, excerpt, read_time
from seawall.vault.client import Target, VaultClient, VaultClosedError

BATCH: Final = 20_000  # rows whose targets go to the vault together
MAX_TEXT: Final = 300  # characters of a key; longer ones are cut
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
Given = tuple[str, str]  # form and value of a target, as written


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of intercept record. Listed in `listed.FORMATS`."""

    name: str
    title: str
    sniff: Callable[[Evidence], int]  # 0 = not mine, 100 = certain
    read: Callable[[Evidence, Reading, Rows], Iterator[None]]  # yields now and then, so that rows can leave


@dataclass(slots=True)
class _Pending:
    kind: str
    place: int | str
    record: bytes
    when: When
    values: dict[str, Any]
    targets: Sequence[Given]


@dataclass(slots=True)
class Rows:
    """Rows of one file on their way."""

    evidence: Evidence
    reading: Reading
    vault: VaultClient
    digest: str
    country: str = ""
    notes: list[str] = field(default_factory=list)
    counted: dict[str, int] = field(default_factory=dict)  # rows by kind
    _pending: list[_Pending] = field(default_factory=list)
    _rejects: list[Reject] = field(default_factory=list)
    _rejected: int = 0
    _records: dict[str, Records] = field(default_factory=dict)

    def add(
        self,
        kind: str,
        place: int | str,
        record: bytes,
        values: dict[str, Any],
        *,
        when: When = NEVER,
        targets: Sequence[Given] = (),
    ) -> None:
        """Take one row of `kind`; `targets` become its column `targets` once they are committed."""
        self.counted[kind] = self.counted.get(kind, 0) + 1
        self._pending.append(_Pending(kind, place, record, when, values, targets))

    def reject(self, place: int | str, what: str) -> None:
        """Count what could not be read; `what` quotes nothing of the file."""
        self._rejected += 1
        if len(self._rejects) < 1_000:
            where = place if isinstance(place, str) else f"{self.evidence.origin}:{place}"
            self._rejects.append(Reject(where, excerpt(what, 300)))

    def note(self, what: str) -> None:
        """Something a reader of the rows should know, said once."""
        if what not in self.notes and len(self.notes) < 50:
            self.notes.append(what)

    @property
    def full(self) -> bool:
        """Whether it is time for rows to leave."""
        return len(self._pending) >= BATCH

    def leave(self, read_bytes: int = 0) -> Chunk:
        """Commit what is pending and hand over its rows."""
        some, self._pending = self._pending, []
        flat = [Target(f, v, 0, 0, "") for one in some for f, v in one.targets]
        made = iter(self.vault.commit(self.digest, flat, self.country)) if flat else iter(())
        keyed = self.vault.key_records([one.record for one in some]) if some else []
        for one, record in zip(some, keyed, strict=True):
            if one.targets:
                one.values["targets"] = dumped([_said(form, next(made)) for form, _ in one.targets])
            observer = one.values.get("system") or None
            self._of(one.kind).add(one.place, record, one.when, observer, one.values)
        chunks = [records.chunk() for records in self._records.values()]
        tables = {kind: table for chunk in chunks for kind, table in chunk.tables.items()}
        notes = (*self.notes, *(n for chunk in chunks for n in chunk.notes))
        rejects, rejected = tuple(self._rejects), self._rejected
        self._rejects, self._rejected, self.notes = [], 0, []
        return Chunk(tables, rejects, rejected, read_bytes, notes)

    def _of(self, kind: str) -> Records:
        if kind not in self._records:
            self._records[kind] = Records(kind, self.evidence.origin, self.reading)
        return self._records[kind]

    def close(self) -> None:
        """Remove what large files spilled."""
        for records in self._records.values():
            records.__exit__(None, None, None)
        self._records = {}


def read_with(format_: Format, evidence: Evidence, reading: Reading, country: str = "") -> Iterator[Chunk]:
    """Read a file of intercept records through the vault.

    Raises:
        VaultClosedError: there is no open vault.
        InputError: the file is refused as a whole (a DTD, an encoding nobody agreed on).
    """
    vault = reading.vault
    if vault is None:
        raise VaultClosedError
    vault.require_open()
    rows = Rows(evidence, reading, vault, _digest(evidence), country)
    try:
        try:
            for _ in format_.read(evidence, reading, rows):
                if rows.full:
                    yield rows.leave()
        except InputError as error:  # what stood before it was read and is true
            rows.reject(error.where or evidence.origin, error.what)
        yield rows.leave()
        vault.finish(rows.digest, evidence.path)
    finally:
        rows.close()
        vault.close()


def _digest(evidence: Evidence) -> str:
    hashed = hashlib.sha256()
    with closing(evidence.open()) as stream:
        while block := stream.read(1 << 20):
            hashed.update(block)
    return hashed.hexdigest()


def whole_file(evidence: Evidence, limit: int) -> bytes:
    """All bytes of a file. Raises InputError beyond `limit`."""
    with closing(evidence.open()) as stream:
        content = stream.read(limit + 1)
    if len(content) > limit:
        raise InputError(f"more than {limit >> 20} MiB in one file", where=evidence.origin, mend="split it")
    return content


def decoded(content: bytes) -> str:
    """Text of a file in UTF-8 or UTF-16, whatever is broken in it replaced."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    return content.decode("utf-8-sig", "replace")


def lines_of(stream: BinaryIO, limit: int = 1 << 20) -> Iterator[tuple[int, bytes]]:
    """Numbered lines of a stream, without their ends; what is longer than `limit` comes cut."""
    number = 0
    cut = False
    while line := stream.readline(limit):
        if not cut:
            number += 1
            yield number, line.rstrip(b"\r\n")
        cut = not line.endswith(b"\n") and len(line) >= limit


def squeezed(name: str) -> str:
    """A field's name without case, spaces, hyphens and underscores."""
    return re.sub(r"[\W_]+", "", name).lower()


def dumped(value: Any) -> str:
    """JSON text of a column."""
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS, default=str).decode()


def text(value: Any) -> str:
    """A key as written, on one line, bounded."""
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if type(value) is str and len(value) <= MAX_TEXT and value.isascii() and value.isprintable() and " " not in value:
        return value
    made = "".join(c if c.isprintable() else " " for c in str(value)[: MAX_TEXT * 2])
    return " ".join(made.split())[:MAX_TEXT].encode("utf-8", "replace").decode()


def micros(value: Any, reading: Reading) -> int | None:
    """UTC microseconds of a time as intercept systems write it: ISO 8601, seconds since 1970; None if it is none."""
    return when(value, reading).micros


def when(value: Any, reading: Reading) -> When:
    """The same with how far it can be trusted. 0 and empty are no time (OpenLI: no limit)."""
    if value in (None, "", 0, "0") or isinstance(value, bool | dict | list):
        return NEVER
    if isinstance(value, int | float) or (isinstance(value, str) and value.isascii() and value.isdigit()):
        number = float(value)
        if not 1e8 < number < 1e17:
            return NEVER
        scale = 1e6 if number < 1e11 else 1e3 if number < 1e14 else 1
        return When(int(number * scale), "exact")
    try:
        moment = datetime.fromisoformat(str(value).strip())
    except ValueError:
        return read_time(str(value)[:64], reading)
    quality = "exact"
    if moment.tzinfo is None:
        moment, quality = moment.replace(tzinfo=UTC), "zone_assumed"
    return When((moment - EPOCH) // timedelta(microseconds=1), quality)


def _said(form: str, made: dict[str, Any]) -> dict[str, Any]:
    said = {"form": form[:40], "type": made["kind"], "commitment": made["commitment"], "width": made["width"]}
    said |= {"normalised": not made["why"]} | ({"why": made["why"]} if made["why"] else {})
    return said | ({"also": list(made["also"])} if made["also"] else {})
