"""Which of two releases of a network operating system is older, and whether a range of releases holds one.

Vendors count differently (`17.9.4a`, `9.12(4)67`, `21.4R3-S10.2`, `10.2.9-h1`, `15.2(4)E10`), but all of them so that
comparing number with number and word with word, from the left, puts releases of one train in order. A running
configuration often says only the train (`version 17.9`): then the answer may be "some of it".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from itertools import zip_longest
from typing import Final

MAX_CHARS: Final = 64
_TOKEN: Final = re.compile(r"\d{1,9}|[a-z]+")
_NUMBERED: Final = re.compile(r"\s*v?(\d)", re.I)

Token = tuple[int, int, str]  # (1, number, "") or (2, 0, word); nothing at all is (0, 0, "")
_NOTHING: Final[Token] = (0, 0, "")
_ANYTHING: Final[Token] = (3, 0, "")  # after whatever a train may still hold


class Held(Enum):
    """Whether a range holds a release."""

    YES = "yes"
    NO = "no"
    PARTLY = "partly"  # only the train is known, and the range holds part of it


@dataclass(frozen=True, slots=True)
class Release:
    """A release, or a whole train of them."""

    text: str
    tokens: tuple[Token, ...]
    train: bool = False  # the text names a train: any release that begins so is meant

    @property
    def first(self) -> tuple[Token, ...]:
        """The oldest release that may be meant."""
        return self.tokens

    @property
    def last(self) -> tuple[Token, ...]:
        """The newest that may be meant."""
        return (*self.tokens, _ANYTHING) if self.train else self.tokens


def release(text: str, platform: str) -> Release | None:
    """A release as a configuration, banner or `show version` writes it; None if that is no release."""
    text = text.strip()[:MAX_CHARS]
    if not _NUMBERED.match(text):
        return None
    found = tuple(_token(part) for part in _TOKEN.findall(text.lower().removeprefix("v")))
    return Release(text, found, len(found) < _FULL.get(platform, 3))


# How many tokens a whole release has at least; what has fewer names a train.
_FULL: Final = {"junos": 4, "nxos": 3, "asa": 3}


def _token(part: str) -> Token:
    return (1, int(part), "") if part.isdigit() else (2, 0, part)


def order(one: tuple[Token, ...], other: tuple[Token, ...]) -> int:
    """Below zero if `one` is older, above if it is newer, zero if both are the same."""
    for left, right in zip_longest(one, other, fillvalue=_NOTHING):
        if left != right:
            return -1 if left < right else 1
    return 0


@dataclass(frozen=True, slots=True)
class Span:
    """A range of releases: from `introduced`, up to before the first that is `fixed`, or up to `last_affected`."""

    introduced: tuple[Token, ...]
    fixed: tuple[tuple[Token, ...], ...] = ()  # several: one for each sub-train, oldest first
    last_affected: tuple[Token, ...] | None = None

    def holds(self, asked: Release) -> Held:
        """Whether a release, or part of a train, is in the range."""
        ends = [self._holds(asked.first), self._holds(asked.last)]
        if not asked.train:
            return Held.YES if ends[0] else Held.NO
        if all(ends) and not self._fixed_inside(asked):
            return Held.YES
        return Held.PARTLY if any(ends) or self._starts_inside(asked) or self._fixed_inside(asked) else Held.NO

    def _holds(self, tokens: tuple[Token, ...]) -> bool:
        if order(tokens, self.introduced) < 0:
            return False
        if not self.fixed:
            return self.last_affected is not None and order(tokens, self.last_affected) <= 0
        if order(tokens, self.fixed[-1]) >= 0:
            return False
        return not any(_sub_train(tokens, fix) and order(tokens, fix) >= 0 for fix in self.fixed)

    def _starts_inside(self, asked: Release) -> bool:
        return order(asked.first, self.introduced) <= 0 < order(asked.last, self.introduced)

    def _fixed_inside(self, asked: Release) -> bool:
        return any(order(asked.first, fix) < 0 < order(asked.last, fix) for fix in self.fixed)


def _sub_train(tokens: tuple[Token, ...], fix: tuple[Token, ...]) -> bool:
    """Whether a release belongs to the sub-train that a fix was made for: only the last number differs."""
    return tokens[: len(fix) - 1] == fix[:-1]


def span(introduced: str, fixed: tuple[str, ...] = (), last_affected: str | None = None) -> Span:
    """A range as an advisory writes it."""
    fixes = sorted(_tokens(text) for text in fixed)
    return Span(_tokens(introduced), tuple(fixes), _tokens(last_affected) if last_affected else None)


def _tokens(text: str) -> tuple[Token, ...]:
    return tuple(_token(part) for part in _TOKEN.findall(text.lower()))


def plain(text: str) -> str:
    """A release as lists of builds spell it, for comparing whole: `9.12.4.67` and `9.12(4)67` are one."""
    return ".".join(_TOKEN.findall(text.lower()))
