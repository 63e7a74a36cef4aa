"""The administration of intercepts, held against who may do what and when.

UNEXPECTED_ADMIN, UNEXPECTED_ADMF, OFF_HOURS_CHANGE and AGENCY_DELIVERY_CHANGED. Reads are in `administration_reads`,
short taps and what the trail leaves out in `administration_gaps`, the join to the world in `administration_world`.
Several records of one actor with less than an hour between them are one thing noticed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from seawall.detect.oversight.deeds import CHANGES, NOBODY, Act, Deed, runs
from seawall.detect.oversight.hours import folded
from seawall.detect.oversight.staff import READERS, Admin, Staff, common_name, request_allowed, same_peer

NOT_THE_ADMF: Final = frozenset({1030, 1040})  # X1 errors: identifier and certificate differ; unexpected identifier


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """Something noticed in the administration, before it is a finding."""

    kind: str  # as in the catalogue of oversight kinds
    why: str
    deeds: Sequence[Deed]  # the records behind it, in order of time
    actor: str = ""
    systems: tuple[str, ...] = ()
    tap: str = ""
    agency: str = ""
    at: datetime | None = None  # where no record says when
    confidence: int = 90
    details: Mapping[str, Any] = field(default_factory=dict)


def unexpected_admins(deeds: Iterable[Deed], staff: Staff) -> Iterator[Noticed]:
    """A user the policy does not know, or one who acts after leaving, from elsewhere, or beyond the role."""
    if "admins" not in staff.stated:
        return
    yield from _told("UNEXPECTED_ADMIN", deeds, lambda deed: _why_not(deed, staff), lambda deed: deed.user.strip())


def _why_not(deed: Deed, staff: Staff) -> str:
    """Why a user should not have asked this; empty if nothing speaks against it."""
    user = folded(deed.user)
    if user in NOBODY or deed.act is Act.LOGIN_REFUSED or user in staff.functions:
        return ""  # nobody, nothing, or the function itself where a person would be named
    entries = staff.admins.get(user, ())
    if not entries:
        return "is not among the administrators the policy names"
    reasons = [_entry_against(deed, entry, staff) for entry in entries]
    return "" if "" in reasons else reasons[0]


def _entry_against(deed: Deed, entry: Admin, staff: Staff) -> str:
    if entry.until is not None and deed.time > entry.until + staff.skew:
        return f"was to act until {entry.until:%Y-%m-%d %H:%M} UTC only"
    if entry.peers and deed.peer and not same_peer(deed.peer, entry.peers) and not _through(deed, staff):
        return f"came from {deed.peer}, which is not one of the addresses the policy gives"
    if entry.interactive is False and deed.interactive:
        return "is an account for programs, and was used by a person at a prompt"
    if deed.act in (Act.LOGIN, Act.OTHER):
        return ""
    if entry.requests:
        return "" if request_allowed(deed.request, entry.requests) else f"may not ask {deed.request[:60]!r}"
    if deed.act in CHANGES and any(word in entry.role for word in READERS):
        return f"has the role {entry.role}, which changes nothing"
    if deed.act in CHANGES and entry.role == "network-admin" and (deed.tap or deed.admf):
        return "is a network administrator, and changed an intercept"
    return ""


def _through(deed: Deed, staff: Staff) -> bool:
    """Whether the address is that of the function the request came through, not of the person behind it."""
    return any(same_peer(deed.peer, function.peers) for function in staff.functions.get(folded(deed.admf), ()))


def unexpected_functions(deeds: Iterable[Deed], staff: Staff) -> Iterator[Noticed]:
    """A management function the policy does not know, or a right name with a wrong certificate or address."""
    if not staff.stated & {"admf", "mediation"}:
        return
    yield from _told("UNEXPECTED_ADMF", deeds, lambda deed: why_no_function(deed, staff), lambda deed: deed.via)


def why_no_function(deed: Deed, staff: Staff) -> str:
    """Why a deed's management function is not one the policy knows; empty if it is, or if none is named."""
    if deed.code in NOT_THE_ADMF:
        return f"was refused by the element as not being the management function (X1 error {deed.code})"
    name = folded(deed.admf)
    if name in NOBODY:
        return ""
    known = staff.functions.get(name, ())
    if not known:
        return "is not a management or mediation function the policy names"
    certificate = common_name(deed.certificate) if deed.certificate else ""
    by_certificate = [f for f in known if not f.certificates or not certificate or certificate in f.certificates]
    if not by_certificate:
        return f"gives the name {deed.admf} with the certificate of {deed.certificate[:100]}"
    if deed.peer and not any(not f.peers or same_peer(deed.peer, f.peers) for f in by_certificate):
        return f"gives the name {deed.admf} and comes from {deed.peer}, which is not its address"
    return ""


