"""Flows read a block of lines at a time: Arrow cuts the cells, whole columns are converted at once.

What comes out is what `fields.columns_of` makes of each record, to the bit: plain values are converted together, odd
ones (`1.2 M`, a time in another form) one by one by the same functions. A block in which a line is no record at all
gives None; whoever asked halves it, and reads the lines at fault by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import csv

from seawall.sources.base import Reading
from seawall.sources.flows import fields
from seawall.sources.moments import moment
from seawall.sources.tables import DELIMITERS, Header

Said = dict[str, pa.Array]  # texts by our names, without blanks around them; empty: not there
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

_CONTROL: Final = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")
_ISO: Final = r"^(?:19|20|21)\d\d-\d\d-\d\d[ T](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?"
_IPV4: Final = r"^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)$"
_TEXTS: Final = ("tcp_flags", "input_if", "output_if", "next_hop", "direction", "app", "action", "label")
_COUNTS: Final = ("src_bytes", "dst_bytes", "src_pkts", "dst_pkts", "tos", "src_as", "dst_as", "sampling")
_BELOW: Final = 10**18
_WIDTH: Final = 18  # digits


@dataclass(frozen=True, slots=True)
class Flows:
    """What a block of records comes to."""

    micros: Ints
    quality: pa.Array
    observers: pa.Array
    columns: dict[str, pa.Array]


def is_plain(data: bytes) -> bool:
    """Whether a block may be cut by its delimiters alone: no quotes, no letters that blanks are counted among."""
    return data.isascii() and b'"' not in data and _CONTROL.search(data) is None


def cells(data: bytes, count: int, delimiter: str, names: Iterable[str]) -> Said | None:
    """The cells of `count` lines of a table, by the names of its columns; None if a line has more or fewer."""
    names = list(names)
    first = data[: data.find(b"\n")] if b"\n" in data else data
    tail = ["\0tail"] if first.count(delimiter.encode()) == len(names) else []  # lines may end with a delimiter
    try:
        table = csv.read_csv(
            pa.BufferReader(data),
            read_options=csv.ReadOptions(use_threads=False, block_size=len(data) + 1, column_names=[*names, *tail]),
            parse_options=csv.ParseOptions(
                delimiter=delimiter, quote_char=False, double_quote=False, escape_char=False, ignore_empty_lines=True
            ),
            convert_options=csv.ConvertOptions(column_types=dict.fromkeys([*names, *tail], pa.string())),
        )
    except (pa.ArrowInvalid, pa.ArrowKeyError):
        return None
    if table.num_rows != count:
        return None
    made = {name: pc.ascii_trim_whitespace(table.column(name).combine_chunks()) for name in table.column_names}
    if tail and pc.any(pc.not_equal(made.pop(tail[0]), "")).as_py():
        return None
    return made


def could_be_header(said: Said, data: bytes, delimiter: str) -> bool:
    """Whether a line among these may head another table: it begins like one, and no figure in it says otherwise."""
    first = next(iter(said.values()))
    if not pc.any(pc.match_substring_regex(first, r"^['#]?[A-Za-z]")).as_py():
        return False
    if any(other.encode() in data for other in DELIMITERS if other != delimiter):
        return True
    sizes = [said[name] for name in ("src_bytes", "src_pkts", "tot_bytes", "tot_pkts") if name in said]
    return not sizes or not pc.all(pc.match_substring_regex(sizes[0], r"^\d")).as_py()


def table_cells(data: bytes, count: int, header: Header, names: tuple[str, ...]) -> Said | None:
    """The fields of a table's lines; None if they cannot be cut together."""
    if len({name.lower() for name in names}) != len(names) or "start" not in names:
        return None
    if {"duration", "duration_ms"} <= set(names) or not is_plain(data):
        return None
    said = cells(data, count, header.delimiter, names)
    return None if said is None or could_be_header(said, data, header.delimiter) else said


_LINE: Final = (
    r"^ *(?P<start>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?) +(?P<duration>[\d:.d]+) +(?P<proto>[\w-]+) +"
    r"(?P<src>\S+) +<?-> +(?P<dst>\S+)"
)


