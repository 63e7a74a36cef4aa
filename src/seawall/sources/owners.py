"""Who owns an address, from files the carrier brings: MaxMind DB (`.mmdb`) or a table of networks (CSV, TSV).

Read are the layouts of GeoLite2, DB-IP and IPinfo, the table of iptoasn, and any table whose header names a network (or
a first and a last address) and an AS number, a name or a country. Files are asked for the few addresses somebody looks
at; nothing of them is kept. Where several networks of one file hold an address the smallest counts, and an earlier file
comes before a later one.

Format: MaxMind DB 2.0. Its library bounds what one record may unfold to; sizes are bounded here.
"""

from __future__ import annotations

import csv
import gzip
import ipaddress
import itertools
import re
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from seawall.errors import InputError
from seawall.model.owners import Owner

MOST_BYTES: Final = 2 << 30  # of one file, unpacked
LONGEST_LINE: Final = 64 << 10
LONGEST_NAME: Final = 200  # characters kept of a holder's name
_MARK: Final = b"\xab\xcd\xefMaxMind.com"
_FIRST: Final = ("start_ip", "range_start", "ip_range_start", "ip_start", "start", "first", "first_ip", "ip_from")
_LAST: Final = ("end_ip", "range_end", "ip_range_end", "ip_end", "end", "last", "last_ip", "ip_to")
_NETWORK: Final = ("network", "prefix", "cidr", "range", "net", "subnet", "ip_prefix")
_ASN: Final = ("autonomous_system_number", "as_number", "asn", "as", "origin_as", "aut_num")
_NAME: Final = (
    "autonomous_system_organization", "as_name", "as_organization", "as_description", "asname", "organization", "org",
    "owner", "holder", "name", "description", "isp",
)  # fmt: skip
_COUNTRY: Final = ("country_code", "country_iso_code", "iso_code", "cc", "country", "country_short")

Span = tuple[int, int, int]  # IP version, first and last address as numbers


def owners_of(addresses: Iterable[str], files: Sequence[Path]) -> dict[str, Owner]:
    """What the files say of each address; addresses none of them holds are left out, and text that is no address.

    Raises:
        InputError: a file cannot be read, is none of these layouts, or says nothing readable at all.
    """
    wanted = _numbers(addresses)
    found: dict[str, Owner] = {}
    if not wanted.texts:
        return found
    for path in files:
        for text, owner in _said(path, wanted).items():
            found[text] = found[text].with_more(owner) if text in found else owner
    return {text: owner for text, owner in found.items() if str(owner)}


@dataclass(frozen=True)
class _Wanted:
    """Addresses asked for: by version sorted as numbers, and how each was written."""

    sorted: Mapping[int, list[int]]
    texts: Mapping[tuple[int, int], list[str]]

    def within(self, span: Span) -> list[int]:
        version, first, last = span
        numbers = self.sorted[version]
        return numbers[bisect_left(numbers, first) : bisect_right(numbers, last)]


def _numbers(addresses: Iterable[str]) -> _Wanted:
    texts: dict[tuple[int, int], list[str]] = {}
    for text in dict.fromkeys(addresses):
        if (address := _address(text)) is not None:
            texts.setdefault((address.version, int(address)), []).append(text)
    return _Wanted({v: sorted(n for version, n in texts if version == v) for v in (4, 6)}, texts)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def _said(path: Path, wanted: _Wanted) -> dict[str, Owner]:
    try:
        if not path.is_file() or path.stat().st_size > MOST_BYTES:
            raise InputError(
                "no file of at most 2 GiB", where=str(path), mend="name an MMDB or CSV file under `owners` in [flows]"
            )
        with path.open("rb") as file:
            head = file.read(2)
            file.seek(max(0, path.stat().st_size - (128 << 10)))
            if _MARK in file.read():
                return _from_mmdb(path, wanted)
        with gzip.open(path) if head == b"\x1f\x8b" else path.open("rb") as stream:
            return _from_table(path, stream, wanted)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"cannot be read: {error}", where=str(path), mend="fetch the file again") from error


def _from_mmdb(path: Path, wanted: _Wanted) -> dict[str, Owner]:
    from maxminddb import MODE_MMAP, InvalidDatabaseError
    from maxminddb.reader import Reader  # in Python: a broken file ends in an error, not in a broken process

    found: dict[str, Owner] = {}
    try:
        with Reader(path, MODE_MMAP) as reader:
            four_only = reader.metadata().ip_version == 4
            for (version, number), texts in wanted.texts.items():
                if version == 6 and four_only:
                    continue
                address = ipaddress.IPv4Address(number) if version == 4 else ipaddress.IPv6Address(number)
                if isinstance(record := reader.get(address), dict):
                    found |= dict.fromkeys(texts, _owner(record))
    except (InvalidDatabaseError, ValueError, TypeError, KeyError, IndexError, UnicodeDecodeError) as error:
        raise InputError(f"broken MaxMind DB: {error}", where=str(path), mend="fetch the file again") from error
    return found


def _owner(record: Mapping[Any, Any]) -> Owner:
    """What one record says, in any of the known layouts: flat, or country and AS as records of their own."""
    flat: dict[str, Any] = {}
    for key, value in record.items():
        if isinstance(value, dict):
            flat |= {f"{key}.{inner}": one for inner, one in value.items()}
        else:
            flat[str(key)] = value
    country = _first(flat, ("country.iso_code", *_COUNTRY, "registered_country.iso_code", "country.code"))
    asn = _first(flat, (*_ASN, "as.number", "as.asn", "asn.asn", "traits.autonomous_system_number"))
    name = _first(flat, (*_NAME, "as.name", "as.organization", "asn.name", "traits.autonomous_system_organization"))
    return Owner(_as_number(asn), _name(name), _country(country))


