"""Two people close a finding or change the policy; nobody else, and no file by itself."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from seawall.errors import InputError
from seawall.people.decisions import Decision, Desk, begin, read_decision, same, signed_by
from seawall.people.keys import PrivateKey, public_text
from seawall.people.register import Key, Person, Register
from seawall.people.rules import Rule, rule_for
from tests.people.books import MemoryBook, MovingClock

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
CASE = "case-1"
WHAT: dict[str, str | int] = {"finding": "f" * 32, "reason": "authorised"}
TWO = ("intercept.close", "intercept.policy")


def secret(name: str) -> bytearray:
    return bytearray(name.encode().ljust(32, b"\0"))


@cache
def public(name: str) -> str:
    return public_text(secret(name))


def person(name: str, *roles: str, revoked: datetime | None = None) -> Person:
    return Person(name, roles=roles, keys=(Key(public(name), NOON - 30 * 24 * HOUR, revoked),))


REGISTER = Register(
    (
        person("ana", "intercept-officer"),
        person("ben", "intercept-auditor"),
        person("cas", "intercept-officer"),
        person("net", "network-engineer"),
        person("old", "intercept-officer", revoked=NOON - HOUR),
    )
)
ELIGIBLE = {"ana", "ben", "cas"}
EVERYBODY = ("ana", "ben", "cas", "net", "old", "eve")


@dataclass
class Office:
    clock: MovingClock
    book: MemoryBook
    desk: Desk

    def sign(self, decision: Decision, *who: str) -> Decision:
        for name in who:
            decision = signed_by(decision, CASE, name, PrivateKey(secret(name)), self.clock.now())
        return decision


@pytest.fixture
def office(tmp_path: Path) -> Office:
    clock = MovingClock(NOON)
    book = MemoryBook(clock)
    return Office(clock, book, Desk(CASE, tmp_path / "decisions", REGISTER, book, clock))


@pytest.mark.parametrize("action", TWO)
def test_two_different_eligible_people_decide_and_nobody_else(action: str, tmp_path: Path) -> None:
    """Every pair of signers, in either order, with every requester, and every single signer."""
    signers = [(one,) for one in EVERYBODY] + list(itertools.product(EVERYBODY, repeat=2))
    for number, (requester, who) in enumerate(itertools.product(EVERYBODY, signers)):
        clock = MovingClock(NOON)
        book = MemoryBook(clock)
        desk = Desk(CASE, tmp_path / str(number), REGISTER, book, clock)
        decision = Office(clock, book, desk).sign(begin(action, WHAT, requester, "looked into it"), *who)
        allowed = len(set(who)) == 2 and set(who) <= ELIGIBLE and requester != "eve"
        if allowed:
            assert set(desk.take(decision).approvers) == set(who)
        else:
            with pytest.raises(InputError):
                desk.take(decision)
        assert [set(taken.approvers) for taken in desk.taken(action)] == [set(who)] * allowed, (requester, who)


@pytest.mark.parametrize("action", TWO)
def test_no_case_may_let_one_person_decide(action: str) -> None:
    with pytest.raises(InputError, match="2 different people"):
        rule_for(action, {action: Rule(1, True)})
    assert rule_for(action, {action: Rule(3)}).approvers == 3


def test_what_is_kept_is_what_was_decided(office: Office) -> None:
    taken = office.desk.take(office.sign(begin(TWO[0], WHAT, "ana", "looked into it"), "ana", "ben"))
    office.clock.at += timedelta(days=400)  # signatures have long expired
    assert [(one.decision, one.at, one.approvers) for one in office.desk.taken(TWO[0])] == [
        (taken.decision, NOON, ("ana", "ben"))
    ]


@pytest.mark.parametrize(
    "alter",
    [
        pytest.param({"values": {"finding": "e" * 32, "reason": "authorised"}}, id="another-finding"),
        pytest.param({"purpose": "another"}, id="another-purpose"),
        pytest.param({"requester": "ben"}, id="another-requester"),
        pytest.param({"action": "intercept.policy"}, id="another-action"),
        pytest.param({"approvals": []}, id="no-signature"),
        pytest.param({"name": "0" * 32}, id="another-name"),
    ],
)
def test_a_kept_file_somebody_altered_decides_nothing(office: Office, alter: dict[str, object]) -> None:
    office.desk.take(office.sign(begin(TWO[0], WHAT, "ana", "looked into it"), "ana", "ben"))
    (file,) = office.desk.folder.iterdir()
    file.write_text(json.dumps(json.loads(file.read_text()) | alter))
    kept = [one.decision for action in TWO for one in office.desk.taken(action)]
    if "approvals" in alter:  # the ledger holds the signatures; the file repeats them
        assert [one.values for one in kept] == [WHAT]
    else:
        assert kept == []


def test_a_file_slipped_in_decides_nothing(office: Office) -> None:
    signed = office.sign(begin(TWO[0], WHAT, "ana", "looked into it"), "ana", "ben")
    office.desk.folder.mkdir()
    (office.desk.folder / f"{signed.name}.json").write_text(signed.text())
    (office.desk.folder / "noise.json").write_text("[")
    assert list(office.desk.taken(TWO[0])) == []


def test_a_decision_entry_without_two_signatures_before_it_decides_nothing(office: Office) -> None:
    decision = office.sign(begin(TWO[0], WHAT, "ana", "looked into it"), "ana")
    with pytest.raises(InputError, match="1 of 2"):
        office.desk.take(decision)
    action = f"{TWO[0]}:{decision.name}"
    body = {"action_id": action, "diff_sha256": decision.digest, "approvers": ["ana", "ben"]}
    office.book.append("decision", body, keys={"decided": action, "decision": TWO[0]})
    assert list(office.desk.taken(TWO[0])) == []


def test_the_second_signature_may_come_later_and_once(office: Office) -> None:
    first = office.sign(begin(TWO[0], WHAT, "ana", "looked into it"), "ana")
    with pytest.raises(InputError):
        office.desk.take(first)
    both = office.sign(first, "ben")
    assert office.desk.take(both).approvers == ("ana", "ben")
    with pytest.raises(InputError, match="already"):
        office.desk.take(both)


def test_a_file_for_something_else_is_refused(tmp_path: Path) -> None:
    decision = begin(TWO[0], WHAT, "ana", "looked into it")
    same(decision, TWO[0], WHAT)
    with pytest.raises(InputError, match="something else"):
        same(decision, TWO[0], {**WHAT, "reason": "mistake"})
    path = tmp_path / "d.json"
    path.write_text(replace(decision, purpose="ü" * 3).text())
    assert read_decision(path).purpose == "ü" * 3
    for text in ("", "{}", '{"action":1}', decision.text().replace("finding", "x" * 200_000)):
        path.write_text(text)
        with pytest.raises(InputError, match="no decision"):
            read_decision(path)


def test_a_decision_without_a_purpose_is_not_begun() -> None:
    with pytest.raises(InputError, match="purpose"):
        begin(TWO[0], WHAT, "ana", " ")
