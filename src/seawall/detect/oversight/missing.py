"""Orders against the taps there are: an order in force wants its tap on every element it names.

An element that was not asked, or whose answer is missing, is no element without taps: it is said to be not known. Many
taps gone from one element have one cause, and are one finding: a restart loses the volatile rows of a whole router.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from seawall.detect.oversight.facts import HOUR_US, Order, Row, Tap, World
from seawall.detect.oversight.matching import orders_of
from seawall.detect.oversight.naming import folded
from seawall.detect.oversight.saying import found, said
from seawall.detect.oversight.validity import DEAD, at, emergency_overdue, is_test
from seawall.detect.oversight.validity import folded as status_word
from seawall.model.finding import Finding

GROUPED_FROM: Final = 10  # orders that miss their tap on one element
NAMED: Final = 100


@dataclass(slots=True)
class Shown:
    """What the elements showed."""

    taps: dict[int, set[str]] = field(default_factory=dict)  # order → systems with an active tap of it
    dormant: dict[int, set[str]] = field(default_factory=dict)  # order → systems with one that is not active
    of: dict[int, list[Tap]] = field(default_factory=dict)  # order → its active taps
    asked: dict[str, list[Row]] = field(default_factory=dict)  # system → its reports
    restarted: dict[str, int] = field(default_factory=dict)


def shown(world: World) -> Shown:
    """Which order has its tap where; made once."""
    if "shown" not in world.cache:
        made = Shown()
        for tap in world.taps:
            if tap.path == "element":
                _note(made, tap, world)
        for report in world.reports:
            if report.path == "element" and report.system and report.complete:
                made.asked.setdefault(folded(report.system), []).append(report.row)
                if report.restarted is not None:
                    made.restarted[folded(report.system)] = report.restarted
        world.cache["shown"] = made
    found_: Shown = world.cache["shown"]
    return found_


def _note(made: Shown, tap: Tap, world: World) -> None:
    for order in orders_of(tap, world).orders:
        kept = made.dormant if tap.state == "inactive" else made.taps
        kept.setdefault(id(order), set()).add(folded(tap.system))
        if kept is made.taps:
            made.of.setdefault(id(order), []).append(tap)


def judge(world: World) -> Iterator[Finding]:
    """Orders in force whose tap is missing on an element that was asked."""
    if not (world.taps or world.reports):
        return
    there = shown(world)
    by_system: dict[str, list[Order]] = {}
    lacking: dict[int, tuple[Order, list[str], list[str]]] = {}
    for order in world.orders:
        if not _wanted(order, world):
            continue
        have = there.taps.get(id(order), set())
        wanted = {folded(e): e for e in order.elements if e}
        gone = [name for low, name in wanted.items() if low in there.asked and low not in have]
        unknown = [name for low, name in wanted.items() if low not in there.asked and low not in have]
        if not wanted and not have and there.asked and not there.dormant.get(id(order)):
            gone = [""]
        if wanted and not gone and not have and not unknown:
            gone = list(wanted.values())
        if gone:
            lacking[id(order)] = (order, gone, unknown)
            for name in gone:
                by_system.setdefault(name, []).append(order)
    grouped = {name for name, orders in by_system.items() if name and len(orders) >= _from(name, world, there)}
    for name in sorted(grouped):
        yield _of_system(name, by_system[name], world, there)
    for order, gone, unknown in lacking.values():
        rest = [name for name in gone if name not in grouped]
        if rest:
            yield _of_order(order, rest, unknown, world, there)


def _from(name: str, world: World, there: Shown) -> int:
    """From how many orders on one cause is likely: a restart, and an answer without one tap, explain two at once."""
    shows = any(folded(name) in systems for systems in there.taps.values())
    return 2 if not shows or _restarted(name, world, there) is not None else GROUPED_FROM


def _restarted(name: str, world: World, there: Shown) -> int | None:
    """When an element last started, if that is recent enough to explain what it lost."""
    moment = there.restarted.get(folded(name))
    return moment if moment is not None and moment > world.now - 30 * 24 * HOUR_US else None


def _wanted(order: Order, world: World) -> bool:
    """Whether an order is in force long enough that its tap should stand."""
    standing = at(order, world.now, world.skew_us)
    if status_word(order.desired) in DEAD:  # the agency asked to end it: its tap is not missed
        return False
    if standing.standing != "force" or is_test(order) or standing.start > world.now - world.skew_us:
        return False
    return emergency_overdue(order, world, world.now) is None and not world.dirty


def _of_order(order: Order, gone: list[str], unknown: list[str], world: World, there: Shown) -> Finding:
    where = ", ".join(name for name in gone if name)
    why = f"{order.warrant} is in force, and its tap is missing" + (f" on {where}" if where else " everywhere")
    dormant = [n for n in gone if folded(n) in there.dormant.get(id(order), set())]
    if dormant:
        why += f"; a row that is not active stands on {', '.join(dormant)}"
    if unknown:
        why += f"; not known for {', '.join(unknown)}, whose report is missing"
    rows = [order.row, *(row for name in gone for row in there.asked.get(folded(name), ())[:1])]
    details = {"not_known": unknown, "not_active": dormant, "elsewhere": sorted(there.taps.get(id(order), set()))}
    return found(
        "WARRANT_WITHOUT_TAP",
        why,
        rows,
        warrant=order.warrant,
        system=[n for n in gone if n],
        agency=order.agency,
        details=details,
        at=world.now,
        confidence=85,
        subject=order.warrant,
    )


def _of_system(name: str, orders: list[Order], world: World, there: Shown) -> Finding:
    restarted = _restarted(name, world, there)
    before = restarted is not None
    cause = f"; it restarted {said(restarted)}, and its rows are volatile" if before else "; one cause is likely"
    why = f"{len(orders)} orders in force miss their tap on {name}{cause}"
    rows = [*there.asked.get(folded(name), ())[:3], *(order.row for order in orders)]
    details = {
        "warrants": len(orders),
        "cause": "restart" if before else "unknown",
        "grouped": True,
        "restarted": said(restarted),
    }
    return found(
        "WARRANT_WITHOUT_TAP",
        why,
        rows,
        system=name,
        warrant=[o.warrant for o in orders[:NAMED]],
        count=len(orders),
        details=details,
        at=world.now,
        subject=name,
    )


def not_known(world: World) -> dict[str, int]:
    """Elements that orders in force name and nobody reported on, with how many orders: not known, never `no taps`."""
    there = shown(world)
    seen = {name for names in there.taps.values() for name in names}
    counted: dict[str, int] = {}
    for order in world.orders:
        if at(order, world.now, world.skew_us).standing != "force":
            continue
        for element in order.elements:
            if folded(element) not in there.asked and folded(element) not in seen:
                counted[element] = counted.get(element, 0) + 1
    return counted
