from __future__ import annotations

import base64
import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from seawall.model.finding import utc_text
from seawall.people.approval import Approval, Request, sign
from seawall.people.approve import NotApprovedError, Tally, Why, approve, tally
from seawall.people.keys import PrivateKey
from seawall.people.register import Key, Person, Register
from seawall.people.rules import Rule
from tests.people.books import MemoryBook, MovingClock

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ASKED = Request("case-1", "block:7", "ab" * 32, "ann", "stop the tunnel")


@cache
def key(name: str) -> bytes:
    return name.encode().ljust(32, b"\0")


def private(name: str) -> PrivateKey:
    return PrivateKey(bytearray(key(name)))


def person(name: str, *roles: str, revoked: datetime | None = None) -> Person:
    return Person(name, roles=roles, keys=(Key(private(name).public, NOON - 30 * 24 * HOUR, revoked),))


EVERYBODY = Register((person("ann", "lead"), person("bob", "lead"), person("cy", "lead"), person("dee"),
                      person("old", "lead", revoked=NOON)), {"narrow": Rule(2, False, ("lead",)),
                     "alone": Rule(1, True)})  # fmt: skip


@dataclass
class World:
    clock: MovingClock
    book: MemoryBook
    register: Register = EVERYBODY

    def put(self, approval: Approval, request: Request = ASKED) -> Tally:
        return approve(approval, request, register=self.register, book=self.book, clock=self.clock)

    def tally(self, request: Request = ASKED) -> Tally:
        return tally(request, register=self.register, book=self.book, clock=self.clock)


@pytest.fixture
def world() -> World:
    clock = MovingClock(NOON)
    return World(clock, MemoryBook(clock))


def by(name: str, request: Request = ASKED, *, hours: float = 1, now: datetime = NOON) -> Approval:
    return sign(request, name, private(name), now, hours)


def forged(approval: Approval, **changed: object) -> Approval:
    """The same signature under other words."""
    return replace(approval, **changed)  # type: ignore[arg-type]


