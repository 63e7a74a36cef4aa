"""Running drills: play, hunt what was played like any other evidence, judge.

Nothing of a drill enters a real case but the result: the evidence, its lake and its findings live in a folder of their
own, so that no baseline, statement, share or duty ever sees them. A site file of one's own is not used: the carrier of
a drill brings its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any, Final

from seawall import pipeline
from seawall.detect.rules import RuleSet
from seawall.detect.sigma.options import Options
from seawall.drills.conditions import Conditions
from seawall.drills.gather import AS_IT_IS
from seawall.drills.intercepts import write_office
from seawall.drills.play import Played, play_all
from seawall.drills.scenario import Scenario
from seawall.drills.score import FalseAlarm, Score, score
from seawall.drills.truth import Truth
from seawall.drills.verdicts import WORTH, Ahead, StageVerdict, ahead, judge
from seawall.model.case import open_case
from seawall.model.clock import FixedClock
from seawall.model.finding import Finding
from seawall.model.severity import Severity
from seawall.model.site import load_site
from seawall.pipeline import oversight

SEED: Final = 2026


@dataclass(frozen=True, slots=True)
class Result:
    """How one scenario went."""

    scenario: Scenario
    verdicts: tuple[StageVerdict, ...]
    ahead: Ahead
    alarms: tuple[FalseAlarm, ...]  # above low, on its honest twins alone

    @property
    def tested(self) -> tuple[StageVerdict, ...]:
        """Its stages that could be seen."""
        return tuple(v for v in self.verdicts if v.verdict != "not observable")

    @property
    def share(self) -> float:
        """Share of the observable stages that were detected in time, 0 to 1; 1 where none was observable."""
        return sum(v.verdict == "detected" for v in self.tested) / len(self.tested) if self.tested else 1.0

    @property
    def worth(self) -> float:
        """One number, for those who need one: the mean weight of the categories, 0 to 1 (telemetry a quarter …)."""
        return sum(WORTH.get(v.category, 0.0) for v in self.tested) / len(self.tested) if self.tested else 1.0

    def median_s(self, shows: str = "at once") -> float | None:
        """Median time to detect, seconds, of the stages that show so; None where none was found."""
        times = [v.seconds for v in self.verdicts if v.shows == shows and v.seconds is not None]
        return median(times) if times else None

    def high_on_twins(self) -> tuple[FalseAlarm, ...]:
        """Alarms of severity high or above that honest work raised."""
        return tuple(alarm for alarm in self.alarms if alarm.finding.severity >= Severity.HIGH)

    def summary(self) -> dict[str, Any]:
        """The facts a trend keeps."""
        return {
            "scenario": self.scenario.id,
            "version": self.scenario.version,
            "stages": len(self.verdicts),
            "detected": sum(v.verdict == "detected" for v in self.verdicts),
            "late": sum(v.verdict == "late" for v in self.verdicts),
            "missed": sum(v.verdict == "missed" for v in self.verdicts),
            "not_observable": sum(v.verdict == "not observable" for v in self.verdicts),
            "median_s": self.median_s(),
            "stages_before_breach": self.ahead.stages_before_breach,
            "false_alarms_on_twins": len(self.alarms),
            "high_on_twins": len(self.high_on_twins()),
            "worth": round(self.worth, 3),
        }


@dataclass(frozen=True, slots=True)
class Drilled:
    """How a whole run went."""

    results: tuple[Result, ...]
    noise: Score  # all scenarios together: false alarms, honest lines accused
    seed: int
    conditions: Conditions
    days: int
    played: Played
    findings: tuple[Finding, ...] = field(repr=False)
    rules: RuleSet = field(repr=False)

    @property
    def verdicts(self) -> tuple[StageVerdict, ...]:
        """Every stage of every scenario."""
        return tuple(v for result in self.results for v in result.verdicts)

    def median_s(self, shows: str = "at once") -> float | None:
        """Median time to detect over all stages that show so, seconds."""
        times = [v.seconds for v in self.verdicts if v.shows == shows and v.seconds is not None]
        return median(times) if times else None


@dataclass(frozen=True, slots=True)
class Staged:
    """The evidence was written; the hunt begins."""

    lines: int
    days: int


def run(
    scenarios: Sequence[Scenario],
    room: Path,
    *,
    seed: int = SEED,
    conditions: Conditions = AS_IT_IS,
    rules: tuple[Path, ...] = (),
    reading: Options | None = None,
    jobs: int = 1,
) -> Iterator[Staged | pipeline.Progress | Drilled]:
    """Play scenarios into `room`, hunt there, judge; yields progress, last the result.

    `rules` are more Sigma rules beside those that come with Seawall: what a change of rules would bring.

    Raises:
        InputError: the room is not empty, or a scenario does not fit the carrier.
    """
    evidence = room / "evidence"
    played = play_all(scenarios, evidence, seed, conditions=conditions)
    days = played.programme.world.days
    yield Staged(played.whole.lines, days)
    clock = FixedClock(_end(played) + timedelta(hours=1))
    request = pipeline.HuntRequest(
        case=open_case(room / "case", clock),
        paths=(evidence,),
        site=load_site(room / "evidence.site.toml"),
        rules=rules,
        reading=reading or Options(),
        clock=clock,
        jobs=jobs,
    )
    for step in pipeline.hunt(request):
        if isinstance(step, pipeline.Hunted):
            yield judged(scenarios, played, step, seed, conditions, room / "intercepts")
        else:
            yield step


def _end(played: Played) -> datetime:
    return max(landed.readable for landed in played.whole.landed)


def judged(
    scenarios: Sequence[Scenario],
    played: Played,
    hunted: pipeline.Hunted,
    seed: int,
    conditions: Conditions,
    office: Path,
) -> Drilled:
    """The verdicts on what a hunt found in what was played; the intercept office's exports go below `office`."""
    over_time = _over_time(hunted.rules)
    whole = score(played.whole, hunted.findings)
    results = []
    for scenario in scenarios:
        truth = played.of(scenario)
        verdicts = judge(scenario, truth, hunted.findings, over_time)
        if any(stage.tap for stage in scenario.stages):
            verdicts = with_taps(verdicts, scenario, truth, office / scenario.id, played, seed)
        twins = {(x.file, x.line) for x in truth.twins()}
        results.append(
            Result(
                scenario=scenario,
                verdicts=verdicts,
                ahead=ahead(scenario, truth, hunted.findings, hunted.incidents, over_time),
                alarms=tuple(a for a in whole.false_alarms if not a.places.isdisjoint(twins)),
            )
        )
    return Drilled(
        results=tuple(results),
        noise=whole,
        seed=seed,
        conditions=conditions,
        days=played.programme.world.days,
        played=played,
        findings=hunted.findings,
        rules=hunted.rules,
    )


