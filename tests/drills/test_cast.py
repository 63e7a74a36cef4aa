"""A scenario's parts are given to devices that can play them, alike for one seed, and a wrong name is told."""

from __future__ import annotations

import ipaddress
from dataclasses import replace

import pytest

from seawall.drills.cast import Cast, give_parts
from seawall.drills.scenario import Part, builtin
from seawall.drills.world import build
from seawall.errors import InputError

WORLD = build(7)
SCENARIO = builtin()


def cast() -> Cast:
    return give_parts(SCENARIO, WORLD)


def test_one_seed_gives_one_cast_and_another_seed_another() -> None:
    assert cast() == cast()
    assert give_parts(SCENARIO, build(8)).words["actor"] != cast().words["actor"]


def test_every_part_is_played_by_a_device_that_can() -> None:
    for name, part in SCENARIO.cast.items():
        assert cast().nodes[name].role == part.role
        assert part.platform in ("", cast().nodes[name].platform)


def test_strangers_are_each_somebody_else_and_the_spare_address_is_nobodys() -> None:
    words = cast().words
    strangers = [words[name] for name in SCENARIO.strangers]
    assert len(set(strangers)) == len(strangers)
    assert words["spare"] not in {a for node in WORLD.nodes for a in node.addresses}
    assert ipaddress.ip_address(words["spare"]) in ipaddress.ip_network(WORLD.management_network)


def test_places_are_filled_and_braces_of_other_shapes_are_left_alone() -> None:
    edge = cast().nodes["edge"]
    assert cast().fill("{edge} {edge.short} {edge.loopback}") == f"{edge.name} {edge.short} {edge.loopback}"
    assert cast().fill("awk '{print $1}' {} {Edge}") == "awk '{print $1}' {} {Edge}"


@pytest.mark.parametrize("place", ["{nobody}", "{edge.platform}", "{actor.short}", "{edge.__class__}x{edge.name}"])
def test_a_place_nobody_plays_is_named_with_the_scenario(place: str) -> None:
    with pytest.raises(InputError, match="nobody plays") as caught:
        cast().fill(place)
    assert caught.value.where == f"scenario {SCENARIO.id}"
    assert caught.value.mend


def test_more_parts_than_the_world_has_players_for_are_refused() -> None:
    with pytest.raises(InputError, match="no edge ios number 99"):
        give_parts(replace(SCENARIO, cast={"edge": Part("edge", "ios", 99)}), WORLD)
    crowd = tuple(f"s{n}" for n in range(len(WORLD.strangers) + 1))
    with pytest.raises(InputError, match="strangers"):
        give_parts(replace(SCENARIO, strangers=crowd), WORLD)
