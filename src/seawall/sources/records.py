"""Rows from records that are read one at a time: the way for every format whose records are not cut out by numpy.

A source reads a record into plain values and says when it was; ids, ordinals, common columns and types are done here.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from types import NoneType, TracebackType
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.engine.idset import IdSet
from seawall.model.events import BY_NAME, arrow_schema
from seawall.platforms.masking import mask
from seawall.sources import columns as cut
from seawall.sources.base import MAX_REJECTS_KEPT, Chunk, Reading, Reject
from seawall.sources.clocks import Doubts
from seawall.sources.ordinals import Ordinals
from seawall.sources.times import Ints, moments, read_stamp, zone_minutes
from seawall.sources.turning import turned

MAX_EXTRA_COLUMNS: Final = 400  # text columns an open-ended kind may gain in one file


class When(NamedTuple):
    """When a record was: UTC microseconds since 1970 (None: it cannot say) and one of `TIME_QUALITIES`."""

    micros: int | None
    quality: str


NEVER: Final = When(None, "missing")


def read_time(text: str, reading: Reading, observer: str = "") -> When:
    """The time at the start of `text` in any form `times` knows; `NEVER` if there is none.

    A missing year is the observer's, a missing zone counts as UTC; both stand in the quality.
    """
    head = text[:80].encode("utf-8", "replace")
    stamp = read_stamp(head) or read_stamp(head, epoch=True)
    if stamp is None:
        return NEVER
    data = np.frombuffer(head + cut.PADDING, np.uint8)
    one = np.zeros(1, np.int64)
    zone: list[tuple[int, bool]] = []

    def zones(starts: Ints, lengths: Ints) -> tuple[Ints, cut.Flags]:
        zone.append(zone_minutes(head[int(starts[0]) : int(starts[0] + lengths[0])].decode()))
        return np.array([zone[0][0]]), np.array([zone[0][1]])

    def year_for(_: int, month: int, day: int) -> int:
        return reading.years.year_for(observer, month, day)

    said = moments(data, one, np.array([stamp.row], np.int64), one, zones, one, year_for)
    if not said.valid[0]:
        return NEVER
    quality = "zone_assumed" if said.zone_assumed[0] else "exact"
    if said.year_assumed[0]:
        quality = "year_assumed"
    quality = {1: "unsynced", 2: "unset"}.get(int(said.flag[0]), quality)
    return When(int(said.micros[0]), quality)


class Columns(NamedTuple):
    """Neighbouring records read together; those of quality `missing` have no time.

    Types are the kind's, other names are texts.
    """

    micros: Ints  # UTC, since 1970
    quality: pa.Array
    observers: pa.Array  # text, null where none is written
    origins: pa.Array
    lines: Ints  # line numbers, 0 where there are none
    records: pa.Array  # binary: the bytes as they stood
    values: Mapping[str, pa.Array]


class _Piece(NamedTuple):
    table: pa.Table
    micros: Ints
    valid: cut.Flags
    lines: Ints


class Records:
    """The rows and rejects of one file, as a context manager: what a large file spilled is removed at its end.

    with Records("radius", evidence.origin, reading) as records:
        for block in line_blocks(evidence):
            for number, text in block.texts():
                records.add(number, text.encode(), when, observer, {"user": ...})
            yield records.chunk(block.read_bytes)
    """

    def __init__(self, kind: str, origin: str, reading: Reading) -> None:
        self._kind, self._origin, self._reading = kind, origin, reading
        self._types = {c.name: c.type for c in BY_NAME[kind].all_columns}
        self._open_ended = BY_NAME[kind].open_ended
        self._ordinals = Ordinals(kind, IdSet())
        self._doubts = Doubts(origin, reading.clock)
        self._extra: set[str] = set()
        # plain tuples of plain values: the garbage collector stops looking at them
        self._taken: list[tuple[int | str, bytes, int | None, str, str | None, Mapping[str, Any]]] = []
        self._rejects: list[Reject] = []
        self._rejected = 0
        self._pieces: list[_Piece] = []

    def add(self, place: int | str, record: bytes, when: When, observer: str | None, values: Mapping[str, Any]) -> None:
        """Take one record.

        `place` is its line or record number (a text is the whole origin); `record` its bytes as they stood, for the
        id; `values` the columns it fills, secrets masked already; in an open-ended kind other names become text
        columns. A value of the wrong type becomes null in a typed column.
        """
        self._taken.append((place, record, when[0], when[1], observer, values))

    def add_columns(self, block: Columns) -> None:
        """Take neighbouring records whose columns were read at once; they come after all that was taken before."""
        self._settle()
        count = len(block.records)
        own = {name: array for name, array in block.values.items() if name in self._types}
        others = {name: array for name, array in block.values.items() if name not in self._types}
        kept = self._admitted(list(others))
        valid = pc.not_equal(block.quality, "missing").to_numpy(zero_copy_only=False)
        values: dict[str, pa.Array] = {
            "device": block.observers,
            **own,
            "event_id": self._ordinals.ids(block.observers.dictionary_encode(), block.records),
            "time": cut.instants(block.micros, valid),
            "time_quality": block.quality,
            "observer": block.observers,
            "origin": block.origins,
            **cut.constants(count, self._reading),
            **{name: others[name] for name in kept},
        }
        schema = arrow_schema(self._kind)
        arrays = [values[f.name] if f.name in values else pa.nulls(count, f.type) for f in schema]
        table = pa.table([*arrays, *(values[n] for n in kept)], names=[*schema.names, *kept])
        self._pieces.append(_Piece(table, block.micros, valid, block.lines))

    def reject(self, place: int | str, what: str) -> None:
        """Count one record that could not be read; `what` may hold an excerpt, it is masked and made printable."""
        self._rejected += 1
        if len(self._rejects) < MAX_REJECTS_KEPT:
            origin = place if isinstance(place, str) else f"{self._origin}:{place}"
            self._rejects.append(Reject(origin, excerpt(what, 300)))

    def chunk(self, read_bytes: int = 0, notes: tuple[str, ...] = ()) -> Chunk:
        """Everything taken since the last call, as a piece; an empty one if nothing was."""
        self._settle()
        tables = {self._kind: self._joined()} if self._pieces else {}
        made = Chunk(tables, tuple(self._rejects), self._rejected, read_bytes, (*notes, *self._doubts.new()))
        self._pieces, self._rejects, self._rejected = [], [], 0
        return made

    def _settle(self) -> None:
        """Make a piece of the rows taken one by one."""
        if self._taken:
            self._pieces.append(self._piece())
            self._taken = []

    def _joined(self) -> pa.Table:
        pieces = self._pieces
        micros, valid, lines = (np.concatenate([piece[i] for piece in pieces]) for i in (1, 2, 3))
        self._doubts.judge(micros, valid, lines)
        if len(pieces) == 1:
            return pieces[0].table
        return pa.concat_tables([piece.table for piece in pieces], promote_options="default")

    def _piece(self) -> _Piece:
        count = len(self._taken)
        places, records, whens, qualities, observers, rows = zip(*self._taken, strict=True)
        said = pa.array(whens, pa.int64())
        valid = said.is_valid().to_numpy(zero_copy_only=False)
        micros = said.fill_null(0).to_numpy()
        who = pa.array(observers, pa.string())
        columns = turned(rows)
        origins, lines = self._places(places)
        values: dict[str, pa.Array] = {
            "event_id": self._ordinals.ids(who.dictionary_encode(), pa.array(records, pa.binary())),
            "time": cut.instants(micros, valid),
            "time_quality": pa.array(qualities, pa.string()),
            "observer": who,
            "origin": origins,
            **cut.constants(count, self._reading),
        }
        schema = arrow_schema(self._kind)
        names = [*schema.names, *self._new_names(list(columns), schema.names)]
        if "device" not in columns:
            values["device"] = who
        for name in names:
            if name not in values:
                type_ = self._types.get(name, "text")
                values[name] = _column(type_, columns[name]) if name in columns else pa.nulls(count, _ARROW[type_])
        return _Piece(pa.table([values[name] for name in names], names=names), micros, valid, lines)

    def _places(self, places: tuple[int | str, ...]) -> tuple[pa.Array, Ints]:
        """Origins, and the numbers of lines for doubts."""
        if set(map(type, places)) == {int}:
            numbers = np.array(places, np.int64)
            return cut.origins(self._origin, numbers), numbers
        origins = [place if isinstance(place, str) else f"{self._origin}:{place}" for place in places]
        return pa.array(origins, pa.string()), np.array([_line(origin) for origin in origins], np.int64)

    def _new_names(self, said: list[str], known: list[str]) -> list[str]:
        """Columns beyond the kind's own: only an open-ended kind has any, and not without limit."""
        folded = {name.lower() for name in known}
        fresh = [name for name in said if name.lower() not in folded]
        if not self._open_ended:
            if fresh:  # a slip of the source, not of the evidence
                raise KeyError(f"{self._kind} has no column {fresh[0]}")
            return []
        return self._admitted(fresh)

    def _admitted(self, fresh: list[str]) -> list[str]:
        """Those of some names beyond the kind's own that still may become columns, each once."""
        distinct: dict[str, str] = {}
        for name in fresh:
            distinct.setdefault(name.lower(), name)
        kept = [n for n in distinct.values() if n in self._extra or len(self._extra) < MAX_EXTRA_COLUMNS]
        self._extra.update(kept[: MAX_EXTRA_COLUMNS - len(self._extra)])
        dropped = [n for n in distinct.values() if n not in self._extra]
        if dropped:
            self._doubts.say(f"more than {MAX_EXTRA_COLUMNS} different fields; the others were left out", 1)
        return [n for n in distinct.values() if n in self._extra]

    def __enter__(self) -> Records:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        del self._ordinals  # what it spilled goes with it


