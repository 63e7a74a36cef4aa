"""The honest statement of a case, end to end, while evidence is taken away piece by piece."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from seawall import pipeline
from seawall.detect.rules import RuleSet, load
from seawall.engine.lake import Lake
from seawall.errors import InputError, UsageError
from seawall.incidents import assess
from seawall.incidents.asked import Asked
from seawall.model.assessment import Assessment
from seawall.model.case import Case, open_case
from seawall.model.coverage import Coverage
from seawall.model.site import Device, Person, Site
from seawall.pipeline import assessing
from tests.engine.makers import at, events, put
from tests.pipeline.hunting import CLOCK

HOUR = 3_600
PERIOD = (at(0), at(72 * HOUR))
SITE = Site(
    jump_hosts=("10.9.0.5",),
    people=(Person("dba1"),),
    devices=(
        Device("cdr1", role="cdr-store", platform="linux", addresses=("10.9.20.81",), crown_jewel=True),
        Device("lims1", role="mediation", crown_jewel=True),
    ),
)
WHO = {"observer": "cdr1", "user": "dba1", "src_ip": "10.9.0.5", "outcome": "success"}


def rows(kind: str, every_s: int, **more: Any) -> list[dict[str, Any]]:
    times = range(0, 72 * HOUR, every_s)
    return [{"time": at(n), "origin": f"{kind}.log:{n}", **WHO, **more} for n in times]


EVIDENCE: dict[str, list[dict[str, Any]]] = {
    "syslog": rows("syslog", 1_200, activity="login", service="ssh", platform="linux", raw="sshd"),
    "auditd": rows("auditd", 600, activity="command", command="ls", command_raw="ls", host="cdr1"),
    "db_audit": rows("db_audit", 1_800, action="read", object="cdr", device="cdr1", activity="login"),
}


@pytest.fixture(scope="module")
def ruleset() -> RuleSet:
    return load(())


def filled(folder: Path, kinds: dict[str, list[dict[str, Any]]]) -> Lake:
    lake = Lake(folder, clock=CLOCK)
    for kind, some in kinds.items():
        put(lake, kind, events(kind, some))
    return lake


def answer(folder: Path, kinds: dict[str, list[dict[str, Any]]], coverage: list[Coverage]) -> Assessment:
    """What a lake of these kinds comes to for the call records; coverage is that of the whole evidence."""
    found = assessing.gathered(filled(folder, kinds), SITE, (), *PERIOD)
    return assess(Asked((), (), coverage, SITE, found, *PERIOD, "customer-data"))[0]


def test_evidence_taken_away_piece_by_piece_leads_to_not_known(tmp_path: Path, ruleset: RuleSet) -> None:
    case = open_case(tmp_path / "whole", CLOCK)
    case.settings_file.write_text("[lake]\nretention_days = 1\nlegal_hold = true\n", encoding="utf-8")
    lake = filled(case.lake, EVIDENCE)
    assert lake.retain(CLOCK.now(), pipeline.case_settings(case).lake.legal_hold) == 0
    question = pipeline.Question("customer-data", period=PERIOD, site=SITE)
    whole = pipeline.assess_case(case, ruleset, question, CLOCK)
    assert [(a.device, a.answer) for a in whole.answers] == [("cdr1", "no evidence")], whole.answers[0].why
    assert (whole.answers[0].unexplained, whole.answers[0].explained > 0) == (0, True)
    assert [point.sound for point in whole.integrity if "ledger" in point.topic] == [None]  # it has none yet
    assert "A legal hold is on" in whole.retention
    coverage = pipeline.in_view(lake, ruleset, (), SITE)
    for kind in ("syslog", "db_audit"):
        less = {k: some for k, some in EVIDENCE.items() if k != kind}
        assert answer(tmp_path / kind, less, coverage).answer == "cannot be known", kind
    day = {k: [r for r in some if not at(24 * HOUR) < r["time"] < at(48 * HOUR)] for k, some in EVIDENCE.items()}
    holed = answer(tmp_path / "day", day, coverage)
    assert holed.answer == "cannot be known"
    assert {gap.first.day for gap in holed.blind} == {at(24 * HOUR).day}


def test_it_is_asked_of_an_incident_or_a_period(tmp_path: Path) -> None:
    case: Case = open_case(tmp_path / "case", CLOCK)
    with pytest.raises(UsageError, match="an incident or a period"):
        pipeline.assess_case(case, RuleSet(), pipeline.Question(), CLOCK)
    with pytest.raises(InputError, match="no incident has that id"):
        pipeline.assess_case(case, RuleSet(), pipeline.Question(incident="ffff"), CLOCK)
    with pytest.raises(UsageError, match="ends before"):
        pipeline.assess_case(case, RuleSet(), pipeline.Question(period=PERIOD[::-1]), CLOCK)
