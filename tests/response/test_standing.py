from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from seawall.errors import InputError
from seawall.response.evidence import Source, Standing, standing_of
from seawall.response.standing import Order, act, values_of
from seawall.response.steps import Step

from .findings import finding
from .world import NOON, World

ORDER = Order("0" * 32, "nft_block", "fw1", 1, 3_600, NOON + timedelta(days=1))
SOUND = Standing(frozenset({"tacacs", "syslog"}), True, False, False, False)


def test_an_order_acts_within_its_bounds_and_only_proposes_beyond() -> None:
    world = World()
    first, second, stays = world.block("198.51.100.7"), world.block("198.51.100.8"), world.eradication()
    plan = world.plan(first, second, stays)
    known = {action.id: SOUND for action in plan.actions}
    outcomes = list(act(world.hands, plan, known, [ORDER]))
    assert [outcome.step for outcome in outcomes] == [Step.VERIFIED, None, None]
    assert "allows 1" in outcomes[1].said
    assert "no order covers what stays" in outcomes[2].said


@pytest.mark.parametrize(
    "weak",
    [
        pytest.param(None, id="nothing known"),
        pytest.param(replace(SOUND, sources=frozenset({"tacacs"})), id="one source"),
        pytest.param(replace(SOUND, authenticated=False), id="none authenticated"),
        pytest.param(replace(SOUND, only_spoofable=True), id="spoofable"),
        pytest.param(replace(SOUND, only_learned=True), id="learned"),
        pytest.param(replace(SOUND, only_indicator=True), id="indicator only"),
    ],
)
def test_weak_evidence_never_acts_alone(weak: Standing | None) -> None:
    world = World()
    action = world.block("198.51.100.7")
    known = {action.id: weak} if weak else {}
    (outcome,) = act(world.hands, world.plan(action), known, [ORDER])
    assert outcome.step is None
    assert not world.target.held


@pytest.mark.parametrize(
    "order", [replace(ORDER, until=NOON), replace(ORDER, target="fw2"), replace(ORDER, lasts_s=60)]
)
def test_an_order_that_ended_or_is_for_something_else_does_not_act(order: Order) -> None:
    world = World()
    action = world.block("198.51.100.7")
    (outcome,) = act(world.hands, world.plan(action), {action.id: SOUND}, [order])
    assert outcome.step is None


def test_an_order_is_under_safelist_and_drills_like_everything_else() -> None:
    world = World()
    protected, drilled = world.block("203.0.113.130"), world.block("198.51.100.7")
    (one,) = act(world.hands, world.plan(protected), {protected.id: SOUND}, [ORDER])
    (two,) = act(world.hands, world.plan(drilled, exercise=True), {drilled.id: SOUND}, [ORDER])
    assert "safelist" in one.said
    assert "drills never act" in two.said
    assert not world.target.held


@pytest.mark.parametrize(
    "bounds",
    [
        ("remove_user", "edge1", 1, 1.0, 1),
        ("nft_block", "fw1", 0, 1.0, 1),
        ("nft_block", "fw1", 1, 25.0, 1),
        ("nft_block", "fw1", 1, 1.0, 40),
    ],
)
def test_bounds_that_are_none_are_not_signed(bounds: tuple[str, str, int, float, int]) -> None:
    kind, target, count, hours, days = bounds
    with pytest.raises(InputError):
        values_of(kind, target, count, hours, NOON + timedelta(days=days), NOON)


def test_what_findings_rest_on_is_told_by_their_events() -> None:
    told = finding(events=("a" * 32, "b" * 32))
    tacacs, syslog = Source("tacacs"), Source("syslog", "spoofable")
    both = standing_of([told], {"a" * 32: tacacs, "b" * 32: syslog})
    assert both.may_act_alone
    assert not standing_of([told], {"a" * 32: tacacs}).may_act_alone
    assert standing_of([told], {"a" * 32: syslog, "b" * 32: syslog}).only_spoofable
    assert standing_of([replace(told, learned=True)], {"a" * 32: tacacs}).only_learned
    assert standing_of([replace(told, detector="indicator.ip")], {"a" * 32: tacacs}).only_indicator
    assert not standing_of([told], {"a" * 32: Source("tacacs", "spoofable"), "b" * 32: syslog}).authenticated
