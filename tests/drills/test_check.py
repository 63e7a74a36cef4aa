"""What is wrong with a scenario is said with its line and the mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from seawall.drills.check import check
from seawall.drills.scenario import folder, names
from seawall.errors import InputError

SMALL = """\
id: small
version: 1
title: A small one
objective: none
starts: 2026-11-16
days: 2
begins_day: 1
begins_hour: 1
cast: {edge: {role: edge, platform: ios}, agg: {role: agg, platform: sros}}
strangers: [actor]
stages:
  - id: one
    name: One
    behaviours: [D-01]
    at: 5
    device: edge
    account: x
    acts: [{do: clear logging}]
  - id: two
    name: Two
    behaviours: [D-02]
    at: 6
    because_of: [one]
    device: edge
    account: x
    acts:
      - {do: "> no logging host {log}"}
"""


def write(tmp_path: Path, *swaps: tuple[str, str]) -> Path:
    text = SMALL
    for old, new in swaps:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "small.yml"
    path.write_text(text)
    return path


def test_a_sound_scenario_is_counted(tmp_path: Path) -> None:
    sound = check(write(tmp_path))
    assert (sound.lines, sound.behaviours) == (3, ("D-01", "D-02"))


@pytest.mark.parametrize(
    ("swap", "line", "says", "mend"),
    [
        pytest.param(("D-02", "D-99"), 21, "no behaviour is called 'D-99'", "D-01 to D-", id="unknown-behaviour"),
        pytest.param(("at: 6", "at: 4"), 22, "comes before its cause one", "later than 5", id="effect-before-cause"),
        pytest.param(("[one]", "[zero]"), 23, "no stage is called 'zero'", "choose one of one", id="unknown-cause"),
        pytest.param(('{do: "> no logging host {log}"}', '{do: "! capture state=up", device: agg}'), 27,
                     "no sros device has words for 'capture'", "another platform", id="platform-without-rendering"),
        pytest.param(("{log}", "{nobody}"), None, "nobody plays {nobody}", "name it in `cast`", id="nobody-plays"),
        pytest.param(("version: 1", "version: 1\ncolour: red"), 3, "colour", "every key", id="unknown-key"),
        pytest.param(("platform: sros", "platform: sros, index: 9"), 9, "no agg sros number 9", None, id="no-device"),
        pytest.param(("acts: [{do: clear logging}]", "acts: [{do: clear logging, device: agg}]"), 12,
                     "leaves no line anywhere", "shows: nowhere", id="invisible-and-not-said"),
        pytest.param(("version: 1", "version: 1\nid: twice"), 3, "id is said twice", "keep one", id="key-twice"),
    ],
)  # fmt: skip
def test_a_fault_says_its_line_and_the_mend(
    swap: tuple[str, str], line: int | None, says: str, mend: str | None, tmp_path: Path
) -> None:
    path = write(tmp_path, swap)
    with pytest.raises(InputError) as caught:
        check(path)
    assert says in caught.value.what
    assert caught.value.where == (f"{path}:{line}" if line else str(path))
    assert mend is None or mend in (caught.value.mend or "")


def test_a_stage_that_shows_nowhere_is_sound_if_it_says_why(tmp_path: Path) -> None:
    silent = "acts: [{do: clear logging, device: agg}]\n    expect: {shows: nowhere, because: SR OS logs no commands}"
    assert check(write(tmp_path, ("acts: [{do: clear logging}]", silent))).lines == 2


@pytest.mark.parametrize("name", names())
def test_a_scenario_of_ours_is_sound_and_has_eight_stages_or_more(name: str) -> None:
    sound = check(folder() / f"{name}.yml")
    assert len(sound.scenario.stages) >= 8
    assert sound.scenario.id == name