@lru_cache(maxsize=64)
def _line_pattern(tail: tuple[str, ...]) -> str:
    sizes = r"(?P<{}>\d+(?:\.\d+)?(?: +[KMGT])?)"
    parts = [rf"(?P<{name}>\S\S+)" if name == "tcp_flags" else sizes.format(name) for name in tail]
    return " +".join([_LINE, *parts]) + " *$"


def nfdump_cells(lines: pa.Array, data: bytes, tail: tuple[str, ...]) -> Said | None:
    """The fields of lines of nfdump's text formats; None if one is not of the plainest form."""
    if len(set(tail)) != len(tail) or not is_plain(data):
        return None
    found = pc.extract_regex(lines, _line_pattern(tail))
    if found.null_count:
        return None
    names = [field.name for field in found.type]
    said = dict(zip(names, found.flatten(), strict=True))
    for end in ("src", "dst"):
        parted = _parted(said.pop(end))
        if parted is None:
            return None
        said[f"{end}_ip"], said[f"{end}_port"] = parted
    for name in tail:
        if name != "tcp_flags":
            said[name] = pc.replace_substring(said[name], " ", "")
    return said


def _parted(ends: pa.Array) -> tuple[pa.Array, pa.Array] | None:
    """Addresses and ports: `192.0.2.1:443`, and `2001:db8::1.443` for IPv6."""
    six = pc.greater(pc.count_substring(ends, ":"), 1)
    hosts = pc.if_else(
        six, pc.replace_substring_regex(ends, r"\.[^.]*$", ""), pc.replace_substring_regex(ends, r":[^:]*$", "")
    )
    lengths = pc.binary_length(hosts)
    if not pc.all(pc.less(lengths, pc.binary_length(ends))).as_py():
        return None
    marks = pc.if_else(
        six, pc.replace_substring_regex(ends, r"^.*\.", ""), pc.replace_substring_regex(ends, r"^.*:", "")
    )
    return hosts, marks


def flows_of(said: Said, reading: Reading) -> Flows | None:
    """The columns of some flows, from their fields by our names; None if one of them is no flow, or has no start."""
    ends = {side: _addresses(said.get(side)) for side in ("src_ip", "dst_ip")}
    started = _times(said["start"], reading)
    if started is None or not started[1].all() or any(found is None for found in ends.values()):
        return None
    micros, _, quality = started
    count = len(micros)
    columns: dict[str, pa.Array] = {name: found for name, found in ends.items() if found is not None}
    finish = _times(said["end"], reading) if "end" in said else (np.zeros(count, np.int64), np.zeros(count, bool), None)
    if finish is None:
        return None
    columns["end_time"] = _instants(finish[0], finish[1])
    columns["duration"] = _durations(said, micros, finish[0], finish[1])
    numbers = _sizes(said)
    if numbers is None:
        return None
    columns |= numbers
    proto, words = _encoded(said.get("proto"), count)
    known = [fields.protocol(word or None) for word in words]
    columns["proto"] = pa.array([name for name, _ in known], pa.string()).take(proto)
    columns["ip_proto"] = pa.array([number for _, number in known], pa.int64()).take(proto)
    for name in ("src_port", "dst_port"):
        if name in said:
            columns[name] = _ports(said[name], columns["proto"])
    columns |= {name: _text(said[name]) for name in _TEXTS if name in said}
    exporter = _text(said["exporter"]) if "exporter" in said else pa.nulls(count, pa.string())
    columns["exporter"] = exporter
    return Flows(micros, quality, exporter, columns)


def _encoded(texts: pa.Array | None, count: int) -> tuple[pa.Array, list[str]]:
    if texts is None:
        return pa.array(np.zeros(count, np.int32)), [""]
    encoded = texts.dictionary_encode()
    return encoded.indices, encoded.dictionary.to_pylist()


