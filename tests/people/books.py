"""A ledger in memory that writes and reads entries exactly as the real one does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from seawall.ledger.entry import Draft, Entry, decode, encode
from seawall.model.clock import Clock


@dataclass
class MemoryBook:
    clock: Clock
    entries: list[Entry] = field(default_factory=list)

    def append(self, kind: str, body: Mapping[str, Any], *, keys: Mapping[str, str] | None = None) -> object:
        last = max((entry.at for entry in self.entries), default=None)
        raw = encode(Draft(kind, body, keys or {}), self.clock.now(), after=last)
        self.entries.append(decode(raw, len(self.entries)))
        return len(self.entries) - 1

    def find(self, name: str, value: str, *, kind: str | None = None) -> list[Entry]:
        return [e for e in self.entries if e.keys.get(name) == value and kind in (None, e.kind)]

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        yield


@dataclass
class MovingClock:
    """A clock a test moves by hand."""

    at: datetime

    def now(self) -> datetime:
        return self.at
