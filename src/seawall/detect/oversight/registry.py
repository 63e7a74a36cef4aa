"""The registry by itself: orders acted upon without confirmation, wishes not followed, agencies moved in silence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from seawall.detect.oversight.addresses import dicts, known, split
from seawall.detect.oversight.facts import Order, World
from seawall.detect.oversight.missing import shown
from seawall.detect.oversight.naming import key
from seawall.detect.oversight.saying import found, said
from seawall.detect.oversight.validity import at, emergency_overdue, folded, is_test
from seawall.model.finding import Finding

_CONFIRMED: Final = frozenset(
    {
        "confirmed",
        "verified",
        "ok",
        "yes",
        "true",
        "approved",
        "checked",
        "done",
        "complete",
        "completed",
        "received",
        "valid",
        "notrequired",
        "na",
        "accepted",
        "authenticated",
    }
)


def judge(world: World) -> Iterator[Finding]:
    """What is wrong with orders whatever the taps."""
    for order in world.orders:
        standing = at(order, world.now, world.skew_us)
        if standing.standing == "force" and not is_test(order):
            yield from _unconfirmed(order, world, standing.start)
        yield from _stuck(order, world)
    yield from _moved(world)


def _unconfirmed(order: Order, world: World, start: int) -> Iterator[Finding]:
    due = emergency_overdue(order, world, world.now)
    if due is not None:
        why = f"{order.warrant} is an emergency approval whose written order was due {said(due)} and has not come"
        yield _say(order, world, why, due)
        return
    if not order.has_confirmation or folded(order.confirmation) in _CONFIRMED:
        return
    first = min((s.start for s in order.spans if s.start is not None), default=start)
    due = order.emergency_due or first + world.hours("confirmation_limit_h", world_limit(world))
    if due < world.now - world.skew_us:
        said_ = order.confirmation or "without an answer"
        yield _say(
            order, world, f"{order.warrant} is acted upon and its confirmation is {said_} since {said(first)}", due
        )


def world_limit(world: World) -> float:
    """Hours an order may run without confirmation: the policy's limit for emergencies, for want of one of its own."""
    try:
        return float(world.policy.get("emergency_limit_h") or 48)
    except (TypeError, ValueError):
        return 48.0


def _say(order: Order, world: World, why: str, due: int) -> Finding:
    systems = sorted(shown(world).taps.get(id(order), set()))
    taps = [t.tap for t in shown(world).of.get(id(order), ())]
    return found(
        "UNCONFIRMED_WARRANT",
        why,
        [order.row],
        warrant=order.warrant,
        system=systems,
        tap=taps,
        agency=order.agency,
        at=world.now,
        details={"due": said(due), "method": order.confirmation_method},
        subject=order.warrant,
    )


def _stuck(order: Order, world: World) -> Iterator[Finding]:
    if not order.desired:
        return
    standing = at(order, world.now, world.skew_us)
    if folded(order.desired) == folded(standing.status or order.spans[0].status) or order.desired_since is None:
        return
    if world.now - order.desired_since <= world.hours("status_stuck_h", 24) + world.skew_us:
        return
    why = (
        f"{order.agency or 'the agency'} wants {order.warrant} {order.desired} since {said(order.desired_since)}; it is"
    )
    yield found(
        "STATUS_STUCK",
        f"{why} still {order.spans[0].status}",
        [order.row],
        warrant=order.warrant,
        agency=order.agency,
        at=world.now,
        system=sorted(shown(world).taps.get(id(order), set())),
        details={"desired": order.desired, "status": order.spans[0].status},
        subject=order.warrant,
    )


def _moved(world: World) -> Iterator[Finding]:
    """Agencies whose handover addresses differ from what the policy has in force."""
    announced = known(world)
    agencies = {key(str(a.get("agencyid") or "")) for a in dicts(world.policy.get("agencies"))}
    if not agencies:
        return
    for one in world.handovers:
        when = one.row.time if one.row.time is not None else world.now
        wrong = []
        for leg, raw in (("hi2", one.hi2), ("hi3", one.hi3)):
            if not raw:
                continue
            places = announced.places(raw, when, skew=world.skew_us)
            if not any(key(p.agency) == key(one.agency) for p in places):
                wrong.append((leg, raw))
        if not wrong and (key(one.agency) in agencies or folded(one.agency) != "pcapdisk"):
            continue
        told = ", ".join(f"{leg} {raw}" for leg, raw in wrong) or "a local disk"
        why = f"{one.system or 'the provisioner'} delivers to {one.agency} at {told}, which nobody announced"
        yield found(
            "AGENCY_DELIVERY_CHANGED",
            why,
            [one.row],
            system=one.system,
            agency=one.agency,
            details={"observed": [split(raw)[0] for _, raw in wrong]},
            subject=one.agency,
        )


def doubled(world: World) -> list[str]:
    """Warrants whose LIID stands in another order too, though no policy lets them share it. No fault of a tap: said."""
    shared = {key(str(one.get("liid"))) for one in dicts(world.policy.get("shared_liids"))}
    by_agency = folded(str(world.policy.get("liid_unique_per") or "")) == "agency"
    named: dict[tuple[str, str], list[str]] = {}
    for order in world.orders:
        if order.liid and key(order.liid) not in shared:
            named.setdefault((key(order.liid), key(order.agency) if by_agency else ""), []).append(order.warrant)
    return sorted(warrant for some in named.values() if len(some) > 1 for warrant in some)
