"""Logs of intercept administration as JSON, one act a line or a list of acts, field names in any case and spelling.

A refused act is kept like any other. Texts the dictionary does not know are kept masked: an audit line may quote whom
it is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import orjson

from seawall.sources.base import Evidence, Reading
from seawall.sources.intercepts.base import Format, Rows, dumped, text, when
from seawall.sources.intercepts.delimited import columns_of
from seawall.sources.intercepts.objects import objects_of, squeezed
from seawall.sources.intercepts.x1 import xid_of
from seawall.sources.scrubbing import Scrub

NAMES: Final = {
    "system": ("neidentifier", "system", "element", "networkelement", "ne", "node", "target_system", "host", "device"),
    "actor": ("user", "actor", "username", "account", "operator", "admin", "login", "who"),
    "admf": ("admfidentifier", "admf", "admfid"),
    "peer": (
        "peer",
        "peerip",
        "peeraddress",
        "srcip",
        "source",
        "src",
        "clientip",
        "remoteaddr",
        "remote",
        "ip",
        "from",
    ),
    "cert_cn": ("certcn", "cn", "clientcn", "certificate", "subject", "certsubject", "certificatecn", "tlscn"),
    "request": ("request", "action", "operation", "op", "command", "method", "event", "messagetype", "requesttype"),
    "xid": ("xid", "taskid", "x1taskid"),
    "liid": ("liid", "lawfulinterceptionidentifier", "interceptid"),
    "native_value": ("nativeid", "native", "contentid", "ctap2mediationcontentid", "xmdinterceptid"),
    "agency_id": ("agencyid", "agency", "lea"),
    "result": ("result", "outcome", "status", "response", "errorcode", "code"),
}
_TIMES: Final = (
    "ts",
    "time",
    "timestamp",
    "at",
    "datetime",
    "when",
    "date",
    "@timestamp",
    "eventtime",
    "messagetimestamp",
)
_KNOWN: Final = {name for names in NAMES.values() for name in names} | {squeezed(t) for t in _TIMES}
_REQUEST: Final = re.compile(rb"\"(?:request|action|operation|op|command|requestType|method)\"\s*:", re.I)
_WHO: Final = re.compile(rb"\"(?:user|actor|username|account|peer|admfIdentifier|operator|admin)\"\s*:", re.I)
_WHEN: Final = re.compile(rb"\"(?:ts|time|timestamp|at|datetime|@timestamp|messageTimestamp|eventTime)\"\s*:", re.I)


def _sniff(evidence: Evidence) -> int:
    head = evidence.head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[:1] not in (b"{", b"["):
        names = set(columns_of(evidence.head))
        asked, who, at = (names & set(some) for some in (NAMES["request"], NAMES["actor"], _TIMES))
        return 78 if asked and who and at and names & {*NAMES["system"], *NAMES["peer"]} else 0
    return 70 if _REQUEST.search(head) and _WHO.search(head) and _WHEN.search(head) else 0


def _read(evidence: Evidence, reading: Reading, rows: Rows) -> Iterator[None]:
    for place, raw in objects_of(evidence, rows):
        act(raw, place, reading, rows)
        if rows.full:
            yield
    yield


def act(raw: Mapping[str, Any], place: str | int, reading: Reading, rows: Rows, form: str = "audit") -> None:
    """One act as a row of `intercept_audit`."""
    scrub = Scrub(())
    fields = {squeezed(str(name)): value for name, value in raw.items()}
    values: dict[str, Any] = {
        column: next((text(fields[n]) for n in names if text(fields.get(n))), "") for column, names in NAMES.items()
    }
    values["xid"] = xid_of(values["xid"])
    values["form"] = form
    values["request"] = scrub.free(values["request"])
    other = {scrub.free(str(n))[:60]: scrub.value(v) for n, v in raw.items() if squeezed(str(n)) not in _KNOWN}
    values["other"] = dumped(other) if other else None
    moment = when(next((fields[squeezed(t)] for t in _TIMES if fields.get(squeezed(t))), None), reading)
    record = orjson.dumps(dict(raw), option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS, default=str)
    rows.add("intercept_audit", place, record, values, when=moment)


FORMAT: Final = Format("audit", "Log of intercept administration (JSON)", _sniff, _read)
