"""How findings and incidents leave: lines for programs, words for people."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from seawall.errors import InputError
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
        from seawall.model.compartment import may_leave
        from seawall.reporting.ocsf import finding_to_ocsf

        write_lines(finding_to_ocsf(finding) for finding in may_leave(findings))
    else:
        write_lines(finding_to_dict(finding) for finding in findings)


def write_lines(documents: Iterable[Mapping[str, Any]]) -> None:
    """JSON lines on standard output."""
    for document in documents:
        sys.stdout.buffer.write(json_line(document))
    sys.stdout.buffer.flush()


# DEL, C1, zero-width and bidi: a terminal acts on them, and JSON may as well write them as escapes.
_UNSAFE = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def json_line(document: Mapping[str, Any]) -> bytes:
    """One JSON line that is inert on a terminal too."""
    import orjson

    raw = orjson.dumps(document, default=str, option=orjson.OPT_APPEND_NEWLINE)
    if raw.isascii() and b"\x7f" not in raw:
        return raw
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", raw.decode()).encode()


def write_whole(path: Path, text: str) -> None:
    """Write a file the user named. Raises InputError where it cannot be written."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"cannot be written: {error.strerror}", where=str(path), mend="choose another place"
        ) from error
