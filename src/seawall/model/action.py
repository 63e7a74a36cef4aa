"""An action: one step of a response, which knows its way back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal, get_args

Lasting = Literal["block", "eradication", "ask"]
LASTING: Final[frozenset[str]] = frozenset(get_args(Lasting))


@dataclass(frozen=True, slots=True)
class Action:
    """A planned step. Blocks expire; eradications stay until a person undoes them; asking changes nothing itself."""

    id: str  # 32 hex digits
    kind: str  # name of the file in `response/actions`, e.g. "rtbh"
    target: str  # system it changes, as response.toml or site.toml calls it
    lasting: Lasting
    do: str  # exact change, in the target's own words
    undo: str  # exact change that takes it back; empty for "ask"
    reason: str
    incident: str | None = None
    lasts_s: int = 0  # seconds a block stays, from the moment it is applied; 0 for all others
    values: Mapping[str, str] = field(default_factory=dict)  # what `do` is written from
    verify: str = ""  # how one sees on the target that it took
    doubts: tuple[str, ...] = ()  # what the evidence does not carry
    collateral: str = ""  # who else it touches, as far as flows show
    save_first: tuple[str, ...] = ()  # evidence this would destroy, the most fleeting first

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of exactly what changes: what a person signs."""
        told = {
            name: getattr(self, name)
            for name in ("id", "kind", "target", "lasting", "do", "undo", "lasts_s", "verify", "incident")
        }
        whole = json.dumps({**told, "values": dict(self.values)}, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(whole.encode()).hexdigest()


def action_to_dict(action: Action) -> dict[str, Any]:
    """The JSON of an action, with its digest."""
    return {**asdict(action), "values": dict(action.values), "diff_sha256": action.digest}


def action_from_dict(raw: Mapping[str, Any]) -> Action:
    """An action read back. Raises KeyError, TypeError or ValueError if it is none."""
    fields = {name: raw[name] for name in Action.__dataclass_fields__}
    texts = ("id", "kind", "target", "lasting", "do", "undo", "reason", "verify", "collateral")
    if not all(isinstance(fields[name], str) for name in texts) or fields["lasting"] not in LASTING:
        raise ValueError("no action")
    if type(fields["lasts_s"]) is not int or not all(isinstance(v, str) for v in fields["values"].values()):
        raise ValueError("no action")
    for name in ("doubts", "save_first"):
        fields[name] = tuple(map(str, fields[name]))
    return Action(**fields)
