"""Tables and JSON read by a mapping file of the person who knows them (`seawall.model.maps`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from functools import lru_cache, partial
from typing import Any, Final
from zoneinfo import ZoneInfo

from seawall.model.events import BY_NAME
from seawall.model.maps import FieldMap
from seawall.platforms.commands import normalise
from seawall.platforms.masking import MASK, mask, names_a_secret
from seawall.sources.base import Chunk, Evidence, Reading, Source
from seawall.sources.flows.fields import address, protocol
from seawall.sources.jsonlines import first_object, flattened, read_objects
from seawall.sources.lines import line_blocks
from seawall.sources.moments import moment
from seawall.sources.records import NEVER, Records, When
from seawall.sources.tables import Header, first_header, header_in

MAX_ROW_LINES: Final = 500  # lines one quoted row may span
MAX_ROW_CHARS: Final = 1 << 20
_ODD: Final = re.compile(r"[^0-9A-Za-z_]+")
_ADDRESSES: Final = frozenset({"src_ip", "dst_ip", "next_hop"})


def source_for(evidence: Evidence, maps: Sequence[FieldMap]) -> Source | None:
    """A source made of the first mapping that is for this file; None if none is."""
    for one in maps:
        if one.is_for(evidence.origin, _names(evidence.head, one)):
            return Source(
                name="mapped",
                title=f"Mapped: {one.name}",
                kinds=(one.kind,),
                sniff=lambda _: 100,
                read=partial(_read, one=one),
            )
    return None


def _is_json(head: bytes, one: FieldMap) -> bool:
    return one.form == "json" or (not one.form and first_object(head) is not None)


def _names(head: bytes, one: FieldMap) -> list[str] | None:
    """The columns or keys a file begins with; None if it is not of the mapping's form."""
    if _is_json(head, one):
        record = first_object(head)
        return list(flattened(record, ".")) if record is not None else None
    header = first_header(head, one.delimiter)
    return list(header.names) if header else None


def _read(evidence: Evidence, reading: Reading, *, one: FieldMap) -> Iterator[Chunk]:
    """Read records through a mapping; one that does not fit is a reject, the others go on."""
    taker = _Taker(one, reading)
    with Records(one.kind, evidence.origin, reading) as records:
        if _is_json(evidence.head, one):
            for objects in read_objects(evidence):
                for number, what in objects.faults:
                    records.reject(number, what)
                for item in objects.items:
                    taker.take(records, item.number, item.record, flattened(item.value, "."))
                yield records.chunk(objects.read_bytes, objects.notes)
        else:
            yield from _read_table(evidence, one, taker, records)
        yield Chunk(notes=taker.notes())


def _read_table(evidence: Evidence, one: FieldMap, taker: _Taker, records: Records) -> Iterator[Chunk]:
    table = _Table(one, taker, records)
    for block in line_blocks(evidence):
        if block.too_long:
            table.take([], last=True)
            records.reject(block.first, "line longer than 1 MiB")
        table.take(list(block.texts()), last=False)
        yield records.chunk(block.read_bytes, block.notes)
        if table.headless:
            return
    table.take([], last=True)
    yield records.chunk()


class _Table:
    """The rows of a table below its header, whatever blocks its lines come in."""

    def __init__(self, one: FieldMap, taker: _Taker, records: Records) -> None:
        self._one, self._taker, self._records = one, taker, records
        self._header: Header | None = None
        self._open: list[tuple[int, str]] = []  # lines of a row whose quoted cell goes on in the next block
        self.headless = False

    def take(self, lines: list[tuple[int, str]], *, last: bool) -> None:
        """Read some more lines; `last` says that nothing follows which could close a quoted cell."""
        for number, row in self._rows([*self._open, *lines], last=last):
            if self.headless or not row.strip() or (self._header is None and row.startswith(("# ", "//"))):
                continue
            if self._header is None:
                self._header = header_in(row.removeprefix("#").strip("\r\n "), self._one.delimiter)
                if self._header is None:
                    self._records.reject(number, "no header that names its columns")
                    self.headless = True
                continue
            self._row(self._header, number, row)

    def _row(self, header: Header, number: int, row: str) -> None:
        cells = header.row(row)
        if cells is None:
            parts = row.count(header.delimiter) + 1
            self._records.reject(number, f"{parts} fields where the header names {len(header.names)}")
        else:
            said = {name: cell.strip() for name, cell in zip(header.names, cells, strict=True) if cell.strip()}
            self._taker.take(self._records, number, row.encode(), said)

    def _rows(self, lines: list[tuple[int, str]], *, last: bool) -> Iterator[tuple[int, str]]:
        """Rows, in which a quoted cell may hold line ends. A quote that is never closed spoils only its own line."""
        self._open = []
        at = 0
        while at < len(lines):
            number, row = lines[at]
            end, quotes, size = at, row.count('"'), len(row)
            while quotes % 2 and end + 1 < len(lines) and end - at < MAX_ROW_LINES and size < MAX_ROW_CHARS:
                end += 1
                quotes += lines[end][1].count('"')
                size += len(lines[end][1])
            if quotes % 2 and not last and end - at < MAX_ROW_LINES and size < MAX_ROW_CHARS:
                self._open = lines[at:]
                return
            if quotes % 2:
                end = at
            yield number, "\n".join(text for _, text in lines[at : end + 1])
            at = end + 1


