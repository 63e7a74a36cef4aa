"""Tasks as a table or a list of objects: the task table of an ADMF or mediation function, activations of an exchange.

Whose view it is, the record says (`source`, `reported_by`), or the name of the file: ADMF, LIPF, MDF, mediation and
management are the management's; everything else is an element speaking for itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import orjson

from seawall.errors import InputError
from seawall.sources.base import Evidence, Reading
from seawall.sources.intercepts.base import Format, Given, Rows, dumped, micros, text, when, whole_file
from seawall.sources.intercepts.delimited import columns_of, rows_of
from seawall.sources.intercepts.objects import MAX_WHOLE, objects_of, squeezed
from seawall.sources.intercepts.order_tables import FORMS
from seawall.sources.intercepts.x1 import SCOPES, joined, number_of, xid_of

NAMES: Final = {
    "system": (
        "neidentifier",
        "system",
        "element",
        "networkelement",
        "ne",
        "neid",
        "node",
        "exchange",
        "switch",
        "router",
        "device",
        "host",
        "networkelements",
        "elementid",
    ),
    "xid": ("xid", "taskid", "x1taskid", "xids", "task"),
    "liid": ("liid", "liids", "lawfulinterceptionidentifier", "lawfulinterceptid"),
    "native": (
        "nativeid",
        "native",
        "contentid",
        "ctap2mediationcontentid",
        "xmdinterceptid",
        "interceptid",
        "resid",
        "activationid",
        "tapid",
        "tap",
        "id",
        "resnumber",
        "monitorid",
    ),
    "state": ("provisioningstatus", "status", "state", "taskstatus", "active", "adminstate", "rowstatus"),
    "scope": ("deliverytype", "scope", "product", "outputhandovers"),
    "starts": ("starttime", "start", "validfrom", "from", "begin"),
    "ends": ("endtime", "end", "validto", "until", "stop"),
    "agency": ("agencyid", "agency", "lea"),
    "mediator": ("mediator", "mediation", "mdf", "mdfid"),
    "modified": ("timeoflastmodification", "lastmodified", "modified"),
    "modifications": ("numberofmodifications", "modifications"),
    "source": ("source", "reportedby", "reporter", "view", "path", "origin", "plane"),
    "kind": ("kind", "type", "feature", "form"),
    "at": ("asof", "ts", "time", "timestamp", "collectedat", "messagetimestamp", "seen", "reportedat", "polledat"),
}
DELIVERY: Final = (
    "delivery",
    "deliveryaddress",
    "deliveryaddresses",
    "destination",
    "destinations",
    "dids",
    "copyto",
    "shadow",
    "shadownumber",
    "monitoringnumber",
    "deliverto",
    "mdaddress",
    "destinationaddress",
    "did",
    "listofdids",
    "monitor",
    "lemf",
)
TARGETS: Final = (
    "target",
    "targets",
    "targetidentifier",
    "targetidentifiers",
    "targetvalue",
    "monitored",
    "subscriber",
    "number",
    "identifier",
    "anumber",
    "monitorednumber",
)
LIVE: Final = frozenset(
    {
        "complete",
        "active",
        "1",
        "true",
        "yes",
        "on",
        "enabled",
        "activated",
        "provisioned",
        "up",
        "inservice",
        "running",
        "live",
        "acknowledgedandcompleted",
        "ok",
    }
)
_MANAGING: Final = re.compile(
    r"admf|lipf|licf|mdf\d?|mediation|management|provision|task[-_]?table|front[-_]?end|\bims\b(?=.*remote)", re.I
)
_ELEMENT: Final = re.compile(r"element|direct|element[-_ ]?side|switch|exchange|node|res\b|axe", re.I)
_JSON: Final = re.compile(
    rb"\"(?:xids?|task_?id|liids?|tap_?id|activation_?id|res_?id|content_?id|native_?id|target(?:s|_?identifiers?)?)\"\s*:",
    re.I,
)
_WHERE: Final = re.compile(
    rb"\"(?:neIdentifier|system|element|network_?elements?|ne(?:_?id)?|exchange|switch|node|router)\"\s*:", re.I
)
_LISTED: Final = re.compile(
    rb"\"(?:tasks?|taps|taskDetails|intercepts|activations|listOfTasks|task_?table|active_taps)\"\s*:\s*\[", re.I
)


def _sniff(evidence: Evidence) -> int:
    head = evidence.head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[:1] in (b"{", b"["):
        return (
            65
            if _JSON.search(head) and (_WHERE.search(head) or _LISTED.search(head))
            else 45
            if _LISTED.search(head)
            else 0
        )
    if head[:1] == b"<":
        return 0
    names = set(columns_of(evidence.head))
    where = names & set(NAMES["system"])
    what = names & {*NAMES["xid"], *NAMES["liid"], *NAMES["native"]} - {"id", "task"}
    to = names & {*TARGETS, *DELIVERY, *FORMS}
    orderly = names & {"validfrom", "validto", "warrantid", "signedby", "authority"}
    return 80 if what and (where or to) and not orderly else 60 if to and where and names & set(DELIVERY) else 0


def _read(evidence: Evidence, reading: Reading, rows: Rows) -> Iterator[None]:
    frame, records = _records(evidence, rows)
    seen: dict[tuple[str, str], list[Any]] = {}
    for place, raw in records:
        fields = {squeezed(str(name)): value for name, value in raw.items()}
        system, path, at = _tap(fields, frame, place, evidence.origin, reading, rows)
        seen.setdefault((system, path), [0, at])[0] += 1
        if rows.full:
            yield
    if not seen:
        named = next((text(frame[n]) for n in NAMES["system"] if text(frame.get(n))), "")
        seen[named, _path({}, frame, evidence.origin)] = [0, _at(frame, reading)]
    for (system, path), (count, at) in seen.items():
        spans = path == "management" and not _of(frame, NAMES["system"])
        values = {
            "system": (_of(frame, NAMES["source"]) or "management") if spans else system,
            "path": path,
            "form": "table",
            "complete": True,
            "names_only": False,
            "taps": count,
            "report": evidence.origin,
            "features": dumped([text(f) for f in frame.get("features", ())][:20])
            if isinstance(frame.get("features"), list)
            else "[]",
        }
        rows.add(
            "tap_reports", evidence.origin, f"table\0{system}\0{path}\0{evidence.origin}".encode(), values, when=at
        )
    yield


def _records(evidence: Evidence, rows: Rows) -> tuple[dict[str, Any], Iterator[tuple[Any, Mapping[str, Any]]]]:
    head = evidence.head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[:1] not in (b"{", b"["):
        return {}, ((number, row) for number, row in rows_of(evidence))
    if head[:1] == b"{":
        try:
            whole = orjson.loads(whole_file(evidence, MAX_WHOLE).removeprefix(b"\xef\xbb\xbf"))
        except (orjson.JSONDecodeError, InputError):
            whole = None
        if isinstance(whole, dict):
            frame = {squeezed(k): v for k, v in whole.items()}
            if any(isinstance(v, list) for v in whole.values()) or _LISTED.search(head):
                lists = [
                    v for k, v in whole.items() if isinstance(v, list) and squeezed(k) not in ("features", *DELIVERY)
                ]
                if lists and not ({*NAMES["xid"], *NAMES["liid"]} & set(frame)):
                    longest = max(lists, key=len)
                    return frame, (
                        (f"{evidence.origin}#{n}", o if isinstance(o, dict) else {"xid": text(o)})
                        for n, o in enumerate(longest, 1)
                    )
    return {}, objects_of(evidence, rows)


def _at(fields: Mapping[str, Any], reading: Reading) -> Any:
    return when(next((fields[n] for n in NAMES["at"] if fields.get(n)), None), reading)


def _path(fields: Mapping[str, Any], frame: Mapping[str, Any], origin: str) -> str:
    said = " ".join(text(one.get(n)) for one in (fields, frame) for n in NAMES["source"] if text(one.get(n)))
    name = origin.rpartition("/")[2]
    for words in (said, name):
        if _MANAGING.search(words):
            return "management"
        if _ELEMENT.search(words):
            return "element"
    return "element"


def _tap(
    fields: Mapping[str, Any], frame: Mapping[str, Any], place: Any, origin: str, reading: Reading, rows: Rows
) -> tuple[str, str, Any]:
    said = {column: _of(fields, names) for column, names in NAMES.items()}
    system = said["system"] or _of(frame, NAMES["system"])
    path = _path(fields, frame, origin)
    at = _at(fields, reading)
    at = at if at.micros is not None else _at(frame, reading)
    xid = xid_of(said["xid"])
    liids = [text(v) for v in _several(fields, NAMES["liid"]) if text(v)]
    word = squeezed(said["state"])
    state = "active" if not word or word in LIVE else "inactive"
    targets = list(_targets(fields))
    delivery = [d for d in (_address(v) for v in _several(fields, DELIVERY)) if d]
    tap = xid or (liids[0] if liids else "") or said["native"] or f"record {place}"
    values = {
        "system": system,
        "path": path,
        "form": "table",
        "tap": tap,
        "xid": xid,
        "liids": dumped(liids),
        "native_value": said["native"] if said["native"] not in (xid, *liids) else "",
        "state": state,
        "state_raw": said["state"],
        "tap_scope": _scope(said["scope"]),
        "starts": micros(said["starts"], reading),
        "ends": micros(said["ends"], reading),
        "agency_id": said["agency"],
        "mediator": said["mediator"],
        "delivery": dumped(delivery),
        "modified": micros(said["modified"], reading),
        "modifications": number_of(said["modifications"]),
        "report": origin,
    }
    rows.add(
        "taps",
        place,
        orjson.dumps(dict(fields), default=str, option=orjson.OPT_NON_STR_KEYS),
        values,
        when=at,
        targets=targets,
    )
    return system, path, at


def _scope(raw: str) -> str | None:
    word = squeezed(raw)
    return SCOPES.get(word) or {
        "irionly": "IRI",
        "iri": "IRI",
        "cconly": "CC",
        "cc": "CC",
        "iriandcc": "IRIandCC",
        "content": "CC",
        "both": "IRIandCC",
    }.get(word)


def _of(fields: Mapping[str, Any], names: tuple[str, ...]) -> str:
    for name in names:
        value = fields.get(name)
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, bool):
            value = str(value).lower()
        if text(value):
            return text(value)
    return ""


def _several(fields: Mapping[str, Any], names: tuple[str, ...]) -> list[Any]:
    found: list[Any] = []
    for name in names:
        value = fields.get(name)
        if value is None:
            continue
        if isinstance(value, str) and ";" in value:
            value = value.split(";")
        found += value if isinstance(value, list) else [value]
    return found


def _address(value: Any) -> str:
    if isinstance(value, Mapping):
        fields = {squeezed(str(k)): v for k, v in value.items()}
        host = _of(
            fields, ("ip", "address", "addr", "host", "ipaddress", "ipv4address", "ipv6address", "number", "uri")
        )
        return joined(host, _of(fields, ("port", "tcpport", "udpport"))) if host else ""
    return text(value)


def _targets(fields: Mapping[str, Any]) -> Iterator[Given]:
    form = next(
        (text(fields[n]) for n in ("targettype", "targetformat", "targetkind", "format") if text(fields.get(n))), ""
    )
    for value in _several(fields, TARGETS):
        if isinstance(value, Mapping):
            inner = {squeezed(str(k)): v for k, v in value.items()}
            own = _of(inner, ("value", "identifier", "number", "address"))
            if own:
                yield _of(inner, ("format", "type", "kind", "form")), own
            else:
                yield from ((str(k), text(v)) for k, v in value.items() if text(v))
        elif text(value):
            yield form or _guessed(text(value)), text(value)
    for name, own in FORMS.items():
        if name not in TARGETS and text(fields.get(name)):
            yield own, text(fields[name])


def _guessed(value: str) -> str:
    """The form of a bare value: digits alone are a number as dialled, 15 digits may be an IMSI and stay one."""
    digits = re.sub(r"[\s+().\-]", "", value)
    if digits.isdigit():
        return "IMSI" if len(digits) == 15 and not value.startswith("+") else "PhoneNumber"
    return ""


FORMAT: Final = Format("tasks", "Tasks as a table or a list", _sniff, _read)
