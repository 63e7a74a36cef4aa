"""All scenarios through the whole pipeline; their verdicts, not their times, are the golden file."""

from __future__ import annotations

import os
from pathlib import Path

from seawall.drills.run import Drilled
from seawall.drills.scenario import names

GOLDEN = Path(__file__).parents[1] / "golden" / "drills" / "verdicts.txt"


def told(drilled: Drilled) -> str:
    rows = [f"{v.scenario} {v.stage}: {v.verdict}, {v.category}" for v in drilled.verdicts if v.scenario in names()]
    return "\n".join(sorted(rows)) + "\n"


def test_the_verdicts_of_all_scenarios_are_those_on_record(drilled: Drilled) -> None:
    if os.environ.get("SEAWALL_WRITE_GOLDEN"):
        GOLDEN.write_text(told(drilled), encoding="utf-8")
    assert told(drilled) == GOLDEN.read_text(encoding="utf-8"), "if it became better: SEAWALL_WRITE_GOLDEN=1"


def test_what_logs_show_at_once_is_found_within_a_minute_in_the_middle(drilled: Drilled) -> None:
    middle = drilled.median_s("at once")
    assert middle is not None
    assert middle < 60


def test_no_honest_twin_raises_an_alarm_of_severity_high(drilled: Drilled) -> None:
    loud = [(r.scenario.id, a.finding.title, a.twin) for r in drilled.results for a in r.high_on_twins()]
    assert loud == []


def test_the_first_right_incident_stands_before_the_crown_jewel_is_touched(drilled: Drilled) -> None:
    ahead = {r.scenario.id: r.ahead.stages_before_breach for r in drilled.results}
    assert all(count is None or count >= 1 for count in ahead.values()), ahead
    assert any(ahead.values())


def test_every_scenario_has_a_twin_that_left_lines(drilled: Drilled) -> None:
    played = {x.label.scenario for x in drilled.played.whole.twins()}
    with_twins = {r.scenario.id for r in drilled.results if r.scenario.twins}
    assert with_twins <= played
    assert len(with_twins) >= 12


def test_neither_speed_nor_day_nor_names_change_a_verdict(drilled: Drilled) -> None:
    told = {
        result.scenario.id: [(v.stage, v.verdict, v.category) for v in result.verdicts] for result in drilled.results
    }
    assert told["first"] == told["first-fast"] == told["first-renamed"]
    assert len({v.at for v in drilled.verdicts if v.scenario.startswith("first")}) == 15


def test_the_scenario_of_the_page_is_caught_whole(drilled: Drilled) -> None:
    (first,) = (result for result in drilled.results if result.scenario.id == "first")
    assert [v.verdict for v in first.verdicts] == ["detected"] * 5
    assert first.alarms == ()
