"""Hosts a device trusts or tells: login, log, time and name servers, collectors, tunnel ends. New ones, lost ones."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator

from seawall.detect.audit.changes.difference import Difference
from seawall.detect.audit.changes.rules import Rule
from seawall.detect.audit.changes.snapshots import Snapshot
from seawall.detect.audit.changes.things import Effect, say, shown
from seawall.detect.audit.entries import Entry
from seawall.detect.audit.places import Address, address_of, is_public, known_places, within
from seawall.model.severity import Severity


def judge(rule: Rule, difference: Difference) -> Iterator[Effect]:
    """Targets added, replaced or lost."""
    before, after = hosts(rule, difference.before), hosts(rule, difference.after)
    new = {host: entry for host, entry in after.items() if host not in before}
    gone = {host: entry for host, entry in before.items() if host not in after}
    if difference.notes and gone and not any(entry in difference.removed for entry in gone.values()):
        gone = {}  # the file is cut: what is absent was not removed
    for host, entry in new.items():
        severity, terms = worth(rule, host, before, difference, replaces=bool(gone) and len(after) <= len(before))
        why = say(rule.why, {"a": host, "n": host, "line": shown(entry)})
        if gone:
            why += f" (before: {', '.join(sorted(gone)[:4])})"
        yield Effect(rule, host, severity, why, (entry,), tuple(gone.values()), host, terms)
    if gone and not new:
        yield from _lost(rule, difference, gone, after)


def hosts(rule: Rule, snapshot: Snapshot) -> dict[str, Entry]:
    """The addresses or names a rule finds in a configuration."""
    found: dict[str, Entry] = {}
    for entry, match in snapshot.device.entries.find(*rule.on(snapshot.device.platform)):
        if entry.path.startswith("no "):
            continue
        for value in match.groupdict().values():
            if value:
                address = address_of(value.removeprefix("ipv6 "))
                found.setdefault(str(address) if address else value.strip('"'), entry)
    return found


def _lost(rule: Rule, difference: Difference, gone: dict[str, Entry], after: dict[str, Entry]) -> Iterator[Effect]:
    severity, terms = (rule.gone, (f"{len(after)} others stay",)) if after else (rule.last, ("none is left",))
    listed = known_places(difference.after.device.site, rule.known) if rule.known else ()
    for host, entry in gone.items():
        address = address_of(host)
        if after and listed and address is not None and not within(address, listed):
            yield _gone(rule, host, Severity.LOW, entry, (f"the site file does not list it under {rule.known}",))
        else:
            yield _gone(rule, host, severity, entry, terms)


def _gone(rule: Rule, host: str, severity: Severity, entry: Entry, terms: tuple[str, ...]) -> Effect:
    why = say(rule.why_gone or rule.why, {"a": host, "n": host, "line": shown(entry)})
    return Effect(rule, host, severity, why, (), (entry,), host, terms)


def worth(
    rule: Rule, host: str, before: Iterable[str], difference: Difference, *, replaces: bool = False
) -> tuple[Severity, tuple[str, ...]]:
    """What a new target is worth: listed in the site file, near one that was there, private, or from anywhere."""
    address = address_of(host)
    listed = known_places(difference.after.device.site, rule.known) if rule.known else ()
    severity = rule.severity if replaces or rule.added is None else rule.added
    if address is None:
        return severity if replaces else min(severity, rule.inside or severity), ("it is a name, not an address",)
    if listed:
        if within(address, listed):
            return Severity.LOW, (f"the site file lists it under {rule.known}",)
        return max(severity, Severity.MEDIUM), (f"the site file does not list it under {rule.known}",)
    if near := next((one for one in before if _near(address, address_of(one))), None):
        return Severity.LOW, (f"it stands in the same network as {near}",)
    if not is_public(address):
        private = rule.replaced if replaces and rule.replaced is not None and rule.inside != Severity.LOW else None
        worth_inside = private or (rule.inside if rule.inside is not None else severity)
        return min(severity, worth_inside), ("a private address that no site file lists",)
    return severity, ("a public address that no site file lists",)


def _near(one: Address, other: Address | None) -> bool:
    if other is None or one.version != other.version:
        return False
    length = 24 if one.version == 4 else 64
    return other in ipaddress.ip_network((one, length), strict=False)
