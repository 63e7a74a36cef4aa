"""What a configuration check answers of one device: fail, unknown, pass or not applicable, with the lines it saw."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from seawall.model.severity import Severity


class Status(StrEnum):
    """A check's answer."""

    FAIL = "fail"
    UNKNOWN = "unknown"  # `why` names the line or fact that would decide
    PASS = "pass"  # noqa: S105 - the word for a check that holds
    NA = "na"  # there is nothing of the kind on this device


@dataclass(frozen=True, slots=True)
class SeenLine:
    """One line of a configuration; secrets are masked."""

    number: int  # in the file, from 1
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """One check's answer for one device."""

    device: str  # the name it gives itself, else its file's; empty if neither says
    file: str  # origin: path below the PATH given, members behind `!/`
    platform: str  # ios, iosxe, iosxr, nxos, asa, eos, junos, sros, vrp, fortios, panos …
    version: str  # as the configuration says it; empty if it does not
    check: str  # e.g. MGT-02
    title: str
    status: Status
    severity: Severity
    lines: tuple[SeenLine, ...]  # what the answer rests on, at most MAX_LINES
    why: str  # what was seen, and why it matters; for unknown: what would decide
    mend: tuple[str, ...] = ()  # lines that put it right on this platform
    risk: str = ""  # what mending may break, above all a lock-out
    references: tuple[str, ...] = ()
    taken: datetime | None = field(default=None, compare=False)  # UTC; when the snapshot was taken, where it says


MAX_LINES: Final = 50


def verdict_to_dict(verdict: Verdict) -> dict[str, Any]:
    """The verdict as one JSON line."""
    return {
        "device": verdict.device,
        "file": verdict.file,
        "platform": verdict.platform,
        "version": verdict.version,
        "check": verdict.check,
        "status": verdict.status.value,
        "severity": verdict.severity.word,
        "lines": [{"number": line.number, "text": line.text} for line in verdict.lines],
        "why": verdict.why,
        "mend": list(verdict.mend),
    }
