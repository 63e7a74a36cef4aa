"""Two paths to one truth: what an element shows itself against what its management says. One of them can lie (Athens).

Compared only where both were asked about the same system. A tap the element shows and management does not know is how
rogue code looks from outside; the reverse is a tap that somebody believes to be there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from seawall.detect.oversight.facts import Report, Tap, World
from seawall.detect.oversight.matching import orders_of
from seawall.detect.oversight.naming import folded, key, native_key
from seawall.detect.oversight.saying import found
from seawall.model.finding import Finding

NAMED: Final = 100


def judge(world: World) -> Iterator[Finding]:
    """Systems whose two paths differ, and intercept features nobody contracted."""
    yield from _disagreeing(world)
    yield from _features(world)


_TASKED: Final = frozenset({"x1", "table"})  # forms an ADMF provisions itself


def _disagreeing(world: World) -> Iterator[Finding]:
    shown: dict[str, list[Tap]] = {}
    managed: dict[str, list[Tap]] = {}
    for tap in world.taps:
        if tap.state != "inactive" and tap.form != "dtcp":
            (shown if tap.path == "element" else managed).setdefault(folded(tap.system), []).append(tap)
    asked: dict[str, list[Report]] = {}
    manager: dict[str, list[Report]] = {}
    for report in world.reports:
        if report.complete:
            (asked if report.path == "element" else manager).setdefault(folded(report.system), []).append(report)
    own = {folded(t.system) for some in managed.values() for t in some} & set(asked)
    wide = [
        r for name, reports in manager.items() if name not in asked for r in reports
    ]  # an ADMF or MDF: all it serves
    everywhere = {name for taps in managed.values() for tap in taps for name in _names(tap)}
    for system in sorted(asked):
        tasked = any(r.form in _TASKED for r in asked[system])
        speaks = system in manager or bool(wide and (tasked or system in own))
        if speaks or system in own:
            here = managed.get(system, [])
            reports = [*asked[system][:2], *(manager.get(system) or wide)[:2]]
            known = everywhere if wide else {name for tap in here for name in _names(tap)}
            yield from _compared(system, shown.get(system, []), here, known, reports, world, complete=speaks)


def _names(tap: Tap) -> set[tuple[str, str]]:
    """Everything a tap is known by on both sides."""
    named = {("xid", key(tap.xid))} if tap.xid else set()
    named |= {("liid", key(liid)) for liid in tap.liids}
    if tap.native:
        named.add(("native", native_key(tap.native)))
    if not named:
        named = {("target", name) for target in tap.targets for name in target.names}
    return named or {("tap", key(tap.tap))}


def _compared(
    system: str,
    shown: list[Tap],
    managed: list[Tap],
    known: set[tuple[str, str]],
    reports: list[Report],
    world: World,
    *,
    complete: bool,
) -> Iterator[Finding]:
    there = {name for tap in shown for name in _names(tap)}
    hidden = _once(tap for tap in shown if not _names(tap) & known) if complete else []
    absent = _once(tap for tap in managed if tap.state == "active" and not _names(tap) & there)
    if not hidden and not absent:
        return
    name = next((t.system for t in (*shown, *managed) if t.system), system)
    parts = []
    if hidden:
        parts.append(f"shows {len(hidden)} taps that its management does not know")
    if absent:
        parts.append(f"lacks {len(absent)} taps that its management believes active")
    rows = [*(t.row for t in (*hidden, *absent)), *(r.row for r in reports)]
    details = {
        "only_element": len(hidden),
        "only_management": len(absent),
        "taps_only_element": [t.tap for t in hidden[:NAMED]],
        "taps_only_management": [t.tap for t in absent[:NAMED]],
    }
    orders = [o.warrant for t in (*hidden, *absent)[:NAMED] for o in orders_of(t, world).orders[:1]]
    yield found(
        "SOURCE_DISAGREES",
        f"{name} " + " and ".join(parts),
        rows,
        system=name,
        tap=[t.tap for t in (*hidden, *absent)][:NAMED],
        warrant=orders,
        count=len(hidden) + len(absent),
        details=details,
        subject=name,
    )


def _once(taps: Iterable[Tap]) -> list[Tap]:
    """Each tap once, though a list and an answer of its own name it both."""
    return list({frozenset(_names(tap)): tap for tap in taps}.values())


def _features(world: World) -> Iterator[Finding]:
    """An intercept feature on a system that no order and no line of the policy names."""
    contracted = {folded(e) for order in world.orders for e in order.elements}
    listed = world.policy.get("li_elements") or world.policy.get("elements") or ()
    contracted |= {folded(str(e)) for e in listed} if isinstance(listed, list) else set()
    for report in world.reports:
        if not report.features or folded(report.system) in contracted:
            continue
        why = f"{report.system or report.report} has {', '.join(report.features)}, and no order names it"
        yield found(
            "LI_FEATURE_UNEXPECTED",
            why,
            [report.row],
            system=report.system or report.report,
            details={"features": list(report.features)},
        )
