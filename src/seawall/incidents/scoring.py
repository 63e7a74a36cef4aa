"""How bad an incident is, and how sure we are.

Severity is that of its worst finding, raised by corroboration:

- three or more stages, initial access among them, with at least one finding of high or worse: critical;
- a crown jewel of the site file touched, with at least one finding of high or worse: critical;
- three or more stages otherwise, with nothing above medium: high;
- only low, informational and expected findings: never above low.

Confidence starts from the surest finding. Every other detector that agrees closes half its own confidence of what is
still open. It stops at 99, and at 85 while every finding rests on a learned baseline. Findings held by weak joins count
with the strength of their strongest join.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from seawall.incidents.stages import UNKNOWN
from seawall.incidents.words import count_text
from seawall.model.finding import Finding
from seawall.model.incident import Join, Stage
from seawall.model.severity import Severity

EXPECTED: Final = "expected"  # tag of what the site file explains
STAGES_THAT_CORROBORATE: Final = 3
_CEILING: Final = 99
_LEARNED_CEILING: Final = 85


def is_quiet(finding: Finding) -> bool:
    """Whether a finding only supports others: low at most, or known to be expected."""
    return finding.severity <= Severity.LOW or EXPECTED in finding.tags


def severity_of(findings: Sequence[Finding], stages: Sequence[Stage], *, crown_jewel: bool) -> Severity:
    """The severity of an incident, by the rules at the head of this file."""
    worst = max((f.severity for f in findings if not is_quiet(f)), default=None)
    if worst is None:
        return min(Severity.LOW, max(f.severity for f in findings))
    seen = {s.name for s in stages} - {UNKNOWN}
    many = len(seen) >= STAGES_THAT_CORROBORATE
    if worst >= Severity.HIGH and (crown_jewel or (many and "initial access" in seen)):
        return Severity.CRITICAL
    if many:
        return max(worst, Severity.HIGH)
    return worst


def confidence_of(findings: Sequence[Finding], joins: Sequence[Join]) -> int:
    """How sure we are that this is one malicious story, 0 to 100."""
    held: dict[str, int] = {}
    for join in joins:
        for side in (join.left, join.right):
            held[side] = max(held.get(side, 0), join.strength)
    by_detector: dict[str, float] = {}
    for finding in findings:
        weight = finding.confidence * (held.get(finding.id, 100) / 100 if len(findings) > 1 else 1.0)
        by_detector[finding.detector] = max(by_detector.get(finding.detector, 0.0), weight)
    surest = max(f.confidence for f in findings)
    ranked = sorted(by_detector.values(), reverse=True)[1:]
    open_share = 1 - surest / 100
    for weight in ranked:
        open_share *= 1 - weight / 200
    ceiling = _LEARNED_CEILING if all(f.learned for f in findings) else _CEILING
    return min(ceiling, round(100 * (1 - open_share)))


def confidence_sentence(findings: Sequence[Finding], joins: Sequence[Join], confidence: int) -> str:
    """Why the confidence is what it is, in plain English."""
    detectors = len({f.detector for f in findings})
    ground = f"{count_text(detectors, 'rule')} agree" if detectors > 1 else "one rule says so"
    weakest = min((j.strength for j in joins), default=None)
    joined = f"; the weakest join between them has strength {weakest} of 100" if weakest is not None else ""
    learned = sum(f.learned for f in findings)
    note = f"; learned, not from a site file: {count_text(learned, 'finding')}" if learned else ""
    return f"How sure: {confidence} of 100. {ground[0].upper()}{ground[1:]}{joined}{note}."
