"""All "now" comes from a clock that is handed in, so that tests and drills own time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time, in UTC."""

    def now(self) -> datetime:
        """The present moment; always aware, always UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The present moment, UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that stands still: for tests, drills and repeatable reports."""

    at: datetime

    def now(self) -> datetime:
        """The moment it was set to, UTC."""
        return self.at.astimezone(UTC)
