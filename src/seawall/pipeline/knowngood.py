"""What people suppressed because it is known to be good, as facts for the site file: a proposal, never a change.

A suppressed incident comes back when its decision ends; a site fact makes its findings expected for good. Only facts
that detectors really ask the site file for are proposed: who works from where, which server of others is rightly
called, which server, tunnel or mirror a command rightly names. An address on an indicator list is never proposed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import tomlkit
from tomlkit.items import AoT, Array

from seawall.errors import InputError
from seawall.model.entities import is_address
from seawall.model.finding import Finding
from seawall.model.incident import Incident
from seawall.model.site import Site, lies_in, load_site
from seawall.pipeline.sitefacts import diff_of, parsed, with_values

# Behaviours whose commands name a server or an end, and the key by which the site file approves it (`detect.context`).
NAMED: Final = {
    "C-06": "aaa_servers",
    "C-07": "aaa_servers",
    "X-01": "nms_servers",
    "P-10": "tunnel_ends",
    "C-04": "mirror_ends",
}
CALLS: Final = {
    "flows.beacon": "known_servers",
    "flows.aaa_unknown_server": "aaa_servers",
    "flows.covert_tunnel": "tunnel_ends",
}
PLACES: Final = frozenset({"access.new_source", "access.first_seen", "access.automation_elsewhere"})
_LISTS: Final = ("aaa_servers", "nms_servers", "known_servers")
_ENDS: Final = ("tunnel_ends", "mirror_ends")
_ADDRESS: Final = re.compile(
    r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{0,4}){2,7})(?![\w.:])"
)


@dataclass(frozen=True, slots=True, order=True)
class Good:
    """One fact: a value under a key; for `people` the account, and the address it works from."""

    key: str
    value: str
    source: str  # only of people
    incident: str  # id of the first that shows it


@dataclass(frozen=True, slots=True)
class Known:
    """What is proposed, and what no site fact speaks of."""

    before: str
    after: str
    facts: tuple[Good, ...]
    silent: tuple[Finding, ...]  # findings nothing was proposed for
    refused: tuple[str, ...]  # addresses on an indicator list

    @property
    def diff(self) -> str:
        """The proposal as a diff."""
        return diff_of(self.before, self.after)


def propose(chosen: Sequence[Incident], findings: Iterable[Finding], site_file: Path | None) -> Known:
    """What would make the findings of these incidents expected.

    Raises:
        InputError: no incident was chosen, or the site file cannot be read.
    """
    if not chosen:
        raise InputError(
            "no incident is suppressed", where="incidents", mend="name one, or: seawall incidents suppress --help"
        )
    site = load_site(site_file) if site_file is not None else Site()
    before = site_file.read_text(encoding="utf-8") if site_file is not None else ""
    of = {finding: incident.id for incident in reversed(chosen) for finding in incident.findings}
    held = sorted((one for one in findings if one.id in of), key=lambda one: (one.first, one.id))
    bad = {e.value for one in held if one.detector.startswith("indicator.") for e in one.entities if e.type == "ip"}
    facts: dict[tuple[str, str, str], Good] = {}
    silent: list[Finding] = []
    refused: set[str] = set()
    for finding in held:
        found = [] if finding.detector.startswith("indicator.") else list(_facts(finding, site))
        refused |= {address for _, *values in found for address in values if address in bad}
        good = [one for one in found if not bad & set(one)]
        for key, value, source in good:
            facts.setdefault((key, value, source), Good(key, value, source, of[finding.id]))
        if not good:
            silent.append(finding)
    proposed = tuple(sorted(facts.values()))
    return Known(before, _written(before, proposed, site), proposed, tuple(silent), tuple(sorted(refused)))


def _facts(finding: Finding, site: Site) -> Iterator[tuple[str, str, str]]:
    """(key, value, source) for each fact that makes a finding expected and that the site file lacks."""
    if finding.count == 1:
        addresses = _ADDRESS.findall(str(finding.details.get("command_raw", "")))
        for key in {NAMED[b] for b in finding.behaviours if b in NAMED}:
            approved = [end.address for end in getattr(site, key)] if key in _ENDS else getattr(site, key)
            yield from ((key, a, "") for a in addresses if is_address(a) and not lies_in(a, approved))
    if finding.detector in CALLS:
        servers = {e.value for e in finding.entities if e.type == "ip" and e.role in ("target", "object")}
        key = CALLS[finding.detector]
        yield from ((key, a, "") for a in sorted(servers) if key == "aaa_servers" or _is_outside(a, site))
    if finding.detector not in PLACES:
        return
    accounts = {e.value for e in finding.entities if e.type == "account" and e.role == "actor"}
    sources = {e.value for e in finding.entities if e.type == "ip" and e.role == "source"}
    if len(accounts) == 1 and len(sources) == 1:
        (account,), (source,) = accounts, sources
        person = site.person(account)
        if is_address(source) and (person is None or not site.is_usual(person, source)):
            yield "people", account, source


def _is_outside(address: str, site: Site) -> bool:
    """Whether a server is one of others that the site file does not name yet."""
    ours = (*site.own_networks, *site.management_networks, *site.known_servers)
    return is_address(address) and not lies_in(address, ours) and address.lower() not in site.device_names


def _written(before: str, facts: Sequence[Good], site: Site) -> str:
    document = parsed(before)
    for fact in facts:
        comment = f"incident {fact.incident[:8]}"
        if fact.key in _ENDS:
            _append(document, fact.key, {"address": fact.value, "purpose": comment}, comment)
        elif fact.key == "people":
            _work_from(document, fact, site, comment)
    lists = [(k, [(f.value, f"incident {f.incident[:8]}") for f in facts if f.key == k]) for k in _LISTS]
    return with_values(document, lists)


def _work_from(document: tomlkit.TOMLDocument, fact: Good, site: Site, comment: str) -> None:
    """An account's place. One that works from any jump host keeps those: a list of its own takes their place."""
    for person in document.get("people", ()):
        if str(person.get("account", "")).lower() != fact.value.lower():
            continue
        places = person.get("from_addresses")
        if not isinstance(places, Array):
            places = tomlkit.array()
            for usual in (*site.jump_hosts, *site.management_networks):
                places.append(usual)
            person["from_addresses"] = places
        places.append(fact.source)
        return
    _append(document, "people", {"account": fact.value, "from_addresses": [fact.source]}, comment)


def _append(document: tomlkit.TOMLDocument, key: str, values: dict[str, Any], comment: str) -> None:
    """One more table of a list of tables, in whichever of TOML's two forms the file has it."""
    held = document.get(key)
    if isinstance(held, Array):
        row = tomlkit.inline_table()
        row.update(values)
        held.append(row)
        return
    table = tomlkit.table()
    first, *rest = values.items()
    table.add(*first)
    table[first[0]].comment(comment)
    for name, value in rest:
        table.add(name, value)
    if not isinstance(held, AoT):
        held = tomlkit.aot()
        document.add(key, held)
        held = document[key]
    held.append(table)
