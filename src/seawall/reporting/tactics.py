"""The ATT&CK strip: tactics in order, with the techniques findings show under each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from seawall.model.attack import TACTIC_IDS, TACTICS, tactic_of, technique_id, technique_name
from seawall.model.behaviours import stage_of_behaviour
from seawall.model.finding import Finding


@dataclass(frozen=True, slots=True)
class Technique:
    """One technique seen, with the version its id is of and how many findings show it."""

    id: str
    name: str
    version: str
    findings: int


@dataclass(frozen=True, slots=True)
class Tactic:
    """One tactic in ATT&CK's order."""

    id: str
    name: str
    techniques: tuple[Technique, ...]


def strip(findings: Iterable[Finding]) -> tuple[Tactic, ...]:
    """All tactics in order; a technique stands under the stage its behaviour says, else under its usual tactic."""
    seen: dict[str, dict[str, int]] = {name: {} for name in TACTICS}
    for finding in findings:
        stage = next((s for b in finding.behaviours if (s := stage_of_behaviour(b))), None)
        for attack in sorted(set(finding.attack)):
            tactic = stage or tactic_of(attack)
            if tactic in seen:
                seen[tactic][attack] = seen[tactic].get(attack, 0) + 1
    return tuple(
        Tactic(
            TACTIC_IDS[name],
            name,
            tuple(
                Technique(technique_id(attack), technique_name(attack), attack.partition("@")[2], number)
                for attack, number in sorted(seen[name].items())
            ),
        )
        for name in TACTICS
    )
