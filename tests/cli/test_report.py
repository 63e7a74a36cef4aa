from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from seawall.incidents import build
from seawall.ledger import open_ledger
from seawall.model.case import open_case
from seawall.model.clock import SystemClock
from seawall.model.settings import Settings
from seawall.pipeline import case_state
from seawall.reporting.proof import finding_draft
from tests.cli.conftest import Seawall
from tests.incidents.stories import intrusion


@pytest.fixture
def incident(seawall: Seawall) -> str:
    """A case in the folder we stand in, as a hunt leaves it, and its worst incident."""
    case = open_case(Path("case"), SystemClock())
    built = build(intrusion())
    with case_state(case, Settings()) as state, open_ledger(case) as ledger:
        state.save_findings(intrusion())
        state.save_incidents(built)
        ledger.append_all([finding_draft(finding) for finding in intrusion()])
    return max(built, key=lambda one: one.severity).id


def board(seawall: Seawall, *arguments: object) -> dict[str, dict[str, Any]]:
    ran = seawall("report", "deadlines", *arguments, "--format", "jsonl")
    assert ran.code == 0, ran.err
    return {row["duty"]: row for row in map(json.loads, ran.out.splitlines())}


def test_duties_are_listed_without_a_case_and_told_whole(seawall: Seawall) -> None:
    every = [json.loads(line) for line in seawall("report", "duties", "--format", "jsonl").out.splitlines()]
    assert {"US", "EU", "UK", "India"} <= {duty["jurisdiction"] for duty in every}
    shown = seawall("report", "duties", "--jurisdiction", "uk").out
    assert "Ofcom" in shown
    assert "EDGAR" not in shown
    told = seawall("report", "duties", "us.cisa.circia.incident").out
    assert "proposed" in told
    assert "no final rule" in told
    assert seawall("report", "duties", "us.nothing").code == 2
    assert seawall("report", "duties", "--jurisdiction", "Mars").code == 2


def test_a_clock_starts_by_a_recorded_decision_and_follows_what_was_sent(seawall: Seawall, incident: str) -> None:
    assert {row["state"] for row in board(seawall, incident).values()} == {"waiting", "rescinded"}
    stated = seawall(
        "report", "start", incident[:6], "aware", "--at", "2026-11-22T10:02Z", "--by", "C. Ray", "--reason", "seen"
    )
    assert "ledger entry" in stated.out
    at = ("--at", "2026-11-22T12:00Z")
    assert board(seawall, incident, *at)["eu.nis2.early"]["due_at"] == "2026-11-23T10:02:00.000000Z"
    assert board(seawall, incident, "--at", "2026-11-24")["eu.nis2.early"]["state"] == "overdue"
    seawall("report", "sent", incident, "eu.nis2.notification", "--at", "2026-11-22T18:00Z", "--by", "C. Ray")
    final = board(seawall, incident, "--jurisdiction", "EU")["eu.nis2.final"]
    assert final["due_at"] == "2026-12-22T18:00:00.000000Z"
    shown = seawall("report", "deadlines", "--jurisdiction", "EU").out
    assert "eu.nis2.early" in shown


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("start", "ID", "awake", "--at", "2026-11-22", "--by", "x", "--reason", "y"), 2, "no start is called"),
        (("start", "ID", "aware", "--at", "2999-01-01", "--by", "x", "--reason", "y"), 2, "lies ahead"),
        (("start", "ID", "aware", "--at", "2020-01-01", "--by", "x", "--reason", "y"), 0, "before the first event"),
        (("start", "zzzz", "aware", "--at", "2026-11-22", "--by", "x", "--reason", "y"), 3, "incidents list"),
        (("start", "carrier", "aware", "--at", "2026-11-22", "--by", "x", "--reason", "y"), 2, "only facts"),
        (("sent", "ID", "eu.nothing", "--at", "2026-11-22"), 2, "report duties"),
        (("fact", "ID", "customers"), 2, "NAME=VALUE"),
        (("fact", "carrier", "listed_company=yes"), 0, ""),
        (("silence", "ID", "--until", "2027-01-01", "--by", "a court"), 0, ""),
        (("silence", "ID", "--until", "2027-01-01", "--by", "x", "--duty", "eu.gdpr.33"), 2, "to authorities"),
        (("silence", "ID", "--until", "2027-01-01", "--by", "x", "--duty", "eu.nothing"), 2, "report duties"),
    ],
)
def test_what_is_stated_is_checked(
    seawall: Seawall, incident: str, arguments: tuple[str, ...], code: int, words: str
) -> None:
    ran = seawall("report", *(incident if one == "ID" else one for one in arguments))
    assert ran.code == code, ran.err
    assert words in ran.err


