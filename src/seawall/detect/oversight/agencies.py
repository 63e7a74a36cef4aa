"""What of a world is one agency's: the only door through which anything for an agency is made.

Whoever writes for an agency gets a world in which the others do not exist, so nothing written can depend on them. What
cannot be told apart (a tap joined by its target alone, a login, an identifier two agencies share) is nobody's, and left
out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from seawall.detect.oversight.deeds import Act as Doing
from seawall.detect.oversight.deeds import act_of
from seawall.detect.oversight.facts import Act, Order, Tap, World
from seawall.detect.oversight.naming import folded, key, native_key

_OWN_LISTS: Final = {"agencies": "agencyid", "delivery_changes": "agencyid"}


def agencies_of(world: World) -> list[str]:
    """Every agency an order names, as the first order writes it."""
    named: dict[str, str] = {}
    for order in world.orders:
        if order.agency:
            named.setdefault(folded(order.agency), order.agency)
    return sorted(named.values(), key=folded)


def restricted(world: World, agency: str) -> World:
    """The world as far as it is one agency's. Withheld authorities, flows, mirrors and rows of the policy are not."""
    policy = _own_policy(world.policy, agency)
    orders = [order for order in world.orders if folded(order.agency) == folded(agency)]
    names = _Names(orders, agency, policy)
    systems: set[str] = set()
    taps = []
    for tap in world.taps:
        if names.owns_tap(tap):
            taps.append(tap)
            systems.add(folded(tap.system))
    return World(
        now=world.now,
        policy=policy,
        orders=orders,
        taps=taps,
        reports=[replace(r, taps=0, features=()) for r in world.reports if folded(r.system) in systems],
        acts=[_bare(act) for act in world.acts if names.owns_act(act, systems)],
        covers=world.covers,
        dirty=world.dirty,
    )


def _own_policy(policy: Mapping[str, Any], agency: str) -> dict[str, Any]:
    """The policy without what it says of other agencies."""
    own = dict(policy)
    for name, label in _OWN_LISTS.items():
        if isinstance(entries := policy.get(name), list):
            own[name] = [e for e in entries if isinstance(e, Mapping) and folded(str(e.get(label))) == folded(agency)]
    if isinstance(shared := policy.get("shared_liids"), list):
        own["shared_liids"] = [
            {"liid": entry.get("liid"), "agencies": [agency]}
            for entry in shared
            if isinstance(entry, Mapping) and folded(agency) in {folded(str(a)) for a in entry.get("agencies") or ()}
        ]
    return own


class _Names:
    """Names under which an agency's orders are carried out."""

    def __init__(self, orders: list[Order], agency: str, policy: Mapping[str, Any]) -> None:
        self._agency = folded(agency)
        self._xids = {key(xid) for order in orders for xid in order.xids}
        self._liids = {key(order.liid) for order in orders if order.liid}
        self._natives = {
            (folded(element), native_key(order.native))
            for order in orders
            if order.native
            for element in order.elements
        }
        per = folded(str(policy.get("liid_unique_per") or ""))
        shared = {key(str(entry["liid"])) for entry in policy.get("shared_liids") or () if entry.get("liid")}
        self._doubtful = self._liids if "agency" in per else shared

    def owns_tap(self, tap: Tap) -> bool:
        """Whether a tap carries out one of the agency's orders, or delivers to it."""
        if folded(tap.agency) == self._agency and tap.agency:
            return True
        own_liid = any(self._liid(liid, tap.agency) for liid in tap.liids)
        return own_liid or bool(tap.xid and key(tap.xid) in self._xids) or self._native(tap.system, tap.native)

    def owns_act(self, act: Act, systems: set[str]) -> bool:
        """Whether a record is about one of its taps, about the agency, or a read of lists that hold its taps."""
        if act.agency:
            return folded(act.agency) == self._agency
        if act.xid or act.liid or act.native:
            return (
                bool(act.xid and key(act.xid) in self._xids)
                or bool(act.liid and self._liid(act.liid, ""))
                or self._native(act.system, act.native)
            )
        return folded(act.system) in systems and act_of(act.request or act.message) is Doing.READ_ALL

    def _liid(self, liid: str, agency: str) -> bool:
        known = key(liid) in self._liids
        return known and (key(liid) not in self._doubtful or folded(agency) == self._agency)

    def _native(self, system: str, native: str) -> bool:
        return bool(native) and (folded(system), native_key(native)) in self._natives


def _bare(act: Act) -> Act:
    """A record without how much others had in the same answer."""
    return replace(act, other={})
