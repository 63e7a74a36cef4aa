import contextlib
import itertools
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.errors import InputError
from seawall.people.approve import NotApprovedError
from seawall.people.keys import PrivateKey
from seawall.response.actions import kind_of
from seawall.response.execute import LIFT, UNDO
from seawall.response.holds import Hold
from seawall.response.plans import Plans, cut_to, read_plan
from seawall.response.steps import Step, stand_of

from .world import World


@pytest.fixture
def world() -> World:
    return World()


def test_nothing_happens_before_two_others_signed(world: World) -> None:
    action = world.block("198.51.100.7")
    plan = world.plan(action)
    assert "0 of 2" in world.hands.apply(plan, action).said
    with pytest.raises(NotApprovedError):
        world.sign(plan, action, "ana")  # the requester
    world.sign(plan, action, "ben")
    with pytest.raises(NotApprovedError):
        world.sign(plan, action, "ben")  # again
    assert "1 of 2" in world.hands.apply(plan, action).said
    assert not world.target.held
    world.sign(plan, action, "cy")
    assert world.hands.apply(plan, action).step is Step.VERIFIED
    assert world.target.state() == {"198.51.100.7": f"ours {action.id}"}


def test_signatures_end(world: World) -> None:
    action = world.block("198.51.100.7")
    plan = world.plan(action)
    world.sign(plan, action, "ben", "cy", hours=1)
    world.clock.pass_by(hours=1)
    assert "0 of 2" in world.hands.apply(plan, action).said


@pytest.mark.parametrize("change", ["do", "values", "seconds", "target"])
def test_what_was_signed_is_what_is_done(world: World, change: str) -> None:
    action = world.block("198.51.100.7")
    plan = world.plan(action)
    world.sign(plan, action, "ben", "cy")
    other = {
        "do": replace(action, do=action.do.replace("100.7", "100.8")),
        "values": replace(action, values={**action.values, "address": "198.51.100.8"}),
        "seconds": replace(action, lasts_s=60),
        "target": replace(action, target="fw2"),
    }[change]
    assert world.hands.apply(world.plan(other), other).step is None
    assert not world.target.held


def test_a_refusal_is_told_and_changes_nothing(world: World) -> None:
    action = world.block("198.51.100.7")
    plan = world.plan(action)
    world.sign(plan, action, "ben", "cy")
    world.target.fault = world.target.refuse
    assert "refused" in world.hands.apply(plan, action).said
    world.target.fault = None
    assert stand_of(world.book, action.id) is None
    assert world.hands.apply(plan, action).step is Step.VERIFIED


def test_what_the_target_swallows_silently_is_no_success(world: World) -> None:
    action = world.block("198.51.100.7")
    plan = world.plan(action)
    world.sign(plan, action, "ben", "cy")

    class Deaf(type(world.target)):  # type: ignore[misc]
        def apply(self, action: object, left_s: int) -> None: ...

    hands = world.new_hands(Deaf(world.clock))
    outcome = hands.apply(plan, action)
    assert (outcome.step, outcome.failed) == (Step.FAILED, True)
    assert "does not show it; nothing was changed" in outcome.said


def test_what_is_there_already_and_not_ours_stays(world: World) -> None:
    action = world.block("198.51.100.7")
    plan = world.plan(action)
    world.sign(plan, action, "ben", "cy")
    world.target.held["198.51.100.7"] = ("somebody's own", None)
    assert "not ours" in world.hands.apply(plan, action).said
    assert world.target.state() == {"198.51.100.7": "somebody's own"}


def test_undo_refuses_where_somebody_changed_the_object_since(world: World) -> None:
    action = world.block("198.51.100.7")
    plan = world.plan(action)
    world.sign(plan, action, "ben", "cy")
    world.hands.apply(plan, action)
    world.sign(plan, action, "ana", deed=LIFT)
    world.target.held["198.51.100.7"] = ("somebody's own", None)
    assert "changed since" in world.hands.undo(plan, action).said
    assert world.target.state() == {"198.51.100.7": "somebody's own"}


def test_undoing_an_eradication_needs_two_fresh_signatures(world: World) -> None:
    action = replace(world.eradication(), undo="username helper …\n")
    plan = world.plan(action)
    world.guard = replace(world.guard)
    object.__setattr__(world.hands, "guard", _Lenient(world.guard))
    world.sign(plan, action, "ben", "cy")
    assert world.hands.apply(plan, action).step is Step.VERIFIED
    assert not world.target.state()
    assert "0 of 2" in world.hands.undo(plan, action).said
    world.clock.pass_by(days=400)
    assert "0 of 2" in world.hands.undo(plan, action).said
    world.sign(plan, action, "ben", "cy", deed=UNDO)
    assert world.hands.undo(plan, action).step is Step.UNDONE
    assert world.target.state() == {"remove_user helper": "was there"}


class _Lenient:
    """A guard that asks nothing, for texts written by a test."""

    def __init__(self, guard: object) -> None:
        self._guard = guard

    def forbidden(self, *_: object) -> list[str]:
        return []


