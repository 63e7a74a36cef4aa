"""What an incident itself can say in a notice: plain sentences from its facts, never a guess.

Each filler is named by `fill` of a field. It gives nothing where the evidence says nothing; only a person can then.
Systems of lawful interception are called so in nobody's notice but the agency's own.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from seawall.model.attack import TACTICS, tactic_of
from seawall.model.finding import UNTIMED, Finding
from seawall.model.incident import Incident
from seawall.model.site import Site
from seawall.reporting.duties.statements import Statement
from seawall.reporting.text import and_list, count_text, moment_text

MEDIATION: Final = frozenset({"mediation", "lims", "li", "intercept", "intercept-mediation", "admf"})
ASSISTANCE: Final = "systems supporting court-ordered assistance"
MOST: Final = 12  # names in one sentence
_STAGES_IN: Final = ("initial access", "execution", "persistence")
_OUTSIDE: Final = frozenset({"source", "actor", "target", "via"})


@dataclass(frozen=True, slots=True)
class Sheet:
    """The facts all notices of one incident share."""

    incident: Incident
    findings: Sequence[Finding]  # real ones, in order of time
    site: Site
    places: Mapping[str, int]  # finding id → its entry in the ledger
    open_about_intercepts: bool = False  # the agency's own notice

    @property
    def span(self) -> str:
        """`2026-11-20 00:21 to 2026-11-20 01:57 UTC`; empty where no event has a time."""
        timed = [finding for finding in self.findings if finding.first != UNTIMED]
        if not timed:
            return ""
        first, last = min(f.first for f in timed), max(f.last for f in timed)
        return f"{moment_text(first, seconds=False)} to {moment_text(last, seconds=False)} UTC"

    def used(self, findings: Iterable[Finding]) -> tuple[str, ...]:
        """Ids of findings a field rests on."""
        return tuple(finding.id for finding in findings)


Filled = tuple[str, tuple[str, ...]]  # text, ids of the findings it rests on
NOTHING: Final[Filled] = ("", ())


def fill(name: str, sheet: Sheet, start: Statement | None) -> Filled:
    """What the incident says for a filler; nothing where it says nothing. Raises KeyError for a name nobody knows."""
    if name == "started":
        return (f"{start.name.replace('_', ' ')}: {moment_text(start.at)} UTC, by {start.by}", ()) if start else NOTHING
    return FILLERS[name](sheet)


def system_names(sheet: Sheet) -> list[str]:
    """Devices and systems findings name, as others may hear of them."""
    names: list[str] = []
    for entity in (e for finding in sheet.findings for e in finding.entities if e.type in ("device", "system")):
        name = sheet.site.device_names.get(entity.value.lower(), entity.value)
        names.append(ASSISTANCE if _is_mediation(name, sheet) and not sheet.open_about_intercepts else name)
    return list(dict.fromkeys(names))


def discreet(text: str, sheet: Sheet) -> str:
    """A text of ours with the names of interception systems replaced."""
    if sheet.open_about_intercepts:
        return text
    for device in sheet.site.devices:
        if device.role.lower() in MEDIATION:
            spellings = {device.name, device.name.partition(".")[0], *device.aliases, *device.addresses}
            for spelling in sorted(filter(None, spellings), key=len, reverse=True):
                text = re.sub(rf"(?<![\w.-]){re.escape(spelling)}(?![\w-])", ASSISTANCE, text, flags=re.IGNORECASE)
    return re.sub(r"\b(?:wiretap|intercept(?:ion)?) (?:mediation )?(?:hosts?|systems?)\b", ASSISTANCE, text, flags=re.I)


def _is_mediation(name: str, sheet: Sheet) -> bool:
    return any(d.name == name and d.role.lower() in MEDIATION for d in sheet.site.devices)


def _carrier(sheet: Sheet) -> Filled:
    return sheet.site.name, ()


def _reference(sheet: Sheet) -> Filled:
    return f"incident {sheet.incident.id[:12]}", ()


def _description(sheet: Sheet) -> Filled:
    if not sheet.findings:
        return NOTHING
    systems = system_names(sheet)
    told = [f"Unauthorised activity on {and_list(systems, MOST) if systems else 'the network'}, {sheet.span}."]
    held = {finding.id for finding in sheet.findings}
    for stage in sheet.incident.stages:
        titles = list(dict.fromkeys(f.title for f in sheet.findings if f.id in set(stage.findings) & held))
        if titles:
            told.append(f"{stage.name.capitalize()}: {discreet(and_list(titles, 4), sheet)}.")
    return " ".join(told), sheet.used(sheet.findings)


def _nature(sheet: Sheet) -> Filled:
    names = [stage.name for stage in sheet.incident.stages]
    if not names:
        return NOTHING
    return f"Unauthorised access to network systems: {and_list(names, MOST)}.", sheet.used(sheet.findings)


def _scope(sheet: Sheet) -> Filled:
    systems = {e.value.lower() for f in sheet.findings for e in f.entities if e.type in ("device", "system")}
    if not systems:
        return NOTHING
    return f"{count_text(len(systems), 'network system')} named in evidence so far.", sheet.used(sheet.findings)


def _method(sheet: Sheet) -> Filled:
    stages = {stage.name: stage for stage in reversed(sheet.incident.stages)}
    first = next((stages[name] for name in _STAGES_IN if name in stages), None)
    found = [f for f in sheet.findings if first is not None and f.id in first.findings]
    if first is None or not found:
        return NOTHING
    titles = list(dict.fromkeys(f.title for f in found))
    return f"First seen as {first.name}: {discreet(and_list(titles, 4), sheet)}.", sheet.used(found)


def _dates(sheet: Sheet) -> Filled:
    return (f"{sheet.span} (first and last known)", sheet.used(sheet.findings)) if sheet.span else NOTHING


def _found(sheet: Sheet) -> Filled:
    if not sheet.findings:
        return NOTHING
    number = count_text(len({finding.detector for finding in sheet.findings}), "detector")
    return f"By analysis of logs and records: {number} of Seawall.", sheet.used(sheet.findings)


def _systems(sheet: Sheet) -> Filled:
    names = system_names(sheet)
    return (f"{and_list(names, MOST)}.", sheet.used(sheet.findings)) if names else NOTHING


def _impact(sheet: Sheet) -> Filled:
    it = sheet.incident
    if not sheet.findings:
        return NOTHING
    jewels = {d.name for d in sheet.site.devices if d.crown_jewel}
    reached = [n for n in system_names(sheet) if n in jewels or n == ASSISTANCE]
    reach = f" Reached: {and_list(reached, MOST)}." if reached else ""
    return f"Rated {it.severity.word}, confidence {it.confidence} of 100.{reach}", sheet.used(sheet.findings)


def _tactics(sheet: Sheet) -> Filled:
    told = {technique for finding in sheet.findings for technique in finding.attack}
    techniques = sorted(told, key=lambda technique: (_place(technique), technique))
    return (f"ATT&CK: {', '.join(techniques)}.", sheet.used(sheet.findings)) if techniques else NOTHING


def _place(technique: str) -> int:
    """Where the technique's tactic stands in the matrix; at the end if we do not know it."""
    tactic = tactic_of(technique)
    return TACTICS.index(tactic) if tactic in TACTICS else len(TACTICS)


