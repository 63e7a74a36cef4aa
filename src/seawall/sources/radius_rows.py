"""RADIUS packets one a line: the log files of Microsoft NPS (IAS, ODBC, XML) and CSV exports with a header."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from seawall.platforms.radius import ATTRIBUTES
from seawall.sources.radius_packets import MAX_PAIRS, MAX_RECORD, Lines, Packet


class Rows:
    """Forms with one packet a line."""

    def __init__(self, read: Callable[[str], tuple[str, list[tuple[str, str]]] | None], what: str) -> None:
        self._read, self._what = read, what

    def take(self, lines: Lines) -> Iterator[Packet]:
        """The packets in these lines."""
        for number, text in lines:
            if not text.strip():
                continue
            try:
                found = self._read(text) if len(text) <= MAX_RECORD else None
            except csv.Error:
                found = None
            if found is None:
                yield Packet(number, text.encode(), "", [], f"no record of {self._what}")
            else:
                time, pairs = found
                yield Packet(number, text.encode(), time, [(n, v) for n, v in pairs[:MAX_PAIRS] if v])

    def end(self) -> Iterator[Packet]:
        """The packet not yet given, if there is one."""
        yield from ()


_DAY: Final = re.compile(r"\d{1,2}/\d{1,2}/\d{4}")
_CLOCK: Final = re.compile(r"\d{1,2}:\d\d:\d\d(?:\.\d{1,6})?")
_ODBC: Final = (  # Microsoft, "Interpret NPS database format log files"
    "Computer-Name", "Service-Name", "", "", "Packet-Type", "User-Name", "Fully-Qualified-User-Name",
    "Called-Station-Id", "Calling-Station-Id", "Callback-Number", "Framed-IP-Address", "NAS-Identifier",
    "NAS-IP-Address", "NAS-Port", "Client-Vendor", "Client-IP-Address", "Client-Friendly-Name", "Event-Timestamp",
    "Port-Limit", "NAS-Port-Type", "Connect-Info", "Framed-Protocol", "Service-Type", "Authentication-Type",
    "NP-Policy-Name", "Reason-Code", "Class", "Session-Timeout", "Idle-Timeout", "Termination-Action",
    "EAP-Friendly-Name", "Acct-Status-Type", "Acct-Delay-Time", "Acct-Input-Octets", "Acct-Output-Octets",
    "Acct-Session-Id", "Acct-Authentic", "Acct-Session-Time", "Acct-Input-Packets", "Acct-Output-Packets",
    "Acct-Terminate-Cause", "Acct-Multi-Session-Id", "Acct-Link-Count", "Acct-Interim-Interval", "Tunnel-Type",
    "Tunnel-Medium-Type", "Tunnel-Client-Endpoint", "Tunnel-Server-Endpoint", "Acct-Tunnel-Connection",
    "Tunnel-Private-Group-Id", "Tunnel-Assignment-Id", "Tunnel-Preference", "MS-Acct-Auth-Type", "MS-Acct-EAP-Type",
    "MS-RAS-Version", "MS-RAS-Vendor", "MS-CHAP-Error", "MS-CHAP-Domain", "MS-MPPE-Encryption-Types",
    "MS-MPPE-Encryption-Policy", "Proxy-Policy-Name", "Provider-Type", "Provider-Name", "Remote-Server-Address",
    "MS-RAS-Client-Name", "MS-RAS-Client-Version",
)  # fmt: skip


def odbc(text: str) -> tuple[str, list[tuple[str, str]]] | None:
    """`"NPS1","IAS",11/22/2026,10:15:30,4,"ann",…`: a place for each attribute."""
    values = next(csv.reader([text]), [])
    if len(values) < 6 or not _DAY.fullmatch(values[2]) or not _CLOCK.fullmatch(values[3]):
        return None
    return _date(values[2], values[3]), [(n, v) for n, v in zip(_ODBC, values, strict=False) if n]


def ias(text: str) -> tuple[str, list[tuple[str, str]]] | None:
    """`192.0.2.1,ann,11/22/2026,10:15:30,IAS,NPS1,4,192.0.2.1,40,1,…`: six places, then number and value."""
    values = next(csv.reader([text]), [])
    if len(values) < 8 or not _DAY.fullmatch(values[2]) or not _CLOCK.fullmatch(values[3]):
        return None
    pairs = [("NAS-IP-Address", values[0]), ("User-Name", values[1]), ("Service-Name", values[4])]
    pairs.append(("Computer-Name", values[5]))
    rest = values[6:]
    for code, value in zip(rest[::2], rest[1::2], strict=False):
        known = ATTRIBUTES.get(int(code)) if code.isascii() and code.isdigit() and len(code) < 6 else None
        pairs.append((known or f"Attribute-{code[:32]}", value))
    return _date(values[2], values[3]), pairs


_XML_FIELD: Final = re.compile(r"<([A-Za-z][\w\-]{0,80})(?: [^<>]{0,80})?>([^<>]{0,8192})</\1>")
_ENTITIES: Final = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&"}


def xml(text: str) -> tuple[str, list[tuple[str, str]]] | None:
    """`<Event><Timestamp data_type="4">11/22/2026 10:15:30.123</Timestamp>…</Event>`: NPS' DTS form, one a line."""
    if not text.lstrip().startswith("<Event>"):
        return None
    pairs = [
        (found[1], re.sub(r"&\w+;", lambda e: _ENTITIES.get(e[0], e[0]), found[2]))
        for found in _XML_FIELD.finditer(text)
    ]
    day, _, clock = next((value for name, value in pairs if name == "Timestamp"), "").partition(" ")
    time = _date(day, clock) if _DAY.fullmatch(day) else f"{day} {clock}"
    return time, [(_known(name), value) for name, value in pairs if name != "Timestamp"]


