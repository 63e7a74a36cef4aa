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

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa

from seawall.model.events import BY_NAME, arrow_schema, arrow_type
from seawall.sources.base import BLOCK_BYTES, MAX_REJECTS_KEPT, Chunk, Evidence, Reading, Reject
from seawall.sources.identities import Identities
from seawall.sources.windows_columns import Columns, Part, joined, parts_of
from seawall.sources.windows_fields import Names, from_where, has_zone, time_of, to_where, who, written_time
from seawall.sources.windows_secrets import COLUMNS, mask_commands

ROWS: Final = 10_000  # events in one table
_FEW: Final = 1_000  # events up to which parts are better joined as lists than as arrays
Places = npt.NDArray[np.int32]
_TIME: Final = pa.timestamp("us", "UTC")


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
        parts, faults = parts_of(self.documents, self.names)
        if faults:
            self.rejects += [(index, True, self.at(self.places[index]), why) for index, why in faults.items()]
            self.rejects.sort(key=itemgetter(0, 1))
        tables = {"windows": self._table(parts)} if parts else {}
        kept = tuple(Reject(where, what) for _, _, where, what in self.rejects[:MAX_REJECTS_KEPT])
        made = Chunk(tables, kept, len(self.rejects), read_bytes, notes)
        self.documents, self.places, self.rejects, self.numberless, self.held = [], [], [], {}, 0
        return made

    def at(self, place: int) -> str:
        """Where an event stands."""
        return f"{self.evidence.origin}{self.mark}{place}"

    def _table(self, parts: list[Part]) -> pa.Table:
        """The events of all parts, in order."""
        if len(self.documents) <= _FEW:
            parts = [joined(parts)]
        places = np.concatenate([np.array(part.indices, dtype=np.int32) for part in parts])
        order = np.argsort(places, kind="stable").astype(np.int32)
        written: list[str] = []
        records: list[bytes] = []
        for indices, columns in parts:
            said = [written_time(self.documents[index]["Event"]["System"]) for index in indices]
            written += said
            records += self._records(indices, columns, said)
            self._complete(indices, columns)
        arrays = _texts([part.columns for part in parts], order) | _numbers(parts, order)
        computers = _together(parts, "Computer")
        if len(parts) > 1:
            in_order = itemgetter(*order.tolist())
            written, records, computers = in_order(written), in_order(records), in_order(computers)
        arrays["event_id"] = self.identities.of("windows", computers, records)
        arrays["time"], arrays["time_quality"] = _times(written)
        for name, value in (
            ("trust", self.reading.trust),
            ("tenant", self.reading.tenant),
            ("scope", self.reading.scope),
        ):
            if value is not None:
                arrays[name] = pa.repeat(pa.scalar(value, pa.string()), len(order))
        return _in_schema(arrays, len(order))

    def _records(self, indices: list[int], columns: Columns, written: list[str]) -> list[bytes]:
        """What names each event of a part."""
        nothing = [None] * len(indices)
        computers, channels = columns.get("Computer", nothing), columns.get("Channel", nothing)
        numbers = columns.get("EventRecordID", nothing)
        records = _records(computers, channels, numbers, written)
        if self.numberless and None in numbers:
            for at, (index, number) in enumerate(zip(indices, numbers, strict=True)):
                if number is None:
                    raw = self.numberless.get(self.places[index], b"")
                    records[at] += _part(sha256(raw).hexdigest())
        return records

    def _complete(self, indices: list[int], columns: Columns) -> None:
        """Mask a part's commands, and add the columns every kind has."""
        for name in COLUMNS & columns.keys():
            columns[name] = _masked(columns[name])
        computers = columns.get("Computer")
        found = {
            "observer": computers,
            "device": computers,
            "origin": self._origins(indices, columns.get("EventRecordID")),
            "user": _either(columns.get("user"), who(columns)),
            "src_ip": from_where(columns),
            "dst_ip": to_where(columns),
        }
        columns |= {name: column for name, column in found.items() if column is not None}

    def _origins(self, indices: list[int], numbers: list[int | None] | None) -> list[str]:
        head = self.evidence.origin + self.mark
        places = [self.places[index] for index in indices]
        if self.mark == "#" and numbers is not None:  # the event's own number, if it says one
            return [f"{head}{place if n is None else n}" for n, place in zip(numbers, places, strict=True)]
        return [f"{head}{place}" for place in places]


