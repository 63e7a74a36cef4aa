"""Two paths to one truth: what an element shows itself against what its management says. One of them can lie (Athens).

Compared only where both were asked about the same system. A tap the element shows and management does not know is how
rogue code looks from outside; the reverse is a tap that somebody believes to be there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from seawall.detect.oversight.facts import Report, Tap, World
from seawall.detect.oversight.naming import folded, key, native_key
from seawall.detect.oversight.saying import found
from seawall.model.finding import Finding

NAMED: Final = 100


def judge(world: World) -> Iterator[Finding]:
    """Systems whose two paths differ, and intercept features nobody contracted."""
    yield from _disagreeing(world)
    yield from _features(world)


def _disagreeing(world: World) -> Iterator[Finding]:
    managed: dict[str, list[Tap]] = {}
    shown: dict[str, list[Tap]] = {}
    for tap in world.taps:
        if tap.state != "inactive":
            (shown if tap.path == "element" else managed).setdefault(folded(tap.system), []).append(tap)
    by_path: dict[str, dict[str, list[Report]]] = {"element": {}, "management": {}}
    for report in world.reports:
        if report.complete:
            by_path.get(report.path, by_path["management"]).setdefault(folded(report.system), []).append(report)
    both = set(by_path["element"]) & (set(by_path["management"]) | set(managed))
    whole = bool(by_path["management"])  # a management report that spans systems speaks for each of them
    if whole and "" in by_path["management"]:
        both |= set(by_path["element"])
    for system in sorted(both):
        complete = system in by_path["management"] or "" in by_path["management"]
        yield from _compared(system, shown.get(system, []), managed.get(system, []), by_path, complete)


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
    system: str, shown: list[Tap], managed: list[Tap], by_path: dict[str, dict[str, list[Report]]], complete: bool
) -> Iterator[Finding]:
    there = {name for tap in shown for name in _names(tap)}
    here = {name for tap in managed for name in _names(tap)}
    hidden = [tap for tap in shown if not _names(tap) & here] if complete else []
    absent = [tap for tap in managed if tap.state == "active" and not _names(tap) & there]
    if not hidden and not absent:
        return
    name = next((t.system for t in (*shown, *managed) if t.system), system)
    parts = []
    if hidden:
        parts.append(f"{len(hidden)} taps that its management does not know")
    if absent:
        parts.append(f"lacks {len(absent)} taps that its management believes active")
    why = f"{name} shows " + " and ".join(parts) if hidden else f"{name} " + " and ".join(parts)
    rows = [t.row for t in (*hidden, *absent)]
    rows += [r.row for path in ("element", "management") for r in by_path[path].get(system, ())[:2]]
    details = {
        "only_element": len(hidden),
        "only_management": len(absent),
        "taps_only_element": [t.tap for t in hidden[:NAMED]],
        "taps_only_management": [t.tap for t in absent[:NAMED]],
    }
    yield found(
        "SOURCE_DISAGREES",
        why,
        rows,
        system=name,
        tap=[t.tap for t in (*hidden, *absent)][:NAMED],
        count=len(hidden) + len(absent),
        details=details,
        subject=name,
    )


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