def test_own_duties_lie_over_ours_and_a_broken_file_is_named_with_its_line(seawall: Seawall, incident: str) -> None:
    own = Path("case/duties")
    own.mkdir()
    (own / "own.yml").write_text("duties:\n  - {id: us.fcc.1_20003, target: {hours: 4}}\n")
    target = json.loads(seawall("report", "duties", "us.fcc.1_20003", "--format", "jsonl").out)["target"]
    assert target["hours"] == 4
    (own / "own.yml").write_text("duties:\n  - {id: us.fcc.1_20003,\n     zone: Mars}\n")
    ran = seawall("report", "deadlines", incident)
    assert ran.code == 3
    assert "own.yml:3" in ran.err


def test_a_draft_names_what_nobody_knows_and_goes_to_a_file(seawall: Seawall, incident: str) -> None:
    ran = seawall("report", "draft", incident[:8], "eu.nis2.early", "--out", "early.txt")
    assert (ran.code, ran.out) == (0, "")
    assert "not filled: cross_border" in ran.err
    assert "NOT KNOWN AT THIS TIME" in Path("early.txt").read_text()
    seawall("report", "fact", incident, "cross_border=no", "unlawful=yes", "contact=NOC", "carrier=Example")
    made = json.loads(seawall("report", "draft", incident, "eu.nis2.early", "--format", "jsonl").out)
    assert made["fields"]["cross_border"] == "no"
    assert set(made["unfilled"]) == {"started"}


def test_a_notice_about_a_wiretap_goes_to_one_agency(seawall: Seawall, incident: str) -> None:
    ran = seawall("report", "draft", incident, "us.fcc.1_20003")
    assert ran.code == 2
    assert "--agency" in ran.err
    assert "County Sheriff" in seawall("report", "draft", incident, "us.fcc.1_20003", "--agency", "County Sheriff").out


def test_a_drill_starts_no_clock(seawall: Seawall) -> None:
    case = open_case(Path("case"), SystemClock())
    drilled = [replace(finding, exercise="s-1") for finding in intrusion()]
    with case_state(case, Settings()) as state:
        state.save_findings(drilled)
        state.save_incidents(build(drilled))
    (name, *_) = {one.id for one in build(drilled)}
    stated = ("start", name, "aware", "--at", "2026-11-22", "--by", "x", "--reason", "y")
    ran = seawall("report", *stated)
    assert ran.code == 3
    assert "a drill starts no clock" in ran.err
    assert seawall("report", "sent", name, "eu.nis2.early", "--at", "2026-11-22").code == 3
    assert board(seawall, name) == {}
    assert "An exercise" in seawall("report", "deadlines", name).out
    assert seawall("report", "draft", name, "eu.nis2.early").out.startswith("EXERCISE")


def test_an_incident_is_reported_whole_with_its_pictures_and_proofs(seawall: Seawall, incident: str) -> None:
    seawall("report", "start", incident, "aware", "--at", "2026-11-22", "--by", "C. Ray", "--reason", "seen")
    ran = seawall(
        "report", "incident", incident[:8], "--privilege", "Privileged", "--pictures", "pics", "--proofs", "proofs"
    )
    assert ran.code == 0, ran.err
    report, *drawn = ran.out.split()
    assert report == f"case/reports/incident-{incident[:8]}.html"
    text = Path(report).read_text()
    assert incident in text
    assert "Privileged" in text
    assert "NIS2 early warning" in text
    assert sorted(drawn) == ["pics/graph.svg", "pics/timeline.svg"]
    bundles = [folder for folder in Path("proofs").iterdir() if (folder / "entry.tlog-proof").is_file()]
    assert len(bundles) == len(build(intrusion())[0].findings)
    assert seawall("report", "incident", "zzzz").code == 3
    assert seawall("report", "incident", incident, "--out", "no/such/folder.html").code == 3


def test_a_clock_of_an_incident_that_was_joined_with_another_is_not_lost_in_silence(
    seawall: Seawall, incident: str
) -> None:
    seawall("report", "start", incident, "aware", "--at", "2026-11-22", "--by", "C. Ray", "--reason", "seen")
    assert "no incident has that id" not in seawall("report", "deadlines").err
    with case_state(open_case(Path("case"), SystemClock()), Settings()) as state:
        state.save_incidents([])
    ran = seawall("report", "deadlines")
    assert ran.code == 0
    assert f"{incident[:12]}, and no incident has that id" in ran.err
