"""Responses: plan, sign, apply, verify, undo. The console signs nothing: it hands on what a person's own key signed."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Path, Request
from pydantic import BaseModel, Field

from seawall.console.access import Who, needs
from seawall.console.api.found import one_incident
from seawall.console.api.paging import Cursor, Limit, Page, page
from seawall.console.desk import desk_of
from seawall.console.problems import RefusedError, missing
from seawall.console.secrets import digest, new_token
from seawall.errors import InputError
from seawall.model.action import Action, action_to_dict
from seawall.people import webauthn
from seawall.people.approval import Approval, prepare, read_approval, with_signature
from seawall.people.approve import NotApprovedError, Why, approve
from seawall.people.rules import rule_for
from seawall.pipeline.acting import Done, apply_in_order, read_back, take_back
from seawall.pipeline.response import Response as Opened
from seawall.pipeline.response import plan_incident
from seawall.response.execute import LIFT, UNDO
from seawall.response.plans import Plan
from seawall.response.steps import stand_of
from seawall.state.accounts import Ticket

router = APIRouter(tags=["responses"])
Viewer = Annotated[Who, Depends(needs("viewer"))]
Responder = Annotated[Who, Depends(needs("responder"))]
Approver = Annotated[Who, Depends(needs("approver"))]
Id = Annotated[str, Path(min_length=4, max_length=32, pattern="^[0-9a-f]+$", description="the first letters of its id")]
Deed = Literal["apply", "undo"]  # what is signed for
_SIGNING: Final = timedelta(minutes=5)
_AGAIN: Final = frozenset({Why.AGAIN, Why.REPLAY})


@router.get("/plans")
def plans(request: Request, _: Viewer, limit: Limit = 100, cursor: Cursor = "") -> Page:
    """Every plan, the oldest first."""
    with desk_of(request).response() as opened:
        rows = [(plan, shown(opened, plan)) for plan in opened.plans.all()]
    return page(rows, lambda one: [one[0].made, one[0].id], lambda one: one[1], limit, cursor)


class Wanted(BaseModel):
    """Which incident to cut off."""

    incident: str = Field(min_length=4, max_length=32, pattern="^[0-9a-f]+$")
    purpose: str = Field("", max_length=500)
    hours: float | None = Field(None, gt=0, le=24)


@router.post("/plans", status_code=201)
def plan(request: Request, who: Responder, wanted: Wanted) -> dict[str, Any]:
    """Propose the smallest set of actions that cuts every known path of an incident. Changes nothing."""
    incident = one_incident(request, wanted.incident)
    with desk_of(request).response() as opened:
        opened.register_has(who.id)
        purpose = wanted.purpose or f"incident {incident.id[:8]}"
        made, _ = plan_incident(opened, incident.id, requester=who.id, purpose=purpose, hours=wanted.hours)
        opened.plans.keep(made)
        return shown(opened, made)


@router.get("/plans/{id}")
def one_plan(request: Request, _: Viewer, id: Id) -> dict[str, Any]:
    """A plan: every change to the letter, its digest, who signed, and where it stands."""
    with desk_of(request).response() as opened:
        return shown(opened, _plan(opened, id))


@router.post("/plans/{id}/actions/{action}/challenge")
def challenge(request: Request, who: Approver, id: Id, action: Id, deed: Deed = "apply") -> dict[str, Any]:
    """What a person's security key is to sign for one exact change: options for `navigator.credentials.get`.

    The challenge is the change's SHA-256, followed by that of the whole approval, which is shown as `approval`.
    """
    desk = desk_of(request)
    with desk.response() as opened:
        made, one, kind = _signable(opened, id, action, deed)
        person = opened.register.person(who.id)
        now = desk.clock.now()
        keys = [webauthn.read_key(k.public) for k in (person.keys if person else ())
                if k.public.startswith(webauthn.PREFIX) and k.active(now)]  # fmt: skip
        if not keys:
            raise RefusedError(
                409, "you have no security key here", mend="register one under your account, and let it be signed off"
            )
        asked = made.request(one, desk.case.uuid, kind)
        hours = min(4.0, rule_for(asked.kind, opened.register.rules).longest_h)
    unsigned = prepare(asked, who.id, now, hours)
    ticket, document = new_token(), {name: getattr(unsigned, name) for name in Approval.__dataclass_fields__}
    desk.accounts.issue(Ticket(digest(ticket), "approval", who.id, document, now + _SIGNING))
    options = {
        "challenge": _b64(webauthn.challenge(unsigned.message)),
        "rpId": keys[0].rp,
        "allowCredentials": [{"type": "public-key", "id": key.credential} for key in keys],
        "userVerification": "required",
        "timeout": round(_SIGNING.total_seconds() * 1000),
    }
    return {"ticket": ticket, "publicKey": options, "approval": document}


class Assertion(BaseModel):
    """The answer of a security key (base64url), as `navigator.credentials.get` gives it."""

    authenticatorData: str = Field(max_length=2_000)  # noqa: N815 - the browser's name
    clientDataJSON: str = Field(max_length=4_000)  # noqa: N815
    signature: str = Field(max_length=2_000)


class Signed(BaseModel):
    """Either a ticket and a security key's answer to it, or an approval signed on one's own workstation."""

    ticket: str = Field("", max_length=100)
    assertion: Assertion | None = None
    approval: dict[str, Any] | None = None


@router.post("/plans/{id}/actions/{action}/approvals", status_code=201)
def sign(request: Request, who: Approver, id: Id, action: Id, signed: Signed, deed: Deed = "apply") -> dict[str, Any]:
    """Hand on a signature for one exact change. It is checked, appended to the ledger once, and counted."""
    desk = desk_of(request)
    approval = _approval(request, who, signed)
    if approval.approver != who.id:
        raise RefusedError(403, "signed by somebody else", mend="let them hand it on themselves")
    with desk.response() as opened:
        made, one, kind = _signable(opened, id, action, deed)
        asked = made.request(one, desk.case.uuid, kind)
        try:
            count = approve(approval, asked, register=opened.register, book=opened.ledger, clock=opened.clock)
        except NotApprovedError as error:
            raise RefusedError(409 if error.why in _AGAIN else 422, error.what, mend=error.mend) from error
    return {"action": one.id, "approvers": list(count.approvers), "needed": count.needed, "complete": count.complete}


class Chosen(BaseModel):
    """Which actions of the plan, by their ids; all if none is named."""

    actions: list[str] = Field([], max_length=200)


@router.post("/plans/{id}/apply")
def apply(request: Request, who: Responder, id: Id, chosen: Chosen) -> list[dict[str, Any]]:
    """Apply what was signed, in order, each read back; stops at the first that does not take. Nothing is done twice."""
    return _act(request, who, id, chosen, "apply")


@router.post("/plans/{id}/verify")
def verify(request: Request, who: Responder, id: Id, chosen: Chosen) -> list[dict[str, Any]]:
    """Read back whether actions stand, and from flows whether what they stop goes on. Changes nothing."""
    return _act(request, who, id, chosen, "verify")


@router.post("/plans/{id}/undo")
def undo(request: Request, who: Responder, id: Id, chosen: Chosen) -> list[dict[str, Any]]:
    """Take back what stands, last one first, where it was signed for and nobody else changed the object since."""
    return _act(request, who, id, chosen, "undo")


def shown(opened: Opened, made: Plan) -> dict[str, Any]:
    """A plan as JSON."""
    return {
        **{name: getattr(made, name) for name in ("id", "incident", "title", "requester", "purpose", "made")},
        "notes": list(made.notes),
        "exercise": made.exercise,
        "actions": [_shown(opened, made, action) for action in made.actions],
    }


def _shown(opened: Opened, made: Plan, action: Action) -> dict[str, Any]:
    stand = stand_of(opened.ledger, action.id)
    signers = opened.approvers(made, action) if action.lasting != "ask" and made.requester else ()
    return action_to_dict(action) | {"stands": stand.step.value if stand else None, "approvers": list(signers)}


def _plan(opened: Opened, start: str) -> Plan:
    named = [one for one in opened.plans.all() if one.id.startswith(start)]
    if len(named) != 1:
        raise missing("no plan has that id" if not named else f"{len(named)} plans start so")
    return named[0]


def _action(made: Plan, start: str) -> Action:
    try:
        return made.action(start)
    except InputError as error:
        raise missing(error.what) from error


def _signable(opened: Opened, id_: str, start: str, deed: Deed) -> tuple[Plan, Action, str]:
    """A plan, its action, and the rule it is signed under."""
    made = _plan(opened, id_)
    one = _action(made, start)
    if one.lasting == "ask" or not made.requester:
        raise RefusedError(409, "nothing of this is signed for", mend="a person does it; see the plan")
    kind = "" if deed == "apply" else LIFT if one.lasting == "block" else UNDO
    return made, one, kind


def _approval(request: Request, who: Who, signed: Signed) -> Approval:
    desk = desk_of(request)
    if signed.approval is not None:
        return read_approval(signed.approval)
    if signed.assertion is None:
        raise RefusedError(422, "nothing is signed", mend="send a ticket with an assertion, or an approval")
    document = desk.accounts.spend(digest(signed.ticket), "approval", who.id, desk.clock.now())
    if document is None:
        raise RefusedError(409, "this challenge was answered or is over", mend="ask for a new one")
    told = signed.assertion
    try:
        packed = webauthn.pack(told.authenticatorData, told.clientDataJSON, told.signature)
        return with_signature(Approval(**document), packed)
    except (ValueError, TypeError):
        raise RefusedError(422, "no answer of a security key", mend="ask for a new challenge") from None


def _act(request: Request, who: Who, id_: str, chosen: Chosen, deed: str) -> list[dict[str, Any]]:
    desk = desk_of(request)
    with desk.response(acting=deed != "verify") as opened:
        made = _plan(opened, id_)
        named = [_action(made, start) for start in chosen.actions] or list(made.actions)
        asked = [one for one in made.actions if one in named and one.lasting != "ask"]
        desk.told(f"respond-{deed}", who.id, plan=made.id)
        return [_told(done) for done in _deeds(opened, made, asked, deed)]


def _deeds(opened: Opened, made: Plan, actions: list[Action], deed: str) -> Iterator[Done]:
    if deed == "apply":
        return apply_in_order(opened, made, actions)
    return read_back(opened, actions) if deed == "verify" else take_back(opened, made, actions)


_LEFT: Final = {
    "package": "no direct way; hand it over: seawall respond handover",
    "stopped": "not tried: one before it did not happen",
}


def _told(done: Done) -> dict[str, Any]:
    outcome = done.outcome
    return {
        "action": done.action.id,
        "step": outcome.step.value if outcome and outcome.step else None,
        "happened": outcome is not None and not outcome.failed,
        "said": outcome.said if outcome else _LEFT[done.left],
        "goes_on": done.more or None,
    }


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
