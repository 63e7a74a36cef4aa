"""What every kind of action is: a writer of text that knows its way back, and nothing that acts."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from seawall.errors import InputError
from seawall.model.action import Action, Lasting

Door = Literal["nft", "bgp", "router", "accounts", "sessions", "person"]
LONGEST_BLOCK_S: Final = 24 * 3_600  # hard maximum, whatever response.toml says
COMMENT: Final = "seawall-"  # before an action's id, wherever a target lets us leave our name


@dataclass(frozen=True, slots=True)
class Written:
    """An action in the target's own words."""

    do: str
    undo: str
    verify: str  # what one asks the target, and what it answers when the change took


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of action."""

    name: str  # of its file
    title: str  # "Drop an address at a firewall"
    lasting: Lasting
    door: Door
    needs: tuple[str, ...]  # values it is written from
    write: Callable[[Mapping[str, str], int], Written]  # values and seconds → text; raises InputError
    order: int  # place in a plan: what warns the intruder least, and cuts most, comes first

    def action(
        self, target: str, values: Mapping[str, str], reason: str, *, lasts_s: int = 0, incident: str | None = None
    ) -> Action:
        """A new action of this kind. Raises InputError if a value is missing or cannot be written safely."""
        if self.lasting == "block" and not 0 < lasts_s <= LONGEST_BLOCK_S:
            raise InputError(f"a block stays 1 s to {LONGEST_BLOCK_S // 3_600} h, not {lasts_s} s", mend="--hours 4")
        seconds = lasts_s if self.lasting == "block" else 0
        id_ = secrets.token_hex(16)
        named = {**values, "id": id_}
        written = self.written(named, seconds)
        return Action(
            id_,
            self.name,
            target,
            self.lasting,
            written.do,
            written.undo,
            reason,
            incident,
            seconds,
            named,
            written.verify,
        )

    def written(self, values: Mapping[str, str], lasts_s: int) -> Written:
        """The text of an action, written again from its values. Raises InputError as `action` does."""
        missing = [name for name in self.needs if not values.get(name)]
        if missing:
            raise InputError(f"{self.name} needs {', '.join(missing)}", mend="give it, or ask a person instead")
        for name, value in values.items():
            if any(not char.isprintable() for char in value if char != "\n") or ("\n" in value and name != "text"):
                raise InputError(f"{name} holds a control character", where=self.name, mend="look at the evidence")
        return self.write(values, lasts_s)
