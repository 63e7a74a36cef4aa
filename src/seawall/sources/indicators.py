"""Indicator lists: CSV with a column of known-bad addresses, names, links, file hashes or mail addresses.

Lists come from everywhere, so columns are found by the many names they go by, values are refanged
(`hxxp://bad[.]example`), and what a value is decides over what the list calls it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from typing import Final

import pyarrow as pa

from seawall.model.events import arrow_schema, event_ids
from seawall.model.indicator_values import confidence_of, is_compared, letters, normalise, refang, what_it_is
from seawall.sources.base import MAX_REJECTS_KEPT, Chunk, Evidence, Reading, Reject, Source
from seawall.sources.lines import head_lines, line_blocks

_DELIMITERS: Final = (",", ";", "\t", "|")
_COLUMNS: Final[dict[str, tuple[str, ...]]] = {  # ours → theirs, letters and digits only, best first
    "value": ("indicator", "ioc", "iocvalue", "indicatorvalue", "observable", "observablevalue", "value", "artifact"),
    "type": ("type", "ioctype", "indicatortype", "observabletype", "kind", "datatype", "attributetype"),
    "confidence": ("confidence", "confidencelevel", "score", "confidencescore", "certainty"),
    "first_seen": ("firstseen", "firstseenutc", "validfrom", "first", "dateadded", "created", "date"),
    "last_seen": ("lastseen", "lastseenutc", "last", "updated", "modified"),
    "valid_until": ("validuntil", "validto", "expires", "expiry", "expiration", "expirationdate", "expiresat"),
    "source": ("source", "reference", "references", "provider", "feed", "publisher", "author"),
    "note": ("note", "notes", "comment", "comments", "description", "context", "malware", "threat", "tags"),
}


def _columns(line: str) -> tuple[str, dict[str, int]] | None:
    """The delimiter of a header line and where our columns stand in it; None if it heads no indicator list."""
    for delimiter in _DELIMITERS:
        names = [letters(cell) for cell in _row(line, delimiter)]
        if len(names) < 2:
            continue
        places: dict[str, int] = {}
        for ours, theirs in _COLUMNS.items():
            place = next((names.index(name) for name in theirs if name in names), None)
            if place is not None:
                places[ours] = place
        if "value" in places and ("type" in places or names[places["value"]] not in ("value", "artifact")):
            return delimiter, places
    return None


def _row(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _said(head: bytes) -> Iterator[str]:
    """The lines of a head that are no comments."""
    for raw in head_lines(head, 200):
        line = raw.decode("utf-8", "replace").strip()
        if not line.startswith("# "):
            yield line.removeprefix("#").strip()


def _sniff(evidence: Evidence) -> int:
    lines = _said(evidence.head)
    found = _columns(next(lines, ""))
    if found is None:
        return 0
    delimiter, places = found
    rows = [row for line in lines if len(row := _row(line, delimiter)) > places["value"]][:20]
    if not rows:
        return 60 if "type" in places else 0
    good = sum(1 for row in rows if what_it_is(refang(row[places["value"]])))
    return 88 if good * 2 >= len(rows) else 0


def _read(evidence: Evidence, reading: Reading) -> Iterator[Chunk]:
    """Read a list line by line; a line that is no indicator is a reject, the others go on."""
    found: tuple[str, dict[str, int]] | None = None
    for block in line_blocks(evidence):
        rejects: list[Reject] = []
        rows: list[dict[str, object]] = []
        if block.too_long:
            rejects.append(Reject(f"{evidence.origin}:{block.first}", "line longer than 1 MiB"))
        for number, line in block.texts():
            if not line.strip() or (line.startswith("#") and (found or line.startswith("# "))):
                continue
            place = f"{evidence.origin}:{number}"
            if found is None:
                found = _columns(line.removeprefix("#").strip())
                if found is None:
                    yield Chunk(rejects=(Reject(place, "no header with an indicator column"),), rejected=1)
                    return
                continue
            one = _indicator(_row(line, found[0]), found[1])
            if isinstance(one, str):
                rejects.append(Reject(place, one))
            else:
                rows.append({**one, "origin": place, "line": line.encode()})
        tables = {"indicators": table_of(rows, reading)} if rows else {}
        yield Chunk(tables, tuple(rejects[:MAX_REJECTS_KEPT]), len(rejects), block.read_bytes, block.notes)


def _indicator(row: Sequence[str], places: dict[str, int]) -> dict[str, object] | str:
    """The columns of one indicator, or why the line holds none."""
    cells = {ours: row[place].strip() if place < len(row) else "" for ours, place in places.items()}
    if not cells["value"]:
        return "no indicator in this line"
    if not is_compared(cells.get("type", "")):
        return "of a type Seawall does not compare with events (it compares addresses, domains, URLs, hashes and mail)"
    found = normalise(cells["value"], cells.get("type", ""))
    if found is None:
        return "neither address, domain, URL, hash nor mail address, or not what its type says"
    confidence = confidence_of(cells.get("confidence", ""))
    if confidence is None:
        return "confidence is neither a word nor 0 to 100"
    other = {name: cells.get(name) or None for name in ("first_seen", "last_seen", "valid_until", "source", "note")}
    return {"type": found[0], "value": found[1], "confidence": confidence, **other}


def table_of(rows: list[dict[str, object]], reading: Reading) -> pa.Table:
    """The event table of indicators: their columns, their `origin`, and `line`, the bytes that name them."""
    count = len(rows)
    # An indicator is named by what it says, not by where its line stands: two lists may hold it, one list twice.
    records = [row.pop("line") for row in rows]
    schema = arrow_schema("indicators")
    columns: dict[str, list[object]] = {f.name: [row.get(f.name) for row in rows] for f in schema}
    columns["event_id"] = list(event_ids("indicators", [""] * count, records))  # type: ignore[arg-type]
    columns["time_quality"] = ["missing"] * count
    columns["trust"], columns["tenant"] = [reading.trust] * count, [reading.tenant] * count
    columns["scope"] = [reading.scope] * count
    return pa.table([pa.array(columns[f.name], f.type) for f in schema], schema=schema)


SOURCE: Final = Source(
    name="indicators",
    title="Indicator lists (CSV)",
    kinds=("indicators",),
    sniff=_sniff,
    read=_read,
)
