"""Which step of an intrusion a finding shows: from its behaviour id, else from its ATT&CK tactic."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from seawall.model.attack import tactic_of
from seawall.model.behaviours import stage_of_behaviour
from seawall.model.finding import Finding, span_of
from seawall.model.incident import Stage

UNKNOWN: Final = "unplaced"  # the rule says neither behaviour nor a technique we know


def stage_of(finding: Finding) -> str:
    """The stage word of a finding; `unplaced` where neither behaviour nor technique says."""
    for behaviour in finding.behaviours:
        stage = stage_of_behaviour(behaviour)
        if stage:
            return stage
    return next((tactic for attack in finding.attack if (tactic := tactic_of(attack))), UNKNOWN)


def stages(findings: Iterable[Finding]) -> tuple[Stage, ...]:
    """The stages findings show, each once, in order of their first finding."""
    by_name: dict[str, list[Finding]] = {}
    for finding in sorted(findings, key=lambda f: (f.first, f.id)):
        by_name.setdefault(stage_of(finding), []).append(finding)
    return tuple(
        Stage(name, *span_of((f.first, f.last) for f in members), tuple(f.id for f in members))
        for name, members in by_name.items()
    )
