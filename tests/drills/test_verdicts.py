"""What a stage is judged as, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from seawall.drills.acts import Label
from seawall.drills.scenario import Expect, Scenario, StageSpec, Step, builtin
from seawall.drills.truth import Landed, Stage, Truth
from seawall.drills.verdicts import StageVerdict, ahead, category_of, judge
from seawall.model.finding import Evidence, Finding
from seawall.model.incident import Incident
from seawall.model.severity import Severity

T0 = datetime(2026, 11, 19, 22, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def stage(number: int, behaviour: str = "P-10", *, breach: bool = False, **expect: object) -> StageSpec:
    wanted = Expect(**expect)  # type: ignore[arg-type]
    return StageSpec(f"s{number}", f"Stage {number}", (behaviour,), number, (Step("x"),), breach=breach, expect=wanted)


def of(*stages: StageSpec) -> Scenario:
    return replace(builtin(), id="x", stages=stages, leftovers=(), twins=(), injects=())


def truth(*landed: Landed) -> Truth:
    return Truth("x", "X", 1, 10, tuple(Stage(f"s{n}", "", ()) for n in (1, 2, 3)), landed)


def line(number: int, at: datetime, *, seen: datetime | None = None, place: int = 0) -> Landed:
    label = Label(f"s{number}", f"Stage {number}", "attack", ("P-10",), "x")
    return Landed(label, at, "a.log", place or number, "d", seen)


def finding(*places: int, last: datetime = T0, tags: tuple[str, ...] = ("behaviour:P-10",), count: int = 1) -> Finding:
    return Finding(
        id=f"{sum(places):032x}", detector="d", title="Found", severity=Severity.HIGH, confidence=80, first=T0,
        last=last, count=count, entities=(), why="because", subject="edge1",
        evidence=tuple(Evidence("0" * 32, f"a.log:{n}", "") for n in places), evidence_total=len(places), tags=tags,
    )  # fmt: skip


def one(spec: StageSpec, lines: tuple[Landed, ...], *findings: Finding, over_time: bool = False) -> StageVerdict:
    (verdict,) = judge(of(spec), truth(*lines), findings, lambda _: over_time)
    return verdict


def test_a_rule_stands_at_its_line() -> None:
    verdict = one(stage(1), (line(1, T0), line(1, T0 + 30 * MINUTE, place=9)), finding(9))
    assert (verdict.verdict, verdict.seconds, verdict.category) == ("late", 1800.0, "technique")
    assert (
        one(stage(1, within_s=2000), (line(1, T0), line(1, T0 + 30 * MINUTE, place=9)), finding(9)).verdict
        == "detected"
    )


def test_a_finding_over_time_stands_no_earlier_than_its_last_event() -> None:
    verdict = one(stage(1), (line(1, T0),), finding(1, last=T0 + 2 * MINUTE, count=9), over_time=True)
    assert (verdict.verdict, verdict.seconds) == ("late", 120.0)


def test_time_counts_from_when_a_nightly_copy_could_be_read() -> None:
    night = T0 + timedelta(hours=3)
    assert one(stage(1, shows="nightly"), (line(1, T0, seen=night),), finding(1)).seconds == 0


def test_a_stage_without_a_line_is_not_observable_and_one_with_lines_is_missed() -> None:
    assert one(stage(1), ()).verdict == "not observable"
    missed = one(stage(1), (line(1, T0),))
    assert (missed.verdict, missed.category, missed.seconds) == ("missed", "telemetry", None)


def test_a_stage_that_shows_nowhere_is_found_all_the_same_if_it_is() -> None:
    dark = stage(1, shows="nowhere", because="the shell keeps no log")
    assert (one(dark, ()).verdict, one(dark, ()).why) == ("not observable", "the shell keeps no log")
    assert one(dark, (line(1, T0),), finding(1)).verdict == "detected"


def test_a_finding_is_as_good_as_what_it_says() -> None:
    assert category_of(finding(1), {"P-10"}) == "technique"
    assert category_of(finding(1, tags=("behaviour:P-01",)), {"P-10"}) == "tactic"
    assert category_of(finding(1, tags=("behaviour:R-01",)), {"P-10"}) == "general"
    assert category_of(finding(1, tags=()), {"P-10"}) == "general"


def test_a_better_finding_that_comes_later_is_the_one_that_counts() -> None:
    lines = (line(1, T0), line(1, T0 + MINUTE / 2, place=9))
    verdict = one(stage(1), lines, finding(1, tags=()), finding(9))
    assert (verdict.category, verdict.seconds) == ("technique", 30.0)


def test_stages_before_the_breach_are_counted_from_the_first_right_incident() -> None:
    scenario = of(stage(1), stage(2), stage(3, breach=True))
    lines = tuple(line(n, T0 + n * MINUTE) for n in (1, 2, 3))

    def stood(*places: int) -> int | None:
        found = finding(*places)
        story = Incident("i" * 32, "t", Severity.HIGH, 80, T0, T0, (), (found.id,), (), (), ())
        return ahead(scenario, truth(*lines), [found], [story], lambda _: False).stages_before_breach

    assert [stood(1), stood(2), stood(3)] == [2, 1, 0]
    assert ahead(scenario, truth(*lines), [], [], lambda _: False).stages_before_breach == -1
    assert ahead(of(stage(1)), truth(*lines), [], [], lambda _: False).stages_before_breach is None
