"""Files of address translations: conntrack and ulogd output, a NAT's own log without syslog header, and CSV exports."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from seawall.sources import csv_tables
from seawall.sources.base import Chunk, Evidence, Reading, Source
from seawall.sources.line_format import Told, kept, read_lines, refused, sureness
from seawall.sources.line_times import day_first, time_at_start
from seawall.sources.nat_messages import fields, of_pairs
from seawall.sources.records import NEVER, Records, When

_INSIDE: Final = frozenset(
    (
        "insideip",
        "privateip",
        "internalip",
        "sourceip",
        "srcip",
        "subscriberip",
        "originalsourceip",
        "prenatsrcip",
        "localip",
        "sourceaddress",
    )
)
_OUTSIDE: Final = frozenset(
    (
        "outsideip",
        "publicip",
        "externalip",
        "natip",
        "translatedip",
        "translatedsourceip",
        "natsourceip",
        "globalip",
        "postnatsrcip",
        "natsrcip",
        "transip",
        "natsourceaddress",
        "postnatsourceip",
    )
)
_TIMES: Final = ("time", "timestamp", "datetime", "starttime", "eventtime", "date", "start", "logtime", "timecreated")
_STAMP: Final = re.compile(r"\s*\[(\d{9,10}\.\d{1,9})\]\s")


def tell(text: str, reading: Reading) -> Told | None:
    """What one line says; None if it tells of no translation."""
    values = fields(text)
    if values is None:
        return None
    stamp = _STAMP.match(text)
    when = time_at_start(stamp[1] if stamp else text, reading)
    return Told({**values, "raw": kept(text)}, when)


def _header(evidence: Evidence) -> tuple[str, list[str]] | None:
    found = csv_tables.head_header(evidence, _INSIDE | _OUTSIDE, 2)
    if found is None:
        return None
    names = {csv_tables.letters(name) for name in found[1]}
    return found if names & _INSIDE and names & _OUTSIDE else None


def sniff(evidence: Evidence) -> int:
    """97 for lines of translations without syslog header, 90 for a table that names inside and outside addresses."""
    if _header(evidence):
        return 90
    return sureness(
        evidence,
        lambda text: bool(("src=" in text or "SRC=" in text or "->" in text) and text[:1] in " [" and fields(text)),
        97,
    )


def read(evidence: Evidence, reading: Reading) -> Iterator[Chunk]:
    """Events of kind `nat_logs` and rejects. Raises InputError if the file cannot be read on."""
    header = _header(evidence)
    if header is None:
        yield from read_lines(evidence, reading, "nat_logs", tell, "address translation")
        return
    with Records("nat_logs", evidence.origin, reading) as records:
        yield from csv_tables.read_rows(evidence, records, header, lambda row: _take(records, row, header[1], reading))


def _take(records: Records, row: csv_tables.Row, names: list[str], reading: Reading) -> None:
    pairs = list(zip(names, row.cells, strict=False))
    values = of_pairs(pairs)
    if why := refused(row.text):
        records.reject(row.number, why)
    elif values is None:
        records.reject(row.number, f"no inside and outside address: {row.text}")
    else:
        records.add(row.number, row.text.encode(), time_of(pairs, reading), None, {**values, "raw": kept(row.text)})


def time_of(pairs: list[tuple[str, str]], reading: Reading) -> When:
    """The time of a row: its first column that is named like one and holds one; a date and a time of day together."""
    by_name = {csv_tables.letters(name): value for name, value in pairs}
    if "date" in by_name and "time" in by_name and ":" in by_name["time"] and len(by_name["time"]) < 16:
        by_name["datetime"] = f"{by_name['date']} {by_name['time']}"
        order: tuple[str, ...] = ("datetime", *_TIMES)
    else:
        order = _TIMES
    for name in order:
        if name in by_name and (when := time_at_start(day_first(by_name[name]), reading)) is not NEVER:
            return when
    return NEVER


SOURCE: Final = Source("nat", "Address translations (conntrack, ulogd, CGN exports)", ("nat_logs",), sniff, read)
