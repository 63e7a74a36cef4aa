"""An exercise from its plan to its result: sent through the gate, measured by group, forgotten in time.

What is measured is reporting: how many report, how fast, how usefully, and whether people tell lures from genuine
messages. Clicks are read beside the Phish Scale level alone, and nobody is ranked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any, Final

from seawall.errors import InputError, UsageError
from seawall.model.clock import Clock
from seawall.state.exercises import ExerciseState, Kept, Sent
from seawall.training import campaign as campaigns
from seawall.training import measures
from seawall.training.allow import Gate
from seawall.training.campaign import Campaign
from seawall.training.mailing import Letter, Transport, digest, post, write
from seawall.training.roster import Member, Roster

# Clicks seen in NIST's own trials (2020): bands to read a result by, no targets.
BANDS: Final = {
    "least difficult": "under about 10 %", "moderately to least difficult": "about 10 to 15 %",
    "moderately difficult": "about 12 to 18 %", "very difficult": "19 % and above",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """Who would get what."""

    campaign: Campaign
    members: tuple[Member, ...]  # who takes part, by the order of the roster
    left_out: int  # opted out, or without an address in an own domain
    doubts: tuple[str, ...]


def plan(campaign: Campaign, roster: Roster, gate: Gate) -> Plan:
    """Who takes part: whom the campaign names, as far as the gate lets them be reached.

    Raises:
        UsageError: nobody is left, or it names somebody the roster does not know.
    """
    named = roster.members if campaign.everybody else roster.choose(campaign.people, campaign.groups, campaign.roles)
    reached = tuple(m for m in named if m.address.lower() in gate.people and _own(m.address, gate))
    if not reached:
        raise UsageError("nobody would be reached", mend="check the roster's addresses and [training] domains")
    doubts = campaigns.doubts(campaign)
    if len(reached) < measures.SMALLEST_GROUP:
        doubts.append(f"only {len(reached)} people: under {measures.SMALLEST_GROUP}, so no result will be shown")
    return Plan(campaign, reached, len(named) - len(reached), tuple(doubts))


def _own(address: str, gate: Gate) -> bool:
    return address.lower().rpartition("@")[2] in gate.domains


def letters(planned: Plan, gate: Gate, page: str, now: datetime, *, done: frozenset[tuple[str, str]] = frozenset()
            ) -> list[Letter]:  # fmt: skip
    """Every letter of a plan but those `done` (person, message), each seen by the gate.

    All are written before the first is sent: one that may not leave stops the whole.

    Raises:
        UsageError: one may not leave.
    """
    return [
        write(planned.campaign, message, member, gate, page, now)
        for message in planned.campaign.message
        for member in planned.members
        if (member.person, message.id) not in done
    ]


def send(
    store: ExerciseState, planned: Plan, gate: Gate, transport: Transport, page: str, clock: Clock, keep_days: int,
    before_each: Callable[[], None] = lambda: None,
) -> Iterator[tuple[Sent, int, int]]:  # fmt: skip
    """Send an exercise; yields each message with its number and how many there are.

    A message is noted before it is sent, so that a crash leaves it `unknown` and it is never sent twice: running
    again goes on with those not yet tried. Stops where somebody stopped the exercise meanwhile.

    Raises:
        UsageError: it was stopped or is over, or a letter may not leave.
    """
    campaign = planned.campaign
    check_open(store, campaign.id)
    tried = frozenset((sent.person, sent.item) for sent in store.messages(campaign.id))
    ready = letters(planned, gate, page, clock.now(), done=tried)
    began = clock.now()
    store.begin(campaign.id, began, began + timedelta(days=keep_days), campaigns.campaign_to_dict(campaign))
    for number, letter in enumerate(ready, 1):
        if (now := store.campaign(campaign.id)) is not None and now.state == "stopped":
            return
        before_each()
        note = _note(campaign, letter, clock.now())
        store.note(note)
        ((_, came),) = post([letter], gate, transport)
        note = _note(campaign, letter, clock.now(), "delivered" if came == "delivered" else "refused")
        store.note(note)
        yield note, number, len(ready)
    store.set_state(campaign.id, "sent")


def check_open(store: ExerciseState, id_: str) -> None:
    """Refuse an exercise that was sent, stopped or is over. Raises UsageError."""
    kept = store.campaign(id_)
    if kept is not None and kept.state in ("stopped", "expired", "sent"):
        raise UsageError(f"{id_} is {kept.state}", mend="give a new exercise its own id")


def _note(campaign: Campaign, letter: Letter, at: datetime, state: str = "unknown") -> Sent:
    return Sent(
        digest(letter.token), campaign.id, letter.member.person, letter.member.group or "none", letter.message.id,
        letter.message.lure, state, at,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Result:
    """What an exercise came to for a group that may be shown. Shares are of delivered lures, 0 to 1; times in s."""

    group: str
    people: int
    delivered: int  # lures
    reporters: int  # lures reported
    report_rate: float
    first_report_s: float | None  # from the first delivery of a lure to the first report of one
    median_report_s: float | None  # from each delivery to its report
    useful_reports: int  # of reports of lures: with the original and its headers
    useful_rate: float | None
    clicks: int  # by people
    click_rate: float
    machine_fetches: int
    opened_unknown: int  # fetched by a person or a machine: nobody can tell
    report_before_click: bool | None  # None where nobody clicked and nobody reported
    resilience: float | None  # reports for each click
    genuine: int  # genuine messages delivered
    false_alarms: int  # of them reported
    d_prime: float | None
    criterion: float | None


def results(kept: Kept, sent: Sequence[Sent]) -> dict[str, Any]:
    """An exercise's result as plain values: whole and by group, never one under ten people."""
    if "result" in kept.document:
        return dict(kept.document["result"])
    window = timedelta(days=int(kept.document.get("days", 7)))
    good = [_within(one, window) for one in sent if one.state == "delivered"]
    teams, everybody = dict[str, dict[str, list[Sent]]](), dict[str, list[Sent]]()
    for one in good:
        teams.setdefault(one.team, {}).setdefault(one.person, []).append(one)
        everybody.setdefault(one.person, []).append(one)
    whole = list(everybody.values())
    groups = measures.shown_groups({team: list(people.values()) for team, people in teams.items()})
    return {
        "campaign": kept.id,
        "title": kept.document.get("title", ""),
        "state": kept.state,
        "messages": kept.document.get("messages", []),
        "bands": {
            m["difficulty"]: BANDS.get(m["difficulty"], "") for m in kept.document["messages"] if m["difficulty"]
        },
        "sent": len(sent),
        "refused": sum(one.state == "refused" for one in sent),
        "unknown": sum(one.state == "unknown" for one in sent),
        "whole": asdict(_result("everybody", whole)) if len(whole) >= measures.SMALLEST_GROUP else None,
        "groups": [asdict(_result(name, people)) for name, people in groups.items()],
        "shown_from": measures.SMALLEST_GROUP,
    }


