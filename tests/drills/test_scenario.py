from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from seawall.drills.cast import give_parts
from seawall.drills.scenario import builtin, checked, load_scenario
from seawall.drills.world import build
from seawall.errors import InputError

SMALL: dict[str, Any] = {
    "id": "small",
    "version": 1,
    "title": "A small one",
    "objective": "none",
    "starts": "2026-11-16",
    "days": 2,
    "begins_day": 1,
    "begins_hour": 1,
    "cast": {"edge": {"role": "edge"}},
    "strangers": ["actor"],
    "stages": [
        {
            "id": "s1",
            "name": "One",
            "behaviours": ["D-01"],
            "at": 0,
            "device": "edge",
            "acts": [{"do": "clear logging"}],
        }
    ],
}


def broken(**change: Any) -> dict[str, Any]:
    raw = copy.deepcopy(SMALL)
    for key, value in change.items():
        (raw["stages"][0] if key in ("acts", "device") else raw)[key] = value
    return raw


def test_the_built_in_scenario_is_sound_and_long_enough() -> None:
    assert len(builtin().stages) >= 15


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        pytest.param(broken(colour="red"), "colour", id="unknown-key"),
        pytest.param(broken(device="core"), "nobody in the cast", id="unknown-device"),
        pytest.param(broken(acts=[{"do": "! dance"}]), "no act is called 'dance'", id="unknown-doing"),
        pytest.param(broken(begins_day=2), "outside the days", id="too-late"),
        pytest.param(broken(stages=SMALL["stages"] * 2), "share an id", id="same-id"),
        pytest.param(broken(acts=[{"do": "x", "colour": 1}]), "colour", id="unknown-key-of-an-act"),
    ],
)  # fmt: skip
def test_a_wrong_scenario_says_what_is_wrong(raw: dict[str, Any], says: str) -> None:
    with pytest.raises(InputError, match=says):
        checked(raw, where="small.yaml")


@pytest.mark.parametrize("text", ["[", "- 1", "\x00", "a: !!python/object:os.system {}"])
def test_what_is_no_scenario_gives_one_clear_error(text: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(text)
    with pytest.raises(InputError):
        load_scenario(path)


def test_a_place_nobody_plays_is_named(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(yaml.safe_dump(SMALL))
    cast = give_parts(load_scenario(path), build(3))
    assert cast.fill("{edge.short}") == build(3).role("edge")[0].short
    with pytest.raises(InputError, match=r"nobody plays \{moon\}"):
        cast.fill("to the {moon}")
