"""How findings and incidents leave: lines for programs, words for people."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import Any

from seawall.model.finding import Finding, finding_to_dict
from seawall.reporting.view import CaseView


def write_hunt(view: CaseView, form: str) -> None:
    """Print what a hunt came to: one JSON line per finding, or the summary a tired person understands."""
    if form == "table":
        from seawall.reporting.terminal import console_for, summary

        console_for(sys.stdout).print(summary(view))
    else:
        write_findings(view.findings, form)


def write_findings(findings: Iterable[Finding], form: str) -> None:
    """One line per finding: our own JSON (`jsonl`) or an OCSF Detection Finding (`ocsf`)."""
    if form == "ocsf":
        from seawall.reporting.ocsf import finding_to_ocsf

        write_lines(finding_to_ocsf(finding) for finding in findings)
    else:
        write_lines(finding_to_dict(finding) for finding in findings)


def write_lines(documents: Iterable[Mapping[str, Any]]) -> None:
    """JSON lines on standard output."""
    import orjson

    for document in documents:
        sys.stdout.buffer.write(orjson.dumps(document, default=str, option=orjson.OPT_APPEND_NEWLINE))
    sys.stdout.buffer.flush()