def _within(sent: Sent, window: timedelta) -> Sent:
    """A message with a report that came in time, or without."""
    from dataclasses import replace

    late = sent.reported is not None and sent.sent is not None and sent.reported - sent.sent > window
    return replace(sent, reported=None, useful=None) if late else sent


def _result(name: str, people: Sequence[Sequence[Sent]]) -> Result:
    every = [one for mine in people for one in mine]
    lures, genuine = [one for one in every if one.lure], [one for one in every if not one.lure]
    reported = [one for one in lures if one.reported]
    clicked = [one for one in lures if one.clicked]
    alarms = sum(one.reported is not None for one in genuine)
    told = measures.discrimination(len(lures), len(reported), len(genuine), alarms)
    first = min((one.reported for one in reported if one.reported), default=None)
    click = min((one.clicked for one in clicked if one.clicked), default=None)
    began = min((one.sent for one in lures if one.sent), default=None)
    useful = sum(bool(one.useful) for one in reported)
    many = len(lures) or 1
    return Result(
        group=name, people=len(people), delivered=len(lures), reporters=len(reported),
        report_rate=len(reported) / many,
        first_report_s=(first - began).total_seconds() if first and began else None,
        median_report_s=median((r.reported - r.sent).total_seconds() for r in reported if r.reported and r.sent)
        if reported else None,
        useful_reports=useful, useful_rate=useful / len(reported) if reported else None,
        clicks=len(clicked), click_rate=len(clicked) / many, machine_fetches=sum(one.scans for one in every),
        opened_unknown=sum(one.opened is not None and one.clicked is None for one in lures),
        report_before_click=None if not first and not click else bool(first and (not click or first < click)),
        resilience=len(reported) / len(clicked) if clicked else None,
        genuine=len(genuine), false_alarms=alarms, d_prime=told.d_prime, criterion=told.criterion,
    )  # fmt: skip


def expire(store: ExerciseState, now: datetime) -> list[str]:
    """Let go of what is known of persons where the time has come; results by group stay. Returns the exercises."""
    over = [kept for kept in store.campaigns() if kept.expires <= now and kept.state != "expired"]
    for kept in over:
        store.close(kept.id, {**results(kept, store.messages(kept.id)), "state": "expired"})
    return [kept.id for kept in over]


def find(store: ExerciseState, id_: str) -> Kept:
    """An exercise by id. Raises InputError if there is none."""
    kept = store.campaign(id_)
    if kept is None:
        known = ", ".join(one.id for one in store.campaigns()) or "none was sent yet"
        raise InputError(f"no exercise is called {id_!r}", mend=f"one of: {known}")
    return kept