WRONG: dict[str, tuple[Callable[[], Approval], Why]] = {
    "requester approves": (lambda: by("ann"), Why.REQUESTER),
    "unknown approver": (lambda: by("eve"), Why.UNKNOWN),
    "expired": (lambda: by("bob", now=NOON - 2 * HOUR), Why.EXPIRED),
    "expires this moment": (lambda: by("bob", now=NOON - HOUR), Why.EXPIRED),
    "good for too long": (lambda: by("bob", hours=25), Why.TOO_LONG),
    "changed diff": (lambda: by("bob", replace(ASKED, diff_sha256="cd" * 32)), Why.CHANGED_DIFF),
    "wrong purpose": (lambda: by("bob", replace(ASKED, purpose="curiosity")), Why.WRONG_PURPOSE),
    "other case": (lambda: by("bob", replace(ASKED, case="case-2")), Why.OTHER_CASE),
    "other action": (lambda: by("bob", replace(ASKED, action_id="block:8")), Why.OTHER_ACTION),
    "other requester": (lambda: by("bob", replace(ASKED, requester="cy")), Why.OTHER_REQUESTER),
    "revoked key": (lambda: by("old"), Why.REVOKED),
    "another's key": (lambda: sign(ASKED, "bob", private("cy"), NOON, 1), Why.BAD_SIGNATURE),
    "no signature": (lambda: forged(by("bob"), signature=base64.b64encode(bytes(64)).decode()), Why.BAD_SIGNATURE),
    "approver renamed": (lambda: forged(by("bob"), approver="cy"), Why.BAD_SIGNATURE),
    "expiry moved": (lambda: forged(by("bob"), expires=utc_text(NOON + 2 * HOUR)), Why.BAD_SIGNATURE),
    "nonce moved": (lambda: forged(by("bob"), nonce="0" * 32), Why.BAD_SIGNATURE),
    "diff moved to fit": (
        lambda: forged(by("bob", replace(ASKED, diff_sha256="cd" * 32)), diff_sha256="ab" * 32),
        Why.BAD_SIGNATURE,
    ),
    "purpose moved to fit": (
        lambda: forged(by("bob", replace(ASKED, purpose="x")), purpose=ASKED.purpose),
        Why.BAD_SIGNATURE,
    ),
    "case moved to fit": (lambda: forged(by("bob", replace(ASKED, case="case-2")), case="case-1"), Why.BAD_SIGNATURE),
    "another version": (lambda: forged(by("bob"), v=2), Why.VERSION),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_approval_is_refused_for_its_reason_and_leaves_no_trace(world: World, name: str) -> None:
    make, why = WRONG[name]
    with pytest.raises(NotApprovedError) as refused:
        world.put(make())
    assert refused.value.why is why
    assert world.book.entries == []
    assert world.tally() == Tally((), 2)


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_approval_slipped_into_the_ledger_counts_for_nothing(world: World, name: str) -> None:
    slip = World(world.clock, world.book)
    right = by("bob")
    slip.put(right)
    body = dict(world.book.entries[0].body)
    world.book.entries.clear()
    wrong = WRONG[name][0]()
    body |= {n: getattr(wrong, n) for n in body if n != "purpose_sha256"}
    body["purpose_sha256"] = __import__("hashlib").sha256(wrong.purpose.encode()).hexdigest()
    world.book.append("approval", body, keys={"nonce": wrong.nonce, "action": ASKED.action_id})
    assert world.tally() == Tally((), 2)


# Every order of three steps by right and wrong people: complete exactly when two different others approved.
STEPS = {"ann": by("ann"), "bob": by("bob"), "bob again": by("bob"), "cy": by("cy"), "eve": by("eve"), "old": by("old"),
         "late": by("dee", now=NOON - 3 * HOUR), "drift": by("dee", replace(ASKED, diff_sha256="cd" * 32))}  # fmt: skip


@pytest.mark.parametrize("steps", list(itertools.product(STEPS, repeat=3)), ids=" then ".join)
def test_an_action_is_approved_exactly_by_two_different_people_who_did_not_ask(steps: tuple[str, ...]) -> None:
    clock = MovingClock(NOON)
    world = World(clock, MemoryBook(clock))
    allowed: list[str] = []
    for step in steps:
        name = {"bob again": "bob"}.get(step, step)
        if name in ("bob", "cy") and name not in allowed:
            allowed.append(name)
            assert world.put(STEPS[step]).approvers == tuple(allowed)
        else:
            with pytest.raises(NotApprovedError):
                world.put(STEPS[step])
        assert world.tally().complete == (len(allowed) == 2)
    assert len(world.book.entries) == len(allowed)


def test_the_same_person_twice_is_one(world: World) -> None:
    world.put(by("bob"))
    with pytest.raises(NotApprovedError, match="approved it already"):
        world.put(by("bob"))
    assert not world.tally().complete


def test_a_replay_is_refused_even_for_another_action_that_is_the_same(world: World) -> None:
    approval = by("bob")
    world.put(approval)
    with pytest.raises(NotApprovedError) as refused:
        world.put(approval)
    assert refused.value.why is Why.REPLAY


def test_an_entry_written_twice_counts_once(world: World) -> None:
    world.put(by("bob"))
    entry = world.book.entries[0]
    world.book.append(entry.kind, entry.body, keys=entry.keys)
    assert world.tally() == Tally(("bob",), 2)


def test_approvals_expire_before_the_action_happens(world: World) -> None:
    world.put(by("bob"))
    world.clock.at += 2 * HOUR
    assert world.put(by("cy", now=world.clock.at)) == Tally(("cy",), 2)


def test_a_revocation_counts_from_its_moment_on_and_leaves_what_was_signed_before(world: World) -> None:
    world.put(by("bob", hours=5))
    world.clock.at = NOON + HOUR
    world.register = world.register.revoked("bob", world.clock.at)
    assert world.tally().approvers == ("bob",)
    world.register = EVERYBODY.revoked("bob", NOON)  # stolen earlier than we thought: at the very moment it signed
    assert world.tally().approvers == ()


def test_an_entry_cannot_pretend_to_be_older_than_those_before_it(world: World) -> None:
    world.register = EVERYBODY.revoked("bob", NOON + HOUR)
    world.clock.at = NOON + 2 * HOUR
    world.put(by("cy", now=world.clock.at, hours=3))
    world.clock.at = NOON  # somebody sets the clock back to use a revoked key
    with pytest.raises(NotApprovedError) as refused:
        world.put(by("bob", hours=3))
    assert refused.value.why is Why.CLOCK


def test_a_clock_behind_the_ledger_is_not_believed(world: World) -> None:
    world.book.append("hunt", {"n": 1}, keys={})
    world.clock.at = NOON - HOUR
    with pytest.raises(NotApprovedError) as refused:
        world.put(by("bob", now=world.clock.at))
    assert refused.value.why is Why.CLOCK
    assert world.tally() == Tally((), 2), "what a doubtful clock wrote counts for nothing"
    world.clock.at = NOON - timedelta(minutes=1)
    assert world.put(by("cy", now=world.clock.at)).approvers == ("cy",), "a small difference is no lie"


def test_rules_are_data_roles_number_and_whether_the_requester_counts(world: World) -> None:
    narrow = replace(ASKED, action_id="narrow:1")
    with pytest.raises(NotApprovedError) as refused:
        world.put(by("dee", narrow), narrow)
    assert refused.value.why is Why.ROLE
    assert world.put(by("bob", narrow), narrow) == Tally(("bob",), 2)
    alone = replace(ASKED, action_id="alone:1")
    assert world.put(by("ann", alone), alone).complete


def test_an_approval_for_a_request_of_nobody_known_is_refused(world: World) -> None:
    asked = replace(ASKED, requester="ghost")
    with pytest.raises(NotApprovedError) as refused:
        world.put(by("bob", asked), asked)
    assert refused.value.why is Why.UNKNOWN
