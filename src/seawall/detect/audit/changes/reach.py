"""Management opened to more sources than before, whichever line, list or binding did it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from seawall.detect.audit.changes.difference import Difference
from seawall.detect.audit.changes.doors import Reach, reach_of
from seawall.detect.audit.changes.rules import Rule
from seawall.detect.audit.changes.things import Effect, say, shown
from seawall.detect.audit.entries import Entry
from seawall.detect.audit.lists import Permit
from seawall.detect.audit.places import Network, is_public, known_places
from seawall.model.severity import Severity

_WIDE: int = 16  # shorter IPv4 prefixes let in half a carrier
_WIDE6: int = 32


def judge(rule: Rule, difference: Difference) -> Iterator[Effect]:
    """New sources of each management service."""
    before, after = reach_of(difference.before.device), reach_of(difference.after.device)
    shown_by_all = [permit.source for permits in before.values() for permit in permits]
    if not difference.notes:
        entries = difference.after.device.entries
        gone = [place for place in _LIMITED if place in before and place not in after and entries.has(_LIMITED[place])]
        after = after | {place: [Permit(_NOTHING, None)] for place in gone}
    told: dict[tuple[object, ...], list[tuple[str, Effect]]] = {}
    for place, permits in after.items():
        was = before.get(place) or _before_it(place, before)
        if was is None:
            continue  # a service that did not exist: another effect tells of it
        if any(permit.source is None for permit in was):
            continue  # it was open to all
        if difference.notes and any(p.source is None for p in permits):
            continue  # the file is cut: the limit may stand in the missing part
        new = [p for p in permits if not _covered(p.source, [q.source for q in was])]
        for effect in _told(rule, difference, place, new, [p.source for p in was] + shown_by_all):
            told.setdefault((effect.held["source"], effect.added, effect.removed), []).append((place, effect))
    for same in told.values():
        places = list(dict.fromkeys(place for place, _ in same))
        worst = max((effect for _, effect in same), key=lambda effect: effect.severity)
        line = shown((*worst.added, *worst.removed, _NOTHING)[0])
        values = {"place": ", ".join(places), "a": worst.held["source"], "line": line}
        yield replace(worst, object=f"{places[0]} from {worst.held['source']}", why=say(rule.why, values))


def _before_it(place: str, before: Reach) -> list[Permit] | None:
    """What stood for a place that was not there: other ranges of lines, the same service on other interfaces."""
    if place in _OPENING:
        return before.get(place, [])
    family = next((head for head in (*_RANGES, *_ON) if place.startswith(head)), None)
    if family is None:
        return None
    heads = _RANGES if family in _RANGES else _ON
    held = [permit for name, permits in before.items() if name.startswith(heads) for permit in permits]
    return held or None


_ON = ("SSH on interface", "HTTP on interface", "TELNET on interface")
_NOTHING = Entry(0, "", "")
_RANGES = ("line vty", "user-interface vty", "line template", "line default")
_LIMITED = {  # services that are open to all without a limit, and what shows that they still run
    "SSH": re.compile(r"(?:ssh server|stelnet server enable|management ssh|hostname)", re.I),
    "SNMP": re.compile(r"(?:snmp-server community|snmp-agent community|snmp community)", re.I),
    "the web server": re.compile(r"(?:ip http (?:secure-)?server|http (?:secure-)?server enable)", re.I),
    "the API": re.compile(r"(?:management api http-commands)", re.I),
    "NETCONF": re.compile(r"(?:netconf-yang|restconf)", re.I),
    "deviceconfig system": re.compile(r"(?:(?:.* )?deviceconfig system)", re.I),
}
_OPENING = frozenset({"management-access-filter", "cpm-filter"})


def _told(
    rule: Rule, difference: Difference, place: str, new: list[Permit], before: list[Network | None]
) -> Iterator[Effect]:
    for permit in new:
        severity, terms = _worth(permit.source, before, difference)
        source = "anywhere" if permit.source is None else str(permit.source)
        lines = [permit.entry] if permit.entry.number else []
        lines = [_in_full(difference, line) for line in lines]
        came = tuple(line for line in lines if line in difference.added)
        gone = () if came else _about(place, difference)
        address = "" if permit.source is None or permit.source.num_addresses > 1 else str(permit.source.network_address)
        held = {"source": source}
        yield Effect(rule, place, severity, "", came, gone, address, terms, held=held)


def _in_full(difference: Difference, line: Entry) -> Entry:
    """The changed line with the words above it; lists are followed by what they say inside."""
    return next((one for one in difference.added if one.number == line.number), line)


def _about(place: str, difference: Difference) -> tuple[Entry, ...]:
    """Lines taken away that limited a service: under its section, or of a list."""
    inside = tuple(one for one in difference.removed if one.path.lower().startswith(place))
    limits = ("access-class", "access-list", "access-group", "acl ", "filter", "deny", "permitted-ip", "trusthost")
    return inside or tuple(one for one in difference.removed if any(word in one.path for word in limits))[:20]


def _covered(source: Network | None, others: list[Network | None]) -> bool:
    if source is None:
        return None in others
    return any(
        other is None or (other.version == source.version and source.subnet_of(other))  # type: ignore[arg-type]
        for other in others
    )


def _worth(
    source: Network | None, before: list[Network | None], difference: Difference
) -> tuple[Severity, tuple[str, ...]]:
    if source is None:
        return Severity.CRITICAL, ("no source is refused any more",)
    if source.prefixlen < (_WIDE if source.version == 4 else _WIDE6):
        return Severity.CRITICAL, (f"{source} is wider than a management network is",)
    listed = known_places(
        difference.after.device.site, "management_networks+jump_hosts+nms_servers+aaa_servers+syslog_servers"
    )
    if _covered(source, list(listed)):
        return Severity.LOW, ("the site file lists it",)
    if listed:
        return Severity.HIGH if not is_public(source.network_address) else Severity.CRITICAL, (
            "not among management_networks, jump_hosts or nms_servers of the site file",
        )
    length = 24 if source.version == 4 else 48
    if source.prefixlen >= length and any(
        o is not None and o.version == source.version and source.supernet(new_prefix=length).overlaps(o) for o in before
    ):
        return Severity.LOW, ("it stands beside networks that were let in before",)
    if not is_public(source.network_address):
        return Severity.LOW, ("a private network that no site file lists",)
    return Severity.CRITICAL, ("a public address that no site file lists",)
