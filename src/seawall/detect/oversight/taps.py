"""A tap against its order: is there one, is it in force, is it for this target, this scope, this agency, this address.

A tap that several orders may cover is judged by the one it fits best: a LIID two agencies share, or one typed twice, is
no reason to call a tap rogue. `judge_one` answers for a single changed tap.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from seawall.detect.oversight.addresses import dicts, known, mediation_of, split
from seawall.detect.oversight.facts import FOREVER, Order, Tap, World
from seawall.detect.oversight.matching import Joined, compare, orders_of
from seawall.detect.oversight.naming import folded as one_name
from seawall.detect.oversight.naming import key
from seawall.detect.oversight.saying import found, said
from seawall.detect.oversight.validity import Judged, at, emergency_overdue, folded
from seawall.model.finding import Finding

GROUPED_FROM: Final = 25  # taps of one system with one trouble: from here on they are one finding
NAMED: Final = 100  # taps a grouped finding names


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing wrong with one tap."""

    kind: str
    why: str
    tap: Tap
    order: Order | None = None
    details: dict[str, Any] = field(default_factory=dict)
    confidence: int = 90


def judge(world: World) -> Iterator[Finding]:
    """Every tap an element shows, against the orders."""
    troubles: dict[tuple[str, str], list[Trouble]] = {}
    for tap in world.taps:
        for trouble in troubles_of(tap, world):
            troubles.setdefault((trouble.kind, tap.system), []).append(trouble)
    for (_, system), some in troubles.items():
        distinct = _distinct(some)
        if len(distinct) >= GROUPED_FROM:
            yield _grouped(system, distinct)
        else:
            yield from (_one(same) for same in distinct)


def judge_one(tap: Tap, world: World) -> list[Finding]:
    """What is to be said of one tap that changed, asked of indexes that stand."""
    return [_one([trouble]) for trouble in troubles_of(tap, world)]


def troubles_of(tap: Tap, world: World) -> list[Trouble]:
    """Everything wrong with one tap; nothing where it is not active, or only asked for."""
    if tap.state == "inactive":
        return []
    joined = orders_of(tap, world)
    if tap.path != "element":  # only asked for: what no element shows is told where nobody ordered it
        alone = tap.state == "active" and not joined.orders and key(tap.tap) not in _on_elements(world)
        return _without(tap, world, joined) if alone else []
    if not joined.orders:
        return _without(tap, world, joined)
    judged = [_against(tap, order, world) for order in joined.orders]
    best = min(judged, key=_weight)
    return best + [t for t in _delivery(tap, joined.orders, world) if t.kind not in {b.kind for b in best}]


def _on_elements(world: World) -> set[str]:
    """Names of taps the elements show themselves."""
    if "on_elements" not in world.cache:
        shown = [t for t in world.taps if t.path == "element"]
        world.cache["on_elements"] = {key(name) for t in shown for name in (t.tap, t.xid, *t.liids) if name}
    found_: set[str] = world.cache["on_elements"]
    return found_


def _weight(troubles: list[Trouble]) -> tuple[int, int]:
    return (sum(t.kind in _VALIDITY for t in troubles), len(troubles))


_VALIDITY: Final = frozenset({"TAP_PAST_EXPIRY", "TAP_BEFORE_START", "TAP_ON_INACTIVE_WARRANT", "WRONG_TARGET"})


def _moment(tap: Tap, world: World) -> int:
    return tap.row.time if tap.row.time is not None else world.now


def _withheld(tap: Tap, world: World) -> bool:
    """Whether every target of a tap is under an authority the registry must not show."""
    when, skew = _moment(tap, world), world.skew_us
    held = {w.commitment for w in world.withheld if w.start - skew <= when <= w.end + skew}
    return bool(held and tap.targets) and all(set(t.names) & held for t in tap.targets)


def _without(tap: Tap, world: World, joined: Joined) -> list[Trouble]:
    if not (world.orders or world.nothing_ordered) or _withheld(tap, world):
        return []
    why = f"{tap.tap} is active on {tap.system or 'a system without a name'}, and no court order covers it"
    if joined.stranger:
        why += "; its LIID stands in no order"
    details = {"liids": list(tap.liids)} if tap.liids else {}
    made = [Trouble("TAP_WITHOUT_WARRANT", why, tap, None, details, 70 if world.dirty else 95)]
    return made + _delivery(tap, (), world)


