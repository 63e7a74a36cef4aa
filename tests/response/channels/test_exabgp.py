"""Real ExaBGP speaking to real FRR, in network namespaces of the tests' own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from seawall.errors import InputError, PeerError
from seawall.model.action import Action
from seawall.model.site import Device, Site
from seawall.response.actions import kind_of
from seawall.response.channels.exabgp import BgpChannel, configuration
from seawall.response.execute import LIFT, Hands
from seawall.response.steps import Step
from seawall.response.targets import Bgp, Targets

from ..world import World
from .lab import Lab, lab

_SITE = Site(devices=(Device("mgmt", "edge", addresses=("203.0.113.64/27",)),))


@pytest.fixture(scope="module")
def net() -> Iterator[Lab]:
    with lab() as running:
        yield running


def _world(net: Lab) -> tuple[World, Hands]:
    world = World(site=_SITE, targets=Targets(bgp=(net.speaker,)))
    return world, world.new_hands(BgpChannel(net.speaker))


def _applied(world: World, hands: Hands, action: Action) -> Step | None:
    plan = world.plan(action)
    world.sign(plan, action, "ben", "cy")
    outcome = hands.apply(plan, action)
    assert outcome.step is Step.VERIFIED, outcome.said
    world.sign(plan, action, "ana", deed=LIFT)
    return outcome.step


def test_a_black_hole_stops_a_connection_and_its_withdrawal_restores_it(net: Lab) -> None:
    _, speaker = None, net.speaker
    world = World(site=Site(), targets=Targets(bgp=(speaker,)))
    hands = world.new_hands(BgpChannel(speaker))
    action = kind_of("rtbh").action("rr1", {"address": "203.0.113.66"}, "beacon", lasts_s=600)
    assert net.reaches("203.0.113.66")
    _applied(world, hands, action)
    assert not net.reaches("203.0.113.66")
    assert hands.undo(world.plan(action), action).step is Step.UNDONE
    assert net.reaches("203.0.113.66")


@pytest.mark.parametrize(
    ("address", "guarded"),
    [("198.51.100.66", "203.0.113.64/27"), ("2001:db8:bad::1", "2001:db8:60::/64")],
    ids=["v4", "v6"],
)
def test_flow_rules_reach_the_router_and_are_gone_behind_the_withdrawal(net: Lab, address: str, guarded: str) -> None:
    site = Site(devices=(Device("mgmt", "edge", addresses=("203.0.113.64/27", "2001:db8:60::/64")),))
    world = World(site=site, targets=Targets(bgp=(net.speaker,)))
    channel = BgpChannel(net.speaker)
    hands = world.new_hands(channel)
    action = kind_of("flowspec").action("rr1", {"address": address, "guarded": guarded}, "beacon", lasts_s=600)
    _applied(world, hands, action)
    assert len(channel.read(action).split("; ")) == 6
    assert hands.undo(world.plan(action), action).step is Step.UNDONE
    assert channel.read(action) == ""


def test_a_route_the_routers_policy_refuses_is_no_success(net: Lab) -> None:
    world = World(site=Site(), targets=Targets(bgp=(net.speaker,)))
    channel = BgpChannel(replace(net.speaker, patience_s=1.0))
    hands = world.new_hands(channel)
    action = kind_of("rtbh").action("rr1", {"address": "2001:db8:bad::2"}, "beacon", lasts_s=600)  # v4 session only
    plan = world.plan(action)
    world.sign(plan, action, "ben", "cy")
    outcome = hands.apply(plan, action)
    assert (outcome.step, outcome.failed) == (Step.FAILED, True)


def test_the_kill_switch_withdraws_all_and_a_sweep_leaves_what_is_live(net: Lab) -> None:
    channel = BgpChannel(net.speaker)
    live, strange = (
        kind_of("rtbh").action("rr1", {"address": f"198.51.100.{n}"}, "beacon", lasts_s=600) for n in (70, 71)
    )
    for action in (live, strange):
        channel.apply(action, 600)
    assert channel.sweep([live]) == 1
    alone = BgpChannel(replace(net.speaker, check=()))
    assert (alone.read(live) != "", alone.read(strange)) == (True, "")
    assert channel.clear() == 1
    assert alone.read(live) == ""


def test_a_speaker_that_is_not_there_is_told_with_the_way_to_start_it() -> None:
    action = kind_of("rtbh").action("rr1", {"address": "203.0.113.66"}, "beacon", lasts_s=600)
    with pytest.raises(PeerError) as refused:
        BgpChannel(Bgp("rr1", "/nonexistent/s.sock")).apply(action, 600)
    assert "respond speaker rr1" in str(refused.value.mend)


def test_a_speaker_told_too_little_is_refused() -> None:
    with pytest.raises(InputError, match="local_address"):
        configuration(Bgp("rr1", "s.sock"))
