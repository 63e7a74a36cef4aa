"""A scenario made of an incident holds nothing of whose it was, and can be played."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from seawall import pipeline
from seawall.drills.check import check
from seawall.drills.mint import minted
from seawall.drills.run import Drilled
from seawall.errors import InputError
from seawall.model.case import open_case
from seawall.model.clock import SystemClock
from seawall.model.site import load_site


def test_an_incident_becomes_a_sound_scenario_without_whose_it_was(
    drilled: Drilled, room: Path, tmp_path: Path
) -> None:
    case, site = open_case(room / "case", SystemClock(), create=False), load_site(room / "evidence.site.toml")
    with pipeline.case_state(case, pipeline.case_settings(case)) as state:
        worst = max(state.incidents(), key=lambda incident: len(incident.stages))
    text = minted(case, worst.id, site)
    path = tmp_path / "minted.yml"
    path.write_text(text)
    sound = check(path)
    assert len(sound.scenario.stages) >= 8
    world = drilled.played.programme.world
    strangers = {word for cue in drilled.played.programme.cues for word in cue.cast.words.values()}
    told = yaml.safe_load(text)
    said = str([(stage["name"], stage["acts"]) for stage in told["stages"]])
    for secret in (
        {n.short for n in world.nodes} | {n.management for n in world.nodes} | {w.account for w in world.workers}
    ):
        assert secret not in said
    assert not [s for s in strangers if s[:1].isdecimal() and s in said]
    assert world.domain not in text


def test_no_such_incident_says_where_to_look(drilled: Drilled, room: Path) -> None:
    assert drilled.results
    case = open_case(room / "case", SystemClock(), create=False)
    with pytest.raises(InputError) as caught:
        minted(case, "ffffffffffff", load_site(room / "evidence.site.toml"))
    assert "incidents list" in (caught.value.mend or "")
