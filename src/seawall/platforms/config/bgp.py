"""BGP neighbours with all that holds for them: their own settings and those of peer groups, templates and levels above.

IOS and EOS name the neighbour in each line, NX-OS and IOS XR give it a section, Junos and SR OS three levels of which
the inner ones win, VRP and Comware `peer` lines. All become one `Neighbor` whose `settings` are asked as a
configuration is: `settings.has("password")`, `settings.has("**", "route-map|route-policy", "*", "in")`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from seawall.platforms.config.statement import Node, Statement

_ADDRESS: Final = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2})?|(?=.*:.*:)[0-9A-Fa-f:.]+(?:/\d{1,3})?")
_SECTIONS: Final = ("address-family", "vrf", "ipv4-family", "ipv6-family", "l2vpn-family", "vpn-instance", "scope")
_POINTERS: Final = (  # settings that take in those of a named group, as (words before the name)
    ("peer-group",), ("peer", "group"), ("inherit", "peer"), ("inherit", "peer-session"), ("inherit", "peer-policy"),
    ("use", "neighbor-group"), ("use", "session-group"), ("use", "af-group"), ("group",),
)  # fmt: skip
_GROUPS: Final = ("neighbor-group", "session-group", "af-group", "peer-group")
_NESTED: Final = 8  # groups within groups


@dataclass
class Neighbor:
    """One BGP session as configured."""

    address: str  # or interface, or range
    line: int  # the first that names it
    vrf: str | None = None  # routing instance, VPRN, VPN instance; None for the global table
    local_as: str | None = None
    group: str | None = None
    settings: Node = field(default_factory=Node)

    @property
    def remote_as(self) -> str | None:
        """The neighbour's AS as written; None if no line gives it."""
        for words in (("remote-as",), ("as-number",), ("peer-as",)):
            if said := self.settings.value(*words):
                return said
        return self.local_as if self.settings.has("type", "internal") else None

    @property
    def external(self) -> bool | None:
        """Whether the neighbour is in another AS; None if the text does not tell."""
        if self.settings.has("type", "external") or self.settings.has("remote-as", "external"):
            return True
        if self.settings.has("type", "internal") or self.settings.has("remote-as", "internal"):
            return False
        remote = self.remote_as
        return None if remote is None or self.local_as is None else _number(remote) != _number(self.local_as)

    @property
    def shut(self) -> bool:
        """Whether the session is switched off."""
        return self.settings.has("shutdown") or self.settings.has("admin-state", "disable")


def _number(text: str) -> str:
    """An AS number as digits: `1.10` is 65546."""
    high, dot, low = text.partition(".")
    return str(int(high) * 65_536 + int(low)) if dot and high.isdigit() and low.isdigit() else text


def neighbors(config: Node) -> list[Neighbor]:
    """Every BGP neighbour of a configuration, in the order of the file."""
    found: list[Neighbor] = []
    for bgp in config.all("router|protocols", "bgp") + config.all("bgp", "*"):
        if not bgp.wordwise and bgp.words[0] != "protocols":
            found += _Lines(bgp).neighbors()
    for pattern in (("protocols", "bgp"), ("routing-instances", "*", "protocols", "bgp"),
                    ("logical-systems", "*", "protocols", "bgp"),
                    ("logical-systems", "*", "routing-instances", "*", "protocols", "bgp")):  # fmt: skip
        for bgp in config.all(*pattern):
            if bgp.wordwise:
                vrf = bgp.path[-3] if "routing-instances" in bgp.path else None
                found += _levels(bgp, vrf, config.value("routing-options", "autonomous-system"))
    for bgp in config.all("configure", "router", "**", "bgp"):
        found += _levels(bgp, None, config.value("configure", "router", "**", "autonomous-system"))
    for bgp in config.all("configure", "service", "vprn", "*", "**", "bgp"):
        found += _levels(
            bgp, bgp.path[3], config.value("configure", "service", "vprn", bgp.path[3], "**", "autonomous-system")
        )
    for one in config.all("router", "bgp", "neighbor", "*"):
        if one.wordwise:
            found.append(_section(one, config.value("router", "bgp", "as")))
    return found


def copied(
    one: Statement, words: tuple[str, ...] | None = None, parent: Statement | None = None, origin: int | None = None
) -> Statement:
    """A statement and all below it, to stand elsewhere; `origin`: the line of the group it is inherited from."""
    new = type(one)(one.words if words is None else words, one.text, one.line, parent)
    new.negated, new.inactive, new.body, new.secrets = one.negated, one.inactive, one.body, one.secrets
    new.inherited_from = one.inherited_from if origin is None else origin
    new.children = [copied(child, None, new, origin) for child in one.children if not child.inactive]
    return new


def inherit(own: Node, group: Node, origin: int, parent: Statement | None = None) -> None:
    """Take in what a group says and the neighbour does not say itself."""
    for setting in list(group.children):
        same = [one for one in own.children if _same(one, setting)]
        if not same:
            own.children.append(copied(setting, None, parent, origin))
        elif setting.children:
            inherit(same[0], setting, origin, same[0])


_DIRECTIONS: Final = frozenset(("in", "out", "import", "export"))


def _same(one: Statement, other: Statement) -> bool:
    """Whether one setting takes the place of the other."""
    if one.children or other.children:
        return one.key == other.key
    if not one.key or not other.key or one.key[0] != other.key[0]:
        return False
    ways = [key[-1] for key in (one.key, other.key) if key[-1] in _DIRECTIONS]
    return len(set(ways)) < 2 and (one.key[0] not in ("address-family", "use", "inherit"))


