"""What people decided about incidents, for a time: merged, split, suppressed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Kind = Literal["merge", "split", "suppress"]


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision as it stands in the ledger, signed by whoever took it. Times are UTC."""

    id: str  # action id it was approved under, e.g. "incident.merge:5f2c…"
    kind: Kind
    findings: tuple[str, ...]  # merge: one of each incident; split: those that leave; suppress: the naming one
    person: str  # id in people.toml
    made: datetime
    expires: datetime
    digest: str  # SHA-256 (hex) of exactly what was decided

    def holds(self, now: datetime) -> bool:
        """Whether it counts at a moment."""
        return now < self.expires
