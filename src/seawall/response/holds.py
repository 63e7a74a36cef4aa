"""Holds: a law-enforcement "watch, do not touch", signed, recorded and respected until two people lift it."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from seawall.people.decisions import Desk
from seawall.response.addresses import literals, overlaps

HOLD: Final = "respond.hold"
LIFT: Final = "respond.lift-hold"
_ADDRESS: Final = re.compile(r"[0-9A-Fa-f.:]{3,45}(?:/\d{1,3})?")


@dataclass(frozen=True, slots=True)
class Hold:
    """One hold that stands."""

    name: str  # 32 hex digits, of the decision
    what: str  # incident id, device, account or address; "*" for everything
    why_text: str

    def covers(self, incident: str, named: Collection[str]) -> bool:
        """Whether an action of an incident that names these things is held."""
        if self.what == "*" or (len(self.what) >= 8 and incident.startswith(self.what)):
            return True
        if self._address_named(named):
            return True
        folded = {name.casefold() for name in named}
        return self.what.casefold() in folded or any(
            name.partition(".")[0] == self.what.casefold() or name.partition("/")[0] == self.what.casefold()
            for name in folded
        )

    def _address_named(self, named: Collection[str]) -> bool:
        """Whether what is held is an address, or a network, that shares one with what is named, in any spelling."""
        held = list(literals(self.what)) if _ADDRESS.fullmatch(self.what) else []
        return any(overlaps(one, other) for one in held for name in named for other in literals(name))


def holds(desk: Desk) -> tuple[Hold, ...]:
    """The holds that stand now."""
    lifted = {str(taken.decision.values.get("hold", "")) for taken in desk.taken(LIFT)}
    return tuple(
        Hold(t.decision.name, str(t.decision.values.get("what", "")), t.decision.purpose)
        for t in desk.taken(HOLD)
        if t.decision.name not in lifted
    )
