"""The provisioner's and mediator's own log (syslog): who authenticated, what was added, changed, removed.

It does not say which user made which change, nor any read: whoever joins the lines infers. Years missing in the stamps
come from the evidence around them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from typing import Final

from seawall.sources.base import Evidence, Reading
from seawall.sources.intercepts.base import Format, Rows, lines_of, text
from seawall.sources.records import read_time
from seawall.sources.scrubbing import Scrub

_SNIFF: Final = re.compile(
    rb"\bopenli(?:provisioner|mediator|collector)\b|\bOpenLI[: ]|\bOpenLI (?:provisioner|Mediator)"
)
_HEAD: Final = re.compile(
    r"^(?:<\d{1,3}>)?(?:1 )?(?P<stamp>[A-Z][a-z]{2}\s+\d{1,2} [\d:]{8}(?:\.\d+)?"
    r"|\d{4}-\d\d-\d\d[T ][\d:.]+(?:Z|[+-]\d\d:?\d\d)?)\s+"
    r"(?P<host>[\w.\-:]+)\s+(?P<program>[\w\-/]+)(?:\[\d+\])?:?\s*(?P<message>.*)$"
)
_USER: Final = re.compile(
    r"\b[Uu]ser '?([^' ]{1,80})'? (successfully authenticated|failed to authenticate|has used their API key)"
)
_FORMS: Final = (
    (re.compile(r"added new (?:IP|VOIP|Email) intercept '?(\S+?)'?(?: via|$)", re.I), "AddIntercept", "liid"),
    (re.compile(r"updated (?:IP|VOIP|Email) intercept '?(\S+?)'?(?: via|$)", re.I), "ModifyIntercept", "liid"),
    (re.compile(r"removed (?:IP|VOIP|Email) intercept '?(\S+?)'?(?: via|$)", re.I), "RemoveIntercept", "liid"),
    (re.compile(r"LIID (\S+) has been withdrawn"), "RemoveIntercept", "liid"),
    (re.compile(r"DISABLING LIID '?(\S+?)'?$"), "RemoveIntercept", "liid"),
    (re.compile(r"Details for intercept (\S+) have changed"), "ModifyIntercept", "liid"),
    (re.compile(r"modified existing agency '?(\S+?)'?(?: via|$)"), "ModifyAgency", "agency_id"),
    (re.compile(r"added new agency '?(\S+?)'?(?: via|$)"), "AddAgency", "agency_id"),
    (re.compile(r"removed agency '?(\S+?)'?(?: via|$)"), "RemoveAgency", "agency_id"),
    (re.compile(r"received LEA announcement for (\S+?)\.?$"), "AgencyAnnounced", "agency_id"),
    (re.compile(r"added (\S+) -> \S+ to LIID map"), "MediatorMapped", "liid"),
    (re.compile(r"purged LIID (\S+) from agency"), "MediatorPurged", "liid"),
)  # fmt: skip


def _sniff(evidence: Evidence) -> int:
    head = evidence.head[:16_384].lstrip(b"\xef\xbb\xbf")
    if head[:1] in (b"{", b"["):
        return 0
    lines = [line for line in head.split(b"\n") if line.strip()]
    return 85 if lines and sum(1 for line in lines if _SNIFF.search(line)) * 2 > len(lines) else 0


def _read(evidence: Evidence, reading: Reading, rows: Rows) -> Iterator[None]:
    scrub = Scrub(())
    with closing(evidence.open()) as stream:
        for number, raw in lines_of(stream):
            line = raw.decode("utf-8", "replace").strip()
            if not line:
                continue
            head = _HEAD.match(line)
            if head is None:
                rows.reject(number, "a line without stamp and host")
                continue
            message = head["message"]
            values = {"system": text(head["host"]), "form": "openli", "message": scrub.free(message)[:500]}
            values |= _meaning(message)
            rows.add("intercept_audit", number, raw, values, when=read_time(head["stamp"], reading, head["host"]))
            if rows.full:
                yield
    yield


def _meaning(message: str) -> dict[str, str]:
    if found := _USER.search(message):
        outcome = "failure" if found[2].startswith("failed") else "success"
        return {"actor": text(found[1]), "request": "Authenticate", "result": outcome}
    if "invalid API key" in message:
        return {"request": "Authenticate", "result": "failure"}
    for form, request, column in _FORMS:
        if found := form.search(message):
            return {"request": request, column: text(found[1]), "result": "success"}
    return {"request": ""}


FORMAT: Final = Format("openli-log", "OpenLI log (syslog)", _sniff, _read)