def _date(day: str, clock: str) -> str:
    """`2026-11-22 10:15:30`; months stand first, as Microsoft writes them, unless they cannot be months."""
    first, second, year = day.split("/")
    month, date = (second, first) if int(first) > 12 else (first, second)
    return f"{year}-{int(month):02d}-{int(date):02d} {clock.zfill(8) if '.' not in clock else clock}"


def _folded(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


_BY_FOLDED: Final = {
    **{_folded(name): name for name in (*ATTRIBUTES.values(), *(name for name in _ODBC if name))},
    "user": "User-Name", "nasip": "NAS-IP-Address", "nasportid": "NAS-Port-Id", "acctstatus": "Acct-Status-Type",
    "status": "Acct-Status-Type", "recordtype": "Acct-Status-Type", "sessionid": "Acct-Session-Id",
    "callingstation": "Calling-Station-Id", "calledstation": "Called-Station-Id", "framedip": "Framed-IP-Address",
    "acctinputoctets64": "Acct-Input-Octets", "acctoutputoctets64": "Acct-Output-Octets",
    "nasipv6address": "NAS-IPv6-Address", "reply": "Packet-Type", "nas": "NAS-Identifier", "nasname": "NAS-Identifier",
    "acctuniqueid": "Acct-Unique-Session-Id", "acctuniquesessionid": "Acct-Unique-Session-Id",
}  # fmt: skip
_TIMES: Final = (
    "timestamp",
    "eventtimestamp",
    "time",
    "datetime",
    "date",
    "recorddatetime",
    "loggedat",
    "authdate",
    "acctstarttime",
    "acctupdatetime",
    "acctstoptime",
)
_NEEDED: Final = frozenset(
    {
        "User-Name",
        "NAS-IP-Address",
        "Acct-Session-Id",
        "Acct-Status-Type",
        "Calling-Station-Id",
        "NAS-Identifier",
        "Packet-Type",
    }
)


def _known(name: str) -> str:
    return _BY_FOLDED.get(_folded(name), name)


def header(text: str) -> tuple[str, list[str]] | None:
    """The separator and the columns of a CSV whose first line names RADIUS attributes; None if it does not."""
    for sign in (",", ";", "\t", "|"):
        names = next(csv.reader([text], delimiter=sign), []) if sign in text else []
        known = {_known(name) for name in names}
        if len(known & _NEEDED) >= 3 and any(_folded(name) in _TIMES for name in names):
            return sign, names
    return None


class Table:
    """CSV with a header: of any AAA server's export, or FreeRADIUS' table `radacct`."""

    def __init__(self) -> None:
        self._sign, self._names = ",", list[str]()
        self._rows = Rows(self._row, "RADIUS accounting")

    def take(self, lines: Lines) -> Iterator[Packet]:
        """The packets in these lines."""
        for number, text in lines:
            if not self._names:
                found = header(text)
                if found is None:
                    yield Packet(number, text.encode(), "", [], "no header that names RADIUS attributes")
                else:
                    self._sign, self._names = found
            else:
                yield from self._rows.take([(number, text)])

    def _row(self, text: str) -> tuple[str, list[tuple[str, str]]] | None:
        values = next(csv.reader([text], delimiter=self._sign), [])
        if len(values) > len(self._names) or len(values) * 2 < len(self._names):
            return None
        given = {
            name: value.strip()
            for name, value in zip(self._names, values, strict=False)
            if value.strip() not in ("", "NULL", "\\N")
        }
        folded = {_folded(name): value for name, value in given.items()}
        pairs = [(_known(name), value) for name, value in given.items() if _folded(name) not in _TIMES]
        time = next((folded[name] for name in _TIMES if name in folded), "")
        day, blank, clock = time.partition(" ")
        if _DAY.fullmatch(day) and blank:
            time = _date(day, clock)
        if "acctstarttime" in folded and not {"Acct-Status-Type", "Packet-Type"} & {name for name, _ in pairs}:
            pairs.append(("Acct-Status-Type", "Start"))  # a row of `radacct` is a session; it counts from its start
        return time, pairs

    def end(self) -> Iterator[Packet]:
        """The packet not yet given, if there is one."""
        yield from ()


def rows_fit(read: Callable[[str], object | None]) -> Callable[[Sequence[str]], bool]:
    """Whether most of the first lines can be read so."""

    def fits(lines: Sequence[str]) -> bool:
        try:
            good = sum(read(line) is not None for line in lines)
        except (csv.Error, ValueError):
            return False
        return bool(good) and good * 2 > len(lines)

    return fits


def is_ias(text: str) -> object | None:
    """A line of the IAS format that holds attributes RADIUS knows."""
    found = ias(text)
    return found if found and sum(name in ATTRIBUTES.values() for name, _ in found[1]) >= 4 else None


def is_odbc(text: str) -> object | None:
    """A line of the database format, by the service's name."""
    found = odbc(text)
    return found if found and (dict(found[1]).get("Service-Name") or "").upper() in ("IAS", "RAS", "NPS") else None


def is_xml(text: str) -> object | None:
    """An event of the XML format that is a packet."""
    found = xml(text)
    return found if found and {"Packet-Type", "Acct-Status-Type"} & {name for name, _ in found[1]} else None
