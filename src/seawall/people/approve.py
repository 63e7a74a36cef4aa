"""The one door through which a signature becomes an approval: checked against the request, then appended.

An approval counts from the moment the ledger holds it. Later questions ("are there enough?") are answered from the
ledger alone, and check every signature again: an entry somebody slipped in there counts for nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from seawall.errors import InputError
from seawall.ledger.entry import Entry
from seawall.model.clock import Clock
from seawall.people.approval import VERSION, Approval, Request, check
from seawall.people.book import Book
from seawall.people.keys import signed
from seawall.people.register import Key, Person, Register
from seawall.people.rules import Rule, rule_for

KIND: Final = "approval"  # of the ledger entry
CLOCK_SLACK: Final = timedelta(minutes=5)  # how far two clocks may differ before neither is believed


class Why(StrEnum):
    """Why an approval does not count."""

    VERSION = "signed in a form of another version"
    OTHER_CASE = "signed for another case"
    OTHER_ACTION = "signed for another action"
    CHANGED_DIFF = "signed for another change: what is asked now differs from what was signed"
    OTHER_REQUESTER = "signed for another requester"
    WRONG_PURPOSE = "signed for another purpose"
    UNKNOWN = "nobody of that id is in people.toml"
    REVOKED = "the approver's key was revoked, or is not yet valid"
    BAD_SIGNATURE = "the signature is not the approver's"
    EXPIRED = "it has expired"
    TOO_LONG = "it is good for longer than the rule allows"
    REPLAY = "its nonce was used before"
    REQUESTER = "the requester cannot approve this"
    ROLE = "the approver has none of the roles this needs"
    AGAIN = "this person has approved it already"
    CLOCK = "this machine's clock stands before the ledger's last entries"


class NotApprovedError(InputError):
    """An approval that does not count, and why."""

    def __init__(self, why: Why) -> None:
        super().__init__(f"not approved: {why.value}", mend=_MENDS.get(why, "let the person sign what is asked now"))
        self.why = why


_MENDS: Final = {
    Why.REVOKED: "let somebody with a valid key sign",
    Why.UNKNOWN: "see: seawall people list",
    Why.AGAIN: "let another person sign",
    Why.REQUESTER: "let another person sign",
    Why.ROLE: "let somebody with the role sign; see: seawall people list",
    Why.CLOCK: "set the clock right, then try again",
    Why.TOO_LONG: "sign again for a shorter time",
}


@dataclass(frozen=True, slots=True)
class Tally:
    """How far a request has come."""

    approvers: tuple[str, ...]  # ids, in the order they signed
    needed: int

    @property
    def complete(self) -> bool:
        """Whether the action may happen."""
        return len(self.approvers) >= self.needed


def approve(approval: Approval, request: Request, *, register: Register, book: Book, clock: Clock) -> Tally:
    """Check one signature against what is asked now, append it, and say how far the request has come.

    Raises:
        NotApprovedError: it does not count. Nothing was appended, except where only writing showed that this clock
            is behind the ledger's: then the entry says so and counts for nothing.
    """
    rule = rule_for(request.kind, register.rules)
    with book.exclusive():  # so that no second approval slips in between looking and writing
        now = clock.now()
        before = book.find("action", request.action_id, kind=KIND)
        if any(entry.at - now > CLOCK_SLACK for entry in before):
            raise NotApprovedError(Why.CLOCK)
        if book.find("nonce", approval.nonce):
            raise NotApprovedError(Why.REPLAY)
        if why := _refusal(approval, request, register, rule, now):
            raise NotApprovedError(why)
        if approval.approver in _counted(before, request, register, rule, now):
            raise NotApprovedError(Why.AGAIN)
        book.append(KIND, _body(approval), keys={"nonce": approval.nonce, "action": approval.action_id})
        written = book.find("nonce", approval.nonce, kind=KIND)
        if any(entry.clock_back > CLOCK_SLACK for entry in written):  # the ledger has seen a later time than ours
            raise NotApprovedError(Why.CLOCK)
        return tally(request, register=register, book=book, clock=clock)


def tally(request: Request, *, register: Register, book: Book, clock: Clock) -> Tally:
    """Who has approved a request so far, from the ledger."""
    rule = rule_for(request.kind, register.rules)
    entries = book.find("action", request.action_id, kind=KIND)
    return Tally(tuple(_counted(entries, request, register, rule, clock.now())), rule.approvers)


def _refusal(approval: Approval, request: Request, register: Register, rule: Rule, at: datetime) -> Why | None:
    """Why an approval made at `at` does not fit the request; None if it does. Order: what was signed, who, when."""
    person = register.person(approval.approver)
    checks: Iterator[tuple[bool, Why]] = iter(
        (
            (approval.v != VERSION, Why.VERSION),
            (approval.case != request.case, Why.OTHER_CASE),
            (approval.action_id != request.action_id, Why.OTHER_ACTION),
            (approval.diff_sha256 != request.diff_sha256, Why.CHANGED_DIFF),
            (approval.requester != request.requester, Why.OTHER_REQUESTER),
            (approval.purpose != request.purpose, Why.WRONG_PURPOSE),
            (person is None or register.person(request.requester) is None, Why.UNKNOWN),
        )
    )
    if why := next((why for wrong, why in checks if wrong), None):
        return why
    assert person is not None
    key = _key_of(person, approval)
    if key is None:
        return Why.BAD_SIGNATURE
    if not key.active(at):
        return Why.REVOKED
    if approval.expires_at <= at:
        return Why.EXPIRED
    if approval.expires_at - at > timedelta(hours=rule.longest_h) + CLOCK_SLACK:
        return Why.TOO_LONG
    if person.id == request.requester and not rule.requester_may_approve:
        return Why.REQUESTER
    return Why.ROLE if rule.roles and not set(rule.roles) & set(person.roles) else None


def _key_of(person: Person, approval: Approval) -> Key | None:
    message = approval.message
    return next((key for key in person.keys if signed(key.public, message, approval.signature)), None)


def _counted(entries: list[Entry], request: Request, register: Register, rule: Rule, now: datetime) -> list[str]:
    """Approvers whose appended approval counts now: it fitted when it was appended, and has not expired since."""
    counted: list[str] = []
    nonces: set[str] = set()
    latest = datetime.min.replace(tzinfo=UTC)
    for entry in entries:
        latest = max(latest, entry.at)  # an entry written behind a later one was not made before it
        approval = _from_body(entry, request)
        if approval is None or approval.nonce in nonces or entry.clock_back > CLOCK_SLACK:
            continue
        nonces.add(approval.nonce)
        if _refusal(approval, request, register, rule, latest) or approval.expires_at <= now:
            continue
        if approval.approver not in counted:
            counted.append(approval.approver)
    return counted


def _body(approval: Approval) -> dict[str, object]:
    """An approval as the ledger holds it: no free text, so the purpose by its digest."""
    return {
        "v": approval.v,
        "case": approval.case,
        "action_id": approval.action_id,
        "diff_sha256": approval.diff_sha256,
        "requester": approval.requester,
        "approver": approval.approver,
        "purpose_sha256": _sha256(approval.purpose),
        "expires": approval.expires,
        "nonce": approval.nonce,
        "signature": approval.signature,
    }


def _from_body(entry: Entry, request: Request) -> Approval | None:
    """The approval in an entry; its purpose is the request's if the digests agree, else it is for another."""
    fields = dict(entry.body)
    purpose = request.purpose if fields.pop("purpose_sha256", "") == _sha256(request.purpose) else "\0"
    try:
        return check(Approval(**{**fields, "purpose": purpose}))
    except (TypeError, ValueError):
        return None


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
