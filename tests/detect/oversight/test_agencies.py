"""One agency's world: its own, and nothing of another's."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.detect.oversight.agencies import agencies_of, restricted
from seawall.detect.oversight.facts import Act, Order, Row, Tap, Target, World
from tests.detect.oversight.worlds_said import part, world_of

ROW = Row("0" * 32, "x", 0)


@settings(max_examples=60)
@given(part("ALPHA"), part("BRAVO"), st.integers(0, 9))
def test_what_is_kept_is_the_agency_s_and_all_of_it(
    a: dict[str, list[Any]], b: dict[str, list[Any]], seed: int
) -> None:
    own = restricted(world_of([a, b], 3, seed), " alpha ")
    assert {id(order) for order in own.orders} == {id(order) for order in a["orders"]}
    assert {id(tap) for tap in own.taps} == {id(tap) for tap in a["taps"]}
    assert "BRAVO" not in repr(own.policy)
    assert not any("B" in act.xid or act.agency == "BRAVO" for act in own.acts)
    assert [act for act in own.acts if act.other] == []


def test_agencies_are_those_orders_name_once() -> None:
    orders = [Order(ROW, str(n), agency=name) for n, name in enumerate(["B", " b ", "A", ""])]
    assert agencies_of(World(0, {}, orders=orders)) == ["A", "B"]


def test_what_cannot_be_told_apart_is_nobody_s() -> None:
    target = Target("msisdn", "g" * 64)
    order = Order(ROW, "W-1", "LI-1", "ALPHA", targets=(target,), native="990", elements=("cr-1",))
    by_target = Tap(ROW, "amf-1", "element", "x1", "other", "active", xid="other", targets=(target,))
    elsewhere = Tap(ROW, "cr-2", "element", "snmp", "990", "active", native="990")
    here = replace(elsewhere, system="CR-1")
    login = Act(ROW, "cr-1", "jdoe", "", "", "", "user 'jdoe' successfully authenticated", "", "", "", "", "", "openli")
    world = World(0, {}, orders=[order], taps=[by_target, elsewhere, here], acts=[login])
    own = restricted(world, "ALPHA")
    assert own.taps == [here]
    assert own.acts == []


def test_a_liid_that_two_agencies_share_needs_the_agency_in_the_record() -> None:
    order = Order(ROW, "W-1", "LI-1", "ALPHA")
    tap = Tap(ROW, "prov", "element", "openli", "LI-1", "active", liids=("LI-1",))
    for policy in ({"shared_liids": [{"liid": "li-1", "agencies": ["BRAVO", "ALPHA"]}]}, {"liid_unique_per": "agency"}):
        world = World(0, policy, orders=[order], taps=[tap, replace(tap, agency="alpha"), replace(tap, agency="BRAVO")])
        assert [one.agency for one in restricted(world, "ALPHA").taps] == ["alpha"]