def _times(written: list[str]) -> tuple[pa.Array, pa.Array]:
    """Times in UTC, and how sure each is. Arrow reads what all say their zone; Python whatever else people write."""
    try:
        fine = pa.array(written, pa.string()).cast(pa.timestamp("ns", "UTC"))
    except pa.ArrowInvalid:
        times = [time_of(text) for text in written]
        said = [_quality(time, text) for time, text in zip(times, written, strict=True)]
        return pa.array(times, _TIME), pa.array(said, pa.string())
    # Digits past the sixth are cut off, before 1970 too.
    micros = np.floor_divide(fine.cast(pa.int64()).to_numpy(), 1_000)
    return pa.array(micros).cast(_TIME), pa.repeat(pa.scalar("exact"), len(written))


def _quality(time: Any, text: str) -> str:
    if time is None:
        return "missing"
    return "exact" if has_zone(text) else "zone_assumed"


def _either(first: list[Any] | None, second: list[Any] | None) -> list[Any] | None:
    """Two columns as one: the first's values where it has any."""
    if first is None or second is None:
        return first or second
    return [two if one is None else one for one, two in zip(first, second, strict=True)]


def _texts(parts: list[Columns], order: Places) -> dict[str, pa.Array]:
    """The text columns of all parts as one set of columns, in order.

    All texts become one array first, in one call, and a null behind them; each column picks its own from there.
    """
    texts: list[str | None] = []
    spots: dict[str, list[tuple[int, int, int]]] = {}  # of a column: where a part's cells start, first row, rows
    first = 0
    for columns in parts:
        count = len(columns["origin"])
        for name, cells in columns.items():
            if name not in _NO_TEXTS:
                spots.setdefault(name, []).append((len(texts), first, count))
                texts += cells
        first += count
    cells = pa.array([*texts, None], pa.string())
    if len(parts) == 1:
        return {name: cells.slice(start, first) for name, ((start, _, _),) in spots.items()}
    rows = np.argsort(order).astype(np.int32)  # of each cell, part by part, the row it goes to
    return {name: _scattered(cells, there, rows) for name, there in spots.items()}


def _scattered(cells: pa.Array, there: list[tuple[int, int, int]], rows: Places) -> pa.Array:
    """A column of some parts' cells, each in its row; null in all other rows."""
    picks = np.full(len(rows), len(cells) - 1, dtype=np.int32)
    for start, row, count in there:
        picks[rows[row : row + count]] = np.arange(start, start + count, dtype=np.int32)
    return cells.take(pa.array(picks))


def _numbers(parts: list[Part], order: Places) -> dict[str, pa.Array]:
    """The columns that hold no texts, in order."""
    names = {name for part in parts for name in part.columns} & _NO_TEXTS.keys()
    return {name: pa.array(_together(parts, name), _NO_TEXTS[name]).take(pa.array(order)) for name in names}


def _together(parts: list[Part], name: str) -> list[Any]:
    """A column of all parts, part by part."""
    return list(chain.from_iterable(part.columns.get(name) or [None] * len(part.indices) for part in parts))


def _in_schema(arrays: dict[str, pa.Array], count: int) -> pa.Table:
    """The columns `windows` has, then the others by name."""
    schema = _schema(tuple(sorted(arrays.keys() - _KNOWN)))
    nulls = {type_: pa.nulls(count, type_) for type_ in set(schema.types)}
    columns = [arrays[field.name] if field.name in arrays else nulls[field.type] for field in schema]
    return pa.Table.from_batches([pa.RecordBatch.from_arrays(columns, schema=schema)])


_KNOWN: Final = frozenset(column.name for column in BY_NAME["windows"].all_columns)
_NO_TEXTS: Final = {c.name: arrow_type(c.type) for c in BY_NAME["windows"].all_columns if c.type != "text"}


@lru_cache(maxsize=1024)  # files of one kind have the same columns
def _schema(extra: tuple[str, ...]) -> pa.Schema:
    return pa.schema([*arrow_schema("windows"), *(pa.field(name, pa.string()) for name in extra)])


def _masked(values: list[str | None]) -> list[str | None]:
    """Commands without their passwords; each different one is looked at once."""
    changed = mask_commands([value for value in set(values) if value is not None])
    return [None if value is None else changed.get(value, value) for value in values] if changed else values


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
