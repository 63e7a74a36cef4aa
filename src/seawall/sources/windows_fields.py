"""One Windows event as flat text columns, under the names Sigma rules use.

System values go by `Provider_Name`, `EventID`, `Execution_ProcessID` and so on; EventData and UserData values by
their own names without spaces (`Process Name` → `ProcessName`); unnamed ones are `Data`. Column names that differ in
case only are one column, because query engines cannot tell them apart.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

from seawall.model.events import BY_NAME, COMMON

MAX_NAMES: Final = 2_000  # different field names in one file
MAX_DEPTH: Final = 8  # elements within elements
INTS: Final = frozenset({"EventID", "EventRecordID", "Level"})
_RESERVED: Final = {column.name.lower() for column in COMMON}
_ODD: Final = re.compile(r"[^0-9A-Za-z_]+")
_ABSENT: Final = frozenset({"", "-", "LOCAL", "N/A"})
# Events whose subject is the service that checked the login; the person is the target.
_LOGINS: Final = frozenset({4624, 4625, 4634, 4647, 4768, 4769, 4770, 4771, 4772, 4773, 4774, 4776, 4777, 4778, 4779})
_FROM: Final = ("IpAddress", "SourceIp", "SourceAddress", "ClientAddress", "ClientIP", "Address")
_TO: Final = ("DestinationIp", "DestAddress", "DestinationAddress")


Columns = Mapping[str, list[Any]]


class NotAnEventError(ValueError):
    """A record that is no Windows event, and why."""


@dataclass(slots=True)
class Names:
    """The spelling of each column of a file: the first seen, whatever the case of later ones."""

    _known: dict[str, str] = field(
        default_factory=lambda: {c.name.lower(): c.name for c in BY_NAME["windows"].columns} | {"user": "user"}
    )
    cache: dict[str, str] = field(default_factory=dict)

    def of(self, raw: str) -> str:
        """Our name of a field. Raises NotAnEventError if the file has too many different ones."""
        known = self.cache.get(raw)
        if known is not None:
            return known
        name = _plain(raw)
        if name.lower() in _RESERVED and name.lower() != "user":
            name = f"EventData_{name}"
        spelling = self._known.setdefault(name.lower(), name)
        if len(self._known) > MAX_NAMES or len(self.cache) > 4 * MAX_NAMES:
            raise NotAnEventError(f"more than {MAX_NAMES} different field names in one file")
        self.cache[raw] = spelling
        return spelling


@lru_cache(maxsize=16_384)  # the same names stand in every log of a kind
def _plain(raw: str) -> str:
    return _ODD.sub("", raw)[:128] or "Data"


def flatten(document: Any, names: Names) -> dict[str, Any]:
    """The columns of `{"Event": {"System": …, "EventData": …}}`: text, but ints where `windows` has them.

    Raises:
        NotAnEventError: it is no Windows event.
    """
    event = document.get("Event") if isinstance(document, dict) else None
    system = event.get("System") if isinstance(event, dict) else None
    if not isinstance(event, dict) or not isinstance(system, dict):
        raise NotAnEventError("no Event with a System part")
    row: dict[str, Any] = {}
    for key, value in event.items():
        if key == "System" or key == "#attributes" or not isinstance(value, dict):
            continue
        if key == "RenderingInfo":
            _put_all(row, value, names, "RenderingInfo_", 0)
        else:
            _put_all(row, value, names, "", 0)
    _put_system(row, system, names)
    return row


def _put_system(row: dict[str, Any], system: Mapping[str, Any], names: Names) -> None:
    spelling = names.cache.get
    for key, value in system.items():
        kind = type(value)
        if kind is dict:
            attributes = value.get("#attributes")
            if isinstance(attributes, dict) and key != "TimeCreated":
                for name, inner in attributes.items():
                    if inner is not None and inner != "":
                        row[names.of(f"{key}_{name}")] = inner if type(inner) is str else text_of(inner)
            value = value.get("#text")
            kind = type(value)
        if value is None:
            continue
        if key in INTS:
            row[key] = value if kind is int and 0 <= value < 2**63 else whole(value)
        else:
            row[spelling(key) or names.of(key)] = value if kind is str else text_of(value)


def _put_all(row: dict[str, Any], values: Mapping[str, Any], names: Names, prefix: str, depth: int) -> None:
    spelling = names.cache.get
    for key, value in values.items():
        if type(value) is str:
            name = spelling(prefix + key) or names.of(prefix + key)
            row[name] = f"{row[name]}, {value}" if name in row else value
        elif value is None or key == "xmlns":
            continue
        elif isinstance(value, dict):
            if depth >= MAX_DEPTH:
                raise NotAnEventError(f"elements more than {MAX_DEPTH} deep")
            if key == "#attributes":
                # On EventData itself an attribute says what the data is; further in it is data.
                inner = {k if depth else f"EventData_{k}": v for k, v in value.items() if k != "xmlns"}
                _put_all(row, inner, names, prefix, depth + 1)
            elif "#text" in value:
                _put(row, names.of(prefix + key), text_of(value["#text"]))
            else:
                _put_all(row, value, names, prefix, depth + 1)
        else:
            _put(row, names.of(prefix + key), text_of(value))


def _put(row: dict[str, Any], name: str, value: str) -> None:
    """Set a column; a second value of the same name stands behind the first."""
    row[name] = f"{row[name]}, {value}" if name in row else value


def text_of(value: Any) -> str:
    """A JSON value as Sigma compares it: booleans `true`/`false`, lists joined by `, `."""
    if isinstance(value, str):
        return value
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(text_of(v) for v in value)
    return "" if value is None else str(value)


def whole(value: Any) -> int | None:
    """A number as Windows writes it, decimal or `0x…`; None if it is none, or does not fit 64 bits."""
    try:
        number = int(value, 0) if isinstance(value, str) else int(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if -(2**63) <= number < 2**63 else None


def has_zone(text: str) -> bool:
    """Whether a time that begins with its date says its zone."""
    tail = text.strip()[10:]
    return tail.endswith("Z") or "+" in tail or "-" in tail


def written_time(system: Mapping[str, Any]) -> str:
    """`TimeCreated` as written; empty if there is none."""
    created = system.get("TimeCreated")
    attributes = created.get("#attributes") if isinstance(created, dict) else None
    said = attributes.get("SystemTime") if isinstance(attributes, dict) else None
    return said if isinstance(said, str) else ""


def time_of(written: str) -> datetime | None:
    """A `SystemTime` as UTC; Windows writes seven digits of a second, we keep six. None if it is none."""
    try:
        moment = datetime.fromisoformat(written.strip().replace(" UTC", "+00:00"))
    except ValueError:
        return None
    zone = moment.tzinfo
    if zone is UTC:
        return moment
    return moment.replace(tzinfo=UTC) if zone is None else moment.astimezone(UTC)


def who(columns: Columns) -> list[str | None] | None:
    """The account each event is about: of a login the one that logs in, else the one that acted. None: nobody's."""
    said = {name: columns[name] for name in _ACTORS if name in columns}
    numbers = columns.get("EventID")
    if not said or numbers is None:
        return None if not said else _first([said[n] for n in _ACTORS if n in said])
    acted = _first([said[name] for name in _ACTORS if name in said])
    if _LOGINS.isdisjoint(numbers):
        return acted
    logged_in = _first([said[name] for name in _LOGIN_ACTORS if name in said] or [[None] * len(numbers)])
    return [two if n in _LOGINS else one for n, one, two in zip(numbers, acted, logged_in, strict=True)]


