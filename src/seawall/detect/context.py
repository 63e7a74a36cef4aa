"""What the carrier's own world says about a finding: expected work is told apart from the rest.

With a site file, an act by an account the carrier knows, from a place that account works from, inside a change
window that covers device and account for the whole finding, is capped at `low` and tagged `expected`. It is never
dropped: intruders borrow accounts and know change windows. Nothing is capped where one of the three is unknown.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import replace

from seawall.model.finding import Finding
from seawall.model.severity import Severity
from seawall.model.site import ChangeWindow, Person, Site

EXPECTED = "expected"


def in_context(finding: Finding, site: Site) -> Finding:
    """The finding, capped at low if it is expected work; else as it is."""
    if not site.known:
        return finding
    devices = _values(finding, "device")
    accounts = _values(finding, "account")
    sources = _values(finding, "ip", role="source")
    people = [site.person(account) for account in accounts]
    if not devices or not people or not sources:
        return finding
    known = [person for person in people if person is not None]
    if len(known) < len(people) or not all(_usual(person, source, site) for person in known for source in sources):
        return finding
    window = _window(finding, devices, known, site)
    if window is None:
        return finding
    ticket = f" {window.ticket}" if window.ticket else ""
    return replace(
        finding,
        severity=min(finding.severity, Severity.LOW),
        tags=(*finding.tags, EXPECTED),
        why=f"{finding.why} Expected: change window{ticket}, known account from its usual place.",
        details={**finding.details, "expected": window.ticket or "change window"},
    )


def _values(finding: Finding, kind: str, role: str = "") -> list[str]:
    return [e.value for e in finding.entities if e.type == kind and (not role or e.role == role)]


def _usual(person: Person, source: str, site: Site) -> bool:
    """Whether an account works from this address: its own list if it has one, else the site's trusted places."""
    if not person.from_addresses:
        return site.is_trusted_source(source)
    return _inside(source, person.from_addresses)


def _inside(address: str, networks: Iterable[str]) -> bool:
    """Whether an address lies in one of the networks; false for what is no address or no network."""
    for network in networks:
        try:
            if ipaddress.ip_address(address) in ipaddress.ip_network(network, strict=False):
                return True
        except ValueError:
            continue
    return False


def _window(finding: Finding, devices: list[str], people: list[Person], site: Site) -> ChangeWindow | None:
    """A change window that covers every device and account from the first event to the last."""
    found: ChangeWindow | None = None
    for device in devices:
        name = site.device_names.get(device.lower(), device)
        for person in people:
            found = site.change_window(name, person.account, finding.first)
            if found is None or finding.last > found.end:
                return None
    return found
