from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from seawall import detect
from seawall.detect.runner import Judged, steps
from seawall.detect.tables import InMemory
from seawall.engine.lake import Lake
from seawall.model.clock import SystemClock
from seawall.model.finding import Finding
from seawall.model.settings import Settings
from seawall.model.severity import Severity
from seawall.model.site import Device, Site
from seawall.sources import intake
from tests.corpus import corpus_path
from tests.detect.events import START, table
from tests.detect.worlds import login, typed, world

RULES = detect.rules.load()


def test_findings_come_sorted_and_a_second_run_gives_the_same() -> None:
    lake = world(typed((0, "clear logging"), (9, "guestshell enable"), (9, "username x privilege 15 secret *")))
    first = list(detect.run(lake, RULES))
    assert [(f.first, f.id) for f in first] == sorted((f.first, f.id) for f in first)
    assert first == list(detect.run(lake, RULES))
    assert {b for f in first for b in f.behaviours} >= {"D-01", "E-01", "P-01"}


def test_since_leaves_out_earlier_events_but_keeps_those_without_a_time() -> None:
    rows = [
        *typed((0, "clear logging"), (100, "guestshell enable")),
        {**typed((0, "crypto pki export k"))[0], "time": None},
    ]
    found = detect.run(world(rows), RULES, since=START + timedelta(seconds=50))
    assert {b for f in found for b in f.behaviours} == {"E-01", "C-11"}


def test_a_site_resolves_devices_of_raw_kinds_too() -> None:
    rows = [{"observer": "PE1", "mnemonic": "BUFCAP-6-ENABLE", "message": "x", "raw": "x"}]
    lake = InMemory({"syslog": table("syslog", rows)})
    (finding,) = detect.run(lake, RULES, site=Site(devices=(Device("pe1.example.net"),)))
    assert finding.entities[0].value == "pe1.example.net"


def test_progress_comes_before_the_findings() -> None:
    told = list(steps(world(typed((0, "clear logging"))), RULES))
    kinds = [type(step) for step in told]
    assert Judged("commands", 1) in told
    assert kinds == sorted(kinds, key=lambda kind: kind is Finding)


def test_an_empty_lake_gives_nothing() -> None:
    assert list(detect.run(world(), RULES)) == []
    assert list(detect.run(InMemory({}), RULES)) == []


def test_the_catalogue_lists_every_detector_once() -> None:
    listed = detect.catalogue(RULES)
    assert len({about.id for about in listed}) == len(listed) > 60


def test_coverage_tells_seen_from_not_seen_from_could_not_be_seen() -> None:
    lake = world(typed((0, "clear logging")), [login(1, "pe2", "10.1.1.5")])
    told = detect.coverage(lake, detect.catalogue(RULES), list(detect.run(lake, RULES)))
    answers = {(c.device, c.behaviour): c for c in told}
    assert answers["pe1", "D-01"].visibility == "seen"
    assert answers["pe1", "C-02"].visibility == "not seen"
    blind = answers["pe2", "C-02"]
    assert (blind.visibility, blind.setting) == (
        "could not be seen",
        "aaa accounting commands 15 default start-stop group tacacs+",
    )
    assert blind.why == "no commands from this device; it sends logins"
    assert answers["network", "A-01"].visibility == "could not be seen"


def test_a_device_only_the_site_knows_could_not_be_seen() -> None:
    told = detect.coverage(world(), detect.catalogue(RULES), [], Site(devices=(Device("pe9"),)))
    assert {c.visibility for c in told} == {"could not be seen"}
    assert "pe9" in {c.device for c in told}


@pytest.mark.corpus
def test_every_malicious_line_of_the_replay_is_found_and_no_benign_one(tmp_path: Path) -> None:
    replay = corpus_path("netdevice-logs", "synthetic-replay-ios-xe.jsonl").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in replay.splitlines()]
    origins: dict[int, str] = {}
    evidence = tmp_path / "evidence"
    evidence.mkdir()
    for kind in ("syslog", "tacacs-accounting"):
        lines = [row for row in rows if row["telemetry"] == kind]
        origins.update({row["n"]: f"{kind}.log:{n}" for n, row in enumerate(lines, start=1)})
        (evidence / f"{kind}.log").write_text("".join(row["raw"] + "\n" for row in lines), encoding="utf-8")
    lake = Lake(tmp_path / "lake")
    with lake.writer() as writer:
        list(intake.take_in([evidence], intake.reading_for([evidence], Settings(), SystemClock()), writer))
    found = list(detect.run(lake, RULES))
    known = {behaviour for about in detect.catalogue(RULES) for behaviour in about.behaviours}
    tagged = {(e.origin, b) for f in found for e in f.evidence for b in f.behaviours}
    missed = [
        (n, b) for n, o in origins.items() for b in rows[n - 1]["behaviours"] if b in known and (o, b) not in tagged
    ]
    assert missed == []
    benign = {origins[row["n"]] for row in rows if row["n"] in origins and not row["behaviours"]}
    assert [f.why for f in found if f.severity > Severity.LOW and benign & {e.origin for e in f.evidence}] == []
    lake.close()
