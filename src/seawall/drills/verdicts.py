"""How a stage fared: detected, late, missed or not observable; when; and as what, in the words of ATT&CK Evaluations.

Times are scenario time. A finding of a rule stands when its event can be read; one over time is dated, no earlier than
true, by the last event it rests on. A nightly copy and a flow's end are when they can be read, not when they happened.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from seawall.drills.scenario import Expect, Scenario, Shows, StageSpec
from seawall.drills.score import Place, loud_places
from seawall.drills.truth import Landed, Truth
from seawall.model.attack import tactic_of
from seawall.model.behaviours import BEHAVIOURS
from seawall.model.finding import Finding
from seawall.model.incident import Incident

Verdict = Literal["detected", "late", "missed", "not observable"]
Category = Literal["not applicable", "none", "telemetry", "general", "tactic", "technique"]
CATEGORIES: Final[tuple[Category, ...]] = ("not applicable", "none", "telemetry", "general", "tactic", "technique")
WORTH: Final[Mapping[str, float]] = {"telemetry": 0.25, "general": 0.5, "tactic": 0.75, "technique": 1.0}
FAIR: Final = "detected"


@dataclass(frozen=True, slots=True)
class StageVerdict:
    """One line of a drill's result."""

    scenario: str
    stage: str
    name: str
    behaviours: tuple[str, ...]
    verdict: Verdict
    category: Category
    shows: Shows  # how soon logs can show it
    seconds: float | None  # from when it could be read to when a finding stood; None = no finding
    late_s: float | None = None  # allowed, where that is why it is late
    began: datetime | None = None  # UTC; None = it left no line
    at: datetime | None = None  # when the first right finding stood
    by: str = ""  # title of that finding
    detector: str = ""
    delayed: bool = False  # ATT&CK Evaluations' modifier: later than the standard path
    unexpected: bool = False  # found, though not by a detector the scenario names
    breach: bool = False
    why: str = ""  # of a verdict that is not "detected"

    def row(self) -> dict[str, Any]:
        """The JSON line: `scenario`, `stage`, `verdict`, `seconds`, and the rest."""
        return {
            "scenario": self.scenario,
            "stage": self.stage,
            "verdict": self.verdict,
            "seconds": self.seconds,
            "category": self.category,
            "name": self.name,
            "behaviours": list(self.behaviours),
            "techniques": sorted({BEHAVIOURS[b].technique for b in self.behaviours}),
            "shows": self.shows,
            "began": self.began.isoformat() if self.began else None,
            "at": self.at.isoformat() if self.at else None,
            "by": self.by,
            "detector": self.detector,
            "delayed": self.delayed,
            "unexpected": self.unexpected,
            "breach": self.breach,
            "why": self.why,
        }


@dataclass(frozen=True, slots=True)
class Hit:
    """A finding that rests on a line of a stage, and when it stood."""

    finding: Finding
    stood: datetime
    category: Category
    right: bool


def judge(
    scenario: Scenario, truth: Truth, findings: Sequence[Finding], over_time: Callable[[Finding], bool]
) -> tuple[StageVerdict, ...]:
    """A verdict per stage. `over_time` says whether a finding needs more than one event to stand."""
    places = loud_places(findings)
    return tuple(_stage(scenario, stage, truth, places, over_time) for stage in scenario.stages)


def hits(stage: StageSpec, truth: Truth, places: Mapping[str, tuple[Finding, frozenset[Place]]],
         over_time: Callable[[Finding], bool]) -> list[Hit]:  # fmt: skip
    """The findings on lines of a stage, the earliest first, the better category first among equals."""
    own = {(x.file, x.line): x for x in truth.attacks() if x.label.stage == stage.id}
    behaviours = {b for x in own.values() for b in x.label.behaviours} | set(stage.behaviours)
    found = []
    for finding, where in places.values():
        touched = [own[place] for place in where if place in own]
        if touched:
            stood = _stood(finding, touched, truth, where, over_time)
            category = category_of(finding, behaviours)
            found.append(Hit(finding, stood, category, category == "technique"))
    return sorted(found, key=lambda h: (h.stood, -CATEGORIES.index(h.category), -h.finding.severity, h.finding.id))


def _stood(
    finding: Finding,
    touched: Sequence[Landed],
    truth: Truth,
    where: frozenset[Place],
    over_time: Callable[[Finding], bool],
) -> datetime:
    first = min(x.readable for x in touched)
    if not over_time(finding):
        return first
    labelled = [x.readable for x in truth.landed if (x.file, x.line) in where]
    return max(finding.last, first, *labelled) if finding.last > first else max(first, *labelled)


