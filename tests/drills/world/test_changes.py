"""Planned changes: each can happen in every world, and is the twin of a behaviour that exists."""

from __future__ import annotations

import re

import pytest

from seawall.drills.acts import DOING
from seawall.drills.world import build
from seawall.drills.world.changes import CHANGES, Change
from seawall.model.behaviours import BEHAVIOURS

PLACES = {"ticket", "customer", "inside", "depot", "backup", "nms", "log"}
EACH = pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())


@EACH
def test_a_change_finds_a_device_and_a_worker_in_any_world(change: Change) -> None:
    for seed in (1, 2):
        world = build(seed)
        assert world.kind(change.by)
        assert any(node.platform == change.platform for role in change.roles for node in world.role(role))


@EACH
def test_its_places_are_those_a_ticket_fills(change: Change) -> None:
    assert {place for step in change.steps for place in re.findall(r"\{(.*?)\}", step)} <= PLACES


@EACH
def test_what_the_device_says_by_itself_is_an_act_with_words(change: Change) -> None:
    for step in change.steps:
        if step.startswith("! "):
            doing, *details = step[2:].split(" ")
            assert doing in DOING
            assert all(re.fullmatch(r"[a-z]+=\S+", detail) for detail in details)


@EACH
def test_it_looks_like_behaviours_there_are_and_fits_into_a_day(change: Change) -> None:
    assert change.behaviours
    assert set(change.behaviours) <= set(BEHAVIOURS)
    assert 0 <= change.hour <= 22
