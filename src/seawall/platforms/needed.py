"""Words of which a pattern's every match holds one: found far faster than the pattern, they say where it has no work.

Only ASCII texts are judged by them: without case, `re` takes a long s for an s and the Kelvin sign for a k.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from re import _parser as sre  # type: ignore[attr-defined]  # the only public-enough view of a parsed pattern
from typing import Any, Final

_MOST: Final = 128  # words, past which looking for them costs as much as the pattern
_REPEATS: Final = frozenset(("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"))

Words = frozenset[str]


class Gated:
    """A pattern that is only tried where a word it needs stands."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.pattern = pattern
        self.words = needed(pattern.pattern, pattern.flags)

    def may_match(self, lower: str | None) -> bool:
        """Whether it is worth trying on a text, given as `folded` says it."""
        return lower is None or not self.words or any(word in lower for word in self.words)

    def search(self, text: str, lower: str | None) -> re.Match[str] | None:
        """The pattern's first match."""
        return self.pattern.search(text) if self.may_match(lower) else None


def folded(text: str) -> str | None:
    """An ASCII text in lower case; None for any other."""
    return text.lower() if text.isascii() else None


def needed(pattern: str, flags: int = 0) -> tuple[str, ...]:
    """Words in lower case, one of which stands in every match in lower case; empty if none are sure."""
    found = _of_sequence(sre.parse(pattern, flags))
    return tuple(sorted(found)) if _worth(found) else ()


def _of_sequence(node: Iterable[Any]) -> Words:
    """The words of whatever part of a sequence asks for the longest; empty if no part asks for any."""
    found: list[Words] = []
    run = ""
    for op, argument in node:
        name = str(op)
        if name == "LITERAL" and argument < 128:
            run += chr(argument).lower()
            continue
        found.append(Words({run}))
        run = ""
        found.append(_of_part(name, argument))
    found.append(Words({run}))
    return max(found, key=_worth)


def _of_part(name: str, argument: Any) -> Words:
    if name == "BRANCH":
        return _of_branches([_of_sequence(branch) for branch in argument[1]])
    if name == "SUBPATTERN" or (name in _REPEATS and argument[0] > 0):
        return _of_sequence(argument[-1])
    return _of_sequence(argument) if name == "ATOMIC_GROUP" else Words()


def _of_branches(branches: Sequence[Words]) -> Words:
    union = Words().union(*branches)
    return union if all(map(_worth, branches)) and len(union) <= _MOST else Words()


def _worth(words: Words) -> int:
    return min(map(len, words), default=0)
