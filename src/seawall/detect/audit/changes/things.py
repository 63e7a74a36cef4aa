"""Objects that came or went: accounts, keys, services, mirrors, jobs, routes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from seawall.detect.audit.changes.difference import Difference
from seawall.detect.audit.changes.rules import Rule
from seawall.detect.audit.entries import Entries, Entry
from seawall.detect.audit.places import address_of, known_places, within
from seawall.model.severity import Severity
from seawall.model.site import Site

_SHOWN: int = 160  # characters of a line in a sentence


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does to one object."""

    rule: Rule
    object: str  # what it is about, as the configuration names it
    severity: Severity
    why: str
    added: tuple[Entry, ...] = ()
    removed: tuple[Entry, ...] = ()
    address: str = ""  # the far end, where there is one
    terms: tuple[str, ...] = ()  # what made the severity what it is
    account: str = ""  # where it is about an account
    held: dict[str, str] = field(default_factory=dict, compare=False, hash=False)

    @property
    def key(self) -> tuple[str, str]:
        """One effect on one object is told once."""
        return self.rule.effect, self.object


def named(match: re.Match[str]) -> str:
    """The object a line is about: its first name, or the words that matched."""
    names = [value for value in match.groupdict().values() if value]
    return " ".join(names) if names else match[0]


def matches(rule: Rule, platform: str, lines: Sequence[Entry]) -> Iterator[tuple[Entry, re.Match[str]]]:
    """Lines a rule speaks of."""
    for entry in lines:
        for pattern in rule.on(platform):
            if found := pattern.match(entry.path):
                yield entry, found
                break


def objects(rule: Rule, platform: str, entries: Entries) -> set[str]:
    """The objects a configuration has."""
    return {named(found).lower() for _, found in entries.find(*rule.on(platform))}


def added(rule: Rule, difference: Difference) -> Iterator[Effect]:
    """Objects that were not there before."""
    yield from _told(rule, difference, difference.added, difference.before.device.entries, came=True)


def removed(rule: Rule, difference: Difference) -> Iterator[Effect]:
    """Objects that are gone."""
    yield from _told(rule, difference, difference.removed, difference.after.device.entries, came=False)


def _told(
    rule: Rule, difference: Difference, changed: Sequence[Entry], others: Entries, *, came: bool
) -> Iterator[Effect]:
    platform = difference.after.device.platform
    found: dict[str, list[tuple[Entry, re.Match[str]]]] = {}
    for entry, match in matches(rule, platform, changed):
        found.setdefault(named(match), []).append((entry, match))
    if not found:
        return
    there = objects(rule, platform, others)
    for name, pairs in found.items():
        if name.lower() in there:
            continue
        entry, match = pairs[0]
        if rule.unless_gone and (_is_gone(entry, match, others) or _inherits(entry, match, difference)):
            continue
        lines = tuple(dict.fromkeys(one for one, _ in pairs))
        values = {"n": name, **{k: v for k, v in match.groupdict().items() if v}, "line": shown(lines[0])}
        severity, terms = approved(rule, name, difference.after.device.site, lines)
        yield Effect(
            rule, name, severity, say(rule.why, values),
            added=lines if came else (), removed=() if came else lines, terms=terms,
            account=match.groupdict().get("n") or "" if rule.effect in ("user", "user-rights", "ssh-key") else "",
        )  # fmt: skip


def _is_gone(entry: Entry, match: re.Match[str], others: Entries) -> bool:
    head = entry.path[: match.end("n")].lower()
    return not any(one.path.lower().startswith(head) for one in others.all)


_TAKEN_FROM: Final = re.compile(r".* (?:peer-group|inherit|use|apply-groups|group) \S+", re.I)


def _inherits(entry: Entry, match: re.Match[str], difference: Difference) -> bool:
    """Whether the object now takes from a group or template what its own lines said."""
    head = entry.path[: match.end("n")].lower()
    return any(one.path.lower().startswith(head) and _TAKEN_FROM.match(one.path) for one in difference.added)


def approved(rule: Rule, name: str, site: Site, lines: Sequence[Entry]) -> tuple[Severity, tuple[str, ...]]:
    """What an object is worth, seeing what the site file says of it."""
    if rule.known == "people":
        person = site.person(name)
        return (Severity.LOW, (f"{name} is listed under people in the site file",)) if person else (rule.severity, ())
    if rule.known and (listed := known_places(site, rule.known)):
        named_ends = [found for one in lines for word in one.path.split() if (found := address_of(word)) is not None]
        if named_ends and all(within(one, listed) for one in named_ends):
            return Severity.LOW, (f"{named_ends[0]} is listed under {rule.known} in the site file",)
    return rule.severity, ()


def shown(entry: Entry) -> str:
    """A line for a sentence."""
    return entry.path if len(entry.path) <= _SHOWN else f"{entry.path[: _SHOWN - 1]}…"


class _Said(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return f"unknown {key}"


def say(text: str, values: dict[str, str]) -> str:
    """A sentence with its places filled."""
    return text.format_map(_Said(values))
