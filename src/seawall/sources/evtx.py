"""Windows event logs: EVTX files, and the JSON lines that the same reader's command line prints of them.

A damaged chunk is a reject; what stands in the others is read. An event is named by what Windows itself says of it
(computer, channel, record number, time of creation), so a file and its JSON lines give the same ids.
"""

from __future__ import annotations

import re
import shutil
import struct
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import evtx
import orjson
import pyarrow as pa

from seawall.errors import InputError
from seawall.model.events import BY_NAME, arrow_schema
from seawall.sources.base import MAX_REJECTS_KEPT, Chunk, Evidence, Reading, Reject, Source
from seawall.sources.identities import Identities
from seawall.sources.lines import head_lines, line_blocks
from seawall.sources.turning import turned
from seawall.sources.windows_fields import (
    Names,
    NotAnEventError,
    flatten,
    from_where,
    time_of,
    to_where,
    who,
    written_time,
)
from seawall.sources.windows_secrets import COLUMNS, mask_command

MAGIC: Final = b"ElfFile\0"
_ROWS: Final = 10_000  # events in one table
_HEADER_BYTES: Final = 4_096
_CHUNK_BYTES: Final = 65_536
_MAX_FAULTS: Final = 10_000  # in one file, after which reading stops
_NUMBER: Final = re.compile(r"(chunk|record) number (\d+)")


@dataclass(slots=True)
class _Batch:
    """Events on their way into a table."""

    evidence: Evidence
    reading: Reading
    identities: Identities
    names: Names = field(default_factory=Names)
    rows: list[dict[str, Any]] = field(default_factory=list)
    records: list[bytes] = field(default_factory=list)
    rejects: list[tuple[str, str]] = field(default_factory=list)  # place, reason

    def take(self, text: str | bytes, place: str, *, by_record: bool) -> None:
        """Take one event as JSON; what is none becomes a reject at `place`."""
        try:
            document = orjson.loads(text)
            row = flatten(document, self.names)
        except orjson.JSONDecodeError:
            self.rejects.append((place, "not a whole JSON object"))
            return
        except NotAnEventError as error:
            self.rejects.append((place, str(error)))
            return
        written = written_time(document["Event"]["System"])
        row["time"] = moment = time_of(written)
        row["time_quality"] = "missing" if moment is None else "exact"
        row["observer"] = row["device"] = row.get("Computer")
        number = row.get("EventRecordID")
        row["origin"] = f"{self.evidence.origin}#{number}" if by_record and number is not None else place
        if "user" not in row:
            row["user"] = who(row)
        row["src_ip"], row["dst_ip"] = from_where(row), to_where(row)
        self.records.append(_record(row.get("Computer"), row.get("Channel"), number, written))
        self.rows.append(row)

    def chunk(self, read_bytes: int, notes: tuple[str, ...] = ()) -> Chunk:
        """Everything taken since the last chunk."""
        tables = {"windows": self._table()} if self.rows else {}
        kept = tuple(Reject(place, what) for place, what in self.rejects[:MAX_REJECTS_KEPT])
        made = Chunk(tables, kept, len(self.rejects), read_bytes, notes)
        self.rows, self.records, self.rejects = [], [], []
        return made

    def _table(self) -> pa.Table:
        rows = self.rows
        count = len(rows)
        columns = turned(rows)
        for name in COLUMNS & columns.keys():
            columns[name] = _masked(columns[name])
        schema = arrow_schema("windows")
        extra = sorted(columns.keys() - set(schema.names))
        full = pa.schema([*schema, *(pa.field(name, pa.string()) for name in extra)])
        arrays = {f.name: pa.array(columns[f.name], f.type) for f in full if f.name in columns}
        arrays["event_id"] = self.identities.of("windows", arrays["observer"], self.records)
        for name in ("trust", "tenant", "scope"):
            value = getattr(self.reading, name)
            if value is not None:
                arrays[name] = pa.repeat(pa.scalar(value, pa.string()), count)
        return pa.table([arrays.get(f.name, pa.nulls(count, f.type)) for f in full], schema=full)


def _masked(values: list[str | None]) -> list[str | None]:
    """Commands without their passwords; each different one is looked at once."""
    masked = {value: mask_command(value) for value in set(values) if value is not None}
    return [None if value is None else masked[value] for value in values]


