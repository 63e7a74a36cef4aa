"""A finding as joining sees it, and one reason two of them may belong together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from seawall.incidents.names import Key
from seawall.model.finding import Finding


@dataclass(slots=True, eq=False)
class Card:
    """A finding as joining sees it. Times are POSIX seconds."""

    finding: Finding
    first: float
    last: float
    roles: dict[Key, frozenset[str]]
    spellings: dict[Key, str]
    actors: frozenset[str]  # accounts of people that act
    low: bool  # low, informational or expected: supports, never opens or bridges
    at: frozenset[str] = frozenset()  # devices it took place on
    comes_from: Mapping[str, str] = field(default_factory=dict)  # device it came from → by which address; "" = named
    carries: bool = False  # low, yet the one step between two findings that are not: see pivots

    @property
    def order(self) -> tuple[float, str]:
        """Where the finding stands in time; ids break ties."""
        return (self.first, self.finding.id)

    @property
    def bridges(self) -> bool:
        """Whether stories may be tied together through it."""
        return not self.low or self.carries


@dataclass(frozen=True, slots=True)
class Reason:
    """One shared name, and how strongly it speaks."""

    strength: float
    key: Key
    follow_on: str = ""  # sentence with a place for the name, where the later finding uses what the earlier prepared


def gap_s(left: Card, right: Card) -> float:
    """Seconds between the end of the earlier and the start of the later finding; 0 when they overlap."""
    return max(0.0, right.first - left.last)
