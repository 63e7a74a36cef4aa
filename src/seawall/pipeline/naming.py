"""Addresses and interfaces named: who owns the one, what the other is called, in findings and flows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from seawall.detect.traffic.places import is_ours
from seawall.engine.lake import Lake
from seawall.model.finding import Finding
from seawall.model.owners import Owner
from seawall.model.settings import FlowSettings
from seawall.model.site import Site
from seawall.sources.interface_names import Names, interface_names
from seawall.sources.owners import owners_of

ASKED: Final = 20  # records of one finding whose interfaces are looked up
MOST: Final = 20_000  # records looked up in all


@dataclass(frozen=True)
class Known:
    """What the files a carrier named say."""

    owners: tuple[Path, ...] = ()
    interfaces: Names = field(default_factory=dict)

    def of(self, addresses: Iterable[str], site: Site) -> dict[str, Owner]:
        """Who owns each of these addresses, ours left out."""
        return owners_of((a for a in addresses if not is_ours(a, site)), self.owners) if self.owners else {}

    def interface(self, exporter: str | None, device: str | None, said: str | None) -> str | None:
        """An interface as the files name it; None if they do not, or nothing was said."""
        for teller in (exporter, device):
            if teller and said and (name := self.interfaces.get((teller.lower(), said))):
                return name
        return None


NOTHING_KNOWN: Final = Known()


def known(settings: FlowSettings) -> Known:
    """The files the settings name, read as far as they must be.

    Raises:
        InputError: a file cannot be read, or holds nothing of the kind.
    """
    return Known(tuple(map(Path, settings.owners)), interface_names(map(Path, settings.interfaces)))


def named(findings: Sequence[Finding], lake: Lake, site: Site, settings: FlowSettings) -> list[Finding]:
    """Findings with `owners` of their outside addresses, and `interfaces` their flows crossed, in their details."""
    told = known(settings)
    addresses = {e.value for f in findings for e in f.entities if e.type == "ip"}
    owners = told.of(sorted(addresses), site)
    crossed = _crossed(findings, lake, site, told)
    made = []
    for finding in findings:
        whose = {e.value: str(owners[e.value]) for e in finding.entities if e.value in owners}
        more: dict[str, Any] = {"owners": whose} if whose else {}
        if finding.id in crossed:
            more["interfaces"] = crossed[finding.id]
        made.append(replace(finding, details={**finding.details, **more}) if more else finding)
    return made


def _crossed(findings: Sequence[Finding], lake: Lake, site: Site, told: Known) -> dict[str, list[str]]:
    """For each finding about exported flows: `exporter: came in at > left by`, as often as they differ."""
    about = {f.id: [e.event_id for e in f.evidence[:ASKED]] for f in findings if f.detector.startswith("flows.")}
    ids = sorted({bytes.fromhex(one) for some in about.values() for one in some})[:MOST]
    if not ids or "flow_records" not in lake.kinds():
        return {}
    flows = lake.ibis(site).table("flows")
    asked = flows.filter(flows.exporter.notnull() & flows.event_id.isin(ids))
    names = ("event_id", "exporter", "device", "input_if", "output_if", "input_if_name", "output_if_name")
    said = {row["event_id"].hex(): path_of(row, told) for row in asked.select(*names).to_pyarrow().to_pylist()}
    found = {id_: sorted({said[one] for one in some if said.get(one)}) for id_, some in about.items()}
    return {id_: paths for id_, paths in found.items() if paths}


def path_of(row: Mapping[str, Any], told: Known) -> str:
    """`exporter: came in at > left by`, by their best names; empty if the record names no interface."""
    ends = []
    for side in ("input_if", "output_if"):
        said = row.get(side)
        name = told.interface(row.get("exporter"), row.get("device"), said) or row.get(f"{side}_name")
        ends.append(f"{name} [{said}]" if name and name != said else (said or ""))
    if not any(end and end != "0" for end in ends):
        return ""
    return f"{row.get('device') or row['exporter']}: {ends[0] or '?'} > {ends[1] or '?'}"