def _first(record: Mapping[str, Any], names: Sequence[str]) -> str:
    for name in names:
        value = record.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value):
            return str(value)
    return ""


def _as_number(text: str) -> int | None:
    found = re.fullmatch(r"(?:AS)?([0-9]{1,10})", text.strip(), re.IGNORECASE)
    number = int(found[1]) if found else 0
    return number if 0 < number < 1 << 32 else None  # 0: announced by nobody


def _country(text: str) -> str:
    text = text.strip().upper()
    return text if re.fullmatch("[A-Z]{2}", text) and text != "ZZ" else ""


def _name(text: str) -> str:
    text = text.strip()
    return "" if text.lower() in ("-", "not routed", "unknown", "none") else text[:LONGEST_NAME]


@dataclass(frozen=True)
class _Layout:
    """Which cells say what; -1 where none does."""

    first: int
    last: int  # -1: `first` is a network
    asn: int
    name: int
    country: int

    def span(self, row: Sequence[str]) -> Span | None:
        """The addresses of a row; None if it names none."""
        try:
            if self.last < 0:
                network = ipaddress.ip_network(row[self.first].strip(), strict=False)
                return network.version, int(network.network_address), int(network.broadcast_address)
            first, last = (_bound(row[place]) for place in (self.first, self.last))
        except (ValueError, IndexError):
            return None
        same = first.version == last.version and int(first) <= int(last)
        return (first.version, int(first), int(last)) if same else None

    def owner(self, row: Sequence[str]) -> Owner:
        """What a row says of its addresses."""
        asn, name, country = (row[p] if 0 <= p < len(row) else "" for p in (self.asn, self.name, self.country))
        return Owner(_as_number(asn), _name(name), _country(country))


def _bound(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    text = text.strip()
    return ipaddress.IPv4Address(int(text)) if text.isascii() and text.isdigit() else ipaddress.ip_address(text)


def _from_table(path: Path, stream: IO[bytes] | gzip.GzipFile, wanted: _Wanted) -> dict[str, Owner]:
    lines = _lines(path, stream)
    start = list(itertools.islice(lines, 20))
    delimiter = max("\t,;|", key=lambda mark: sum(line.count(mark) for line in start))
    rows = csv.reader(itertools.chain(start, lines), delimiter=delimiter)
    best: dict[tuple[int, int], tuple[int, Owner]] = {}
    layout: _Layout | None = None
    read = 0
    try:
        for row in rows:
            if layout is None:
                layout = _layout(row, path)
            if (span := layout.span(row)) is None:
                continue
            read += 1
            for number in wanted.within(span):
                key, width = (span[0], number), span[2] - span[1]
                if key not in best or width < best[key][0]:
                    best[key] = (width, layout.owner(row))
    except csv.Error as error:
        raise InputError(f"line {rows.line_num}: {error}", where=str(path), mend="write it as plain CSV") from error
    if not read:
        raise _unknown(path)
    return {text: owner for key, (_, owner) in best.items() for text in wanted.texts[key]}


def _layout(row: Sequence[str], path: Path) -> _Layout:
    """The layout of a table by its header, or by its first row if there is none."""
    names = [re.sub(r"[^a-z]+", "_", cell.strip().lower()).strip("_") for cell in row]

    def place(among: Sequence[str]) -> int:
        return next((names.index(name) for name in among if name in names), -1)

    first, last, network = place(_FIRST), place(_LAST), place(_NETWORK)
    told = (place(_ASN), place(_NAME), place(_COUNTRY))
    if max(told) >= 0 and (network >= 0 or min(first, last) >= 0):
        return _Layout(network, -1, *told) if network >= 0 else _Layout(first, last, *told)
    for last in (1, -1):
        start = _Layout(0, last, -1, -1, -1)
        if start.span(row) is not None:
            rest = range(max(last, 0) + 1, len(row))
            asn = next((n for n in rest if re.fullmatch(r"(?:AS)?[0-9]+", row[n].strip(), re.IGNORECASE)), -1)
            country = next((n for n in rest if re.fullmatch("[A-Z]{2}|None", row[n].strip())), -1)
            name = next((n for n in reversed(rest) if n not in (asn, country)), -1)
            return _Layout(0, last, asn, name, country)
    raise _unknown(path)


def _unknown(path: Path) -> InputError:
    return InputError(
        "no table of networks and their owners",
        where=str(path),
        mend="give an MMDB file, or a table whose header names network (or start_ip, end_ip), asn, name, country",
    )


def _lines(path: Path, stream: IO[bytes] | gzip.GzipFile) -> Iterator[str]:
    left = MOST_BYTES
    while line := stream.readline(LONGEST_LINE + 1):
        left -= len(line)
        if len(line) > LONGEST_LINE or left < 0:
            what = "a line beyond 64 KiB" if left >= 0 else "unpacks to more than 2 GiB"
            raise InputError(what, where=str(path), mend="give a table of networks, one a line")
        text = line.decode("utf-8-sig", "replace")
        if text.strip() and not text.startswith("#"):
            yield text