def _against(tap: Tap, order: Order, world: World) -> list[Trouble]:
    when, skew = _moment(tap, world), world.skew_us
    standing = at(order, when, skew)
    made = _in_time(tap, order, standing, when, skew, world)
    wrong, wider = compare(order, tap, world, when)
    if wrong and not _without_targets(order):
        types = sorted({t.type for t in wrong})
        made.append(
            Trouble(
                "WRONG_TARGET",
                f"{tap.tap} taps a target ({', '.join(types)}) that {order.warrant} does not name",
                tap,
                order,
                {"target_types": types, "commitments": [t.commitment for t in wrong]},
            )
        )
    if wider:
        widths = sorted({t.width for t in wider})
        made.append(
            Trouble(
                "TARGET_WIDER_THAN_WARRANT",
                f"{tap.tap} covers {', '.join(widths)}, more than {order.warrant} names",
                tap,
                order,
                {"observed_width": ", ".join(widths), "commitments": [t.commitment for t in wider]},
            )
        )
    if "CC" in tap.scope and standing.scope == "IRI":
        made.append(
            Trouble(
                "SCOPE_EXCEEDED",
                f"{tap.tap} takes content; {order.warrant} allows signalling only",
                tap,
                order,
                {"observed": tap.scope, "allowed": standing.scope},
            )
        )
    if tap.agency and order.agency and key(tap.agency) != key(order.agency) and not _shared(tap, order, world):
        made.append(
            Trouble(
                "WRONG_AGENCY",
                f"{tap.tap} delivers to {tap.agency}; {order.warrant} entitles {order.agency}",
                tap,
                order,
                {"observed": tap.agency, "entitled": order.agency},
            )
        )
    return made


def _without_targets(order: Order) -> bool:
    """Whether nothing can be compared, because the order came without targets."""
    return not order.targets and not order.amendments


def _in_time(tap: Tap, order: Order, standing: Judged, when: int, skew: int, world: World) -> list[Trouble]:
    if standing.standing == "inactive":
        return [
            Trouble(
                "TAP_ON_INACTIVE_WARRANT",
                f"{tap.tap} is active, and {order.warrant} is {standing.status}",
                tap,
                order,
                {"observed": standing.status},
            )
        ]
    if standing.standing == "early":
        if tap.starts is not None and tap.starts > when + skew and tap.starts >= standing.start - skew:
            return []  # set up beforehand, and waiting
        return [
            Trouble(
                "TAP_BEFORE_START",
                f"{tap.tap} is active, and {order.warrant} begins {said(standing.start)}",
                tap,
                order,
                {"valid_from": said(standing.start)},
            )
        ]
    ended = tap.ends is not None and tap.ends < when - skew
    if standing.standing == "past":
        if ended:
            return []  # its own end has passed: it no longer taps
        return [
            Trouble(
                "TAP_PAST_EXPIRY",
                f"{tap.tap} is active, and {order.warrant} ended {said(standing.end)}",
                tap,
                order,
                {"valid_to": said(standing.end)},
            )
        ]
    if emergency_overdue(order, world, when) is not None:
        return []  # said of the order itself
    if tap.ends is not None and standing.end != FOREVER and tap.ends > standing.end + skew:
        return [
            Trouble(
                "TAP_OUTLIVES_WARRANT",
                f"{tap.tap} is set to end {said(tap.ends)}; {order.warrant} ends {said(standing.end)}",
                tap,
                order,
                {"ends": said(tap.ends), "valid_to": said(standing.end)},
            )
        ]
    return []


def _shared(tap: Tap, order: Order, world: World) -> bool:
    """Whether the policy lets two agencies use this LIID."""
    for one in dicts(world.policy.get("shared_liids")):
        agencies = {key(str(a)) for a in one.get("agencies") or ()}
        if key(str(one.get("liid"))) == key(order.liid) and key(tap.agency) in agencies:
            return True
    return False


