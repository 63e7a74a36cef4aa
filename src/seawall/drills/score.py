"""Comparing what was found with what was played: stage by stage, and what honest work was accused of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from seawall.drills.truth import Landed, Stage, Truth
from seawall.model.finding import Finding
from seawall.model.severity import Severity

SUPPORTING: Final = Severity.LOW  # findings up to this never count: neither as caught nor as false alarm


@dataclass(frozen=True, slots=True)
class StageScore:
    """How one stage fared."""

    stage: Stage
    began: datetime | None  # time of its first line; None = it left no evidence, so it was not tested
    caught: bool  # a finding above low rests on one of its lines
    by: str = ""  # title of the finding whose evidence is earliest
    finding: str = ""  # its id
    detector: str = ""
    severity: str = ""
    at: datetime | None = None  # time of the earliest line of the stage a finding rests on
    delay: timedelta | None = None  # from the stage's first line to the line that gave it away
    right: bool = False  # one of the findings names one of the stage's behaviours
    behaviours: tuple[str, ...] = ()  # of the stage, those that findings on its lines name
    lines: int = 0
    lines_found: int = 0


@dataclass(frozen=True, slots=True)
class FalseAlarm:
    """A finding above low that rests on honest lines alone."""

    finding: Finding
    twin: str = ""  # the look-alike it fell for, if it was one
    places: frozenset[tuple[str, int]] = frozenset()  # (file, line) of the lines it rests on


@dataclass(frozen=True, slots=True)
class Score:
    """The table a drill ends with."""

    stages: tuple[StageScore, ...]
    false_alarms: tuple[FalseAlarm, ...]
    attack_lines: int
    attack_lines_found: int
    benign_lines: int
    benign_lines_accused: int  # distinct honest lines behind findings above low, bystanders of true ones included

    @property
    def tested(self) -> int:
        """Stages that left evidence."""
        return sum(s.began is not None for s in self.stages)

    @property
    def caught(self) -> int:
        """Stages caught."""
        return sum(s.caught for s in self.stages)


Place = tuple[str, int]  # (file, line)


def score(truth: Truth, findings: Iterable[Finding], *, below: str = "") -> Score:
    """Judge findings against the truth of a drill, by the places their evidence stands.

    `below` is the path of the evidence folder relative to the PATH that was hunted, if they differ.
    """
    loud = [f for f in findings if f.severity > SUPPORTING]
    places = {f.id: _places(f, below) for f in loud}
    attack = {(x.file, x.line): x for x in truth.attacks()}
    twins = {(x.file, x.line): x.label.name for x in truth.twins()}
    alarms = []
    accused: set[Place] = set()
    found: set[Place] = set()
    for finding in loud:
        rests_on = places[finding.id]
        accused |= {place for place in rests_on if place not in attack}
        found |= {place for place in rests_on if place in attack}
        if rests_on.isdisjoint(attack):
            twin = next((twins[p] for p in sorted(rests_on) if p in twins), "")
            alarms.append(FalseAlarm(finding, twin, rests_on))
    return Score(
        stages=tuple(_judge(stage, truth.attacks(), loud, places) for stage in truth.stages),
        false_alarms=tuple(alarms),
        attack_lines=len(attack),
        attack_lines_found=len(found),
        benign_lines=truth.lines - len(attack),
        benign_lines_accused=len(accused),
    )


def loud_places(findings: Iterable[Finding], *, below: str = "") -> dict[str, tuple[Finding, frozenset[Place]]]:
    """By id, the findings above low, and the places their evidence stands."""
    return {f.id: (f, _places(f, below)) for f in findings if f.severity > SUPPORTING}


def _judge(
    stage: Stage, attacks: Sequence[Landed], loud: Sequence[Finding], places: dict[str, frozenset[Place]]
) -> StageScore:
    own = {(x.file, x.line): x for x in attacks if x.label.stage == stage.id}
    began = min((x.time for x in own.values()), default=None)
    hits = [(min(own[p].time for p in places[f.id] if p in own), f) for f in loud if not places[f.id].isdisjoint(own)]
    if began is None or not hits:
        return StageScore(stage, began, caught=False, lines=len(own))
    at, first = min(hits, key=lambda hit: (hit[0], -hit[1].severity, hit[1].id))
    named = {b for _, f in hits for b in f.behaviours}
    wanted = {b for x in own.values() for b in x.label.behaviours} | set(stage.behaviours)
    return StageScore(
        stage=stage,
        began=began,
        caught=True,
        by=first.title,
        finding=first.id,
        detector=first.detector,
        severity=first.severity.word,
        at=at,
        delay=at - began,
        right=bool(named & wanted),
        behaviours=tuple(sorted(named & wanted)),
        lines=len(own),
        lines_found=len({p for _, f in hits for p in places[f.id] if p in own}),
    )


def _places(finding: Finding, below: str) -> frozenset[Place]:
    """Where a finding's evidence stands, relative to the evidence folder; origins without a number are left out."""
    prefix = below.strip("/") + "/" if below.strip("/") else ""
    places = set()
    for evidence in finding.evidence:
        mark = max(evidence.origin.rfind(":"), evidence.origin.rfind("#"))
        file, number = evidence.origin[:mark], evidence.origin[mark + 1 :]
        if mark > 0 and number.isdecimal() and file.startswith(prefix):
            places.add((file[len(prefix) :], int(number)))
    return frozenset(places)
