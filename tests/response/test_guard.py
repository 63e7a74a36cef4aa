from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from seawall.response.actions import kind_of
from seawall.response.holds import Hold
from seawall.response.targets import Bgp, Freeze, Group, Limits, Targets

from .world import NOON, TARGETS, World


def _why(world: World, action: object, **change: object) -> str:
    guard = replace(world.guard, **change)  # type: ignore[arg-type]
    return "; ".join(guard.forbidden(action, world.plan(action), world.book, world.clock.now()))  # type: ignore[arg-type]


def test_a_frozen_router_is_not_changed_and_a_block_still_may() -> None:
    freeze = Freeze(NOON - timedelta(hours=1), NOON + timedelta(hours=1), ("edge1",), "year end")
    world = World(targets=replace(TARGETS, freezes=(freeze,)))
    assert "year end" in _why(world, world.eradication())
    assert _why(world, world.block("198.51.100.7")) == ""
    world.clock.pass_by(hours=2)
    assert _why(world, world.eradication()) == ""


@pytest.mark.parametrize("limits", [Limits(per_hour=2), Limits(blocks=2), Limits(per_incident=2)])
def test_no_more_than_the_limits_allow(limits: Limits) -> None:
    world = World(targets=replace(TARGETS, limits=limits))
    outcomes = []
    for number in range(3):
        action = world.block(f"198.51.100.{number}")
        plan = world.plan(action)
        world.sign(plan, action, "ben", "cy")
        outcomes.append(world.hands.apply(plan, action).said)
    assert [said.startswith("applied") for said in outcomes] == [True, True, False]
    assert "limit" in outcomes[2]


def test_customers_traffic_needs_a_named_legal_basis() -> None:
    speaker = Bgp("rr1", "s", customers=True)
    action = kind_of("rtbh").action("rr1", {"address": "198.51.100.7"}, "x", lasts_s=60)
    assert "legal_basis" in _why(World(targets=Targets(bgp=(speaker,))), action)
    assert _why(World(targets=Targets(bgp=(speaker,), legal_basis="order 2026/7")), action) == ""


def test_a_rule_guards_own_infrastructure_and_nothing_else() -> None:
    world = World()
    flow = {"address": "198.51.100.7", "guarded": "192.0.2.15"}
    good = kind_of("flowspec").action("rr1", flow, "x", lasts_s=60)
    assert _why(world, good) == ""
    for guarded in ("198.51.100.9", "192.0.2.0/24", "192.0.2.80", "203.0.113.240"):  # others', wider, jewel, agency
        assert _why(world, kind_of("flowspec").action("rr1", flow | {"guarded": guarded}, "x", lasts_s=60))
    turned = {"address": "192.0.2.15", "guarded": "192.0.2.15"}
    assert "192.0.2.15" in _why(world, kind_of("flowspec").action("rr1", turned, "x", lasts_s=60))


def test_a_break_glass_account_stays() -> None:
    world = World(targets=replace(TARGETS, break_glass=("Helper",)))
    assert "break-glass" in _why(world, world.eradication())


def test_a_line_that_would_take_an_own_server_away_is_refused() -> None:
    values = {"device": "edge1", "platform": "ios", "line": "tacacs-server host 192.0.2.21"}
    assert "192.0.2.21" in _why(World(), kind_of("restore_aaa").action("edge1", values, "x"))


@pytest.mark.parametrize("what", ["*", "edge1", "helper", "HELPER", "i" * 8])
def test_a_hold_covers_what_it_names(what: str) -> None:
    world = World()
    assert "watch" in _why(world, world.eradication(), holds=(Hold("0" * 32, what, "watch"),))


@pytest.mark.parametrize("what", ["edge", "edge10", "help", "198.51.100.8"])
def test_a_hold_covers_nothing_else(what: str) -> None:
    world = World()
    assert _why(world, world.eradication(), holds=(Hold("0" * 32, what, "watch"),)) == ""


@pytest.mark.parametrize("what", ["192.0.2.1", "edge1.example.net", "::ffff:192.0.2.1"])
def test_a_hold_on_a_device_covers_it_by_every_name_and_address(what: str) -> None:
    world = World()
    assert "watch" in _why(world, world.eradication(), holds=(Hold("0" * 32, what, "watch"),))


@pytest.mark.parametrize(
    ("held", "blocked"),
    [
        ("198.51.100.7", "198.51.100.0/24"),
        ("198.51.100.0/28", "198.51.100.7"),
        ("2001:DB8:0:0::7", "2001:db8::7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
    ],
)
def test_a_held_address_is_held_in_every_spelling_and_within_networks(held: str, blocked: str) -> None:
    world = World()
    assert "watch" in _why(world, world.block(blocked), holds=(Hold("0" * 32, held, "watch"),))


@pytest.mark.parametrize("address", ["198.51.100.250", "198.51.100.251", "198.51.100.0/24"])
def test_the_ends_of_bgp_sessions_are_never_cut_off(address: str) -> None:
    speaker = Bgp("rr1", "s", neighbor="198.51.100.250", local_address="198.51.100.251")
    world = World(targets=replace(TARGETS, bgp=(speaker,)))
    assert "BGP session" in _why(world, world.block(address))
    assert _why(world, world.block("198.51.100.7")) == ""


def test_a_named_login_server_with_an_own_address_stays() -> None:
    values = {"device": "edge1", "platform": "ios", "line": "tacacs server T1 address ipv4 192.0.2.21"}
    assert "192.0.2.21" in _why(World(), kind_of("restore_aaa").action("edge1", values, "x"))


def test_the_account_that_changes_are_made_with_is_not_removed() -> None:
    group = Group("edges", ("edge1",), direct=True, username="Helper")
    world = World(targets=replace(TARGETS, groups=(group,)))
    assert "changes are made with" in _why(world, world.eradication())