def _delivery(tap: Tap, orders: Sequence[Order], world: World) -> list[Trouble]:
    """Whether a tap's product goes where somebody announced, and to the agency entitled to it."""
    made: list[Trouble] = []
    order = orders[0] if orders else None
    announced = known(world)
    if not (announced.hosts or announced.networks):
        return []
    when, skew = _moment(tap, world), world.skew_us
    right: list[tuple[str, str]] = []
    foreign: list[tuple[str, str]] = []
    strange: list[str] = []
    agencies = {key(o.agency) for o in orders if o.agency}
    mediation = {host for o in orders for host in mediation_of(o, world)}
    for raw in tap.delivery:
        places = announced.places(raw, when, skew=skew)
        if not places:
            strange.append(raw)
        elif agencies and all(p.agency and key(p.agency) not in agencies for p in places):
            (right if split(raw)[0] in mediation else foreign).append((raw, places[0].agency))
        else:
            right.append((raw, ""))
    if not announced.mediation:  # said beside the findings: an element delivers to mediation, and none is known
        strange = [raw for raw in strange if not _internet(raw)]
    if strange:
        made.append(
            Trouble(
                "UNKNOWN_DELIVERY_ADDRESS",
                f"{tap.tap} delivers to {', '.join(strange)}, which nobody announced",
                tap,
                order,
                {"observed": strange[0] if len(strange) == 1 else strange, "beside": [raw for raw, _ in right]},
            )
        )
    if foreign and orders:
        kind = "SECOND_DESTINATION" if right else "WRONG_AGENCY"
        made.append(
            Trouble(
                kind,
                f"{tap.tap} delivers to {', '.join(raw for raw, _ in foreign)}, which is"
                f" {foreign[0][1]}'s; {orders[0].warrant} entitles {orders[0].agency}",
                tap,
                order,
                {"observed": foreign[0][1], "address": [raw for raw, _ in foreign]},
            )
        )
    elif len(right) > 1 and not strange and not tap.redundant and len(orders) < 2 and _extra(tap, order, world):
        made.append(
            Trouble(
                "SECOND_DESTINATION",
                f"{tap.tap} delivers to {len(right)} destinations",
                tap,
                order,
                {"observed": [raw for raw, _ in right]},
            )
        )
    return made


def _internet(raw: str) -> bool:
    """Whether it is an address of a network, and not a telephone number or a mailbox."""
    try:
        ipaddress.ip_address(split(raw)[0])
    except ValueError:
        return False
    return True


def _extra(tap: Tap, order: Order | None, world: World) -> bool:
    """Whether several known destinations are more than one function, its stand-ins and the agency's two legs."""
    if order is None:
        return False
    announced = known(world)
    own = mediation_of(order, world)
    owners: set[str] = set()
    for raw in tap.delivery:
        if split(raw)[0] in own:
            continue
        places = announced.places(raw, _moment(tap, world))
        owners |= {key(p.owner) for p in places if key(p.agency) != key(order.agency)} if places else set()
    spare = {key(str(s)) for m in dicts(world.policy.get("mediation")) for s in _listed(m.get("redundant_for"))}
    spare |= {key(str(m.get("id"))) for m in dicts(world.policy.get("mediation")) if m.get("redundant_for")}
    strangers = owners - spare
    return len(strangers) > (0 if own & {split(raw)[0] for raw in tap.delivery} else 1)


def _listed(raw: Any) -> list[Any]:
    return raw if isinstance(raw, list) else [] if raw is None else [raw]


def _distinct(troubles: Sequence[Trouble]) -> list[list[Trouble]]:
    """One tap's trouble once, however many streams or lists show it."""
    made: dict[tuple[str, str], list[Trouble]] = {}
    for trouble in troubles:
        warrant = trouble.order.warrant if trouble.order else ""
        made.setdefault((one_name(trouble.tap.tap), folded(warrant)), []).append(trouble)
    return list(made.values())


def _one(same: Sequence[Trouble]) -> Finding:
    first = same[0]
    tap, order = first.tap, first.order
    rows = [t.tap.row for t in same] + ([order.row] if order else [])
    details = dict(first.details)
    details["scope"] = tap.scope
    details["form"] = tap.form
    return found(
        first.kind,
        first.why,
        rows,
        system=tap.system,
        tap=tap.tap,
        warrant=order.warrant if order else (),
        agency=order.agency if order else tap.agency or (),
        confidence=first.confidence,
        details=details,
        subject=f"{tap.system} {tap.tap}".strip(),
    )


def _grouped(system: str, distinct: Sequence[Sequence[Trouble]]) -> Finding:
    """Many taps of one system with one trouble have one cause."""
    firsts = [same[0] for same in distinct]
    kind = firsts[0].kind
    rows = [t.tap.row for t in firsts]
    warrants = [t.order.warrant for t in firsts if t.order]
    why = f"{len(firsts)} taps of {system or 'one report'}: {firsts[0].why}, and so on"
    return found(
        kind,
        why,
        rows,
        system=system,
        tap=[t.tap.tap for t in firsts[:NAMED]],
        warrant=warrants[:NAMED],
        count=len(firsts),
        details={"taps": len(firsts), "grouped": True},
    )
