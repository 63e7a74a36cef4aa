"""Which order a tap belongs to: by XID, by LIID, by the element's own identifier, and last by its target."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from seawall.detect.oversight.facts import Order, Tap, Target, World
from seawall.detect.oversight.naming import folded, key, native_key
from seawall.detect.oversight.validity import targets_at


@dataclass(slots=True)
class Index:
    """Orders by everything a tap may be joined by."""

    liid: dict[str, list[Order]] = field(default_factory=dict)
    xid: dict[str, list[Order]] = field(default_factory=dict)
    native: dict[str, list[Order]] = field(default_factory=dict)
    target: dict[str, list[Order]] = field(default_factory=dict)  # by commitment
    wide: list[tuple[Target, Order]] = field(default_factory=list)  # targets that may contain others


def index(world: World) -> Index:
    """Made once for a world."""
    if "index" not in world.cache:
        made = Index()
        for order in world.orders:
            if order.liid:
                made.liid.setdefault(key(order.liid), []).append(order)
            for xid in order.xids:
                made.xid.setdefault(key(xid), []).append(order)
            if order.native:
                made.native.setdefault(native_key(order.native), []).append(order)
            every = (*order.targets, *(t for a in order.amendments for t in a.add))
            for target in every:
                for name in target.names:
                    some = made.target.setdefault(name, [])
                    if not some or some[-1] is not order:
                        some.append(order)
                if _wide(target):
                    made.wide.append((target, order))
        world.cache["index"] = made
    found: Index = world.cache["index"]
    return found


def _wide(target: Target) -> bool:
    return target.normal and target.width not in ("single", "/32", "/128", "unknown", "")


@dataclass(frozen=True, slots=True)
class Joined:
    """The orders a tap may belong to, and how they were found."""

    orders: tuple[Order, ...]
    by: str  # xid, liid, native, target; empty: none
    stranger: bool = False  # it carries a LIID that no order has


def orders_of(tap: Tap, world: World) -> Joined:
    """The orders a tap is joined to by the surest of its names."""
    made = index(world)
    if tap.xid and (found := made.xid.get(key(tap.xid))):
        return Joined(tuple(found), "xid")
    known = [o for liid in tap.liids for o in made.liid.get(key(liid), ())]
    if known:
        return Joined(tuple(known), "liid")
    if tap.liids:
        return Joined((), "", True)
    if tap.native and (found := made.native.get(native_key(tap.native))):
        here = [o for o in found if not o.elements or folded(tap.system) in map(folded, o.elements)]
        return Joined(tuple(here or found), "native")
    return _by_target(tap, world, made)


def _by_target(tap: Tap, world: World, made: Index) -> Joined:
    """Orders that name the target; where an order lists tasks or identifiers of its own, this is none of them."""
    if not tap.targets:
        return Joined((), "")
    candidates = {id(o): o for t in tap.targets for name in t.names for o in made.target.get(name, ())}
    if not candidates:
        for target, order in made.wide:
            if all(any(covers(world, target, own) for own in (one,)) for one in tap.targets):
                candidates[id(order)] = order
    here = [o for o in candidates.values() if not o.elements or folded(tap.system) in map(folded, o.elements)]
    unlisted = [o for o in here if not (o.xids if tap.xid else o.native if tap.native else ())]
    return Joined(tuple(unlisted), "target") if unlisted else Joined((), "")


def covers(world: World, wide: Target, narrow: Target) -> bool:
    """Whether an order's target covers a tap's: the same, another name of the same subscriber, or wider."""
    if wide.commitment == narrow.commitment or set(wide.names) & set(narrow.names):
        return True
    if wide.type != narrow.type or not wide.normal or not narrow.normal:
        return False
    return _wide(wide) and bool(world.covers(wide.commitment, narrow.commitment))


def compare(order: Order, tap: Tap, world: World, moment: int) -> tuple[list[Target], list[Target]]:
    """Of a tap's targets: those the order does not name at all, and those wider than what it names."""
    named = targets_at(order, moment, world.skew_us)
    wrong, wider = [], []
    for target in tap.targets:
        if any(covers(world, one, target) for one in named):
            continue
        if target.normal and any(one.type == target.type and _contains(world, target, one) for one in named):
            wider.append(target)
        else:
            wrong.append(target)
    if tap.form == "openli" and len(wrong) < len(tap.targets) and not any(one.type in _ACCOUNTS for one in named):
        # OpenLI demands a user beside the addresses it taps; an order that names addresses alone cannot confirm one
        wrong = [target for target in wrong if target.type != "nai"]
    return wrong, wider


_ACCOUNTS: Final = frozenset({"nai", "email", "sip"})


def _contains(world: World, wide: Target, narrow: Target) -> bool:
    return _wide(wide) and bool(world.covers(wide.commitment, narrow.commitment))
