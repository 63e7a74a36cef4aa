"""One statement of a configuration, and how statements are asked for: by a path of words, whatever the style.

A path is the words of a statement behind those of everything it stands under: `line vty 0 4` / `transport input ssh`
is `line vty 0 4 transport input ssh`, and `system { services { ssh { root-login deny; } } }` is the same path as
`set system services ssh root-login deny`. A pattern is a tuple of words that the path must *begin* with:

- a word stands for itself, whatever its case; `a|b` for either; `Tunnel*` and `?` as file names have them;
- `*` for any one word, `**` for any number of them, none included.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from fnmatch import translate
from functools import lru_cache
from typing import Final

from seawall.platforms.config.secrets import Secret

ANY: Final = "*"
DEEP: Final = "**"
_MANY: Final = 12  # children from which on an index by first word pays

Test = str | Callable[[str], object]


class Node:
    """What has statements under it: a configuration or a statement."""

    __slots__ = ("_index", "children")

    def __init__(self) -> None:
        self.children: list[Statement] = []
        self._index: tuple[int, dict[str, list[Statement]]] | None = None

    def all(self, *pattern: str, negated: bool | None = False) -> list[Statement]:
        """Every statement at which a path that begins with `pattern` is complete, in the order of the file.

        `negated`: False takes what is configured, True what is switched off (`no`, `undo`, `delete`, inactive), None
        both. Statements of a configuration that are inherited are among them, marked by `inherited_from`.
        """
        return list(_matches(self, tuple(map(_test, pattern)), 0, negated, False))

    def find(self, *pattern: str, negated: bool | None = False) -> Statement | None:
        """The first of `all`, or None."""
        return next(_matches(self, tuple(map(_test, pattern)), 0, negated, False), None)

    def has(self, *pattern: str) -> bool:
        """Whether something is configured whose path begins with `pattern`."""
        return self.find(*pattern) is not None

    def state(self, *pattern: str) -> bool | None:
        """True if configured, False if only negated, None if the text says neither: a default then decides."""
        if self.find(*pattern) is not None:
            return True
        return False if self.find(*pattern, negated=True) is not None else None

    def under(self, *pattern: str, negated: bool | None = False) -> list[Statement]:
        """What stands directly under the statements that `all` gives."""
        found = self.all(*pattern, negated=negated)
        return [child for one in found for child in one.children if negated is None or child.negated == negated]

    def values(self, *pattern: str) -> list[tuple[str, ...]]:
        """The words behind `pattern`, one tuple for each statement: `values("hostname")` is `[("r1",)]`.

        Where each word is a level of its own (Junos, PAN-OS, SR OS, FortiOS) there is one tuple for each leaf.
        """
        found: list[tuple[str, ...]] = []
        for one in self.all(*pattern):
            for leaf in one.leaves() if one.wordwise else (one,):
                path = leaf.path_below(self)
                found.append(path[_consumed(path, pattern) :])
        return found

    def value(self, *pattern: str) -> str | None:
        """The first word behind `pattern`; None if there is none."""
        return next((words[0] for words in self.values(*pattern) if words), None)

    def names(self, *pattern: str) -> list[str]:
        """The distinct words that follow `pattern`: the users, interfaces, servers … in order."""
        return list(dict.fromkeys(words[0] for words in self.values(*pattern) if words))

    def walk(self) -> Iterator[Statement]:
        """Every statement below, in the order of the file, sections before what stands in them."""
        stack = list(reversed(self.children))
        while stack:
            one = stack.pop()
            yield one
            stack.extend(reversed(one.children))

    def _first(self, word: str) -> Sequence[Statement]:
        """The children that may begin with a plain word."""
        count = len(self.children)
        if count < _MANY:
            return self.children
        if self._index is None or self._index[0] != count:
            index: dict[str, list[Statement]] = {}
            for child in self.children:
                index.setdefault(child.key[0] if child.key else "", []).append(child)
            self._index = (count, index)
        return self._index[1].get(word, ())


class Statement(Node):
    """One statement: a line of an indented configuration, or one word of a path where words are levels."""

    __slots__ = (
        "body",
        "by_word",
        "inactive",
        "inherited_from",
        "key",
        "line",
        "negated",
        "parent",
        "secrets",
        "text",
        "words",
    )
    wordwise = False

    def __init__(self, words: tuple[str, ...], text: str, line: int, parent: Statement | None = None) -> None:
        self.children = []  # written out, not by super(): a tree has a hundred thousand of them
        self._index = None
        self.words = words  # without the word that negates, quotes and punctuation; secrets are `<masked>`
        low = tuple(map(str.lower, words))
        self.key = words if low == words else low  # as patterns are compared
        self.text = text  # the line as written, masked, without indent
        self.line = line  # in the file, from 1
        self.parent = parent
        self.negated = False
        self.inactive = False  # Junos `inactive:` and `deactivate`: kept, without effect; negated is set too
        self.body: tuple[str, ...] = ()  # the text of a banner, certificate or key, masked
        self.inherited_from: int | None = None  # line of the template, group or peer-group it comes from
        self.secrets: tuple[Secret, ...] = ()
        self.by_word: dict[tuple[str, bool], WordStatement] | None = None  # of a `WordStatement`, for who builds it

    @property
    def path(self) -> tuple[str, ...]:
        """The words from the top."""
        return self.path_below(None)

    @property
    def section(self) -> tuple[Statement, ...]:
        """The statements it stands under, outermost first."""
        above: list[Statement] = []
        one = self.parent
        while one is not None:
            above.append(one)
            one = one.parent
        return tuple(reversed(above))

    def path_below(self, top: Node | None) -> tuple[str, ...]:
        """The words from below `top`."""
        parts: list[tuple[str, ...]] = []
        one: Statement | None = self
        while one is not None and one is not top:
            parts.append(one.words)
            one = one.parent
        return tuple(word for part in reversed(parts) for word in part)

    def leaves(self) -> Iterator[Statement]:
        """The statements below that have nothing under them; itself if it has nothing."""
        if not self.children:
            yield self
        for one in self.walk():
            if not one.children and not one.negated:
                yield one

    def __repr__(self) -> str:
        return f"<{self.line}: {'no ' if self.negated else ''}{' '.join(self.path)}>"


class WordStatement(Statement):
    """One word of a path (Junos, PAN-OS, SR OS, FortiOS): the same paths share their beginning, whatever the style."""

    __slots__ = ()
    wordwise = True

    def adopt(self, one: WordStatement) -> None:
        """Take a statement as the last below this one."""
        if self.by_word is None:
            self.by_word = {}
        self.by_word[one.words[0], one.negated] = one
        self.children.append(one)


@lru_cache(maxsize=4_096)
def _test(word: str) -> Test:
    low = word.lower()
    if low in (ANY, DEEP):
        return low
    if "|" in low:
        parts = [_test(part) for part in low.split("|")]
        if all(isinstance(part, str) for part in parts):
            return frozenset(low.split("|")).__contains__
        return lambda said: any(said == part if isinstance(part, str) else part(said) for part in parts)
    if "*" in low or "?" in low:
        return re.compile(translate(low)).match
    return low


def _says(test: Test, word: str) -> bool:
    if isinstance(test, str):
        return test in (ANY, word)
    return bool(test(word))


def _matches(node: Node, tests: tuple[Test, ...], at: int, negated: bool | None, off: bool) -> Iterator[Statement]:
    """Statements below `node` that complete `tests` from `at`; `off`: something above is negated already."""
    if at == len(tests):  # an empty pattern: what stands directly below
        yield from (one for one in node.children if negated is None or negated == (off or one.negated))
        return
    first = tests[at]
    if first == DEEP:
        yield from _deep(node, tests, at + 1, negated, off)
        return
    children: Iterable[Statement] = node._first(first) if isinstance(first, str) and first != ANY else node.children
    for child in children:
        yield from _of(child, tests, at, negated, off)


def _of(child: Statement, tests: tuple[Test, ...], at: int, negated: bool | None, off: bool) -> Iterator[Statement]:
    now_off = off or child.negated
    if now_off and negated is False:
        return
    for word in child.key:
        if at == len(tests):
            break
        if tests[at] == DEEP:  # in the middle of a line: any later word of it, or anything below
            rest = tests[at + 1 :]
            if not rest or _anywhere(child.key, rest):
                at = len(tests)
            break
        if not _says(tests[at], word):
            return
        at += 1
    if at < len(tests):
        yield from _matches(child, tests, at, negated, now_off)
    elif negated is None or negated == now_off:
        yield child


def _deep(node: Node, tests: tuple[Test, ...], at: int, negated: bool | None, off: bool) -> Iterator[Statement]:
    stack = [(child, off) for child in reversed(node.children)]
    rest = tests[at:]
    while stack:
        one, above = stack.pop()
        if (above or one.negated) and negated is False:
            continue
        hit = next(_from_any_word(one, rest, negated, above), None) if rest else one
        if hit is one:
            yield one
            continue
        if hit is not None:
            yield from dict.fromkeys(_from_any_word(one, rest, negated, above))
            continue
        stack.extend((child, above or one.negated) for child in reversed(one.children))


def _from_any_word(one: Statement, tests: tuple[Test, ...], negated: bool | None, off: bool) -> Iterator[Statement]:
    now_off = off or one.negated
    for start in range(len(one.key)):
        at = 0
        for word in one.key[start:]:
            if at == len(tests) or not _says(tests[at], word):
                break
            at += 1
        else:
            if at < len(tests):
                yield from _matches(one, tests, at, negated, now_off)
                continue
        if at == len(tests) and (negated is None or negated == now_off):
            yield one
            return


def _anywhere(words: tuple[str, ...], tests: tuple[Test, ...]) -> bool:
    return any(
        all(_says(test, word) for test, word in zip(tests, words[start:], strict=False))
        for start in range(len(words) - len(tests) + 1)
    )


def _consumed(path: tuple[str, ...], pattern: tuple[str, ...]) -> int:
    """How many words of a path a pattern takes: its own length, more where `**` stands."""
    if DEEP not in pattern:
        return len(pattern)
    at = pattern.index(DEEP)
    rest = tuple(map(_test, pattern[at + 1 :]))
    low = tuple(word.lower() for word in path)
    for start in range(at, len(low) - len(rest) + 1):
        if all(_says(test, word) for test, word in zip(rest, low[start:], strict=False)):
            return start + len(rest)
    return len(path)
