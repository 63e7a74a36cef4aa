"""Registries of court orders as a table (CSV, semicolons, tabs): one line an order, or one line a target of one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from seawall.sources import warrants
from seawall.sources.base import Chunk, Evidence, Reading
from seawall.sources.intercepts.delimited import columns_of, rows_of

NAMES: Final = {  # the dictionary's field → what tables call it, squeezed
    "warrant_id": (
        "warrantid",
        "warrant",
        "warrantno",
        "warrantnumber",
        "warrantref",
        "warrantreference",
        "orderid",
        "orderno",
        "ordernumber",
        "orderref",
        "courtorder",
        "courtorderid",
        "courtorderno",
        "reference",
        "authorisationreference",
        "authorizationreference",
        "caseno",
        "casenumber",
        "courtorderref",
        "courtordernumber",
        "warrantnum",
        "orderreference",
        "authorisationno",
        "authorizationno",
        "authorisationnumber",
        "authorizationnumber",
        "fileno",
        "filenumber",
    ),
    "liid": (
        "liid",
        "lawfulinterceptid",
        "lawfulinterceptionidentifier",
        "interceptid",
        "interceptionid",
        "lawfulinterceptionid",
        "lawfulinterceptidentifier",
        "liidentifier",
    ),
    "authority": (
        "authority",
        "court",
        "issuingcourt",
        "issuingauthority",
        "courtname",
        "issuedby",
        "authorisingjudge",
        "authorizingjudge",
        "authorisingauthority",
    ),
    "signed_by": ("signedby", "judge", "signer", "signatory", "judgename", "issuingjudge"),
    "presented_by": ("presentedby", "servedby", "officer", "presentingofficer"),
    "order_type": (
        "ordertype",
        "typeoforder",
        "typeofwarrant",
        "kindoforder",
        "legalbasis",
        "type",
        "warranttype",
        "legaltype",
    ),
    "agency_id": (
        "agencyid",
        "agency",
        "lea",
        "leaid",
        "leaname",
        "requestingagency",
        "agencyname",
        "lawenforcementagency",
    ),
    "jurisdiction": ("jurisdiction", "country"),
    "scope": ("scope", "deliverytype", "product", "level", "scopeoforder", "interceptiontype"),
    "valid_from": (
        "validfrom",
        "from",
        "start",
        "startdate",
        "starttime",
        "begin",
        "begins",
        "effective",
        "startsat",
        "effectivefrom",
        "effectivedate",
        "validityfrom",
        "validitystart",
    ),
    "valid_to": (
        "validto",
        "validuntil",
        "to",
        "end",
        "enddate",
        "endtime",
        "expires",
        "expiry",
        "expirydate",
        "until",
        "expireson",
        "expirationdate",
        "expiration",
        "effectiveto",
        "effectiveuntil",
        "validityto",
        "validityend",
        "endsat",
    ),
    "status": ("status", "orderstatus", "warrantstatus", "currentstatus", "state", "orderstate"),
    "desired_status": ("desiredstatus", "requestedstatus"),
    "desired_since": ("desiredsince",),
    "mediator": ("mediator", "mediation", "mdf", "mediationfunction", "mediationdevice"),
    "xids": ("xids", "xid", "x1taskid", "taskids", "taskid", "x1xid", "x1xids"),
    "network_elements": ("networkelements", "networkelement", "elements", "element", "nes", "ne", "systems", "system"),
    "flags": ("flags", "remarks", "notes"),
    "emergency_order_due": ("emergencyorderdue", "writtenorderdue"),
    "default_country_code": ("defaultcountrycode",),
}
FORMS: Final = {  # a column that is itself a form of target
    "msisdn": "MSISDN",
    "phone": "PhoneNumber",
    "phonenumber": "PhoneNumber",
    "telephone": "PhoneNumber",
    "number": "PhoneNumber",
    "e164": "InternationalE164",
    "imsi": "IMSI",
    "imei": "IMEI",
    "supi": "SUPI",
    "mac": "MACAddress",
    "macaddress": "MACAddress",
    "ip": "IPAddress",
    "ipaddress": "IPAddress",
    "ipv4": "IPv4Address",
    "ipv6": "IPv6Address",
    "cidr": "CIDR",
    "email": "EmailAddress",
    "emailaddress": "EmailAddress",
    "sip": "SIPURI",
    "sipuri": "SIPURI",
    "nai": "NAI",
    "username": "NAI",
    "tel": "TELURI",
}
_STANDING: Final = re.compile(
    r"approv|activ|cancel|suspend|expir|revok|withdraw|terminat|invalid|reject|await|pending|emergency|force|draft|clos",
    re.I,
)
_TIMES: Final = ("valid_from", "valid_to", "desired_since", "emergency_order_due")
_TYPED: Final = re.compile(
    r"\s*(?:(?P<first>\d{4})[/.](?P<two>\d{1,2})[/.](?P<three>\d{1,2})"
    r"|(?P<one>\d{1,2})(?P<sign>[./-])(?P<two_>\d{1,2})(?P=sign)(?P<year>\d{4}))(?!\d)",
    re.ASCII,
)
_LISTS: Final = ("xids", "network_elements", "flags")
_VALUE: Final = ("target", "targets", "targetvalue", "targetidentifier", "targetid", "targetnumber", "identifier")
_TYPE: Final = ("targettype", "targetformat", "identifiertype", "format", "targetkind")
_PARTED: Final = re.compile(r"\s*[;|\n]\s*")
_PREFIXED: Final = re.compile(r"^\s*([A-Za-z][A-Za-z0-9_ -]{1,24})\s*[:=]\s*(.+)$")


def sniff(evidence: Evidence) -> int:
    """How sure it is that this is a registry as a table."""
    if evidence.head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[", b"<"):
        return 0
    names = set(columns_of(evidence.head))
    key = names & {*NAMES["warrant_id"], *NAMES["liid"]}
    target = names & {*_VALUE, *FORMS}
    time = names & {*NAMES["valid_from"], *NAMES["valid_to"]}
    return 88 if key and (target or time) and (time or names & set(NAMES["agency_id"])) else 0


def read(evidence: Evidence, reading: Reading, frame: dict[str, Any]) -> Iterator[Chunk]:
    """All orders of a table, through the vault."""
    orders: dict[tuple[str, str], dict[str, Any]] = {}
    for number, row in rows_of(evidence):
        one = _order(row)
        name = (str(one.get("warrant_id") or f"line {number}"), str(one.get("liid") or ""))
        known = orders.get(name)
        if known is None or _differs(known, one):
            orders[name if known is None else (name[0], f"{name[1]}\0{number}")] = one
        else:
            for field in ("targets", *_LISTS):
                known[field] = known.get(field, []) + [v for v in one.get(field, []) if v not in known.get(field, [])]
    yield warrants.chunk_of(evidence, reading, list(orders.values()), frame)


def _differs(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two lines of one name are two orders, rather than two targets of one."""
    return any(one.get(f) != other.get(f) for f in ("valid_from", "valid_to", "agency_id", "scope"))


