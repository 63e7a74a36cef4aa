"""What the site file explains although the rule could not: automation at its own work, traffic to approved ends."""

from __future__ import annotations

import re
from typing import Final

from seawall.incidents.names import is_inside
from seawall.incidents.scoring import is_quiet
from seawall.model.finding import Finding
from seawall.model.site import Site, lies_in

_READS: Final = frozenset({"K-11", "K-01", "C-09", "I-01", "I-02", "R-05"})  # what backup and billing jobs do all day
_WORDS: Final = re.compile(r"[A-Za-z0-9_]+(?:-[A-Za-z0-9_]+)*")


def explained(finding: Finding, site: Site) -> bool:
    """Whether a finding is low, expected, or explained by the site file."""
    return is_quiet(finding) or _own_work(finding, site) or _approved_end(finding, site)


def _own_work(finding: Finding, site: Site) -> bool:
    """Automation of the site file reading what it reads, from the places it works from."""
    known = finding.behaviours
    if not known or not set(known) <= _READS:
        return False
    actors = [e.value for e in finding.entities if e.type == "account" and e.role == "actor"]
    people = [site.person(actor) for actor in actors]
    sources = [e.value for e in finding.entities if e.type == "ip" and e.role == "source"]
    return (
        bool(people and sources)
        and all(p is not None and p.kind == "automation" and p.from_addresses for p in people)
        and all(p is not None and lies_in(source, p.from_addresses) for p in people for source in sources)
    )


def _approved_end(finding: Finding, site: Site) -> bool:
    """Traffic of our own machines whose every end outside is an agency's or an approved tunnel's or mirror's."""
    approved = {end.address for end in (*site.tunnel_ends, *site.mirror_ends)}
    approved |= {address for agency in site.agencies for address in agency.delivery}
    if not approved or any(e.type not in ("ip", "device") for e in finding.entities):
        return False
    own = {address for device in site.devices for address in device.addresses}
    far = [e.value for e in finding.entities if e.type == "ip" and e.value not in own and not is_inside(e.value)]
    started = all(e.value in own for e in finding.entities if e.type == "ip" and e.role == "source")
    return bool(far) and started and all(lies_in(value, approved) for value in far)


def device_of_file(origin: str, site: Site) -> str:
    """The one device of the site file that a file is named after (`hosts/jump1-audit.log`); empty where none is.

    Logs of a single machine often name no machine: auditd, database audit. The last part of the path counts first.
    """
    path = origin.rpartition(":")[0] or origin
    for part in reversed(path.split("/")[-3:]):
        found = {name for word in _words(part) if (name := site.device_names.get(word))}
        if found:
            return found.pop() if len(found) == 1 else ""
    return ""


def _words(part: str) -> list[str]:
    """The words a file's name may hold a machine's name in: whole, and cut at dots, dashes and underscores."""
    low = part.lower()
    return [low, low.partition(".")[0], *_WORDS.findall(low), *re.findall(r"[a-z0-9]+", low)]