class _Taker:
    """Turns records by their names into rows by ours."""

    def __init__(self, one: FieldMap, reading: Reading) -> None:
        kind = BY_NAME[one.kind]
        self._one, self._reading = one, reading
        self._types = {c.name: c.type for c in kind.all_columns}
        self._fields = {ours: (his,) if isinstance(his, str) else his for ours, his in one.fields.items()}
        self._named = {name for his in self._fields.values() for name in his} | set(one.time.columns)
        self._keep = one.keep and kind.open_ended
        self._zone: tzinfo | None = ZoneInfo(one.time.zone) if one.time.zone else None
        self._left_out: dict[str, None] = {}
        self._timeless = 0

    def take(self, records: Records, place: int, record: bytes, said: Mapping[str, Any]) -> None:
        """Add one record."""
        values: dict[str, Any] = {}
        for ours, theirs in self._fields.items():
            value = next((said[name] for name in theirs if said.get(name) not in (None, "")), None)
            if value is not None:
                values[ours] = self._translated(ours, value)
        if not values:
            records.reject(place, f"has none of the columns the mapping {self._one.name!r} names")
            return
        when = self._when(said)
        if when.micros is None and self._one.time.columns:
            self._timeless += 1
        self._others(said, values)
        values = {**self._one.constants, **values}
        observer = values.pop("observer", None)
        self._complete(values)
        records.add(place, record, when, None if observer is None else str(observer), values)

    def _translated(self, ours: str, value: Any) -> Any:
        """A value in our words and type, secrets masked."""
        words = self._one.values.get(ours)
        if words is not None:
            value = words.get(str(value), value)
        type_ = self._types.get(ours, "text")
        if type_ == "time":
            return moment(value, self._reading, zone=self._zone).micros
        if type_ == "bool" and isinstance(value, str):
            return {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}.get(value.lower())
        if type_ in ("int", "float") and isinstance(value, str):
            return _number(value, type_)
        if ours in _ADDRESSES:
            return address(value) or mask(str(value))
        return mask(value) if isinstance(value, str) else value

    def _when(self, said: Mapping[str, Any]) -> When:
        parts = [said[name] for name in self._one.time.columns if said.get(name) not in (None, "")]
        if not parts:
            return NEVER
        if self._one.time.format:
            return _by_format(" ".join(map(str, parts))[:100], self._one.time.format, self._zone)
        return moment(parts[0] if len(parts) == 1 else " ".join(map(str, parts)), self._reading, zone=self._zone)

    def _others(self, said: Mapping[str, Any], values: dict[str, Any]) -> None:
        """Columns the mapping does not name: kept under their own names, or said once."""
        for name, value in said.items():
            if name in self._named or value in (None, ""):
                continue
            if not self._keep:
                self._left_out[name] = None
                continue
            own = _ODD.sub("_", name)[:100] or "unnamed"
            own = f"x_{own}" if own.lower() in self._types or own in values else own
            values[own] = MASK if names_a_secret(name) else mask(value) if isinstance(value, str) else value

    def _complete(self, values: dict[str, Any]) -> None:
        """What follows from what is there."""
        if "map" in self._types:
            values["map"] = self._one.name
        if "command" in self._types and values.get("command_raw"):
            values["command"] = normalise(str(values["command_raw"]), values.get("platform"))
            values.setdefault("activity", "command")
        if "ip_proto" in self._types and values.get("proto") is not None:
            name, number = protocol(values["proto"])
            values |= {"proto": name, "ip_proto": values.get("ip_proto", number)}

    def notes(self) -> tuple[str, ...]:
        """What is to be said of the file as a whole."""
        said = []
        if self._left_out:
            names = ", ".join(_ODD.sub("_", name)[:40] for name in list(self._left_out)[:10])
            more = " …" if len(self._left_out) > 10 else ""
            said.append(f"columns the mapping {self._one.name!r} does not name were left out: {names}{more}")
        if self._timeless:
            said.append(f"{self._timeless:,} records whose time the mapping {self._one.name!r} could not read")
        return tuple(said)


def _number(text: str, type_: str) -> float | int | None:
    plain = text.strip().replace(" ", "")
    try:
        return float(plain) if type_ == "float" else int(plain) if "." not in plain else int(float(plain))
    except (ValueError, OverflowError):
        return None


@lru_cache(maxsize=8192)
def _by_format(text: str, form: str, zone: tzinfo | None) -> When:
    try:
        found = datetime.strptime(text, form)
        quality = "exact" if found.tzinfo or zone else "zone_assumed"
        found = found if found.tzinfo else found.replace(tzinfo=zone or UTC)
        return When(round((found - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1e6), quality)
    except (ValueError, OverflowError, re.error):
        return NEVER