def with_taps(
    verdicts: tuple[StageVerdict, ...], scenario: Scenario, truth: Truth, office: Path, played: Played, seed: int
) -> tuple[StageVerdict, ...]:
    """The verdicts with those on rogue taps: they show in the office's own exports alone, which the SOC never holds."""
    cue = next(cue for cue in played.programme.cues if cue.scenario.id == scenario.id)
    rogue = write_office(scenario, truth, office, seed, cue.cast)
    clock = FixedClock(max(x.readable for x in truth.landed) + timedelta(hours=1))
    found = [f for f in oversight.reconcile((office,), clock).findings if any(e.value == rogue for e in f.entities)]
    taps = {stage.id for stage in scenario.stages if stage.tap}
    best = max(found, key=lambda f: f.severity, default=None)
    if best is None:
        return verdicts
    return tuple(
        replace(v, verdict="detected", category="technique", seconds=0.0, at=v.began, by=best.title,
                detector=best.detector, shows="nightly", why="") if v.stage in taps else v
        for v in verdicts
    )  # fmt: skip


def _over_time(rules: RuleSet) -> Callable[[Finding], bool]:
    """Whether a finding needs more than one event: those of plain rules and of indicators stand at each."""
    at_once = {rule.about.id for rule in rules.rules}

    def answer(finding: Finding) -> bool:
        return finding.count > 1 and finding.detector not in at_once and not finding.detector.startswith("indicator")

    return answer
