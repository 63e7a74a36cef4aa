"""What is known of one order, tap or system, wrong or not: what an auditor asks for first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from seawall.detect.oversight.facts import FOREVER, Order, Tap, World
from seawall.detect.oversight.matching import orders_of
from seawall.detect.oversight.naming import folded, key
from seawall.detect.oversight.saying import said
from seawall.detect.oversight.validity import at

LISTED: Final = 50  # lines of one sort; the rest are counted


def about(name: str, world: World) -> list[str]:
    """Lines about what carries this name (a warrant, LIID, XID, tap, system). Veil them before showing."""
    asked = key(name)
    orders = [o for o in world.orders if asked in (key(o.warrant), key(o.liid), *map(key, o.xids))]
    own = {id(o) for o in orders}
    taps = [
        t
        for t in world.taps
        if asked in (key(t.tap), key(t.xid), *map(key, t.liids))
        or any(id(o) in own for o in orders_of(t, world).orders)
    ]
    lines = list(_some([_order(o, world) for o in orders]))
    reports = [r for r in world.reports if folded(r.system) == folded(name)]
    if reports or any(folded(t.system) == folded(name) for t in world.taps):
        taps = [t for t in world.taps if folded(t.system) == folded(name)]
        wanted = sum(folded(name) in map(folded, o.elements) for o in world.orders)
        lines.append(f"system {name}: {len(taps)} taps shown, {wanted} orders name it")
        whole = {True: "names every tap", False: "does not claim to name every tap"}
        lines += _some(
            [f"  report {r.report} ({r.form}, {r.path}) of {_when(r.row.time)}: {whole[r.complete]}" for r in reports]
        )
    return lines + list(_some([_tap(t, world) for t in taps]))


def _some(lines: Sequence[str]) -> Iterator[str]:
    yield from lines[:LISTED]
    if len(lines) > LISTED:
        yield f"… and {len(lines) - LISTED} more"


def _when(micros: int | None) -> str:
    return said(micros) or "an unknown time"


def _order(order: Order, world: World) -> str:
    stands = at(order, world.now, world.skew_us)
    word = {"force": "in force", "early": "not yet in force", "past": "ended", "inactive": "not in force"}[
        stands.standing
    ]
    end = "without an end" if stands.end == FOREVER else f"to {_when(stands.end)}"
    begin = _when(stands.start if stands.start > 0 else None)
    parts = [
        f"order {order.warrant}: {word} ({stands.status or 'no status'}), from {begin} {end}",
        f"scope {stands.scope or 'not said'}",
        f"agency {order.agency or 'not said'}",
        f"{len(order.targets)} targets ({', '.join(sorted({t.type for t in order.targets})) or 'none'})",
        f"expected on {', '.join(order.elements) or 'no system in particular'}",
    ]
    return "; ".join(parts) + f"; seen in {order.row.origin}"


def _tap(tap: Tap, world: World) -> str:
    joined = orders_of(tap, world)
    names = ", ".join(dict.fromkeys(o.warrant for o in joined.orders))
    parts = [
        f"tap {tap.tap} on {tap.system or 'a system without a name'}: {tap.state} ({tap.form}, {tap.path})",
        f"belongs to {names} by {joined.by}" if names else "belongs to no order",
        f"scope {tap.scope or 'not said'}",
        f"delivers to {', '.join(tap.delivery) or tap.agency or 'an address not said'}",
    ]
    parts += [f"{len(tap.unresolved)} destinations without an address"] if tap.unresolved else []
    return "; ".join(parts) + f"; seen in {tap.row.origin}"
