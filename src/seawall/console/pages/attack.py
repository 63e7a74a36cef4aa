"""The ATT&CK map: which techniques were seen, which would be, and which could not be."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from seawall import detect
from seawall.console.pages.frame import Viewer, show
from seawall.console.pages.overview import coverage_of, kind_of
from seawall.console.reading import Reading, reading_of
from seawall.model.attack import ATTACK_VERSION, TACTICS, tactic_of, technique_id, technique_name
from seawall.model.behaviours import BEHAVIOURS
from seawall.reporting import navigator
from seawall.state import paging

router = APIRouter(include_in_schema=False)
_MOST: Final = 5_000  # findings of which techniques are counted


@dataclass
class Technique:
    """One technique on the map."""

    id: str
    name: str
    rules: int = 0
    findings: int = 0
    kinds: set[str] = field(default_factory=set)  # of the coverage of its behaviours

    @property
    def state(self) -> str:
        """seen, watched, or blind: nothing here could show it."""
        if self.findings:
            return "seen"
        if self.kinds & {"not-seen", "partly", "seen"} or (self.rules and not self.kinds):
            return "watched"
        return "blind"


@router.get("/attack")
def attack(request: Request, _: Viewer, export: str = "") -> Response:
    """The map."""
    reading = reading_of(request)
    covered = coverage_of(reading, wait_s=0.2)
    if export and covered.value is not None:
        made = navigator.layer(covered.value, name=reading.site().name or reading.desk.case.folder.resolve().name)
        told = {"content-disposition": 'attachment; filename="seawall-navigator.json"'}
        return Response(json.dumps(made, indent=1), media_type="application/json", headers=told)
    tactics = _map(reading, covered.value or [])
    every = [one for found in tactics.values() for one in found]
    return show(
        request,
        "attack",
        topics="incidents lake slow",
        covered=covered,
        tactics=tactics,
        seen=sum(one.state == "seen" for one in every),
        watched=sum(one.state == "watched" for one in every),
        blind=sum(one.state == "blind" for one in every),
        version=ATTACK_VERSION,
    )


def _map(reading: Reading, covered: list) -> dict[str, list[Technique]]:  # type: ignore[type-arg]
    found: dict[str, Technique] = {}

    def one(attack: str) -> Technique:
        name = technique_id(attack)
        return found.setdefault(name, Technique(name, technique_name(name)))

    for about in reading.kept("catalogue", "settings", lambda: detect.catalogue(reading.rules())):
        for attack in set(about.attack):
            one(attack).rules += 1
    for entry in covered:
        if entry.behaviour in BEHAVIOURS:
            one(BEHAVIOURS[entry.behaviour].technique).kinds.add(kind_of(entry))
    seen = reading.kept("techniques", "incidents", lambda: _seen(reading))
    for attack, number in seen.items():
        one(attack).findings = number
    tactics: dict[str, list[Technique]] = {name: [] for name in TACTICS}
    for technique in found.values():
        tactics.setdefault(tactic_of(technique.id) or "other", []).append(technique)
    return {name: sorted(held, key=lambda t: (-bool(t.findings), t.id)) for name, held in tactics.items() if held}


def _seen(reading: Reading) -> dict[str, int]:
    counted: dict[str, int] = {}
    found, _ = paging.some_findings(reading.desk.state, paging.FindingsAsked(limit=_MOST))
    for finding in found:
        for attack in {technique_id(one) for one in finding.attack}:
            counted[attack] = counted.get(attack, 0) + 1
    return counted
