"""An action: one step of a response, which knows its way back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Action:
    """A planned step. Blocks expire; eradications stay until a person undoes them."""

    id: str
    kind: str  # name of the file in `response/`, e.g. "rtbh"
    target: str  # device or system it changes
    lasting: Literal["block", "eradication", "ask"]
    do: str  # exact change, in the target's own words
    undo: str  # exact change that takes it back; empty for "ask"
    reason: str
    incident: str | None = None
    expires: datetime | None = None  # UTC; only blocks have one
