"""RADIUS accounting as servers keep it: FreeRADIUS detail files, Microsoft NPS in its three forms, a CSV export."""

from __future__ import annotations

import csv
import io
from typing import Final
from xml.sax.saxutils import escape

from seawall.drills.acts import Act
from seawall.drills.render.sender import MONTHS, WEEKDAYS, Sender

CSV_HEADER: Final = (
    "Timestamp,User-Name,NAS-IP-Address,NAS-Identifier,Acct-Status-Type,Acct-Session-Id,Calling-Station-Id"
)
_STATUS: Final = {"login": "Start", "logout": "Stop"}
_NUMBERS: Final = {"Start": "1", "Stop": "2"}
_ODBC_PLACES: Final = {  # NPS database format, places from 0
    "User-Name": 5, "Calling-Station-Id": 8, "NAS-Identifier": 11, "NAS-IP-Address": 12, "Service-Type": 22,
    "Acct-Status-Type": 31, "Acct-Session-Id": 35,
}  # fmt: skip
_CODES: Final = {"Acct-Status-Type": 40, "Acct-Session-Id": 44, "Calling-Station-Id": 31, "NAS-Identifier": 32}


def write(act: Act, sender: Sender) -> list[str]:
    """The record of a session's start or end as FreeRADIUS writes it; an empty list for any other act."""
    said = _said(act, sender)
    if not said:
        return []
    t = act.time
    day = f"{WEEKDAYS[t.weekday()]} {MONTHS[t.month]} {t.day:2d} {t:%H:%M:%S} {t.year}"
    lines = [f"\t{name} = {_quoted(name, value)}" for name, value in said.items()]
    return [
        day,
        *lines,
        "\tEvent-Timestamp = " + f'"{MONTHS[t.month]} {t.day:2d} {t.year} {t:%H:%M:%S} UTC"',
        f"\tTimestamp = {int(t.timestamp())}",
        "",
    ]


def write_ias(act: Act, sender: Sender) -> list[str]:
    """The same as a line of NPS' IAS format."""
    said = _said(act, sender)
    if not said:
        return []
    row = [
        sender.address,
        said["User-Name"],
        f"{act.time:%m/%d/%Y}",
        f"{act.time:%H:%M:%S}",
        "IAS",
        "NPS1",
        "4136",
        "4",
    ]
    for name, code in _CODES.items():
        row += [str(code), _numbered(name, said.get(name, ""))]
    return [_csv(row)]


def write_odbc(act: Act, sender: Sender) -> list[str]:
    """The same as a line of NPS' database format."""
    said = _said(act, sender)
    if not said:
        return []
    row = ["NPS1", "IAS", f"{act.time:%m/%d/%Y}", f"{act.time:%H:%M:%S}", "4", *[""] * 60]
    for name, place in _ODBC_PLACES.items():
        row[place] = _numbered(name, said.get(name, ""))
    return [_csv(row)]


def write_xml(act: Act, sender: Sender) -> list[str]:
    """The same as an event of NPS' XML (DTS) format."""
    said = _said(act, sender)
    if not said:
        return []
    stamp = f"{act.time:%m/%d/%Y %H:%M:%S}.{act.time.microsecond // 1000:03d}"
    fields = {"Timestamp": stamp, "Computer-Name": "NPS1", **said, "Packet-Type": "4"}
    parts = (f'<{n} data_type="1">{escape(_numbered(n, v))}</{n}>' for n, v in fields.items() if v)
    return [f"<Event>{''.join(parts)}</Event>"]


def write_csv(act: Act, sender: Sender) -> list[str]:
    """The same as a row below `CSV_HEADER`."""
    said = _said(act, sender)
    if not said:
        return []
    return [_csv([act.time.isoformat(), *(said.get(name, "") for name in CSV_HEADER.split(",")[1:])])]


def _said(act: Act, sender: Sender) -> dict[str, str]:
    status = _STATUS.get(act.doing)
    if status is None or not act.account:
        return {}
    if status == "Start":
        sender.count += 1
    return {
        "Acct-Status-Type": status,
        "User-Name": act.account,
        "NAS-IP-Address": sender.address,
        "NAS-Identifier": sender.host,
        "Acct-Session-Id": f"{sender.count:08X}",
        "Calling-Station-Id": act.source or "",
        "Service-Type": "NAS-Prompt-User",
    }


def _numbered(name: str, value: str) -> str:
    return (
        _NUMBERS.get(value, value) if name == "Acct-Status-Type" else "7" if name == "Service-Type" and value else value
    )


def _quoted(name: str, value: str) -> str:
    if name in ("Acct-Status-Type", "NAS-IP-Address", "Service-Type"):
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _csv(row: list[str]) -> str:
    made = io.StringIO()
    csv.writer(made, lineterminator="").writerow(row)
    return made.getvalue()
