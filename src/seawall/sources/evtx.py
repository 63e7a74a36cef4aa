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
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

import evtx
import orjson
import pyarrow as pa

from seawall.errors import InputError
from seawall.model.events import BY_NAME, arrow_schema, arrow_type
from seawall.sources.base import BLOCK_BYTES, MAX_REJECTS_KEPT, Chunk, Evidence, Reading, Reject, Source
from seawall.sources.identities import Identities
from seawall.sources.lines import head_lines, line_blocks
from seawall.sources.windows_columns import Columns, columns_of
from seawall.sources.windows_fields import Names, from_where, time_of, to_where, who, written_time
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
    mark: str  # parts an event's place from the file: `#` before a record's number, `:` before a line's
    names: Names = field(default_factory=Names)
    documents: list[Any] = field(default_factory=list)  # events as JSON gives them
    places: list[int] = field(default_factory=list)  # where each stands
    held: int = 0  # characters of JSON they were read from
    rejects: list[tuple[int, bool, str, str]] = field(default_factory=list)  # see `refuse`

    def take(self, text: str, place: int) -> None:
        """Take one event as JSON; what is none becomes a reject at `place`."""
        try:
            self.documents.append(orjson.loads(text))
        except orjson.JSONDecodeError:
            self.refuse(self._at(place), "not a whole JSON object")
            return
        self.places.append(place)
        self.held += len(text)

    def refuse(self, where: str, what: str) -> None:
        """Add a reject. It stands before the event that comes next, which may turn out to be one too."""
        self.rejects.append((len(self.documents), False, where, what))

    @property
    def full(self) -> bool:
        """Whether it is time for a chunk."""
        return len(self.documents) >= _ROWS or self.held >= BLOCK_BYTES

    def chunk(self, read_bytes: int, notes: tuple[str, ...] = ()) -> Chunk:
        """Everything taken since the last chunk."""
        columns, faults = columns_of(self.documents, self.names)
        if faults:
            self.rejects += [(index, True, self._at(self.places[index]), why) for index, why in faults.items()]
            self.rejects.sort(key=itemgetter(0, 1))
            self.documents = [d for index, d in enumerate(self.documents) if index not in faults]
            self.places = [p for index, p in enumerate(self.places) if index not in faults]
        tables = {"windows": self._table(columns)} if self.documents else {}
        kept = tuple(Reject(where, what) for _, _, where, what in self.rejects[:MAX_REJECTS_KEPT])
        made = Chunk(tables, kept, len(self.rejects), read_bytes, notes)
        self.documents, self.places, self.rejects, self.held = [], [], [], 0
        return made

    def _at(self, place: int) -> str:
        return f"{self.evidence.origin}{self.mark}{place}"

    def _table(self, columns: Columns) -> pa.Table:
        count = len(self.documents)
        nothing = [None] * count
        written = [written_time(document["Event"]["System"]) for document in self.documents]
        computers, numbers = columns.get("Computer", nothing), columns.get("EventRecordID", nothing)
        records = _records(computers, columns.get("Channel", nothing), numbers, written)
        times = [time_of(text) for text in written]
        for name in COLUMNS & columns.keys():
            columns[name] = _masked(columns[name])
        columns |= {
            "time": times,
            "time_quality": ["missing" if time is None else "exact" for time in times],
            "observer": computers,
            "device": computers,
            "origin": self._origins(numbers),
            "trust": [self.reading.trust] * count,
            "tenant": [self.reading.tenant] * count,
            "scope": [self.reading.scope] * count,
            "user": _either(columns.get("user"), who(columns)) or nothing,
            "src_ip": from_where(columns) or nothing,
            "dst_ip": to_where(columns) or nothing,
        }
        return _arrow(columns, self.identities.of("windows", computers, records), count)

    def _origins(self, numbers: list[int | None]) -> list[str]:
        head = self.evidence.origin + self.mark
        if self.mark == "#":  # the event's own number, if it says one
            return [f"{head}{place if n is None else n}" for n, place in zip(numbers, self.places, strict=True)]
        return [f"{head}{place}" for place in self.places]


