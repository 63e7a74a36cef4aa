"""The graph of a case: findings joined into groups, and more findings joined in without beginning anew.

Each name keeps its findings in order of time. New findings reach, by the names they carry and within the time such a
name holds, the groups they may belong to; only those are joined again. A quiet finding that names nobody and nothing
above low is kept aside, cheaply, until something above low names the same. How rare a name is follows the whole case;
a group that no new finding reaches keeps its joins until the next full build, which every hunt is.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from seawall.incidents.cardmaking import at_home, calm, card_of, marks, note
from seawall.incidents.cards import Card
from seawall.incidents.deciding import Decided
from seawall.incidents.grouping import Group, group
from seawall.incidents.joining import FOLLOW_ON_DAYS, Link, link, reach_of
from seawall.incidents.names import Key, Names
from seawall.incidents.pivots import HOP_S, Owners, Pivots, place, standing
from seawall.incidents.rarity import Rarity
from seawall.model.finding import Finding
from seawall.model.site import Site

ANEW: Final = 0.2  # share of new findings from which on all is joined anew


class Graph:
    """Findings of one world (the real one, or one exercise), joined."""

    def __init__(self, site: Site, names: Names, rarity: Rarity, join_hours: float, decided: Decided) -> None:
        self.rarity = rarity
        self.owners = Owners(site)
        self._site, self._names, self._join_hours = site, names, join_hours
        self._decided = decided
        self._cards: dict[str, Card] = {}
        self._lines: dict[Key, list[Card]] = defaultdict(list)  # of cards that may be joined
        self._aside: dict[Key, list[Card]] = defaultdict(list)  # quiet ones that nothing above low names
        self._group_of: dict[str, int] = {}
        self._groups: dict[int, Group] = {}
        self._next = 0

    def add(self, findings: Sequence[Finding]) -> tuple[list[int], list[int]]:
        """Join findings in; returns the numbers of groups that are gone, and of groups that are new."""
        new = [card_of(f, self._names, self._site) for f in findings if f.id not in self._cards]
        for card in new:
            self._decided.mark(card)
            self._cards[card.finding.id] = card
            card.at = standing(card)
            self.owners.note(card)
        place(new, self._site, self.owners)
        calm(new)
        for card in new:
            at_home(card, self.owners)
            marks(card)
            note(card, self.rarity, self._join_hours)
        whole = len(new) > ANEW * len(self._cards)
        strong = [card for card in new if not card.low]
        for card in strong:
            for key in card.roles:
                self._lines[key].append(card) if whole else insort(self._lines[key], card, key=_order)
        quiet = [card for card in new if card.low]
        told = [card for card in quiet if card.actors or card.comes_from or any(k in self._lines for k in card.roles)]
        chosen = {id(card) for card in told}
        for card in quiet:
            if id(card) not in chosen:
                for key in card.roles:
                    self._aside[key].append(card)
        for card in told:
            for key in card.roles:
                if whole or key not in self._lines:
                    self._lines[key].append(card)
                else:
                    insort(self._lines[key], card, key=_order)
        if whole:
            for line in self._lines.values():
                line.sort(key=_order)
            return self._join(self._wanted())
        return self._join(self._reached([*strong, *told]))

    def _wanted(self) -> list[Card]:
        """Every card that may be joined."""
        return list({id(card): card for line in self._lines.values() for card in line}.values()) + [
            card for card in self._cards.values() if not card.low and not card.roles
        ]

    def remove(self, finding_id: str) -> list[str]:
        """Take a finding out; returns the ids of those it was joined with, to be joined again."""
        card = self._cards.pop(finding_id, None)
        if card is None:
            return []
        for key in card.roles:
            for lines in (self._lines, self._aside):
                if key in lines:
                    lines[key] = [one for one in lines[key] if one is not card]
        number = self._group_of.pop(finding_id, None)
        found = self._groups.get(number) if number is not None else None
        return [one.finding.id for one in found.cards if one is not card] if found else []

    def rejoin(self, finding_ids: Iterable[str]) -> tuple[list[int], list[int]]:
        """Join some findings' groups again."""
        return self._join(self._reached([self._cards[name] for name in finding_ids if name in self._cards]))

    def groups(self) -> dict[int, Group]:
        """Every group by its number."""
        return self._groups

    def _join(self, cards: Sequence[Card]) -> tuple[list[int], list[int]]:
        pivots = Pivots(cards, self._site, self.rarity, self._join_hours)

        def judge(left: Card, right: Card) -> Link | None:
            if self._decided.apart(left.finding.id, right.finding.id):
                return None
            return link(left, right, self.rarity, pivots, self._join_hours)

        gone = {self._group_of[c.finding.id] for c in cards if c.finding.id in self._group_of}
        for number in gone:
            del self._groups[number]
        made = []
        for found in group(cards, self.rarity, pivots, judge, self._join_hours):
            self._next += 1
            self._groups[self._next] = found
            made.append(self._next)
            for card in found.cards:
                self._group_of[card.finding.id] = self._next
        return sorted(gone), made

    def _reached(self, new: Sequence[Card]) -> list[Card]:
        """The new cards, what their names reach, and the whole groups of that."""
        found = {id(card): card for card in new}
        for card in new:
            for near in self._near(card):
                found[id(near)] = near
        numbers = {self._group_of[c.finding.id] for c in found.values() if c.finding.id in self._group_of}
        for number in sorted(numbers):
            found.update((id(card), card) for card in self._groups[number].cards)
        return list(found.values())

    def _near(self, card: Card) -> Iterator[Card]:
        """Cards that share a name within the time it holds; quiet ones kept aside come in with it."""
        keys = [*card.roles, *(("device", name) for name in (*card.at, *card.comes_from))]
        for key in dict.fromkeys(keys):
            if self.rarity.is_common(key):
                continue
            reach_s = reach_of(key, self._join_hours)
            reach_s = max(reach_s, HOP_S) if key[0] == "device" else reach_s
            for near in _window(self._lines.get(key, ()), card.first - reach_s, card.last + reach_s):
                yield near
            if key[0] in ("account", "ip"):
                far_s = FOLLOW_ON_DAYS * 86_400
                for near in _window(self._lines.get(key, ()), card.first - far_s, card.last + far_s):
                    if "object" in near.roles[key] or "object" in card.roles.get(key, ()):
                        yield near
            if not card.low and (aside := self._aside.get(key)):
                near_by = [c for c in aside if c.first <= card.last + reach_s and c.last >= card.first - reach_s]
                for quiet in near_by:
                    yield self._told(quiet)

    def _told(self, quiet: Card) -> Card:
        """A quiet card something above low names now takes its place in the lines."""
        for key in quiet.roles:
            if quiet in (aside := self._aside.get(key, [])):
                aside.remove(quiet)
                insort(self._lines[key], quiet, key=_order)
        return quiet


def _order(card: Card) -> tuple[float, str]:
    return card.order


def _window(line: Sequence[Card], start: float, end: float) -> list[Card]:
    """Cards of a line, in order of time, that begin by `end` and end after `start`; the long ones before it too."""
    stop = bisect_left(line, (end, "~"), key=_order)
    begin = bisect_left(line, (start, ""), key=_order)
    return [*(card for card in line[max(0, begin - 256) : begin] if card.last >= start), *line[begin:stop]]