_LOGIN_ACTORS: Final = ("TargetUserName", "SubjectUserName")
_ACTORS: Final = ("SubjectUserName", "TargetUserName", "UserName", "AccountName")


def from_where(columns: Columns) -> list[str | None] | None:
    """The address each act came from; None if no event has one."""
    return _first_addresses(columns, _FROM)


def to_where(columns: Columns) -> list[str | None] | None:
    """The address each act went to; None if no event has one."""
    return _first_addresses(columns, _TO)


def _first_addresses(columns: Columns, names: tuple[str, ...]) -> list[str | None] | None:
    said = [columns[name] for name in names if name in columns]
    return _first([[None if text is None else address(text) for text in column] for column in said]) if said else None


def _first(columns: list[list[str | None]]) -> list[str | None]:
    """Of several columns the first value that says something, event by event."""
    first, *others = [[None if value in _ABSENT else value for value in column] for column in columns]
    for other in others:
        first = [two if one is None else one for one, two in zip(first, other, strict=True)]
    return first


@lru_cache(maxsize=65_536)
def address(text: str) -> str | None:
    """An address in its usual form (`::ffff:192.0.2.1` → `192.0.2.1`); None if it is none."""
    try:
        found = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    mapped = getattr(found, "ipv4_mapped", None)
    return str(mapped or found)