def _record(*parts: object) -> bytes:
    """What names an event: its parts as text, each with its length (4 bytes, big-endian) in front."""
    raw = [b"" if part is None else str(part).encode("utf-8", "surrogatepass") for part in parts]
    return b"".join(len(r).to_bytes(4, "big") + r for r in raw)


def _sniff(evidence: Evidence) -> int:
    head = evidence.head
    if head.startswith(MAGIC):
        return 100
    line = next(iter(head_lines(head, 1)), b"").lstrip()
    start = line[:64].replace(b" ", b"")
    if not start.startswith(b'{"Event":{'):
        return 0
    return 95 if b'"System"' in line else 0


def _read(evidence: Evidence, reading: Reading) -> Iterator[Chunk]:
    """Read an EVTX file or its JSON lines. Raises InputError if the file's own header is beyond reading."""
    with Identities(evidence.size) as identities:
        batch = _Batch(evidence, reading, identities)
        if evidence.head.startswith(MAGIC):
            yield from _read_evtx(batch)
        else:
            yield from _read_lines(batch)


def _read_lines(batch: _Batch) -> Iterator[Chunk]:
    origin = batch.evidence.origin
    for block in line_blocks(batch.evidence):
        if block.too_long:
            batch.rejects.append((f"{origin}:{block.first}", "line longer than 1 MiB"))
        for number, line in block.texts():
            if line.strip():
                batch.take(line, f"{origin}:{number}", by_record=False)
        yield batch.chunk(block.read_bytes, block.notes)


def _read_evtx(batch: _Batch) -> Iterator[Chunk]:
    evidence = batch.evidence
    with _as_file(evidence) as path:
        size = path.stat().st_size
        try:
            records = evtx.PyEvtxParser(str(path), number_of_threads=1).records_json()
        except (OSError, RuntimeError) as error:
            raise InputError(
                "an EVTX file whose header is damaged or cut off",
                where=evidence.origin,
                mend="copy it again, or export it anew with wevtutil epl",
            ) from error
        told = faults = 0
        for number, record in enumerate(_each(records), 1):
            if isinstance(record, str):
                batch.rejects.append((evidence.origin, record))
                faults += 1
            else:
                batch.take(record["data"], f"{evidence.origin}#{record['event_record_id']}", by_record=True)
            if len(batch.rows) >= _ROWS:
                reached = min(size, told + _ROWS * 1_000)  # the reader does not say where it is; for progress only
                yield batch.chunk(reached - told)
                told = reached
            if faults >= _MAX_FAULTS:
                batch.rejects.append(
                    (evidence.origin, f"more than {_MAX_FAULTS} faults; stopped after {number} records")
                )
                break
        if missing := _missing_bytes(evidence.head, size):
            batch.rejects.append((evidence.origin, f"EVTX file is cut off: {missing} bytes are missing at its end"))
        yield batch.chunk(size - told)


def _each(records: Iterator[Any]) -> Iterator[Any]:
    """Each record, or what is wrong where one should be."""
    while True:
        try:
            yield next(records)
        except StopIteration:
            return
        except (RuntimeError, OSError, ValueError) as error:
            found = _NUMBER.search(str(error))
            place = f"{found[1]} {found[2]}" if found else "a chunk"
            yield f"{place} is damaged and was left out"


def _missing_bytes(head: bytes, size: int) -> int:
    """Bytes the file's header promises and the file does not have."""
    if len(head) < 44:
        return _HEADER_BYTES - len(head)
    (chunks,) = struct.unpack_from("<H", head, 42)
    return max(0, _HEADER_BYTES + int(chunks) * _CHUNK_BYTES - size)


@contextmanager
def _as_file(evidence: Evidence) -> Iterator[Path]:
    """The evidence as a file of its own, unpacked if need be: the reader jumps about in it."""
    if evidence.path is not None:
        yield evidence.path
        return
    with tempfile.NamedTemporaryFile(prefix="seawall-", suffix=".evtx") as copy:
        try:
            with closing(evidence.open()) as stream:
                shutil.copyfileobj(stream, copy, 1 << 20)
            copy.flush()
        except OSError as error:
            raise InputError(
                f"cannot be unpacked: {error.strerror}", where=evidence.origin, mend="make room, or set TMPDIR"
            ) from error
        yield Path(copy.name)


SOURCE: Final = Source(
    name="evtx",
    title="Windows event logs (EVTX, or its JSON lines)",
    kinds=(BY_NAME["windows"].name,),
    sniff=_sniff,
    read=_read,
)