def _addresses(texts: pa.Array | None) -> pa.Array | None:
    """Addresses in their shortest form; None if a text is none."""
    if texts is None:
        return None
    encoded = texts.dictionary_encode()
    distinct = encoded.dictionary
    plain = pc.match_substring_regex(distinct, _IPV4).to_numpy(zero_copy_only=False)
    if plain.all():
        return distinct.take(encoded.indices)
    values = distinct.to_pylist()
    for place in np.flatnonzero(~plain).tolist():
        found = fields.address(values[place])
        if found is None and values[place] not in ("", "-"):
            return None
        values[place] = found
    return pa.array(values, pa.string()).take(encoded.indices)


def _text(texts: pa.Array) -> pa.Array:
    """Texts as written; empty and `-` are none."""
    return pc.if_else(pc.is_in(texts, pa.array(["", "-"])), None, texts)


def _times(texts: pa.Array, reading: Reading) -> tuple[Ints, Flags, pa.Array] | None:
    """Microseconds, which of them are known, and their quality; None if a known time has no plain form."""
    none = pc.is_in(texts, pa.array(["", "-", "0"]))
    missing = none.to_numpy(zero_copy_only=False)
    micros = np.zeros(len(texts), np.int64)
    valid = ~missing
    if not valid.any():
        return micros, valid, pa.nulls(len(texts), pa.string())
    stated = texts if valid.all() else texts.filter(pc.invert(none))
    read = _iso(stated) or _epoch(stated)
    if read is not None:
        micros[valid] = read[0]
        quality = pa.repeat(pa.scalar(read[1]), len(texts))
        return micros, valid, quality if valid.all() else pc.if_else(none, None, quality)
    each = [None if not text else moment(text, reading) for text in pc.if_else(none, "", texts).to_pylist()]
    known = [when.micros if when else None for when in each]
    valid = np.array([one is not None for one in known], np.bool_)
    micros = np.array([one or 0 for one in known], np.int64)
    return micros, valid, pa.array([when.quality if when else None for when in each], pa.string())


def _iso(texts: pa.Array) -> tuple[Ints, str] | None:
    if texts[0].as_py()[4:5] == "/":
        if not pc.all(pc.match_substring_regex(texts, r"^\d{4}/\d\d/\d\d[ T]")).as_py():
            return None
        texts = pc.replace_substring(pc.replace_substring(texts, "/", "-", max_replacements=2), "/", "-")
    zoned = texts[0].as_py().endswith("Z")
    if not pc.all(pc.match_substring_regex(texts, _ISO + ("Z$" if zoned else "$"))).as_py():
        return None
    try:
        found = pc.cast(pc.utf8_rtrim(texts, "Z") if zoned else texts, pa.timestamp("us"))
    except pa.ArrowInvalid:  # a day no calendar has
        return None
    return found.cast(pa.int64()).to_numpy(zero_copy_only=False), "exact" if zoned else "zone_assumed"


