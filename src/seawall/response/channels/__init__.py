"""Doors to real systems. Each reads, applies and takes back the one object an action is about, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from seawall.model.action import Action


class Channel(Protocol):
    """A door to one system.

    Every method raises PeerError when the system refuses or does not answer; the error says what was and what was not
    done.
    """

    patience_s: float  # how long the system may take until it shows a change

    def read(self, action: Action) -> str:
        """The object of an action as the target has it now, in one spelling, without counters; empty: not there."""
        ...

    def wanted(self, action: Action, before: str) -> str | None:
        """What `read` gives once the action took; None where only "other than before" can be told."""
        ...

    def apply(self, action: Action, left_s: int) -> None:
        """Do it; a block for so many seconds."""
        ...

    def undo(self, action: Action) -> None:
        """Take it back."""
        ...

    def sweep(self, live: Sequence[Action]) -> int:
        """Remove every block of ours but those of the live actions; returns how many went."""
        ...

    def clear(self) -> int:
        """Remove every block of ours, and nothing else, without asking any record; returns how many."""
        ...
