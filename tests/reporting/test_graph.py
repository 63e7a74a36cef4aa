from __future__ import annotations

import random
from dataclasses import replace

from seawall.model.entities import Entity
from seawall.model.site import Device, Site
from seawall.reporting.graph import HEADS, MOST, WIDE, WIDTH, Graph, X, draw
from tests.incidents.stories import intrusion

SITE = Site(devices=(Device("lims1.example.net", "mediation", addresses=("10.9.9.9",), crown_jewel=True),))
STORY = sorted(intrusion(), key=lambda finding: (finding.first, finding.id))


def drawn(*entities: Entity) -> Graph:
    made = draw([replace(STORY[0], entities=entities)], SITE)
    assert made is not None
    return made


def test_who_went_where_stands_in_columns_inside_the_drawing() -> None:
    made = draw(STORY, Site())
    assert made is not None
    assert {head for _, head in made.heads} <= set(HEADS.values())
    for node in made.nodes:
        assert node.x in X.values()
        assert node.x + WIDE <= WIDTH
        assert 0 < node.y < made.height
    for column in set(X.values()):
        ys = [node.y for node in made.nodes if node.x == column]
        assert len(ys) == len(set(ys))
    orders = [node.number for node in made.nodes if node.number]
    assert sorted(orders) == list(range(1, len(orders) + 1))


def test_the_same_findings_give_the_same_drawing_whatever_the_order_of_their_entities() -> None:
    mixed = []
    for finding in STORY:
        entities = list(finding.entities)
        random.Random(7).shuffle(entities)
        mixed.append(replace(finding, entities=tuple(entities)))
    assert draw(STORY, SITE) == draw(mixed, SITE)


def test_an_address_of_a_known_device_is_that_device_and_a_hop_is_an_arc() -> None:
    made = drawn(Entity("ip", "10.9.9.9", "source"), Entity("device", "core1", "target"))
    assert {(node.label, node.jewel) for node in made.nodes} == {("lims1", True), ("core1", False)}
    (edge,) = made.edges
    assert edge.path.startswith(f"M{X['on'] + WIDE}")
    assert f"{X['on'] + WIDE}," in edge.path.rpartition(" ")[2]


def test_an_address_an_account_and_a_device_are_joined_in_that_order() -> None:
    made = drawn(
        Entity("device", "core1", "target"), Entity("account", "x", "actor"), Entity("ip", "192.0.2.1", "source")
    )
    assert {edge.title.partition(":")[0] for edge in made.edges} == {"192.0.2.1 to x", "x to core1"}


def test_what_does_not_fit_is_counted_and_the_gravest_stays() -> None:
    many = tuple(Entity("ip", f"192.0.2.{n}", "source") for n in range(100))
    findings = [replace(STORY[0], entities=(Entity("device", "core1", "target"), *many[:50]))]
    findings += [replace(STORY[0], entities=(Entity("device", "core1", "target"), *many[40:]))]
    made = draw(findings, Site())
    assert made is not None
    assert len([node for node in made.nodes if node.x == X["from"]]) == MOST
    assert f"{100 - MOST} more under" in made.left_out
    labels = {node.label for node in made.nodes}
    assert all(f"192.0.2.{n}" in labels for n in range(40, 50))


def test_one_thing_alone_is_no_picture() -> None:
    assert draw([replace(STORY[0], entities=(Entity("device", "core1", "target"),))], Site()) is None
    assert draw([], Site()) is None
