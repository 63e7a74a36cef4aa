"""A card knows its place in time, and whether stories may be tied through it."""

from __future__ import annotations

from datetime import timedelta

from seawall.incidents.cards import Card, gap_s
from tests.incidents.stories import at, device, finding


def card(clock: str, lasting_s: float = 0, *, low: bool = False, carries: bool = False) -> Card:
    """A card of a finding that lasts."""
    made = finding(at(clock), "D-01", device("pe1"), lasting=timedelta(seconds=lasting_s))
    start, end = made.first.timestamp(), made.last.timestamp()
    return Card(made, start, end, {}, frozenset(), low, carries=carries)


def test_a_gap_is_counted_from_the_end_and_never_negative() -> None:
    assert gap_s(card("09:00:00", 60), card("09:03:00")) == 120
    assert gap_s(card("09:00:00", 600), card("09:03:00")) == 0


def test_a_low_card_bridges_only_where_it_is_the_missing_link() -> None:
    assert card("09:00:00").bridges
    assert not card("09:00:00", low=True).bridges
    assert card("09:00:00", low=True, carries=True).bridges
