# ruff: noqa: E501 - one pattern is one line
"""Tunnels: who stands at the far end, and whether it is one of the kinds a carrier's own signalling makes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from seawall.detect.audit.changes.difference import Difference
from seawall.detect.audit.changes.rules import Rule
from seawall.detect.audit.changes.snapshots import Snapshot
from seawall.detect.audit.changes.targets import worth
from seawall.detect.audit.changes.things import Effect, named, say
from seawall.detect.audit.entries import Entry
from seawall.detect.audit.places import address_of
from seawall.model.severity import Severity

_END: Final = re.compile(
    r".*(?:tunnel destination|destination-ip|remote-ip|far-end(?: ip-address)?|peer-address ip|remote-gw|vxlan flood vtep"
    r"|\bdestination|delivery-service|peer-ip|ip-address remote) (?:ipv[46] )?(?P<a>\d[\d.]+|[\da-f]*:[\da-f:]+)(?!\S)",
    re.I,
)
_OWN: Final = re.compile(
    r".*tunnel mode mpls|tunnel-protocol mpls|interface tunnel-m?te|.*\bmpls traffic-eng|.*type (?:mpls|vxlan)|.*\bldp\b",
    re.I,
)
_MANY: Final = re.compile(r".*(?:tunnel mode (?:gre|ipsec) multipoint|nhrp map multicast dynamic)", re.I)


def judge(rule: Rule, difference: Difference) -> Iterator[Effect]:
    """Tunnels that have an end they did not have before."""
    before, after = _tunnels(rule, difference.before), _tunnels(rule, difference.after)
    new = set(difference.added)
    ends_before = {end for lines in before.values() for end in _ends(lines)}
    near = ends_before | _loopbacks(difference.before)
    for name, lines in after.items():
        if not any(one in new for one in lines) or any(_OWN.match(one.path) for one in lines):
            continue
        ends = _ends(lines) - _ends(before.get(name, []))
        for end in sorted(ends):
            severity, terms = worth(rule, end, near, difference)
            if end in ends_before:
                severity, terms = Severity.LOW, ("another tunnel ended there before",)
            yield _effect(rule, name, end, severity, terms, lines, difference)
        if not ends and name not in before and any(_MANY.match(one.path) for one in lines):
            yield _effect(rule, name, "any peer", rule.severity, ("it takes any peer that asks",), lines, difference)


_LOOPBACK: Final = re.compile(
    r"(?:interface loopback\S+ (?:ip|ipv4) address|interfaces lo0 .*address|configure router .*interface (?:system|lo\S*) .*address) (?P<a>[\d.]+).*",
    re.I,
)


def _loopbacks(snapshot: Snapshot) -> set[str]:
    """Our own loopbacks: what stands beside them is ours."""
    return {match["a"] for _, match in snapshot.device.entries.find(_LOOPBACK)}


def _effect(
    rule: Rule,
    name: str,
    end: str,
    severity: Severity,
    terms: tuple[str, ...],
    lines: list[Entry],
    difference: Difference,
) -> Effect:
    came = tuple(one for one in lines if one in set(difference.added))
    heads = {one.path.rpartition(" ")[0] for one in came}
    gone = tuple(one for one in difference.removed if one.path.rpartition(" ")[0] in heads and _END.match(one.path))
    address = end if address_of(end) else ""
    return Effect(rule, name, severity, say(rule.why, {"n": name, "a": end}), came, gone, address, terms)


def _tunnels(rule: Rule, snapshot: Snapshot) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for entry, match in snapshot.device.entries.find(*rule.on(snapshot.device.platform)):
        found.setdefault(named(match), []).append(entry)
    return found


def _ends(lines: list[Entry]) -> set[str]:
    return {str(address_of(found["a"])) for one in lines if (found := _END.match(one.path)) and address_of(found["a"])}