def category_of(finding: Finding, behaviours: set[str]) -> Category:
    """What a finding says of a stage: the technique, at least the tactic, or only that something is odd."""
    techniques = {BEHAVIOURS[b].technique for b in behaviours}
    said = {tag.partition("@")[0] for tag in finding.attack}
    if behaviours & set(finding.behaviours) or techniques & said:
        return "technique"
    tactics = {BEHAVIOURS[b].stage for b in behaviours}
    named = {BEHAVIOURS[b].stage for b in finding.behaviours if b in BEHAVIOURS}
    named |= {tactic for tactic in map(tactic_of, said) if tactic}
    return "tactic" if tactics & named else "general"


def _stage(
    scenario: Scenario,
    stage: StageSpec,
    truth: Truth,
    places: Mapping[str, tuple[Finding, frozenset[Place]]],
    over_time: Callable[[Finding], bool],
) -> StageVerdict:
    own = [x for x in truth.attacks() if x.label.stage == stage.id]
    began = min((x.time for x in own), default=None)
    expect = stage.expect
    bare = StageVerdict(
        scenario=scenario.id, stage=stage.id, name=stage.name, behaviours=stage.behaviours, verdict="missed",
        category="telemetry", shows=expect.shows, seconds=None, began=began, breach=stage.breach,
    )  # fmt: skip
    found = hits(stage, truth, places, over_time)
    if not found:
        return _unfound(bare, own, expect)
    best = max(found, key=lambda h: (CATEGORIES.index(h.category), -h.stood.timestamp()))
    enough = [h for h in found if CATEGORIES.index(h.category) >= CATEGORIES.index(expect.category)]
    first = (enough or found)[0]
    seconds = max(0.0, (first.stood - _shown(own, expect)).total_seconds())
    late = seconds > expect.within_s
    named = not expect.detectors or any(h.finding.detector in expect.detectors for h in found)
    why = f"{seconds:.0f} s after it could be read; {expect.within_s:g} s were promised" if late else ""
    return replace(
        bare, verdict="late" if late else "detected", category=best.category, seconds=seconds, delayed=late,
        late_s=expect.within_s if late else None, at=first.stood, by=first.finding.title,
        detector=first.finding.detector, unexpected=not named, why=why,
    )  # fmt: skip


def _shown(own: Sequence[Landed], expect: Expect) -> datetime:
    """When a stage could first be read: where flows or copies show it, the first of those."""
    later = [x.seen for x in own if x.seen] if expect.shows != "at once" else []
    return min(later or [x.readable for x in own])


def _unfound(bare: StageVerdict, own: Sequence[Landed], expect: Expect) -> StageVerdict:
    if expect.shows == "nowhere":
        return replace(bare, verdict="not observable", category="not applicable", why=expect.because)
    if not own:
        why = "it left no line: what shows it is not recorded, or was lost on the way"
        return replace(bare, verdict="not observable", category="not applicable", why=why)
    return replace(bare, why=f"{len(own)} lines show it, and no finding above low rests on one")


@dataclass(frozen=True, slots=True)
class Ahead:
    """How far the defence was ahead of the intruder."""

    stages_before_breach: int | None  # None = no crown jewel is touched; 0 = at the breach; negative = after it
    incident_at: datetime | None  # when the first right incident stood
    breach_at: datetime | None
    dwell_saved: timedelta | None  # from the incident to the breach


def ahead(
    scenario: Scenario,
    truth: Truth,
    findings: Sequence[Finding],
    incidents: Sequence[Incident],
    over_time: Callable[[Finding], bool],
) -> Ahead:
    """How many stages still lay before the first crown jewel when the first right incident stood."""
    places = loud_places(findings)
    began = {
        stage.id: min((x.readable for x in truth.attacks() if x.label.stage == stage.id), default=None)
        for stage in scenario.stages
    }
    in_incident = {finding for incident in incidents for finding in incident.findings}
    stood = [
        h.stood
        for stage in scenario.stages
        for h in hits(stage, truth, places, over_time)
        if h.right and h.finding.id in in_incident
    ]
    at = min(stood, default=None)
    breaches = [began[s.id] for s in scenario.stages if s.breach and began[s.id]]
    breach = min((moment for moment in breaches if moment), default=None)
    if breach is None:
        return Ahead(None, at, None, None)
    if at is None:
        return Ahead(-len([m for m in began.values() if m and m >= breach]), None, breach, None)
    if at <= breach:
        return Ahead(len([m for m in began.values() if m and at <= m < breach]), at, breach, breach - at)
    return Ahead(-len([m for m in began.values() if m and breach <= m < at]), at, breach, breach - at)
