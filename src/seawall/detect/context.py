"""What the carrier's own world says about a finding: expected work is told apart from the rest.

With a site file, three things are expected, and capped at `low`: an act inside a change window (below), a server,
tunnel or mirror end the site file approves, and a change by a channel it approves.

A change window: an act by an account the carrier knows, from a place that account works from, inside a change
window that covers device and account for the whole finding, is capped at `low` and tagged `expected`. It is never
dropped: intruders borrow accounts and know change windows. Nothing is capped where one of the three is unknown.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from seawall.model.finding import Finding
from seawall.model.severity import Severity
from seawall.model.site import ChangeWindow, Person, Site

EXPECTED: Final = "expected"
_ADDRESS: Final = re.compile(r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:]{2,})(?![\w.])")


def in_context(finding: Finding, site: Site) -> Finding:
    """The finding, capped at low if it is expected work; else as it is."""
    if not site.known:
        return finding
    reason = _in_window(finding, site) or _approved_end(finding, site) or _approved_channel(finding, site)
    if not reason:
        return finding
    return replace(
        finding,
        severity=min(finding.severity, Severity.LOW),
        tags=(*finding.tags, EXPECTED),
        why=f"{finding.why} Expected: {reason}.",
        details={**finding.details, "expected": reason},
    )


def _in_window(finding: Finding, site: Site) -> str:
    """Why the finding is work in a change window; empty if it is not."""
    devices = _values(finding, "device")
    accounts = _values(finding, "account")
    sources = _values(finding, "ip", role="source")
    people = [site.person(account) for account in accounts]
    if not devices or not people or not sources:
        return ""
    known = [person for person in people if person is not None]
    if len(known) < len(people) or not all(_usual(person, source, site) for person in known for source in sources):
        return ""
    window = _window(finding, devices, known, site)
    if window is None:
        return ""
    return f"change window {window.ticket}".rstrip() + ", known account from its usual place"


def _approved_end(finding: Finding, site: Site) -> str:
    """Why the address a command names is meant to be there; empty if the site file does not say so.

    Only a finding of one event is judged by the one command it keeps.
    """
    if finding.count != 1:
        return ""
    found = _ADDRESS.findall(str(finding.details.get("command_raw", "")))
    for behaviour, what, approved in (
        ("C-06", "AAA server", site.aaa_servers),
        ("C-07", "AAA server", site.aaa_servers),
        ("P-10", "tunnel end", [end.address for end in site.tunnel_ends]),
        ("C-04", "mirror end", [end.address for end in site.mirror_ends]),
        ("X-01", "NMS server", site.nms_servers),
    ):
        if behaviour in finding.behaviours and found and all(_inside(address, approved) for address in found):
            return f"{what} of the site file"
    return ""


def _approved_channel(finding: Finding, site: Site) -> str:
    """Why a change by the web user interface is meant to be; empty if the site file does not say so."""
    accounts = _values(finding, "account")
    known = bool(accounts) and all(site.person(account) is not None for account in accounts)
    if "A-02" in finding.behaviours and known and "webui" in site.change_channels:
        return "webui is an approved way of change, known account"
    return ""


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
