"""A cue: one thing about a message that speaks for a verdict, with its reason and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Toward = Literal["phish", "spam", "wanted"]
EXCERPT = 160


@dataclass(frozen=True, slots=True)
class Cue:
    """One piece of evidence. `weight` is in log-odds, always positive, for the verdict it speaks for."""

    name: str  # stable, kebab-case: look-alike-sender
    toward: Toward
    weight: float
    reason: str  # a sentence for the person who decides
    where: str = "header"  # header:from, subject, body, link, attachment:NAME
    text: str = ""  # what stands there, on one line
    start: int = -1  # first character in the visible text of that place; -1 where there is no such place
    end: int = -1

    def plain(self) -> dict[str, Any]:
        """As the JSON line has it."""
        return {
            "cue": self.name,
            "toward": self.toward,
            "weight": round(self.weight, 2),
            "where": self.where,
            "span": [self.start, self.end] if self.start >= 0 else None,
            "text": self.text[:EXCERPT],
            "reason": self.reason,
        }
