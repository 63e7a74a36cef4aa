"""Windows events on their way into a table, whatever form of JSON they came in.

An event is named by what Windows itself says of it (computer, channel, record number, time of creation); one whose
form has no record number by the bytes of its record as well.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from itertools import chain
from operator import itemgetter
from typing import Any, Final

import orjson
import pyarrow as pa

from seawall.model.events import BY_NAME, arrow_schema, arrow_type
from seawall.sources.base import BLOCK_BYTES, MAX_REJECTS_KEPT, Chunk, Evidence, Reading, Reject
from seawall.sources.identities import Identities
from seawall.sources.windows_columns import Columns, columns_of
from seawall.sources.windows_fields import Names, from_where, has_zone, time_of, to_where, who, written_time
from seawall.sources.windows_secrets import COLUMNS, mask_command

ROWS: Final = 10_000  # events in one table


@dataclass(slots=True)
class Batch:
    """Events on their way into a table."""

    evidence: Evidence
    reading: Reading
    identities: Identities
    mark: str  # parts an event's place from the file: `#` before a record's number, `:` before a line's
    names: Names = field(default_factory=Names)
    documents: list[Any] = field(default_factory=list)  # events as JSON gives them
    numberless: dict[int, bytes] = field(default_factory=dict)  # bytes of events that may lack a number, by place
    places: list[int] = field(default_factory=list)  # where each stands
    held: int = 0  # characters of JSON they were read from
    rejects: list[tuple[int, bool, str, str]] = field(default_factory=list)  # see `refuse`

    def take(self, text: str, place: int) -> None:
        """Take one event as JSON; what is none becomes a reject at `place`."""
        try:
            document = orjson.loads(text)
        except orjson.JSONDecodeError:
            self.refuse(self.at(place), "not a whole JSON object")
            return
        self.add(document, place, len(text))

    def add(self, document: Any, place: int, size: int, record: bytes = b"") -> None:
        """Take one event; `size` is how long it was written. One without a number is named by its bytes, `record`."""
        self.documents.append(document)
        self.places.append(place)
        self.held += size
        if record:
            self.numberless[place] = record

    def refuse(self, where: str, what: str) -> None:
        """Add a reject. It stands before the event that comes next, which may turn out to be one too."""
        self.rejects.append((len(self.documents), False, where, what))

    @property
    def full(self) -> bool:
        """Whether it is time for a chunk."""
        return len(self.documents) >= ROWS or self.held >= BLOCK_BYTES

    def chunk(self, read_bytes: int, notes: tuple[str, ...] = ()) -> Chunk:
        """Everything taken since the last chunk."""
        columns, faults = columns_of(self.documents, self.names)
        if faults:
            self.rejects += [(index, True, self.at(self.places[index]), why) for index, why in faults.items()]
            self.rejects.sort(key=itemgetter(0, 1))
            self.documents = [d for index, d in enumerate(self.documents) if index not in faults]
            self.places = [p for index, p in enumerate(self.places) if index not in faults]
        tables = {"windows": self._table(columns)} if self.documents else {}
        kept = tuple(Reject(where, what) for _, _, where, what in self.rejects[:MAX_REJECTS_KEPT])
        made = Chunk(tables, kept, len(self.rejects), read_bytes, notes)
        self.documents, self.places, self.rejects, self.numberless, self.held = [], [], [], {}, 0
        return made

    def at(self, place: int) -> str:
        """Where an event stands."""
        return f"{self.evidence.origin}{self.mark}{place}"

    def _table(self, columns: Columns) -> pa.Table:
        count = len(self.documents)
        nothing = [None] * count
        written = [written_time(document["Event"]["System"]) for document in self.documents]
        computers, numbers = columns.get("Computer", nothing), columns.get("EventRecordID", nothing)
        records = _records(computers, columns.get("Channel", nothing), numbers, written)
        if self.numberless:
            records = [
                record if number is not None else record + _part(sha256(self.numberless.get(place, b"")).hexdigest())
                for record, number, place in zip(records, numbers, self.places, strict=True)
            ]
        times = [time_of(text) for text in written]
        for name in COLUMNS & columns.keys():
            columns[name] = _masked(columns[name])
        columns |= {
            "time": times,
            "time_quality": [_quality(time, text) for time, text in zip(times, written, strict=True)],
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


def _quality(time: Any, text: str) -> str:
    if time is None:
        return "missing"
    return "exact" if has_zone(text) else "zone_assumed"


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
