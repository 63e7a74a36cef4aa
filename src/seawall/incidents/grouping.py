"""From findings to groups: near neighbours are compared, the strongest joins kept, nothing bridges that should not.

Each name keeps its findings in order of time, and a finding is compared only with its nearest neighbours there, so the
work grows with the number of findings and not with its square. Joins are then taken from the strongest down (Kruskal),
which gives each incident the shortest list of its best reasons. Low and informational findings attach to the one
finding they fit best: they support a story, and never tie two stories together.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from seawall.incidents.cards import Card
from seawall.incidents.joining import FOLLOW_ON_DAYS, KIND_STRENGTH, Link, reach_of
from seawall.incidents.names import Key
from seawall.incidents.pivots import Pivots
from seawall.incidents.rarity import Rarity

NEIGHBOURS: Final = 2  # per name and part played, on either side in time
_WORTH_ASKING: Final = 8  # names weaker than this (strength after rarity) propose no neighbours

Judge = Callable[[Card, Card], Link | None]


@dataclass(frozen=True, slots=True)
class Group:
    """Cards that belong together, in order of time, and the joins that hold them."""

    cards: tuple[Card, ...]
    links: tuple[Link, ...]


def group(cards: Iterable[Card], rarity: Rarity, pivots: Pivots, judge: Judge, join_hours: float) -> list[Group]:
    """Groups in order of their first card. Every card is in exactly one."""
    ordered = sorted(cards, key=lambda c: c.order)
    strong = [c for c in ordered if c.bridges]
    lows = [c for c in ordered if not c.bridges]
    forest = _Forest(ordered)
    forest.join(_judged((*_pairs(strong, rarity, join_hours), *pivots.pairs(strong)), judge))
    _attach(lows, strong, rarity, judge, forest)
    return forest.groups()


def _judged(pairs: Iterable[tuple[Card, Card]], judge: Judge) -> list[Link]:
    return [found for pair in pairs if (found := judge(*pair)) is not None]


def _worth(key: Key, rarity: Rarity) -> bool:
    return KIND_STRENGTH[key[0]] * rarity.of(key).factor >= _WORTH_ASKING


def _pairs(cards: list[Card], rarity: Rarity, join_hours: float) -> Iterator[tuple[Card, Card]]:
    """Near neighbours in time that share a name, each pair once, the earlier first."""
    by_key: dict[Key, list[Card]] = defaultdict(list)
    for card in cards:
        for key in card.roles:
            by_key[key].append(card)
    seen: set[tuple[int, int]] = set()
    place = {id(card): number for number, card in enumerate(cards)}
    for key, line in by_key.items():
        if len(line) < 2:
            continue
        near = _near(key, line, join_hours) if _worth(key, rarity) else iter(())
        for left, right in (*near, *_follow_ons(key, line)):
            pair = (place[id(left)], place[id(right)])
            if pair not in seen:
                seen.add(pair)
                yield left, right


def _near(key: Key, line: list[Card], join_hours: float) -> Iterator[tuple[Card, Card]]:
    """The last cards before each one, for every part the name played, and the one that lasted longest."""
    reach_s = FOLLOW_ON_DAYS * 86_400 if key[0] == "account" else reach_of(key, join_hours)
    latest: dict[str, deque[Card]] = {}
    longest: Card | None = None
    for card in line:
        before = {id(c): c for recent in latest.values() for c in recent}
        if longest is not None:
            before[id(longest)] = longest
        for other in before.values():
            if card.first - other.last <= reach_s:
                yield other, card
        for role in card.roles[key]:
            latest.setdefault(role, deque(maxlen=NEIGHBOURS)).append(card)
        if longest is None or card.last >= longest.last:
            longest = card


def _follow_ons(key: Key, line: list[Card]) -> Iterator[tuple[Card, Card]]:
    """Where a name prepared by one card is put to use by a later one, however long after."""
    if key[0] not in ("account", "ip"):
        return
    prepared: list[Card] = []
    for card in line:
        roles = card.roles[key]
        if roles & {"actor", "source"} and prepared:
            chosen = {id(c): c for c in (prepared[0], *prepared[-NEIGHBOURS:])}
            yield from ((earlier, card) for earlier in chosen.values())
        if "object" in roles:
            prepared.append(card)


def _attach(lows: list[Card], strong: list[Card], rarity: Rarity, judge: Judge, forest: _Forest) -> None:
    """Tie each low card to the one strong card it fits best."""
    by_key: dict[Key, tuple[list[tuple[float, str]], list[Card]]] = {}
    for card in strong:
        for key in card.roles:
            orders, line = by_key.setdefault(key, ([], []))
            orders.append(card.order)
            line.append(card)
    for low in lows:
        candidates = {
            id(c): c for key in low.roles if key in by_key and _worth(key, rarity) for c in _around(low, by_key[key])
        }
        links = [
            found
            for other in candidates.values()
            if (found := judge(*sorted((low, other), key=lambda c: c.order))) is not None
        ]
        if links:
            forest.join([min(links, key=_rank)])


def _around(low: Card, indexed: tuple[list[tuple[float, str]], list[Card]]) -> list[Card]:
    """The nearest strong cards before and after a low one."""
    orders, line = indexed
    before, after = bisect_left(orders, low.order), bisect_right(orders, low.order)
    return line[max(0, before - NEIGHBOURS) : before] + line[after : after + NEIGHBOURS]


def _rank(found: Link) -> tuple[int, float, tuple[float, str], tuple[float, str]]:
    """Strongest first, then closest in time, then by place: never by order of arrival."""
    return (-found.strength, found.right.first - found.left.last, found.left.order, found.right.order)


class _Forest:
    """Union-find that remembers which joins made each group."""

    def __init__(self, cards: list[Card]) -> None:
        self._cards = cards
        self._parent = {id(card): id(card) for card in cards}
        self._links: list[Link] = []

    def _root(self, node: int) -> int:
        while self._parent[node] != node:
            self._parent[node] = self._parent[self._parent[node]]
            node = self._parent[node]
        return node

    def join(self, links: list[Link]) -> None:
        """Take joins from the strongest down; keep those that bring two groups together."""
        for found in sorted(links, key=_rank):
            left, right = self._root(id(found.left)), self._root(id(found.right))
            if left != right:
                self._parent[right] = left
                self._links.append(found)

    def groups(self) -> list[Group]:
        """Every card in its group, groups and cards in order of time."""
        cards: dict[int, list[Card]] = defaultdict(list)
        links: dict[int, list[Link]] = defaultdict(list)
        for card in self._cards:
            cards[self._root(id(card))].append(card)
        for found in self._links:
            links[self._root(id(found.left))].append(found)
        in_time = {root: sorted(links[root], key=lambda f: (f.right.order, f.left.order)) for root in cards}
        return [Group(tuple(members), tuple(in_time[root])) for root, members in cards.items()]
