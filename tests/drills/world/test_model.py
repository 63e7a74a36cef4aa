"""Looking things up in a world: by role, platform, name and kind, and nothing found is said, not guessed."""

from __future__ import annotations

import pytest

from seawall.drills.world import build
from seawall.drills.world.model import Node

WORLD = build(7)


def test_a_node_answers_to_its_full_and_its_short_name_and_to_no_part_of_them() -> None:
    node = WORLD.nodes[3]
    assert WORLD.node(node.name) is WORLD.node(node.short) is node
    for wrong in (node.short[:-1], "", node.management):
        with pytest.raises(KeyError):
            WORLD.node(wrong)


def test_addresses_come_management_first_without_gaps() -> None:
    assert Node("a.example.net", "a", "pe", "ios", "hav", "10.0.0.1", public="192.0.2.1").addresses == (
        "10.0.0.1",
        "192.0.2.1",
    )


def test_roles_and_kinds_nobody_has_are_empty() -> None:
    assert WORLD.role("submarine") == WORLD.platform() == WORLD.kind("") == ()


def test_platforms_of_a_world_take_in_every_node_once() -> None:
    platforms = {node.platform for node in WORLD.nodes}
    assert len(WORLD.platform(*platforms)) == len(WORLD.nodes)