def _epoch(texts: pa.Array) -> tuple[Ints, str] | None:
    if pc.all(pc.match_substring_regex(texts, r"^\d{9,18}$")).as_py():
        counts = pc.cast(texts, pa.int64()).to_numpy(zero_copy_only=False)
        micros = np.select(
            [counts >= 10**17, counts >= 10**14, counts >= 10**11],
            [counts // 1000, counts, np.minimum(counts, 10**15) * 1000],
            np.minimum(counts, 10**12) * 10**6,
        )
    elif pc.all(pc.match_substring_regex(texts, r"^\d{9,10}\.\d{1,9}$")).as_py():
        micros = np.round(pc.cast(texts, pa.float64()).to_numpy(zero_copy_only=False) * 1e6).astype(np.int64)
    else:
        return None
    return (micros, "exact") if bool((micros < _LATEST).all() and (micros > 0).all()) else None


_LATEST: Final = 7_258_118_400_000_000  # as `moments` has it


def _counts(texts: pa.Array) -> pa.Array:
    """Numbers as `fields.count` reads them, null where there is none."""
    if (pc.max(pc.binary_length(texts)).as_py() or 0) <= _WIDTH:
        try:
            found = pc.cast(texts, pa.int64())
            low, high = pc.min_max(found).values()
            if low.as_py() is not None and low.as_py() >= 0 and high.as_py() < _BELOW:
                return found
        except pa.ArrowInvalid:
            pass
    encoded = texts.dictionary_encode()
    return _by_one(encoded, lambda text: fields.count(text) if text else None)


def _by_one(encoded: pa.DictionaryArray, read: Callable[[str], int | None]) -> pa.Array:
    values = [read(text) for text in encoded.dictionary.to_pylist()]
    held = [value if value is not None and -(2**63) <= value < 2**63 else None for value in values]
    return pa.array(held, pa.int64()).take(encoded.indices)


def _ports(texts: pa.Array, protocols: pa.Array) -> pa.Array:
    """Ports; what is no port is null, ICMP's type and code excepted."""
    found = _counts(texts)
    ports = pc.if_else(pc.less(found, 65_536), found, None)
    odd = pc.match_substring(texts, ".")
    if pc.any(odd).as_py():
        rows = np.flatnonzero(odd.to_numpy(zero_copy_only=False))
        values = ports.to_pylist()
        for row in rows.tolist():
            values[row] = fields.port(texts[row].as_py(), protocols[row].as_py())
        ports = pa.array(values, pa.int64())
    return ports


def _durations(said: Mapping[str, pa.Array], start: Ints, end: Ints, ended: Flags) -> pa.Array:
    """Seconds; where none are written, from first packet to last."""
    passed = pa.array(np.maximum(0, end - start) / 1e6, pa.float64(), mask=~ended)
    name = next((n for n in ("duration", "duration_ms") if n in said), None)
    if name is None:
        return passed
    texts = said[name]
    if pc.all(pc.match_substring_regex(texts, r"^\d{1,9}(?:\.\d{1,9})?$")).as_py():
        written = pc.cast(texts, pa.float64())
        return written if name == "duration" else pc.multiply(written, 1e-3)
    encoded = texts.dictionary_encode()
    values = [fields.duration_of({name: text} if text else {}) for text in encoded.dictionary.to_pylist()]
    return pc.coalesce(pa.array(values, pa.float64()).take(encoded.indices), passed)


def _sizes(said: Mapping[str, pa.Array]) -> dict[str, pa.Array] | None:
    """Octets, packets and other counts; totals parted between both ways. None if a total stands in some rows only."""
    found: dict[str, pa.Array] = {name: _counts(said[name]) for name in _COUNTS if name in said}
    totals = [what for what in ("bytes", "pkts") if f"tot_{what}" in said]
    count = len(said["start"])
    null = pa.nulls(count, pa.int64())
    for what in totals:
        if pc.any(pc.equal(said[f"tot_{what}"], "")).as_py():
            return None
        total, sent, back = _counts(said[f"tot_{what}"]), *(found.get(f"{s}_{what}", null) for s in ("src", "dst"))
        split = pc.fill_null(pc.and_(pc.is_null(back), pc.greater_equal(total, sent)), fill_value=False)
        found[f"src_{what}"] = pc.coalesce(sent, total)
        found[f"dst_{what}"] = pc.if_else(split, pc.subtract(total, sent), back)
    if not totals:  # one-way exporters write 0 for what they cannot see
        back = [pc.fill_null(found.get(f"dst_{what}", null), 0) for what in ("bytes", "pkts")]
        seen = pc.or_(pc.not_equal(back[0], 0), pc.not_equal(back[1], 0))
        for name in ("dst_bytes", "dst_pkts"):
            found[name] = pc.if_else(seen, found.get(name, null), None)
    return found


def _instants(micros: Ints, valid: Flags) -> pa.Array:
    return pa.array(micros, pa.int64(), mask=~valid).cast(pa.timestamp("us")).cast(pa.timestamp("us", tz="UTC"))


def extras(said: Said, known: Iterable[str]) -> dict[str, Any]:
    """Fields we have no name for, where any record holds one; empty ones null."""
    found = {}
    for name in sorted(set(said) - set(known), key=list(said).index):
        if pc.any(pc.not_equal(said[name], "")).as_py():
            found[name] = pc.if_else(pc.equal(said[name], ""), None, said[name])
    return found
