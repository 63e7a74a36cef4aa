# ruff: noqa: E501 - one pattern is one line
"""Lists and filters of traffic: an entry slipped in that lets everything through, or a stranger past a protection.

Entries for customers are an operator's daily work. What counts is a permit for anybody in a list that refused before,
a hole before the refusals of a list that protects the infrastructure, and such a list taken off its interface.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from seawall.detect.audit.changes.difference import Difference
from seawall.detect.audit.changes.rules import Rule
from seawall.detect.audit.changes.snapshots import Snapshot
from seawall.detect.audit.changes.things import Effect, say, shown
from seawall.detect.audit.entries import Entry
from seawall.detect.audit.places import address_of, is_public, known_places, within
from seawall.model.severity import Severity

_ENTRY: Final = re.compile(
    r"(?:(?:ip|ipv4|ipv6) access-list (?:standard |extended )?|access-list |acl (?:ipv6 )?(?:number |name |advance |basic )?)(?P<acl>\S+)"
    r"(?: (?:extended|match-order \S+|ext))?(?: (?:seq|rule|line))?(?: \d+)? (?:extended )?(?P<do>permit|deny)(?: (?P<rest>.*))?$",
    re.I,
)
_ALL: Final = re.compile(
    r"(?:(?:ip|ipv4|ipv6|any) )?(?:any|any4|ip|ipv6)(?: any4?)?(?: log.*)?$|(?:ip|ipv4|ipv6) ?$|$", re.I
)
_PORT: Final = re.compile(
    r"(?:tcp|udp|6|17) any4? any4? (?:eq )?(?P<p>\S+)(?: log.*)?$|(?:tcp|udp) destination-port eq (?P<q>\S+)$", re.I
)
_ADMIN: Final = frozenset({"22", "ssh", "23", "telnet", "161", "snmp", "830", "4786", "57722"})
_HOST: Final = re.compile(
    r"(?:(?:ip|ipv4|ipv6|tcp|udp|gre|\d+) )?(?:source )?(?:host )?(?P<a>[\d.]{7,}|[\da-f:]{3,})(?:/32|/128| 0\.0\.0\.0| 0)?(?: (?P<rest>.*))?$",
    re.I,
)
_BOUND: Final = re.compile(
    r"interface (?P<if>\S+)(?: \S+)*? (?:(?:ip|ipv4|ipv6) access-group|access-group|traffic-filter inbound(?: ipv6)? acl|traffic-filter outbound acl|packet-filter)"
    r" (?:name |number )?(?P<acl>\S+)(?: (?P<dir>in|out|ingress|egress|inbound|outbound))?",
    re.I,
)
_ASA_BOUND: Final = re.compile(r"access-group (?P<acl>\S+) in interface (?P<if>\S+)", re.I)
_OUTER: Final = re.compile(r"(?:wan|outside|untrust|internet|external|uplink|transit|any)\S*$", re.I)
_OFTEN: Final = frozenset({"10", "20", "50"})  # lists intruders put themselves into


@dataclass(slots=True)
class _List:
    entries: list[tuple[Entry, str, str]] = field(default_factory=list)  # line, permit or deny, the rest

    def lets_all(self) -> bool:
        return any(do == "permit" and _ALL.match(rest) for _, do, rest in self.entries)

    def protects(self) -> bool:
        """Refusals first, then everything else: what the infrastructure is shielded by."""
        denies = sum(do == "deny" for _, do, _ in self.entries)
        return (
            denies > 0
            and bool(self.entries)
            and self.entries[-1][1] == "permit"
            and bool(_ALL.match(self.entries[-1][2]))
        )


def judge(rule: Rule, difference: Difference) -> Iterator[Effect]:
    """Holes in lists and filters."""
    platform = difference.after.device.family
    if platform == "junos":
        yield from _terms(rule, difference)
    elif platform in ("fortios", "panos"):
        yield from _policies(rule, difference)
    elif platform == "sros":
        yield from _defaults(rule, difference)
    else:
        yield from _entries(rule, difference)
        yield from _unbound(rule, difference)


def _entries(rule: Rule, difference: Difference) -> Iterator[Effect]:
    before, after = _lists(difference.before), _lists(difference.after)
    bound = _bindings(difference.after)
    new = set(difference.added)
    for name, held in after.items():
        was = before.get(name)
        if was is None or not any(entry in new for entry, _, _ in held.entries):
            continue
        for place, (entry, do, rest) in enumerate(held.entries):
            if entry not in new or do != "permit":
                continue
            why = _hole(name, rest, was, held, place, bound, difference)
            if why:
                yield _effect(rule, f"{name}: {do} {rest}".strip(), why, difference, (entry,))


def _hole(
    name: str, rest: str, was: _List, held: _List, place: int, bound: Mapping[str, list[Entry]], difference: Difference
) -> str:
    """Why a permit is a hole; empty if it is none."""
    is_bound = name in bound and (difference.after.device.family != "asa" or _outer_asa(bound[name]))
    if _ALL.match(rest) and is_bound and not was.lets_all():
        return "lets anybody through"
    if (found := _PORT.match(rest)) and is_bound and (found["p"] or found["q"]) in _ADMIN:
        port = found["p"] or found["q"]
        if any(do == "deny" and re.search(rf"\b{re.escape(port)}$", text) for _, do, text in was.entries):
            return f"lets anybody to port {port}, which it refused before"
    found = _HOST.match(rest)
    address = address_of(found["a"]) if found else None
    if (
        address is None
        or not is_public(address)
        or within(address, known_places(difference.after.device.site, "management_networks+jump_hosts+nms_servers"))
    ):
        return ""
    if name in _OFTEN and not is_bound and not _limits_management(name, difference):
        return f"lets {address} in, and lists of this number are where intruders put themselves"
    later_denies = any(do == "deny" for _, do, _ in held.entries[place + 1 :])
    target = address_of((found["rest"] or "").removeprefix("host ").split(" ")[0]) if found else None
    if is_bound and was.protects() and later_denies and (target is None or not is_public(target)):
        return f"lets {address} past the refusals that protect the infrastructure"
    return ""


def _limits_management(name: str, difference: Difference) -> bool:
    """Whether a list is bound to lines or SNMP: who it lets in is told as reach."""
    return any(
        name in entry.path.split() and ("access-class" in entry.path or "snmp-server community" in entry.path)
        for entry in difference.after.device.entries.all
    )


def _outer_asa(lines: list[Entry]) -> bool:
    return any((found := _ASA_BOUND.match(one.path)) and _OUTER.match(found["if"]) for one in lines)


def _lists(snapshot: Snapshot) -> dict[str, _List]:
    found: dict[str, _List] = {}
    for entry, match in snapshot.device.entries.find(_ENTRY):
        held = found.setdefault(match["acl"], _List())
        held.entries.append((entry, match["do"].lower(), (match["rest"] or "").strip()))
    return found


def _bindings(snapshot: Snapshot) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for entry, match in snapshot.device.entries.find(_BOUND, _ASA_BOUND):
        found.setdefault(match["acl"], []).append(entry)
    return found


def _unbound(rule: Rule, difference: Difference) -> Iterator[Effect]:
    after = difference.after.device.entries
    for entry in difference.removed:
        match = _BOUND.match(entry.path)
        if match is None:
            continue
        head = f"interface {match['if']} ".lower()
        below = [one.path[len(head) :].lower() for one in after.all if one.path.lower().startswith(head)]
        if "shutdown" in below or not any("address" in one for one in below):
            continue
        if any(
            (other := _BOUND.match(one.path)) and other["if"] == match["if"] and other["dir"] == match["dir"]
            for one in after.all
            if one.path.lower().startswith(head)
        ):
            continue
        held = _lists(difference.before).get(match["acl"])
        if held is not None and held.protects():
            why = f"interface {match['if']} is no longer shielded by list {match['acl']}"
            yield Effect(rule, f"{match['if']} {match['acl']}", rule.severity, f"{why}: {shown(entry)}", (), (entry,))


def _effect(rule: Rule, name: str, why: str, difference: Difference, lines: tuple[Entry, ...]) -> Effect:  # noqa: ARG001
    return Effect(
        rule,
        name,
        rule.severity,
        say(rule.why, {"n": name.partition(":")[0], "does": why, "line": shown(lines[0])}),
        lines,
    )


_TERM: Final = re.compile(r"firewall (?:family \S+ )?filter (?P<acl>\S+) term (?P<term>\S+) (?P<rest>.+)", re.I)


def _terms(rule: Rule, difference: Difference) -> Iterator[Effect]:
    """Junos: a term that accepts without asking anything, where nothing did before."""
    before, after = _junos(difference.before), _junos(difference.after)
    bound = " ".join(
        e.path for e in difference.after.device.entries.all if " filter " in e.path and e.path.startswith("interfaces ")
    )
    new = set(difference.added)
    for (acl, term), lines in after.items():
        known = [key for key in before if key[0] == acl]
        if not known or not any(entry in new for entry, _ in lines) or not re.search(rf"\b{re.escape(acl)}\b", bound):
            continue
        if _accepts_all(lines) and not any(_accepts_all(before[key]) for key in known):
            yield _effect(rule, f"{acl}: term {term}", "lets anybody through", difference, tuple(e for e, _ in lines))


def _accepts_all(lines: list[tuple[Entry, str]]) -> bool:
    said = [rest for _, rest in lines]
    return "then accept" in said and not any(one.startswith("from ") for one in said)


def _junos(snapshot: Snapshot) -> dict[tuple[str, str], list[tuple[Entry, str]]]:
    found: dict[tuple[str, str], list[tuple[Entry, str]]] = {}
    for entry, match in snapshot.device.entries.find(_TERM):
        found.setdefault((match["acl"], match["term"]), []).append((entry, match["rest"].lower()))
    return found


_POLICY: Final = re.compile(
    r"(?:(?:vdom \S+ )?firewall (?:policy|security-policy) (?P<n>\S+) (?P<k>srcintf|srcaddr|dstaddr|service|action|status)"
    r"|(?:\S+ )*?rulebase security rules (?P<m>\S+) (?P<l>from|source|destination|application|service|action|disabled)) (?P<v>.+)",
    re.I,
)
_ANYONE: Final = frozenset({"any", "all", "always"})


def _policies(rule: Rule, difference: Difference) -> Iterator[Effect]:
    """Firewalls: a rule that lets anybody from outside to anything."""
    before, after = _rules(difference.before), _rules(difference.after)
    new = set(difference.added)
    for name, (said, lines) in after.items():
        if not _open(said) or _open(before.get(name, ({}, []))[0]):
            continue
        came = tuple(line for line in lines if line in new)
        if came:
            yield _effect(rule, f"{name}: rule", "lets anybody from outside to anything", difference, came)


def _rules(snapshot: Snapshot) -> dict[str, tuple[dict[str, set[str]], list[Entry]]]:
    found: dict[str, tuple[dict[str, set[str]], list[Entry]]] = {}
    for entry, match in snapshot.device.entries.find(_POLICY):
        said, lines = found.setdefault(match["n"] or match["m"], ({}, []))
        said.setdefault((match["k"] or match["l"]).lower(), set()).update(match["v"].lower().replace('"', "").split())
        lines.append(entry)
    return found


def _open(said: dict[str, set[str]]) -> bool:
    if not said.get("action", set()) & {"accept", "allow"}:
        return False
    source = said.get("srcaddr", said.get("source", set()))
    target = said.get("dstaddr", said.get("destination", set()))
    doors = said.get("srcintf", said.get("from", set()))
    services = said.get("service", set()) | said.get("application", set())
    return (
        bool(source & _ANYONE and target & _ANYONE and services & _ANYONE)
        and any(_OUTER.match(door) for door in doors)
        and "yes" not in said.get("disabled", set())
    )


_DEFAULT: Final = re.compile(
    r"configure filter ip(?:v6)?-filter (?P<n>\S+) default-action (?P<do>forward|accept)", re.I
)


def _defaults(rule: Rule, difference: Difference) -> Iterator[Effect]:
    """SR OS: a filter that refused by default, and does not any more."""
    known = {
        e.path.split()[3] for e in difference.before.device.entries.all if e.path.startswith("configure filter ip")
    }
    for entry in difference.added:
        match = _DEFAULT.match(entry.path)
        if match and match["n"] in known:
            yield _effect(rule, f"{match['n']}: default", "lets through what no entry refuses", difference, (entry,))


__all__ = ["Severity", "judge"]
