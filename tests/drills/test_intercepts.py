"""The intercept office of a drill: one rogue tap, its setting in the trail, and nothing else to be found."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from seawall.drills.cast import give_parts
from seawall.drills.intercepts import write_office
from seawall.drills.scenario import builtin
from seawall.drills.world import build
from seawall.model.clock import SystemClock
from seawall.pipeline.intercept_story import SESSION, stories
from seawall.pipeline.oversight import reconcile
from seawall.pipeline.soc_evidence import SocEvidence
from tests.drills.conftest import Played


def test_the_rogue_tap_and_the_session_that_set_it_are_one_story(played: Played, tmp_path: Path) -> None:
    scenario = builtin()
    rogue = write_office(scenario, played.truth, tmp_path / "office", 7)
    findings = reconcile([tmp_path / "office"], SystemClock()).findings
    assert sorted(one.detector for one in findings) == ["OFF_HOURS_CHANGE", "TAP_WITHOUT_WARRANT"]
    assert all(rogue in {entity.value for entity in one.entities} for one in findings)
    cast = give_parts(scenario, build(7, starts=scenario.starts, days=scenario.days))
    login = max(x.time for x in played.truth.attacks() if "L-07" in x.label.behaviours)
    row = {"event_id": "0" * 32, "time": login, "end": login + timedelta(minutes=9), "device": cast.nodes["lims"].name,
           "user": cast.fill("{officer}"), "src_ip": cast.nodes["jump"].management, "commands": 1}  # fmt: skip
    ((_, told),) = stories(findings, SocEvidence(sessions=[row]))
    assert {one.detector for one in told} == {"OFF_HOURS_CHANGE", "TAP_WITHOUT_WARRANT", SESSION}


def test_the_same_seed_writes_the_same_bytes_and_no_mediation_writes_none(played: Played, tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_office(builtin(), played.truth, tmp_path / name, 7)
    for file in (tmp_path / "a").iterdir():
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()
    assert write_office(builtin(), replace(played.truth, landed=()), tmp_path / "c", 7) == ""