def test_drills_holds_and_the_kill_switch_forbid(tmp_path: object) -> None:
    world = World(stopped=tmp_path / "STOPPED")  # type: ignore[operator]
    action = world.block("198.51.100.7")
    drill, plan = world.plan(action, exercise=True), world.plan(action)
    world.sign(plan, action, "ben", "cy")
    assert "drills never act" in world.hands.apply(drill, action).said
    held = replace(world.guard, holds=(Hold("0" * 32, "198.51.100.7", "police: watch"),))
    assert "police: watch" in "".join(replace(world.hands, guard=held).refusals(plan, action))
    (tmp_path / "STOPPED").write_text("now")  # type: ignore[operator]
    assert "kill switch" in world.hands.apply(plan, action).said
    assert not world.target.held


_ADDRESSES = ["198.51.100.7", "198.51.100.8", "198.51.100.64/26", "2001:db8:bad::1"]


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["apply", "undo", "verify"])), max_size=12))
def test_any_sequence_of_actions_and_undos_ends_in_the_starting_state(deeds: list[tuple[int, str]]) -> None:
    world = World()
    world.target.held["192.0.2.200"] = ("somebody's own", None)
    start = world.target.state()
    actions = [world.block(address) for address in _ADDRESSES[:2]]
    actions.append(kind_of("rtbh").action("rr1", {"address": _ADDRESSES[3]}, "beacon", lasts_s=60))
    flow = {"address": "198.51.100.9", "guarded": "192.0.2.1"}
    actions.append(kind_of("flowspec").action("rr1", flow, "beacon", lasts_s=60))
    plan = world.plan(*actions)
    for action in actions:
        world.sign(plan, action, "ben", "cy")
        world.sign(plan, action, "ana", deed=LIFT)
    for number, deed in deeds:
        if deed == "apply":
            world.hands.apply(plan, actions[number])
        elif deed == "undo":
            world.hands.undo(plan, actions[number])
        else:
            world.hands.verify(actions[number])
    for action in reversed(actions):
        world.hands.undo(plan, action)
    assert world.target.state() == start
    assert not any(known.stands for action in actions if (known := stand_of(world.book, action.id)))


@pytest.mark.parametrize(
    "signers", [s for n in range(4) for s in itertools.product(("ana", "ben", "cy", "eve"), repeat=n)]
)
def test_two_different_others_are_needed_whoever_signs_in_whatever_order(signers: tuple[str, ...]) -> None:
    """Every sequence of up to three signatures, by the requester, two others and a stranger."""
    world = World()
    action = world.block("198.51.100.7")
    plan = world.plan(action)
    world.keys.setdefault("eve", PrivateKey(bytearray(32)))
    for who in signers:
        with contextlib.suppress(NotApprovedError):
            world.sign(plan, action, who)
    applied = world.hands.apply(plan, action).step is Step.VERIFIED
    assert applied == ({"ben", "cy"} <= set(signers))


def test_a_switch_pulled_while_a_block_is_applied_takes_it_back(tmp_path: Path) -> None:
    world = World(stopped=tmp_path / "STOPPED")
    action = world.block("198.51.100.7")
    plan = world.plan(action)
    world.sign(plan, action, "ben", "cy")
    touches = iter(range(100))
    world.target.fault = lambda: next(touches) == 1 and (tmp_path / "STOPPED").write_text("now")
    assert world.hands.apply(plan, action).step is Step.UNDONE
    assert not world.target.state()


@pytest.mark.parametrize("answers", [True, False])
def test_an_undo_that_was_refused_says_how_the_target_is(world: World, answers: bool) -> None:
    action = world.block("198.51.100.7")
    plan = world.plan(action)
    world.sign(plan, action, "ben", "cy")
    world.hands.apply(plan, action)
    world.sign(plan, action, "ben", deed=LIFT)
    plain = world.target.undo

    def refuse(_: object) -> None:
        if not answers:
            world.target.fault = world.target.refuse
        world.target.refuse()

    world.target.undo = refuse  # type: ignore[method-assign]
    said = world.hands.undo(plan, action)
    assert said.failed
    assert ("still stands" if answers else "unknown") in said.said
    world.target.fault, world.target.undo = None, plain  # type: ignore[method-assign]
    assert world.hands.undo(plan, action).step is Step.UNDONE, "it may be asked again"
    assert world.target.state() == {}


def test_a_drill_edited_into_the_real_thing_has_no_signatures(world: World) -> None:
    action = world.block("198.51.100.7")
    drill = world.plan(action, exercise=True)
    world.sign(drill, action, "ben", "cy")
    assert "drills never act" in world.hands.apply(drill, action).said
    assert "0 of 2" in world.hands.apply(replace(drill, exercise=False), action).said


def test_actions_named_are_applied_once_and_in_the_plans_order(world: World) -> None:
    first, second, third = (world.block(f"198.51.100.{n}") for n in (7, 8, 9))
    plan = world.plan(first, second, third)
    assert cut_to(plan, (third.id, first.id, third.id)).actions == (first, third)


def test_a_plan_turned_to_another_incident_is_a_changed_one(world: World, tmp_path: Path) -> None:
    plan = world.plan(world.block("198.51.100.7"))
    Plans(tmp_path).keep(plan)
    path = tmp_path / f"{plan.id}.json"
    assert read_plan(path) == plan
    path.write_text(path.read_text().replace(f'"incident": "{plan.incident}",\n "made"', '"incident": "",\n "made"'))
    with pytest.raises(InputError, match="changed"):
        read_plan(path)
