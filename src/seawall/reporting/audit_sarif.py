"""An audit as SARIF 2.1.0 (OASIS), for code-scanning pages and editors.

Failures are results of kind `fail`, unknown ones of kind `open`; what passes or does not apply is left out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import quote

from seawall import __version__
from seawall.model.audit import Status, Verdict
from seawall.model.severity import Severity
from seawall.reporting.text import visible

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
_LEVEL: Final[Mapping[Severity, str]] = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFORMATIONAL: "note",
}
_SECURITY: Final[Mapping[Severity, str]] = {  # the scale code-scanning pages sort by
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "3.0",
    Severity.INFORMATIONAL: "1.0",
}
_MOST_PLACES: Final = 20


def to_sarif(verdicts: Iterable[Verdict]) -> dict[str, Any]:
    """One SARIF log with one run, ready for JSON."""
    told = [v for v in verdicts if v.status in (Status.FAIL, Status.UNKNOWN)]
    rules: dict[str, Verdict] = {}
    for verdict in told:
        rules.setdefault(verdict.check, verdict)
    places = {name: number for number, name in enumerate(rules)}
    driver = {
        "name": "Seawall",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(verdict) for verdict in rules.values()],
    }
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "unicodeCodePoints",
                "results": [_result(verdict, places[verdict.check]) for verdict in told],
            }
        ],
    }


def _rule(verdict: Verdict) -> dict[str, Any]:
    return {
        "id": verdict.check,
        "name": verdict.check.replace("-", ""),
        "shortDescription": {"text": verdict.title},
        "fullDescription": {"text": verdict.title},
        "defaultConfiguration": {"level": _LEVEL[verdict.severity]},
        "properties": {
            "tags": ["security", *verdict.references],
            "security-severity": _SECURITY[verdict.severity],
        },
    }


def _result(verdict: Verdict, place: int) -> dict[str, Any]:
    failed = verdict.status is Status.FAIL
    text = visible(verdict.why)
    if failed and verdict.mend:
        text += "\nMend: " + " / ".join(visible(line) for line in verdict.mend[:10])
    uri = quote(verdict.file, safe="/!@:+,=~-._")
    lines = verdict.lines[:_MOST_PLACES] or (None,)
    digest = hashlib.sha256("\x1f".join((verdict.device, verdict.check, verdict.platform)).encode()).hexdigest()
    return {
        "ruleId": verdict.check,
        "ruleIndex": place,
        "kind": "fail" if failed else "open",
        "level": _LEVEL[verdict.severity] if failed else "none",
        "message": {"text": text},
        "locations": [_location(uri, line.number if line else 1, line.text if line else "") for line in lines],
        "partialFingerprints": {"deviceAndCheck/v1": digest},
        "properties": {
            "device": verdict.device,
            "platform": verdict.platform,
            "version": verdict.version,
            "severity": verdict.severity.word,
        },
    }


def _location(uri: str, number: int, text: str) -> dict[str, Any]:
    region: dict[str, Any] = {"startLine": max(1, number)}
    if text:
        region["snippet"] = {"text": visible(text)}
    return {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}
