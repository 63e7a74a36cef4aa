"""Groups: each card once, the strongest joins kept, order of arrival without influence, and no square of work."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.incidents.cards import Card
from seawall.incidents.grouping import Group, group
from seawall.incidents.joining import Link
from seawall.incidents.names import Key
from seawall.incidents.pivots import Pivots
from seawall.incidents.rarity import Rarity
from seawall.model.site import Site
from tests.incidents.stories import DAY, finding

START = DAY.timestamp()
JOIN_HOURS = 6.0


def card(second: float, *names: str, low: bool = False) -> Card:
    """A card that acts under account names; its id follows from its second and its names."""
    made = finding(DAY, "D-01", detector=f"{second} {names} {low}")
    roles: dict[Key, frozenset[str]] = {("account", name): frozenset({"actor"}) for name in names}
    return Card(made, START + second, START + second, roles, frozenset(names), low)


class Judge:
    """Joins what shares a name; nearer in time is stronger. Remembers how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, left: Card, right: Card) -> Link | None:
        self.asked += 1
        assert left.order <= right.order, "the earlier one stands left"
        if not left.roles.keys() & right.roles.keys():
            return None
        return Link(left, right, max(40, 95 - round((right.first - left.first) / 60)), (), False)


def grouped(cards: list[Card], judge: Judge | None = None) -> list[Group]:
    rarity = Rarity(Site(), {})
    return group(cards, rarity, Pivots(cards, Site(), rarity, JOIN_HOURS), judge or Judge(), JOIN_HOURS)


CARDS = st.lists(
    st.builds(
        lambda second, names, low: card(second, *sorted(names), low=low),
        st.integers(0, 40_000),
        st.sets(st.sampled_from("abc"), max_size=2),
        st.booleans(),
    ),
    max_size=14,
    unique_by=lambda c: c.order,
)


@settings(max_examples=60, deadline=None)
@given(cards=CARDS, seed=st.integers(0, 9))
def test_every_card_is_in_one_group_held_by_just_enough_joins_whatever_the_order(cards: list[Card], seed: int) -> None:
    groups = grouped(cards)
    assert sorted(c.order for g in groups for c in g.cards) == sorted(c.order for c in cards)
    for found in groups:
        assert len(found.links) == len(found.cards) - 1
        assert list(found.cards) == sorted(found.cards, key=lambda c: c.order)
    assert [g.cards[0].order for g in groups] == sorted(g.cards[0].order for g in groups)
    mixed = random.Random(seed).sample(cards, len(cards))
    assert [g.cards for g in grouped(mixed)] == [g.cards for g in groups]


def test_of_several_ways_to_hold_a_group_together_the_strongest_are_kept() -> None:
    first, second, third = card(0, "eve"), card(600, "eve"), card(660, "eve")
    (found,) = grouped([third, first, second])
    assert [(k.left, k.right) for k in found.links] == [(first, second), (second, third)]


def test_a_low_card_supports_one_story_and_never_ties_two() -> None:
    left, between, right = card(0, "eve"), card(600, "eve", "mal", low=True), card(900, "mal")
    groups = grouped([left, between, right])
    assert [g.cards for g in groups] == [(left,), (between, right)]


def test_beyond_the_join_hours_nobody_is_asked() -> None:
    judge = Judge()
    assert len(grouped([card(0, "eve"), card(7 * 86_400 + 1, "eve")], judge)) == 2
    assert judge.asked == 0
    assert len(grouped([card(0, "eve"), card(JOIN_HOURS * 3600, "eve")])) == 1


def test_work_grows_with_the_findings_and_not_with_their_square() -> None:
    judge = Judge()
    (found,) = grouped([card(n, "eve") for n in range(600)], judge)
    assert len(found.cards) == 600
    assert judge.asked < 600 * 5