def _indicators(sheet: Sheet) -> Filled:
    """Outside addresses, names and hashes; the carrier's own machines are no indicator."""
    found: dict[str, str] = {}
    for finding in sheet.findings:
        for entity in finding.entities:
            outside = entity.type == "ip" and entity.role in _OUTSIDE and _is_outside(entity.value, sheet.site)
            if outside or entity.type in ("domain", "url", "hash"):
                found.setdefault(entity.value, finding.id)
    values = sorted(found)
    more = f" and {len(values) - 100} more" if len(values) > 100 else ""
    return (", ".join(values[:100]) + more, tuple(dict.fromkeys(found.values()))) if values else NOTHING


def _is_outside(value: str, site: Site) -> bool:
    try:
        address = ipaddress.ip_address(value)
    except ValueError:
        return False
    if value.lower() in site.device_names or site.is_trusted_source(value) or address.is_loopback:
        return False
    own = (ipaddress.ip_network(one, strict=False) for one in site.own_networks)
    private = (ipaddress.ip_network(one) for one in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"))
    return not any(address in network for network in (*own, *private) if network.version == address.version)


def _evidence(sheet: Sheet) -> Filled:
    entries = sorted(sheet.places[f.id] for f in sheet.findings if f.id in sheet.places)
    if not entries:
        return NOTHING
    shown = ", ".join(map(str, entries[:MOST])) + (f" and {len(entries) - MOST} more" if len(entries) > MOST else "")
    return f"{count_text(len(entries), 'finding')} in the ledger, entries {shown}.", sheet.used(sheet.findings)


FILLERS: Final[Mapping[str, Callable[[Sheet], Filled]]] = {
    "carrier": _carrier,
    "reference": _reference,
    "description": _description,
    "nature": _nature,
    "scope": _scope,
    "method": _method,
    "dates": _dates,
    "found": _found,
    "systems": _systems,
    "impact": _impact,
    "tactics": _tactics,
    "indicators": _indicators,
    "evidence": _evidence,
}
