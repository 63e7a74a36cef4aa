"""Standing orders: blocks two people signed for beforehand, within bounds, applied unattended and reported.

An order never reaches an eradication, and acts only on two independent sources, one of them authenticated; evidence
that is spoofable, learned or from an indicator list alone never acts. Outside its bounds it only proposes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from seawall.errors import InputError
from seawall.model.action import Action
from seawall.people.decisions import Desk
from seawall.response.actions import BY_NAME
from seawall.response.evidence import Standing
from seawall.response.execute import Hands, Outcome
from seawall.response.plans import Plan
from seawall.response.steps import Stand, stands

RULE: Final = "respond.standing"
LONGEST_DAYS: Final = 31  # an order nobody signed again ends


@dataclass(frozen=True, slots=True)
class Order:
    """What may be done unattended."""

    name: str  # 32 hex digits, of the decision
    kind: str  # of action; blocks only
    target: str
    count: int  # blocks that may stand by it at a time
    lasts_s: int  # how long each may stay
    until: datetime  # UTC; ends then
    requester: str = ""  # who asked for it; what it proposes stands in their name

    def outside(
        self, action: Action, standing: Standing | None, known: Mapping[str, Stand], now: datetime
    ) -> list[str]:
        """Why an action lies outside the order's bounds."""
        why = []
        if (action.kind, action.target) != (self.kind, self.target):
            why.append(f"the order is for {self.kind} on {self.target}")
        if now >= self.until:
            why.append("the order has ended")
        if action.lasting != "block" or not 0 < action.lasts_s <= self.lasts_s:
            why.append(f"the order allows blocks of at most {self.lasts_s / 3_600:g} h")
        live = [s for s in known.values() if s.stands and s.expires and s.expires > now]
        if len(live) >= self.count:
            why.append(f"{len(live)} blocks stand already; the order allows {self.count}")
        if standing is None or not standing.may_act_alone:
            why.append("its evidence is not two independent sources, one of them authenticated")
        return why


def values_of(kind: str, target: str, count: int, hours: float, until: datetime, now: datetime) -> dict[str, str | int]:
    """What two people sign. Raises InputError for bounds that are none."""
    if kind not in BY_NAME or BY_NAME[kind].lasting != "block":
        raise InputError(f"{kind!r} is no block", where="--kind", mend="eradications are never done unattended")
    if not 0 < hours <= 24 or not 1 <= count <= 100:
        raise InputError("bounds: 1 to 100 blocks of up to 24 h", where="--count, --hours")
    if not now < until or (until - now).days > LONGEST_DAYS:
        raise InputError(f"an order ends within {LONGEST_DAYS} days", where="--until", mend="name an earlier day")
    return {
        "kind": kind,
        "target": target,
        "count": count,
        "lasts_s": int(hours * 3_600),
        "until": int(until.timestamp()),
    }


def orders(desk: Desk) -> Iterator[Order]:
    """The orders two people signed, ended ones included."""
    for taken in desk.taken(RULE):
        values = taken.decision.values
        try:
            until = datetime.fromtimestamp(int(values["until"]), UTC)
            yield Order(
                taken.decision.name,
                str(values["kind"]),
                str(values["target"]),
                int(values["count"]),
                int(values["lasts_s"]),
                until,
                taken.decision.requester,
            )
        except (KeyError, ValueError, OverflowError, OSError):
            continue


def act(hands: Hands, plan: Plan, known: Mapping[str, Standing], found: list[Order]) -> Iterator[Outcome]:
    """Apply what an order covers, and say of all else why it is only proposed. `known`: evidence by action id."""
    for action in plan.actions:
        if action.lasting != "block":
            yield Outcome(action, None, "only proposed: no order covers what stays")
            continue
        now, done = hands.clock.now(), stands(hands.book)
        reasons = {order: order.outside(action, known.get(action.id), done, now) for order in found}
        if any(not why for why in reasons.values()):
            yield hands.apply(plan, action, ordered=True)
        else:
            least = min(reasons.values(), key=len, default=["no order stands"])
            yield Outcome(action, None, "only proposed: " + "; ".join(least))
