"""A configuration as flat paths: every line with the sections above it, quick to ask by its first word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from seawall.platforms.config import Node, Secret, Statement
from seawall.platforms.masking import MASK


@dataclass(frozen=True, slots=True)
class Entry:
    """One line, and the words that lead to it."""

    number: int  # in the file, from 1
    path: str  # sections above and the line itself, joined by single blanks; secrets masked
    text: str  # the line as a person sees it; secrets masked
    inherited: bool = False  # from a template or group: `number` is then the template's
    secrets: tuple[Secret, ...] = field(default=(), compare=False)

    def below(self, length: int) -> Entry:
        """The same line as seen from a section whose path has that many characters."""
        return Entry(self.number, self.path[length:].lstrip(), self.text, self.inherited, self.secrets)


@dataclass(slots=True)
class Entries:
    """Lines to ask patterns of."""

    all: Sequence[Entry]
    _first: dict[str, list[Entry]] = field(default_factory=dict)
    _found: dict[re.Pattern[str], list[tuple[Entry, re.Match[str]]]] = field(default_factory=dict)
    _sections: dict[re.Pattern[str], dict[str, list[Entry]]] = field(default_factory=dict)
    _secret: Entries | None = None

    @property
    def secret(self) -> Entries:
        """Only the lines that hold a secret."""
        if self._secret is None:
            self._secret = Entries([entry for entry in self.all if entry.secrets or MASK in entry.path])
        return self._secret

    def find(self, *patterns: re.Pattern[str]) -> list[tuple[Entry, re.Match[str]]]:
        """Lines that match one of the patterns, in the order of the patterns, then of the file."""
        return [pair for pattern in patterns for pair in self._matching(pattern)]

    def has(self, *patterns: re.Pattern[str]) -> bool:
        """Whether any line matches one of the patterns."""
        return any(self._matching(pattern) for pattern in patterns)

    def sections(self, pattern: re.Pattern[str]) -> dict[str, list[Entry]]:
        """Sections whose path begins as the pattern says, each with its lines as seen from within; merged by path."""
        if pattern not in self._sections:
            held: dict[str, list[Entry]] = {}
            for entry, found in self._matching(pattern):
                held.setdefault(found[0], []).append(entry.below(found.end()))
            self._sections[pattern] = held
        return self._sections[pattern]

    def _matching(self, pattern: re.Pattern[str]) -> list[tuple[Entry, re.Match[str]]]:
        if pattern not in self._found:
            match = pattern.match
            self._found[pattern] = [(e, m) for e in self._candidates(pattern) if (m := match(e.path))]
        return self._found[pattern]

    def _candidates(self, pattern: re.Pattern[str]) -> Iterable[Entry]:
        words = first_words(pattern.pattern) if len(self.all) > _FEW else None
        if words is None:
            return self.all
        if not self._first:
            for entry in self.all:
                self._first.setdefault(entry.path.partition(" ")[0].lower(), []).append(entry)
        if len(words) == 1:
            return self._first.get(words[0], ())
        return [entry for word in words for entry in self._first.get(word, ())]


def entries_of(config: Node) -> Entries:
    """The lines of a configuration, in order. Where each word is a level of its own, only whole lines are kept."""
    return Entries(list(_walk(config)))


def _walk(config: Node) -> Iterator[Entry]:
    stack: list[tuple[Statement, str]] = [(child, "") for child in reversed(config.children)]
    while stack:
        one, above = stack.pop()
        if one.inactive:
            continue
        said = " ".join(one.words)
        if one.wordwise and ("[" in said or "]" in said):
            said = said.replace("[", "").replace("]", "").strip()
        off = "undo" if one.text.lstrip().startswith("undo ") else "no"
        path = f"{above} {off} {said}" if one.negated else f"{above} {said}"
        path = path.lstrip()
        if not one.children or not one.wordwise or one.secrets:
            number = one.line if one.inherited_from is None else one.inherited_from
            yield Entry(number, path, one.text, one.inherited_from is not None, one.secrets)
        stack += [(child, path) for child in reversed(one.children)]


_FEW: Final = 12  # lines of a section that are asked sooner than sorted by their first words
_WORD: Final = re.compile(r"([A-Za-z0-9-]+)(?: |$|\(\?!\\S\)$)")
_OPTION: Final = re.compile(r"\(\?:([a-z]+) \)\?")
_CHOICE: Final = re.compile(r"\(\?:([^()\\\[\]?*+.]+)\)(?: |\(\?!\\S\)$)")


@lru_cache(maxsize=8_192)
def first_words(pattern: str) -> tuple[str, ...] | None:
    """The words a match of `pattern` can begin with, lower case; None if it could be any."""
    if found := _WORD.match(pattern):
        return (found[1].lower(),)
    if found := _OPTION.match(pattern):
        rest = first_words(pattern[found.end() :])
        return None if rest is None else tuple(dict.fromkeys((found[1].lower(), *rest)))
    if found := _CHOICE.match(pattern):
        return tuple(dict.fromkeys(choice.partition(" ")[0].lower() for choice in found[1].split("|")))
    return None
