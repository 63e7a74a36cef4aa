"""Responses: plans with their exact changes, who signed, and the deeds of those who may act.

Signing is not done here: a person signs on their own workstation (`seawall respond approve`), or with a token whose
challenge is the digest of the change. This page shows what is signed, to the letter.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from seawall.console.access import Who, first_time, needs
from seawall.console.desk import desk_of
from seawall.console.exports import csv_answer
from seawall.console.pages.frame import Viewer, show
from seawall.console.pages.incidents import find
from seawall.console.problems import missing
from seawall.console.reading import Reading, reading_of
from seawall.model.action import Action
from seawall.people.approve import Tally
from seawall.pipeline.acting import apply_in_order, read_back, take_back
from seawall.pipeline.response import Response as Opened
from seawall.pipeline.response import plan_incident
from seawall.response.actions import kind_of
from seawall.response.execute import LIFT, UNDO, Outcome
from seawall.response.plans import Plan
from seawall.response.steps import Stand, Step, stand_of

router = APIRouter(include_in_schema=False)
Responder = Annotated[Who, Depends(needs("responder"))]
_AGAIN: Final = (Step.FAILED, Step.HANDED)
LASTING: Final = {"block": "a block, ends by itself", "eradication": "stays until undone", "ask": "for a person to do"}


@dataclass(frozen=True, slots=True)
class Line:
    """One action of a plan, as it stands."""

    it: Action
    title: str
    stand: Stand | None
    tally: Tally | None  # none for what only a person does
    undo_tally: Tally | None  # of taking it back, once it stands

    @property
    def digest(self) -> str:
        """What a person signs."""
        return self.it.digest

    @property
    def step(self) -> str:
        """Where it stands, in a word."""
        if self.it.lasting == "ask":
            return "for a person"
        if self.stand is not None:
            return self.stand.step.value
        return "signed" if self.tally is not None and self.tally.complete else "waits for signatures"

    @property
    def ready(self) -> bool:
        """Whether it can be applied."""
        fresh = self.stand is None or self.stand.step in _AGAIN
        return self.tally is not None and self.tally.complete and fresh

    @property
    def wants_signatures(self) -> bool:
        """Whether signatures lack for applying it."""
        fresh = self.stand is None or self.stand.step in _AGAIN
        return fresh and self.tally is not None and not self.tally.complete

    @property
    def wants_undo_signatures(self) -> bool:
        """Whether signatures lack for taking it back."""
        return self.undo_tally is not None and not self.undo_tally.complete

    @property
    def stands(self) -> bool:
        """Whether something of ours may be on the target."""
        return self.stand is not None and self.stand.stands


def lines_of(reading: Reading, plan: Plan) -> list[Line]:
    """The actions of a plan, in the order they are applied."""
    found = []
    for action in plan.actions:
        stand = stand_of(reading.desk.ledger, action.id)
        asks = action.lasting == "ask" or not plan.requester
        deed = LIFT if action.lasting == "block" else UNDO
        back = reading.tally(plan, action, deed) if stand is not None and stand.stands and not asks else None
        found.append(
            Line(action, kind_of(action.kind).title, stand, None if asks else reading.tally(plan, action), back)
        )
    return found


@router.get("/responses")
def responses(request: Request, _: Viewer, export: str = "") -> Response:
    """Every plan, the latest first."""
    reading = reading_of(request)
    rows = [(plan, lines_of(reading, plan)) for plan in reading.plans()[:200]]
    if export:
        told = ((p.id, a.it.id, a.it.kind, a.it.target, a.it.lasting, a.step, a.it.do, a.it.undo, a.digest, p.requester)
                for p, every in rows for a in every)  # fmt: skip
        columns = ("plan", "action", "kind", "target", "lasting", "stands", "do", "undo", "diff_sha256", "requester")
        return csv_answer("responses", columns, told)
    with desk_of(request).response() as opened:
        damaged, stopped = opened.plans.damaged(), opened.hands.guard.is_stopped()
    return show(request, "responses", topics="responses", rows=rows, damaged=damaged, stopped=stopped)


@router.post("/responses")
def plan(
    request: Request,
    who: Responder,
    incident: Annotated[str, Form(max_length=64)],
    purpose: Annotated[str, Form(max_length=500)] = "",
    hours: Annotated[float | None, Form(gt=0, le=24)] = None,
    once: Annotated[str, Form()] = "",
) -> Response:
    """Propose the smallest set of actions that cuts an incident off, and ask for it. Changes nothing."""
    desk, reading = desk_of(request), reading_of(request)
    it, _ = find(reading, incident)
    if not first_time(desk, who, once):
        held = next((one for one in reading.plans() if one.incident == it.id), None)
        return RedirectResponse(f"/responses/{held.id}" if held else "/responses", 303)
    with desk.response() as opened:
        opened.register_has(who.id)
        made, _ = plan_incident(
            opened, it.id, requester=who.id, purpose=purpose or f"incident {it.id[:8]}", hours=hours
        )
        opened.plans.keep(made)
    reading.forget()
    return RedirectResponse(f"/responses/{made.id}", 303)


def _plan(reading: Reading, name: str) -> Plan:
    found = [one for one in reading.plans() if one.id.startswith(name.lower())] if len(name) >= 4 else []
    if len(found) != 1:
        raise missing("no plan has that id")
    return found[0]


@router.get("/responses/{name}")
def response(request: Request, _: Viewer, name: str) -> Response:
    """One plan: every change to the letter, who signed, and what became of it."""
    reading = reading_of(request)
    made = _plan(reading, name)
    every = lines_of(reading, made)
    it = reading.known().by_id.get(made.incident) or reading.known().by_id.get(
        reading.known().earlier.get(made.incident, "")
    )
    return show(
        request,
        "response",
        topics="responses incidents",
        plan=made,
        lines=every,
        incident=it,
        lasting=LASTING,
        told=reading.told.get(made.id, ()),
        ready=sum(one.ready for one in every),
        stands=sum(one.stands for one in every),
        unsigned=[one for one in every if one.tally is not None and not one.tally.complete and one.stand is None],
        deeds={"block": LIFT, "eradication": UNDO},
    )


@router.post("/responses/{name}/{deed}")
def act(
    request: Request,
    who: Responder,
    name: str,
    deed: str,
    action: Annotated[str, Form(max_length=64)] = "",
    once: Annotated[str, Form()] = "",
) -> Response:
    """Apply what was signed, read it back, or take it back; one action, or all of the plan."""
    if deed not in _DEEDS:
        raise missing("nothing of that name can be done to a plan")
    desk, reading = desk_of(request), reading_of(request)
    made = _plan(reading, name)
    if first_time(desk, who, once):
        with desk.response(acting=deed != "verify") as opened:
            held = opened.plans.find(made.id)  # as the disk has it now, each action with the digest it was kept with
            ready = {one.it.id for one in lines_of(reading, held) if one.ready}
            every = [one for one in held.actions if deed != "apply" or one.id in ready]  # what the button counts
            chosen = [held.action(action)] if action else every
            said = _DEEDS[deed](opened, held, [one for one in chosen if one.lasting != "ask"])
        desk.told(f"respond-{deed}", who.id, plan=made.id)
        reading.told[made.id] = [(desk.clock.now(), who.id, *line) for line in said]
        reading.forget()
    return RedirectResponse(f"/responses/{made.id}#told", 303)


Said = list[tuple[str, bool]]  # a sentence, and whether it is bad news


def _apply(opened: Opened, made: Plan, actions: list[Action]) -> Said:
    said: Said = []
    fresh = []
    for action in actions:
        known = stand_of(opened.ledger, action.id)
        if known is not None and known.step not in _AGAIN:
            said.append((f"{_name(action)}: {known.step.value} already; nothing was done", False))
        else:
            fresh.append(action)
    every = list(apply_in_order(opened, made, fresh))
    for done in every:
        if done.outcome:
            said.append(_told(done.outcome))
        elif done.left == "package":
            way = f"no direct way; hand it over: seawall respond handover {made.id[:8]}"
            said.append((f"{_name(done.action)}: {way}", False))
    rest = sum(done.left == "stopped" for done in every)
    return said + ([(f"{rest} further not tried, since this one did not happen", True)] if rest else [])


def _verify(opened: Opened, _made: Plan, actions: list[Action]) -> Said:
    said: Said = []
    for done in read_back(opened, actions):
        if done.outcome:
            said.append(_told(done.outcome))
        if done.more:
            said.append((f"{_name(done.action)}: {done.more}", done.more.startswith("IT GOES ON")))
    return said


def _undo(opened: Opened, made: Plan, actions: list[Action]) -> Said:
    standing = [a for a in actions if (s := stand_of(opened.ledger, a.id)) is not None and s.stands]
    if not standing:
        return [("nothing of this plan stands: nothing was done", False)]
    return [_told(done.outcome) for done in take_back(opened, made, standing) if done.outcome]


_DEEDS: Final[dict[str, Callable[[Opened, Plan, list[Action]], Said]]] = {
    "apply": _apply,
    "verify": _verify,
    "undo": _undo,
}


def _name(action: Action) -> str:
    return f"{action.kind} on {action.target}"


def _told(outcome: Outcome) -> tuple[str, bool]:
    return f"{_name(outcome.action)}: {outcome.said}", outcome.failed