def off_hours(deeds: Iterable[Deed], staff: Staff) -> Iterator[Noticed]:
    """A change outside the hours of whoever made it; for a stranger, outside those of every administrator."""
    if "admins" not in staff.stated:
        return
    yield from _told("OFF_HOURS_CHANGE", deeds, lambda deed: _off(deed, staff), lambda deed: deed.who)


def _off(deed: Deed, staff: Staff) -> str:
    if not deed.changes or staff.on_duty(deed.user, deed.time) or staff.maintained(deed.system, deed.time):
        return ""
    user = folded(deed.user)
    if (user in NOBODY or user in staff.functions) and not why_no_function(deed, staff):
        return ""  # a function by itself: orders that end at midnight are taken down at midnight
    own = staff.admins.get(user, ())
    judged = own or [e for some in staff.admins.values() for e in some if not any(word in e.role for word in READERS)]
    shifts = [entry.shift for entry in judged]
    if None in shifts or not own:
        shifts = [shift for shift in shifts if shift is not None and (own or not shift.always)]
        if own or not shifts:
            return ""  # hours that cannot be read are not judged
    if any(shift.holds(deed.time, staff.skew) for shift in shifts if shift):
        return ""
    zone = shifts[0].zone if shifts[0] else None
    local = deed.time.astimezone(zone)
    return f"changed something on {local:%A at %H:%M} ({local.tzname()}), outside working hours, and was not on call"


def agency_changes(deeds: Iterable[Deed], staff: Staff) -> Iterator[Noticed]:
    """An agency's delivery changed, with no change of it announced for that time."""
    by_agency: dict[str, list[Deed]] = defaultdict(list)
    for deed in deeds:
        known = deed.act is Act.ADD and folded(deed.agency) in staff.agencies  # set up, and in the policy since
        if deed.agency and deed.changes and not deed.tap and not known and not staff.announced(deed.agency, deed.time):
            by_agency[deed.agency].append(deed)
    for agency, some in by_agency.items():
        yield from (
            one_noticed("AGENCY_DELIVERY_CHANGED", run, f"changed where {agency} is delivered to, unannounced",
                 run[0].who, agency=agency)
            for run in runs(some)
        )  # fmt: skip


def _told(
    kind: str, deeds: Iterable[Deed], reason: Callable[[Deed], str], actor: Callable[[Deed], str]
) -> Iterator[Noticed]:
    """Deeds a reason speaks against, one thing noticed for each actor and stretch of time."""
    by_actor: dict[str, list[tuple[Deed, str]]] = defaultdict(list)
    for deed in deeds:
        if why := reason(deed):
            by_actor[folded(actor(deed))].append((deed, why))
    for some in by_actor.values():
        reasons = {id(deed): why for deed, why in some}
        for run in runs(deed for deed, _ in some):
            yield one_noticed(kind, run, reasons[id(run[0])], actor(run[0]))


def one_noticed(kind: str, run: Sequence[Deed], why: str, actor: str, *, agency: str = "", tap: str = "") -> Noticed:
    """One run of deeds as a thing noticed; a concluded actor is said to be one."""
    inferred = next((deed for deed in run if deed.inferred), None)
    records = sorted({id(d): d for deed in run for d in (deed, *deed.evidence)}.values(), key=lambda d: d.time)
    details: dict[str, Any] = {"requests": sorted({deed.request[:80] for deed in run})[:20]}
    if inferred is not None:
        details |= {"actor_inferred": True, "inferred_from": inferred.inferred}
    if via := sorted({deed.via for deed in run if deed.via and deed.via != actor}):
        details["via"] = via[:20]
    if all(deed.refused for deed in run):
        details["outcome"] = "refused"
    taps = sorted({deed.tap for deed in run if deed.tap})
    ending = f" (inferred: {inferred.inferred})" if inferred else ""
    return Noticed(
        kind=kind,
        why=f"{actor or 'somebody the record does not name'} {why}{ending}",
        deeds=records,
        actor=actor,
        systems=tuple(sorted({deed.system for deed in run if deed.system})),
        tap=tap or (taps[0] if len(taps) == 1 else ""),
        agency=agency,
        at=run[0].time,
        confidence=70 if inferred else 90,
        details=details | ({"taps": taps[:100]} if len(taps) > 1 else {}),
    )
