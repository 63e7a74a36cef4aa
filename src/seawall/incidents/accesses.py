"""Who was at a crown jewel, and whether that is explained: a known account from its usual place, or announced work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from seawall.incidents.facts import Facts, Seat
from seawall.model.assessment import Access
from seawall.model.finding import Finding
from seawall.model.site import Device, Site

MOST_SHOWN: Final = 200  # of one machine, unexplained ones first


@dataclass(frozen=True, slots=True)
class Suspects:
    """Who and what the incident's findings name as acting."""

    accounts: frozenset[str]  # without case
    addresses: frozenset[str]
    events: frozenset[str]  # ids of the events findings rest on
    places: frozenset[str] = frozenset()  # addresses of machines the incident took place on


@dataclass(frozen=True, slots=True)
class Seats:
    """The accesses to one machine, judged."""

    shown: tuple[Access, ...]  # in order of time
    explained: int
    unexplained: int
    strangers: tuple[str, ...]  # who the unexplained ones were, the most frequent first
    tied: tuple[Access, ...] = ()  # unexplained ones that belong to the incident
    refused: tuple[Access, ...] = ()  # refused ones that nothing explains: tries


def suspects(story: Iterable[Finding], site: Site) -> Suspects:
    """What to compare accesses with: who acts in the findings of an incident, from where, and on which machines."""
    names = site.device_names
    touched: set[str] = set()
    accounts: set[str] = set()
    addresses: set[str] = set()
    events: set[str] = set()
    for finding in story:
        for entity in finding.entities:
            if entity.type == "account" and entity.role == "actor":
                accounts.add(entity.value.casefold())
            if entity.type == "ip" and entity.role in ("source", "actor"):
                addresses.add(entity.value)
            if entity.type in ("device", "system") and entity.role == "target":
                touched.add(names.get(entity.value.lower(), entity.value))
        events.update(evidence.event_id for evidence in finding.evidence)
    places = frozenset(a for device in site.devices if device.name in touched for a in device.addresses)
    return Suspects(frozenset(accounts), frozenset(addresses), frozenset(events), places)


def explained(jewel: Device, facts: Facts, site: Site, wanted: Suspects) -> Seats:
    """Every access to a machine the facts hold, each explained or not. Refused ones are tries, and count as neither."""
    name = jewel.name.lower()
    every = [_judged(seat, site, wanted) for seat in facts.seats.get(name, ())]
    refused = tuple(access for access, _ in every if access.outcome == "failure" and not access.explained)
    judged = [access for access, _ in every if access.outcome != "failure"]
    tied = tuple(access for access, belongs in every if belongs and access.outcome != "failure")
    open_ones = [access for access in judged if not access.explained]
    counts: dict[str, int] = {}
    for access in open_ones:
        who = access.account or "nobody named"
        who = f"{who} from {access.source}" if access.source else who
        counts[who] = counts.get(who, 0) + 1
    ranked = sorted(counts, key=lambda who: (-counts[who], who))
    shown = sorted((*open_ones, *refused), key=_when)[:MOST_SHOWN]
    shown += sorted((a for a in judged if a.explained), key=_when)[: MOST_SHOWN - len(shown)]
    beyond = max(0, facts.seats_total.get(name, 0) - len(facts.seats.get(name, ())))
    return Seats(
        shown=tuple(sorted(shown, key=_when)),
        explained=len(judged) - len(open_ones),
        unexplained=len(open_ones) + beyond,  # not looked at is not explained
        strangers=(*ranked, *(["others not looked at"] if beyond else [])),
        tied=tied,
        refused=refused,
    )


def _when(access: Access) -> tuple[object, str]:
    return (access.time, access.event_id)


def _judged(seat: Seat, site: Site, wanted: Suspects) -> tuple[Access, bool]:
    """An access with its explanation, and whether it belongs to the incident."""
    because = _tie(seat, site, wanted)
    belongs = bool(because)
    fine = False
    if not belongs:
        fine, because = _reason(seat, site)
    access = Access(
        time=seat.time,
        device=seat.device,
        account=seat.account,
        source=seat.source,
        action=seat.action,
        object=seat.object,
        rows=seat.rows,
        bytes=seat.bytes,
        outcome=seat.outcome,
        origin=seat.origin,
        event_id=seat.event_id,
        explained=fine,
        because=because,
    )
    return access, belongs


def _tie(seat: Seat, site: Site, wanted: Suspects) -> str:
    """What ties an access to the incident; empty where nothing does."""
    if seat.event_id in wanted.events:
        return "a finding of the incident rests on it"
    if seat.source in wanted.addresses and not site.is_trusted_source(seat.source):
        return "it comes from an address of the incident"
    person = site.person(seat.account) if seat.account else None
    usual = person is not None and seat.source != "" and site.is_usual(person, seat.source)
    if seat.source in wanted.places and not usual:
        return "it comes from a machine of the incident, no usual place of this account"
    known = seat.account.casefold() in wanted.accounts
    return "the account acts in the incident" if known and not usual else ""


def _reason(seat: Seat, site: Site) -> tuple[bool, str]:
    """Whether an access is explained, and by what, or why not."""
    person = site.person(seat.account) if seat.account else None
    if person is None:
        return False, "the site file names no such account" if site.people else "no site file names the people"
    window = site.change_window(seat.device, seat.account, seat.time)
    if window is not None:
        return True, f"announced work{f' {window.ticket}' if window.ticket else ''}"
    if not seat.source:
        if person.kind == "automation":
            return True, "known automation; the record names no address"
        return False, "the record names no address it came from"
    if site.is_usual(person, seat.source):
        return True, f"known {person.kind}, from its usual place"
    return False, f"{seat.source} is no usual place of this account"