class _Lines:
    """Neighbours of a `router bgp` section whose lines are statements."""

    def __init__(self, bgp: Statement) -> None:
        self.bgp = bgp
        self.local = next((word for word in bgp.words[1:] if word[:1].isdigit()), None)
        self.found: dict[tuple[str | None, str], Neighbor] = {}
        self.groups: dict[str, Node] = {}
        self.lines: dict[str, int] = {}

    def neighbors(self) -> list[Neighbor]:
        """Those that are no groups, with what their groups give them."""
        self._collect(self.bgp, None, ())
        declared = {name for (_, name) in self.found if self._is_group(name)}
        for (_, name), one in self.found.items():
            if name in declared:
                self.groups.setdefault(name, Node())
                inherit(self.groups[name], one.settings, one.line)
                self.lines.setdefault(name, one.line)
        sessions = [one for (_, name), one in self.found.items() if name not in declared]
        for one in sessions:
            self._resolve(one, one.settings, None, 0)
        return sessions

    def _is_group(self, name: str) -> bool:
        if _ADDRESS.fullmatch(name):
            return False
        return any(
            one.settings.has("peer-group") or one.settings.has("peer", "group") or name in self._pointed()
            for (_, other), one in self.found.items()
            if other == name
        )

    def _pointed(self) -> set[str]:
        if not hasattr(self, "_names"):
            self._names = {name for one in self.found.values() for _, name, _ in _pointers(one.settings)}
        return self._names

    def _collect(self, section: Statement, vrf: str | None, family: tuple[str, ...]) -> None:
        for one in section.children:
            word, rest = one.key[0] if one.key else "", one.words[1:]
            if one.key[:3] == ("bgp", "listen", "range") and len(one.words) > 4:  # whoever calls from there
                self._setting(one, one.words[3:], vrf, ())
            elif word in ("neighbor", "peer") and rest:
                self._setting(one, rest, vrf, family)
            elif word in _SECTIONS:
                inner = _vrf(one) or vrf
                self._collect(one, inner, one.words if word != "vrf" else family)
            elif word == "template" and len(rest) > 1 and one.children:
                self.groups[rest[1]] = one
                self.lines[rest[1]] = one.line
            elif word in _GROUPS and rest:
                self.groups[rest[0]] = one
                self.lines[rest[0]] = one.line
            elif word == "group" and rest:  # VRP: `group G external`
                holder = self.groups.setdefault(rest[0], Node())
                self.lines.setdefault(rest[0], one.line)
                if len(rest) > 1:
                    holder.children.append(copied(one, ("type", rest[1])))

    def _setting(self, one: Statement, rest: tuple[str, ...], vrf: str | None, family: tuple[str, ...]) -> None:
        name, words = rest[0], rest[1:]
        if name in ("range", "interface") and words:  # a range of neighbours, or whoever is behind a link
            name, words = words[0], words[1:]
        at = self.found.get((vrf, name))
        if at is None:
            at = self.found[vrf, name] = Neighbor(name, one.line, vrf, self.local)
        holder: Node = at.settings
        parent: Statement | None = None
        if family:
            parent = next((child for child in holder.children if child.words == family), None)
            if parent is None:
                parent = Statement(family, " ".join(family), one.line)
                holder.children.append(parent)
            holder = parent
        if words:
            holder.children.append(copied(one, words, parent))
        else:
            holder.children.extend(copied(child, None, parent) for child in one.children)

    def _resolve(self, one: Neighbor, node: Node, parent: Statement | None, depth: int) -> None:
        done: set[str] = set()
        for _ in range(_NESTED):
            new = [(pointer, name) for pointer, name, _ in _pointers(node) if name in self.groups and name not in done]
            if not new:
                break
            for _, name in new:
                done.add(name)
                if one.group is None:
                    one.group = name
                inherit(node, self.groups[name], self.lines[name], parent)
        if depth < 3:
            for child in list(node.children):
                if child.children:
                    self._resolve(one, child, child, depth + 1)


def _pointers(node: Node) -> Iterator[tuple[Statement, str, tuple[str, ...]]]:
    for child in node.children:
        if child.negated:
            continue
        for words in _POINTERS:
            if child.key[: len(words)] == words and len(child.words) > len(words):
                yield child, child.words[len(words)], words
                break


def _vrf(one: Statement) -> str | None:
    for word in ("vrf", "vpn-instance"):
        if word in one.key[:-1]:
            return one.words[one.key.index(word) + 1]
    return None


def _section(one: Statement, local: str | None) -> Neighbor:
    found = Neighbor(one.path[-1], one.line, None, local)
    found.settings.children = [copied(child) for child in one.children]
    return found


def _levels(bgp: Statement, vrf: str | None, local: str | None) -> list[Neighbor]:
    """Junos and SR OS: what `bgp` says holds for all, what a group says for its neighbours."""
    found: list[Neighbor] = []
    everywhere = Node()
    everywhere.children = [one for one in bgp.children if one.key[0] not in ("group", "neighbor") and not one.negated]
    for inside, group in [(None, bgp), *((one, one) for one in bgp.all("group", "*"))]:
        for one in group.all("neighbor", "*"):
            new = _section(one, local)
            new.vrf = vrf
            named = inside or next(iter(bgp.all("group", new.settings.value("group") or "\0")), None)
            if named is not None:
                new.group = named.path[-1]
                level = Node()
                level.children = [child for child in named.children if child.key[0] != "neighbor" and not child.negated]
                inherit(new.settings, level, named.line)
            inherit(new.settings, everywhere, bgp.line)
            found.append(new)
    return found
