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
    actors: frozenset[str]  # accounts of people that act
    low: bool  # low, informational or expected: supports, never opens or bridges
    at: frozenset[str] = frozenset()  # devices it took place on
    comes_from: Mapping[str, str] = field(default_factory=dict)  # device it came from → by which address; "" = named
    carries: bool = False  # low, yet the one step between two findings that are not: see pivots
    vague: bool = False  # happened somewhere between first and last, as what two snapshots tell
    derived: bool = False  # a chain of other findings' events: its first may be an honest one
    tries: bool = False  # a scan, a probe, a refused login: no success
    origins: frozenset[str] = frozenset()  # addresses outside it comes from

    @property
    def order(self) -> tuple[float, str]:
        """Where the finding stands in time; ids break ties."""
        return (self.first, self.finding.id)

    @property
    def span(self) -> float:
        """Seconds from its first event to its last."""
        return self.last - self.first

    @property
    def dates(self) -> bool:
        """Whether its first event may be the first of the story."""
        return not (self.vague or self.derived)

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