_ARROW: Final = {
    "text": pa.string(),
    "time": pa.timestamp("us", tz="UTC"),
    "int": pa.int64(),
    "float": pa.float64(),
    "bool": pa.bool_(),
}


_PLAIN: Final = {"text": {str, NoneType}, "int": {int, NoneType}, "time": {int, NoneType}}


def _column(type_: str, given: list[Any]) -> pa.Array:
    """A column of values; those of other types than its own are made text, or null in a typed column."""
    if set(map(type, given)) <= _PLAIN.get(type_, set()):
        with contextlib.suppress(OverflowError):  # larger than any counter: one by one, below
            return pa.array(given, _ARROW[type_])
    if type_ == "text":
        return pa.array([None if v is None else v if type(v) is str else str(v) for v in given], pa.string())
    return pa.array([_typed(type_, value) for value in given], _ARROW[type_])


def _typed(type_: str, value: Any) -> Any:
    """A value in a column's type, or None where it does not fit; times are microseconds already."""
    if value is None or (type_ == "bool") != isinstance(value, bool):
        return None
    if type_ == "bool":
        return value
    try:
        number = float(value) if type_ == "float" else int(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if type_ == "float" or -(2**63) <= number < 2**63 else None


def excerpt(text: str, width: int = 80) -> str:
    """The start of a hostile text on one printable line, secrets masked."""
    return "".join(c if c.isprintable() else "·" for c in mask(text[: width * 4])[:width])


def _line(origin: str) -> int:
    number = origin.rpartition(":")[2]
    return int(number) if number.isascii() and number.isdigit() and len(number) < 18 else 0
