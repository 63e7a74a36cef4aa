"""How bad an incident is, and how sure we are: one scale, explained in docs/severity.md.

Findings that rest on the same event are one *witness*: three rules that saw one flow corroborate nothing. Severity
starts from the worst finding that is no mere try, and is moved by what surrounds it:

- only tries (scans, probes, guessed and refused logins, a door knocked at): low; medium at most, where several guesses
  agree or one try is loud, since a person who forgot a password locks themselves out;
- only low, informational and expected findings: never above low;
- a crown jewel of the site file reached, with a finding of high or worse: critical;
- three stages shown by three witnesses, initial access among them, with a finding of high or worse: critical;
- three stages shown by three witnesses, with nothing above medium: high.

Confidence starts from the surest finding. Every other detector that agrees closes half its own confidence of what is
still open. It stops at 99, and at 85 while every finding rests on a learned baseline. Findings held by weak joins count
with the strength of their strongest join.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from seawall.incidents.stages import UNKNOWN, stage_of
from seawall.incidents.words import count_text
from seawall.model.finding import Finding
from seawall.model.incident import Join
from seawall.model.severity import Severity

EXPECTED: Final = "expected"  # tag of what the site file explains
STAGES_THAT_CORROBORATE: Final = 3
_CEILING: Final = 99
_LEARNED_CEILING: Final = 85
_GUESSES: Final = frozenset({"A-13", "A-22", "R-04", "I-04"})  # refused again and again; success is told apart
_DOORS: Final = frozenset({"A-17", "L-07", "P-06", "P-07", "A-06", "A-08", "A-09"})  # traffic alone: a knock


@dataclass(frozen=True, slots=True)
class Graded:
    """A severity and the sentence that explains it."""

    severity: Severity
    why: str


def is_quiet(finding: Finding) -> bool:
    """Whether a finding only supports others: low at most, or known to be expected."""
    return finding.severity <= Severity.LOW or EXPECTED in finding.tags


def is_try(finding: Finding) -> bool:
    """Whether a finding shows a try and no success: scans, probes, refused logins, a door knocked at."""
    outcome = str(finding.details.get("outcome") or "").lower()
    if outcome == "failure":
        return True
    known = finding.behaviours
    if not known:
        return False
    if all(b.startswith("R-") for b in known) and not any(e.type == "account" for e in finding.entities):
        return True
    if outcome != "success" and all(b in _GUESSES for b in known):
        return not finding.title.startswith("Login after")
    door = all(b in _DOORS or b.startswith("R-") for b in known)
    return door and not any(e.type == "account" for e in finding.entities)


def graded(findings: Sequence[Finding], *, crown_jewel: bool) -> Graded:
    """The severity of an incident, and why it is that."""
    loud = [f for f in findings if not is_quiet(f)]
    if not loud:
        return Graded(min(Severity.LOW, max(f.severity for f in findings)), "nothing in it is above low by itself")
    acts = [f for f in loud if not is_try(f)]
    if not acts:
        guesses = witnesses(f for f in loud if not any(b.startswith("R-") for b in f.behaviours))
        loudest = max(f.severity for f in loud)
        worth = len(guesses) > 1 or loudest >= Severity.HIGH
        worst = min(Severity.MEDIUM if worth else Severity.LOW, loudest)
        return Graded(worst, "tries only: nothing shows that one succeeded")
    worst = max(f.severity for f in acts)
    shown = _independent_stages(acts)
    many = len(shown) >= STAGES_THAT_CORROBORATE
    told = count_text(len(shown), "stage")
    if worst >= Severity.HIGH and crown_jewel:
        return Graded(Severity.CRITICAL, "a crown jewel was reached, with a finding of high or worse")
    if worst >= Severity.HIGH and many and "initial access" in shown:
        return Graded(Severity.CRITICAL, f"{told} by as many witnesses, initial access among them, one high or worse")
    if many and worst < Severity.HIGH:
        return Graded(Severity.HIGH, f"{told} by as many witnesses, though nothing alone is above medium")
    return Graded(worst, f"that of its worst finding; {told}, too few or too much alike to say more")


def witnesses(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Findings by the event they rest on first: each list is one witness."""
    by_event: dict[str, list[Finding]] = {}
    for finding in findings:
        event = finding.evidence[0].event_id if finding.evidence else finding.id
        by_event.setdefault(event, []).append(finding)
    return list(by_event.values())


def _independent_stages(findings: Sequence[Finding]) -> frozenset[str]:
    """Stages shown by witnesses of their own: each witness speaks for one stage, that of its gravest finding first."""
    free: list[list[str]] = []
    for seen in witnesses(sorted(findings, key=lambda f: (-f.severity, f.first, f.id))):
        names = [stage_of(f) for f in seen]
        free.append([name for name in dict.fromkeys(names) if name != UNKNOWN])
    shown: set[str] = set()
    for names in sorted(free, key=len):
        new = next((name for name in names if name not in shown), None)
        if new is not None:
            shown.add(new)
    return frozenset(shown)


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
