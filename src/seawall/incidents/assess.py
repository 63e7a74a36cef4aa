"""Was customer or wiretap data touched? An answer for every crown jewel the site file names, with its ground.

*Touched* means that something above low was found on it, or coming from it. *Not touched* is said only where at least
half of the behaviours known could have been seen there. Reading records is a question of its own: unless somebody
looks at them (intercept audit, query logs), what was read could not be seen, and that is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from seawall.incidents.names import Names
from seawall.incidents.scoring import is_quiet
from seawall.incidents.words import and_text, short_value
from seawall.model.coverage import Assessment, Coverage
from seawall.model.finding import Finding
from seawall.model.incident import Incident
from seawall.model.severity import Severity
from seawall.model.site import Device, Site

ENOUGH: Final = 0.5  # share of behaviours that could have been seen before silence means anything
SILENCE_CEILING: Final = 80  # of 100: how sure silence can make anybody
MOST_TITLES: Final = 5
_READING: Final = frozenset({"K-05", "K-06", "K-07", "K-11", "K-13", "K-14"})  # records being read or delivered
_PURPOSES: Final[dict[str, tuple[str, str]]] = {
    "mediation": ("intercept mediation", "no intercept audit was given"),
    "lims": ("intercept mediation", "no intercept audit was given"),
    "cdr-store": ("call records", "no log of its queries was given"),
    "cdr": ("call records", "no log of its queries was given"),
    "hlr": ("subscriber register", "no log of its queries was given"),
    "hss": ("subscriber register", "no log of its queries was given"),
    "billing": ("billing", "no log of its queries was given"),
}


def assess(
    findings: Sequence[Finding], incidents: Iterable[Incident], coverage: Iterable[Coverage], site: Site
) -> tuple[Assessment, ...]:
    """One answer for every crown jewel of the site, those touched first, then by name; none where none is named."""
    jewels = [device for device in site.devices if device.crown_jewel]
    if not jewels:
        return ()
    replaced = {finding.replaces for finding in findings}
    loud = [f for f in findings if not is_quiet(f) and f.id not in replaced]
    names = Names(findings, site)
    covered: dict[str, list[Coverage]] = {}
    for entry in coverage:
        covered.setdefault(entry.device.lower(), []).append(entry)
    grave = {name for incident in incidents if incident.severity > Severity.LOW for name in incident.findings}
    story = [f for f in findings if f.id in grave]
    told = [_assess(jewel, loud, story, names, covered.get(jewel.name.lower(), [])) for jewel in jewels]
    order = {"touched": 0, "could not be seen": 1, "not touched": 2}
    return tuple(sorted(told, key=lambda a: (order[a.answer], a.subject)))


def purpose(device: Device) -> str:
    """What a crown jewel is for, in words: `intercept mediation`; its role where we have no better word."""
    return _PURPOSES.get(device.role.lower(), (device.role.replace("-", " "), ""))[0]


def subject(device: Device) -> str:
    """`lims1 (intercept mediation)`."""
    short = short_value(device.name.partition(".")[0])
    return f"{short} ({short_value(purpose(device))})" if purpose(device) else short


def _assess(
    jewel: Device, loud: Sequence[Finding], story: Sequence[Finding], names: Names, coverage: Sequence[Coverage]
) -> Assessment:
    on_it = [f for f in loud if _concerns(f, jewel, names)]
    gaps = tuple(c for c in coverage if c.visibility == "could not be seen")
    unread = _unread(jewel, coverage)
    if on_it:
        with_logins = {f.id: f for f in (*on_it, *(f for f in story if _concerns(f, jewel, names)))}
        in_time = sorted(with_logins.values(), key=lambda f: (f.first, f.id))
        titles = list(dict.fromkeys(short_value(f.title) for f in in_time))
        seen = and_text(titles[:MOST_TITLES], len(titles) - MOST_TITLES)
        sure = max(f.confidence for f in on_it)
        return Assessment(subject(jewel), "touched", sure, f"seen there: {seen}; {unread}", _ids(on_it), gaps)
    known = len(coverage)
    share = 1 - len(gaps) / known if known else 0.0
    if share < ENOUGH:
        looked = f"only {known - len(gaps)} of {known} behaviours would have shown" if known else "no events of it"
        return Assessment(subject(jewel), "could not be seen", 0, f"{looked}; {unread}", (), gaps)
    why = f"nothing above low was found, and {known - len(gaps)} of {known} behaviours would have shown; {unread}"
    return Assessment(subject(jewel), "not touched", round(SILENCE_CEILING * share), why, (), gaps)


def _concerns(finding: Finding, jewel: Device, names: Names) -> bool:
    """Whether a finding took place on a device, or came from one of its addresses."""
    addresses = {address.lower() for address in jewel.addresses}
    for entity in finding.entities:
        kind, value = names.key(entity)
        if kind in ("device", "system") and value == jewel.name.lower():
            return True
        if kind == "ip" and entity.role in ("source", "actor") and value.lower() in addresses:
            return True
    return False


def _unread(jewel: Device, coverage: Sequence[Coverage]) -> str:
    """What is known of records being read there."""
    if any(c.behaviour in _READING and c.visibility != "could not be seen" for c in coverage):
        return "reading of its records would have shown"
    reason = _PURPOSES.get(jewel.role.lower(), ("", ""))[1] or "no log of its use was given"
    return f"what was read there could not be seen: {reason}"


def _ids(findings: Sequence[Finding]) -> tuple[str, ...]:
    return tuple(f.id for f in sorted(findings, key=lambda f: (f.first, f.id)))