def _order(row: dict[str, str]) -> dict[str, Any]:
    one: dict[str, Any] = {}
    used: set[str] = set()
    if "state" in row and not _STANDING.search(row["state"]):  # a state of a federation, not of the order
        row = {"jurisdiction": row["state"]} | {n: v for n, v in row.items() if n != "state"}
    for field, names in NAMES.items():
        name = next((n for n in names if n in row), None)
        if name is not None:
            used.add(name)
            one[field] = [v for v in _PARTED.split(row[name].replace(",", ";")) if v] if field in _LISTS else row[name]
    for field in _TIMES:
        if field in one:
            one[field] = _dated(one[field])
    one["targets"] = list(_targets(row, used))
    for leg in ("hi2", "hi3"):
        for name in (leg, f"{leg}address", f"delivery{leg}"):
            if name in row:
                used.add(name)
                one.setdefault("delivery", {})[leg] = row[name]
    for name in ("nativeid", "contentid", "ctap2mediationcontentid", "xmdinterceptid", "nativevalue"):
        if name in row:
            used.add(name)
            one["native_id"] = {"kind": row.get("nativekind", name), "value": row[name]}
    return one | {name: value for name, value in row.items() if name not in used and name != "nativekind"}


def _dated(written: str) -> str:
    """A date as people type it, as ISO 8601: dots are day first, slashes only where one number cannot be a month.

    `03/04/2026` stays as it is, and becomes no time: whose custom it follows nobody says.
    """
    found = _TYPED.match(written)
    if found is None:
        return written
    year, month, day = found["year"] or found["first"], found["two"], found["three"]
    if found["year"]:
        one, two = int(found["one"]), int(found["two_"])
        if found["sign"] != "." and one <= 12 and two <= 12 and one != two:
            return written
        first = found["sign"] == "." or one > 12
        day, month = (found["one"], found["two_"]) if first else (found["two_"], found["one"])
    rest = written[found.end() :].strip()
    return f"{year}-{int(month):02}-{int(day):02}" + (f"T{rest}" if rest else "")


def _targets(row: dict[str, str], used: set[str]) -> Iterator[dict[str, str]]:
    form = next((row[n] for n in _TYPE if n in row), "")
    used.update(n for n in _TYPE if n in row)
    for name in _VALUE:
        if name not in row:
            continue
        used.add(name)
        for value in _PARTED.split(row[name]):
            said = _PREFIXED.match(value)
            if (
                said
                and not form
                and re.sub(r"[\W_]+", "", said[1]).lower()
                in {*FORMS, "internationale164", "nationale164", "ipv4cidr", "ipv6cidr", "ipv4address", "ipv6address"}
            ):
                yield {"format": said[1], "value": said[2]}
            elif value:
                yield {"format": form, "value": value}
    for name, own in FORMS.items():
        if name in row and name not in used:
            used.add(name)
            for value in _PARTED.split(row[name]):
                yield {"format": own, "value": value}
