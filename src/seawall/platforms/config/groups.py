"""Junos inheritance written out: `groups` and `apply-groups` with wildcards, and interface ranges.

What is inherited stands where it takes effect, with `inherited_from` telling the line of the group. What is inactive
inherits and gives nothing. Source: Junos CLI User Guide, "Use Configuration Groups to Quickly Configure Devices".
"""

from __future__ import annotations

import re
from fnmatch import translate
from functools import lru_cache
from typing import Final

from seawall.platforms.config.paths import copied_word, word_below
from seawall.platforms.config.statement import Node, Statement, WordStatement

MAX_INHERITED: Final = 300_000  # statements; groups of groups can be written to have no end
_ONE_VALUE: Final = frozenset(
    [
        "host-name",
        "domain-name",
        "root-login",
        "protocol-version",
        "class",
        "message",
        "idle-timeout",
        "peer-as",
        "type",
        "local-as",
        "authorization",
        "full-name",
        "uid",
        "description",
        "mtu",
        "encrypted-password",
        "authentication-key",
        "connection-limit",
        "rate-limit",
        "source-address",
        "time-zone",
        "version",
        "hold-time",
        "port",
        "secret",
        "tries-before-disconnect",
        "lockout-period",
        "max-sessions-per-connection",
        "router-id",
        "autonomous-system",
        "authentication-key-chain",
        "cluster",
        "level",
        "priority",
        "location",
        "contact",
    ]
)
_RANGE: Final = re.compile(r"(.*?)\[(\d+)-(\d+)\]$")


def expand(top: Node) -> str:
    """Write out all that is inherited; gives a doubt if it was more than we follow."""
    groups = {one.words[0]: one for one in top.under("groups") if isinstance(one, WordStatement)}
    work = _Work(groups)
    if groups:
        work.apply(top)
    _ranges(top, work)
    return "" if work.left > 0 else f"more than {MAX_INHERITED} statements are inherited; the rest is not followed"


class _Work:
    def __init__(self, groups: dict[str, WordStatement]) -> None:
        self.groups = groups
        self.left = MAX_INHERITED

    def apply(self, top: Node) -> None:
        """Groups applied at any level, inner levels first: they win over outer ones."""
        levels = [
            one for one in top.walk()
            if one.key == ("apply-groups",) and not one.negated and one.path[0] != "groups"
        ]  # fmt: skip
        for one in sorted(levels, key=lambda level: -len(level.section)):
            target: Node = one.parent if one.parent is not None else top
            path = one.parent.path if one.parent is not None else ()
            for name in [child.words[0] for child in one.children if not child.negated]:
                if (group := self.groups.get(name)) and not _excepted(target, name):
                    self._from(group, path, 0, target, (group.line, name))

    def _from(self, group: Statement, path: tuple[str, ...], at: int, target: Node, source: tuple[int, str]) -> None:
        """What a group says for the level of `path`."""
        if at == len(path):
            self.merge(target, group, *source)
            return
        for child in group.children:
            if not child.negated and _fits(child.words[0], path[at]):
                self._from(child, path, at + 1, target, source)

    def merge(self, target: Node, group: Node, origin: int, name: str = "") -> None:
        """Add what `target` does not have."""
        if isinstance(target, Statement) and (target.negated or _excepted(target, name)):
            return
        said = isinstance(target, Statement) and target.key[0] in _ONE_VALUE and bool(target.children)
        for child in group.children:
            word = child.words[0]
            if child.negated or word in ("apply-groups", "apply-groups-except") or self.left <= 0:
                continue
            if word.startswith("<") and word.endswith(">"):
                for own in target.children:
                    if _fits(word, own.words[0]) and not own.negated:
                        self.merge(own, child, origin, name)
            elif not (said and not child.children):
                found = word_below(target, word)
                if found is None:
                    self.left -= 1
                    found = copied_word(target, child, origin)
                self.merge(found, child, origin, name)


def _excepted(target: Node, name: str) -> bool:
    return bool(name) and target.has("apply-groups-except", name)


@lru_cache(maxsize=1_024)
def _pattern(word: str) -> re.Pattern[str]:
    return re.compile(translate(word[1:-1]))


def _fits(written: str, word: str) -> bool:
    if written.startswith("<") and written.endswith(">"):
        return _pattern(written[:200]).match(word) is not None
    return written == word


def _ranges(top: Node, work: _Work) -> None:
    """What an interface range says holds for each of its members."""
    for whole in top.all("interfaces", "interface-range", "*"):
        holder = whole.parent.parent if whole.parent is not None else None
        if not isinstance(holder, WordStatement):
            continue
        settings = Node()
        settings.children = [
            one for one in whole.children if one.key[0] not in ("member", "member-range") and not one.negated
        ]
        for name in _members(whole):
            own = word_below(holder, name)
            if own is None:
                work.left -= 1
                own = holder_word(holder, name, whole)
            work.merge(own, settings, whole.line)


def holder_word(holder: WordStatement, name: str, whole: Statement) -> WordStatement:
    """An interface that only its range names."""
    own = WordStatement((name,), whole.text, whole.line, holder)
    own.inherited_from = whole.line
    holder.adopt(own)
    return own


def _members(whole: Statement) -> list[str]:
    names: list[str] = []
    for member in whole.under("member"):
        name = member.words[0]
        if found := _RANGE.match(name):
            names += [f"{found[1]}{number}" for number in range(int(found[2][:6]), min(int(found[3][:6]), 4_096) + 1)]
        elif "*" not in name:
            names.append(name)
    for first, *rest in whole.values("member-range"):
        if rest and (ends := [re.fullmatch(r"(.*?)(\d{1,6})", word) for word in (first, rest[-1])]) and all(ends):
            low, high = ends
            if low and high and low[1] == high[1]:
                names += [
                    f"{low[1]}{number}" for number in range(int(low[2]), min(int(high[2]), int(low[2]) + 4_096) + 1)
                ]
    return names