def _either(first: list[Any] | None, second: list[Any] | None) -> list[Any] | None:
    """Two columns as one: the first's values where it has any."""
    if first is None or second is None:
        return first or second
    return [two if one is None else one for one, two in zip(first, second, strict=True)]


def _arrow(columns: Columns, ids: pa.Array, count: int) -> pa.Table:
    """The table of some columns. All texts become one array first, cut into columns: one call instead of fifty."""
    schema = _schema(tuple(sorted(columns.keys() - _KNOWN)))
    names = schema.names
    present = [name for name in names if name in columns and name not in _NO_TEXTS]
    texts = pa.array(list(chain.from_iterable(map(columns.__getitem__, present))), pa.string())
    arrays: dict[str, pa.Array] = {name: texts.slice(i * count, count) for i, name in enumerate(present)}
    arrays["event_id"] = ids
    for name, type_ in _NO_TEXTS.items():
        if name not in arrays:
            values = columns.get(name)
            arrays[name] = pa.nulls(count, type_) if values is None else pa.array(values, type_)
    null = pa.nulls(count, pa.string()) if len(arrays) < len(names) else None
    return pa.Table.from_batches([pa.RecordBatch.from_arrays([arrays.get(n, null) for n in names], schema=schema)])


_KNOWN: Final = frozenset(column.name for column in BY_NAME["windows"].all_columns)
_NO_TEXTS: Final = {c.name: arrow_type(c.type) for c in BY_NAME["windows"].all_columns if c.type != "text"}


@lru_cache(maxsize=1024)  # files of one kind have the same columns
def _schema(extra: tuple[str, ...]) -> pa.Schema:
    return pa.schema([*arrow_schema("windows"), *(pa.field(name, pa.string()) for name in extra)])


def _masked(values: list[str | None]) -> list[str | None]:
    """Commands without their passwords; each different one is looked at once."""
    masked = {value: mask_command(value) for value in set(values) if value is not None}
    return [None if value is None else masked[value] for value in values]


def _records(
    computers: list[str | None], channels: list[str | None], numbers: list[int | None], written: list[str]
) -> list[bytes]:
    """What names each event: its parts as text, each with its length (4 bytes, big-endian) in front."""
    heads: dict[tuple[str | None, str | None], bytes] = {}
    records: list[bytes] = []
    for computer, channel, number, time in zip(computers, channels, numbers, written, strict=True):
        head = heads.get((computer, channel))
        if head is None:
            head = heads[computer, channel] = _part(computer) + _part(channel)
        records.append(head + _part(number) + _part(time))
    return records


def _part(part: object) -> bytes:
    raw = b"" if part is None else str(part).encode("utf-8", "surrogatepass")
    return len(raw).to_bytes(4, "big") + raw


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
        if evidence.head.startswith(MAGIC):
            yield from _read_evtx(_Batch(evidence, reading, identities, "#"))
        else:
            yield from _read_lines(_Batch(evidence, reading, identities, ":"))


def _read_lines(batch: _Batch) -> Iterator[Chunk]:
    origin = batch.evidence.origin
    for block in line_blocks(batch.evidence):
        if block.too_long:
            batch.refuse(f"{origin}:{block.first}", "line longer than 1 MiB")
        for number, line in block.texts():
            if line.strip():
                batch.take(line, number)
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
                batch.refuse(evidence.origin, record)
                faults += 1
            else:
                batch.take(record["data"], record["event_record_id"])
            if batch.full:
                reached = min(
                    size, told + len(batch.documents) * 1_000
                )  # the reader does not say where it is; for progress only
                yield batch.chunk(reached - told)
                told = reached
            if faults >= _MAX_FAULTS:
                batch.refuse(evidence.origin, f"more than {_MAX_FAULTS} faults; stopped after {number} records")
                break
        if missing := _missing_bytes(evidence.head, size):
            batch.refuse(evidence.origin, f"EVTX file is cut off: {missing} bytes are missing at its end")
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
