import random
from dataclasses import dataclass

import pytest

from seawall.response.execute import LIFT
from seawall.response.reconcile import reconcile
from seawall.response.steps import Step, stand_of, stands

from .world import Died, World


@dataclass
class Fuse:
    """Ends the process at its n-th touch of ledger or target."""

    left: int

    def __call__(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise Died


def _settled(world: World, *actions: object) -> None:
    world.book.fault = world.target.fault = None
    known = {action.id: action for action in actions}  # type: ignore[attr-defined]
    list(reconcile(world.new_hands(), known, [world.target]))


def test_a_kill_at_any_step_leaves_no_orphan(kills: int) -> None:
    """What stands on the target stands in the ledger, before its time and behind it."""
    chance = random.Random(12)
    died = 0
    for run in range(kills * 4):
        world = World()
        actions = [world.block("198.51.100.7"), world.block("198.51.100.8"), world.eradication()]
        plan = world.plan(*actions)
        for action in actions:
            world.sign(plan, action, "ben", "cy")
            if action.lasting == "block":
                world.sign(plan, action, "ana", deed=LIFT)
        fuse = Fuse(1 + run if run < 30 else chance.randint(1, 60))
        world.book.fault = world.target.fault = fuse
        try:
            for action in actions:
                world.hands.apply(plan, action)
            world.hands.undo(plan, actions[0])
            world.hands.verify(actions[1])
        except Died:
            died += 1
        _settled(world, *actions)
        _agree(world, actions)
        gone = not world.target.state().get("remove_user helper")
        world.clock.pass_by(hours=2)
        _settled(world, *actions)
        assert not list(world.target.ours())
        assert not any(s.stands for s in stands(world.book).values() if s.expires)
        assert gone == (not world.target.state().get("remove_user helper")), "no timer or crash undoes an eradication"
    assert died >= kills


def _agree(world: World, actions: list) -> None:  # type: ignore[type-arg]
    there = set(world.target.ours())
    for action in actions:
        known = stand_of(world.book, action.id)
        if action.lasting == "block":
            assert (action.id in there) == bool(known and known.stands)
        elif known and known.step is Step.VERIFIED:
            assert not world.target.state().get("remove_user helper")
        else:
            assert known is None or known.step is Step.FAILED


def test_a_block_the_target_lost_comes_back_for_the_time_left_and_nothing_else_does() -> None:
    world = World()
    due, over = world.block("198.51.100.7", 3_600), world.block("198.51.100.8", 60)
    plan = world.plan(due, over)
    for action in (due, over):
        world.sign(plan, action, "ben", "cy")
        world.hands.apply(plan, action)
    world.target.held.clear()  # the router's session, or the firewall, was started anew
    world.clock.pass_by(minutes=30)
    _settled(world, due, over)
    assert list(world.target.ours()) == [due.id]
    world.clock.pass_by(minutes=31)
    assert not list(world.target.ours())
    _settled(world, due, over)
    assert {stand_of(world.book, a.id).step for a in (due, over)} == {Step.EXPIRED}  # type: ignore[union-attr]


def test_what_carries_our_name_and_no_plan_knows_goes() -> None:
    world = World()
    world.target.held["198.51.100.9"] = ("ours " + "f" * 32, None)
    world.target.held["198.51.100.10"] = ("somebody's own", None)
    _settled(world)
    assert world.target.state() == {"198.51.100.10": "somebody's own"}


def test_a_block_whose_plan_nobody_can_read_stands_until_its_time_is_over_and_keeps_no_other_in_place() -> None:
    world = World()
    unread, over = world.block("198.51.100.7", 3_600), world.block("198.51.100.8", 60)
    plan = world.plan(unread, over)
    for action in (unread, over):
        world.sign(plan, action, "ben", "cy")
        world.hands.apply(plan, action)
    world.target.held["198.51.100.8"] = (
        world.target.held["198.51.100.8"][0],
        None,
    )  # a target without a timer of its own
    world.clock.pass_by(minutes=30)
    _settled(world, over)
    assert list(world.target.ours()) == [unread.id]
    world.target.held = {address: (text, None) for address, (text, _) in world.target.held.items()}
    world.clock.pass_by(minutes=31)
    _settled(world, over)
    assert not list(world.target.ours())


@pytest.mark.soak
def test_a_thousand_kills_leave_no_orphan() -> None:
    test_a_kill_at_any_step_leaves_no_orphan(1_000)
