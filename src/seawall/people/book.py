"""What people and the vault ask of the ledger; `ledger.Ledger` is one, and a test may hand in another."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol

from seawall.ledger.entry import Entry


class Book(Protocol):
    """An append-only record. What `append` returned from is on the disk."""

    def append(self, kind: str, body: Mapping[str, Any], *, keys: Mapping[str, str] | None = None) -> object:
        """Write one entry and wait until it is acknowledged."""
        ...

    def find(self, name: str, value: str, *, kind: str | None = None) -> list[Entry]:
        """Entries that carry a key, oldest first."""
        ...

    def exclusive(self) -> AbstractContextManager[object]:
        """Nobody else writes within: what was looked up still holds when something is appended."""
        ...
