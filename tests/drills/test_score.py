from __future__ import annotations

from datetime import UTC, datetime, timedelta

from seawall.drills.acts import Label
from seawall.drills.score import score
from seawall.drills.truth import Landed, Stage, Truth
from seawall.model.finding import Evidence, Finding
from seawall.model.severity import Severity

T0 = datetime(2026, 11, 19, 22, 1, tzinfo=UTC)
EXPLOIT = Label("s1", "Router exploited", "attack", ("A-01",))
TUNNEL = Label("s2", "Tunnel built", "attack", ("P-10",))
TWIN = Label("customer-tunnel", "A customer tunnel is added", "twin", ("P-10",))
TRUTH = Truth(
    scenario="x",
    title="X",
    seed=1,
    lines=100,
    stages=(
        Stage("s1", "Router exploited", ("A-01",)),
        Stage("s2", "Tunnel built", ("P-10",)),
        Stage("s3", "Not played", ()),
    ),
    landed=(
        Landed(EXPLOIT, T0, "zeek/http.log", 9, "a"),
        Landed(EXPLOIT, T0 + timedelta(seconds=30), "syslog/edge1.log", 4, "b"),
        Landed(TUNNEL, T0 + timedelta(hours=1), "syslog/edge1.log", 8, "c"),
        Landed(TWIN, T0 - timedelta(days=1), "syslog/pe1.log", 3, "d"),
    ),
)


def finding(number: int, *origins: str, severity: Severity = Severity.HIGH, tags: tuple[str, ...] = ()) -> Finding:
    return Finding(
        id=f"{number:032x}", detector="d", title=f"Finding {number}", severity=severity, confidence=80,
        first=T0, last=T0, count=1, entities=(), why="because", subject="edge1",
        evidence=tuple(Evidence("0" * 32, origin, "") for origin in origins), evidence_total=len(origins), tags=tags,
    )  # fmt: skip


def test_a_stage_is_caught_by_the_finding_with_the_earliest_line() -> None:
    late = finding(1, "syslog/edge1.log:4", tags=("behaviour:A-02",))
    early = finding(2, "zeek/http.log:9", tags=("behaviour:A-01",))
    stage = score(TRUTH, [late, early]).stages[0]
    assert (stage.caught, stage.by, stage.delay, stage.behaviours) == (True, "Finding 2", timedelta(0), ("A-01",))
    assert (stage.lines, stage.lines_found) == (2, 2)


def test_delay_counts_from_the_first_line_of_the_stage() -> None:
    assert score(TRUTH, [finding(1, "syslog/edge1.log:4")]).stages[0].delay == timedelta(seconds=30)


def test_a_stage_without_evidence_is_not_tested_rather_than_missed() -> None:
    result = score(TRUTH, [])
    assert (result.tested, result.caught) == (2, 0)
    assert result.stages[2].began is None


def test_a_finding_on_honest_lines_alone_is_a_false_alarm_and_names_its_twin() -> None:
    result = score(TRUTH, [finding(1, "syslog/pe1.log:3"), finding(2, "syslog/pe9.log:1")])
    assert [alarm.twin for alarm in result.false_alarms] == ["A customer tunnel is added", ""]
    assert result.benign_lines_accused == 2


def test_low_findings_neither_catch_nor_accuse() -> None:
    result = score(TRUTH, [finding(1, "syslog/pe1.log:3", "zeek/http.log:9", severity=Severity.LOW)])
    assert (result.caught, result.false_alarms) == (0, ())


def test_honest_bystanders_of_a_true_finding_are_counted_but_raise_no_alarm() -> None:
    result = score(TRUTH, [finding(1, "syslog/edge1.log:4", "syslog/edge1.log:5")])
    assert (result.false_alarms, result.benign_lines_accused) == ((), 1)


def test_the_folder_may_have_been_hunted_from_above() -> None:
    assert score(TRUTH, [finding(1, "case7/evidence/zeek/http.log:9")], below="case7/evidence").caught == 1


def test_the_right_line_under_the_wrong_behaviour_is_caught_but_not_right() -> None:
    stage = score(TRUTH, [finding(1, "syslog/edge1.log:8", tags=("behaviour:D-01",))]).stages[1]
    assert (stage.caught, stage.right) == (True, False)
