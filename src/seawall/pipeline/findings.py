"""Findings of a case: joined, marked, explained, proven, and what they could not have seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from seawall import detect, incidents
from seawall.detect import explaining
from seawall.detect import rules as rule_files
from seawall.detect.explaining import Explained
from seawall.detect.group import replacing
from seawall.detect.rules import RuleSet, RuleStatus
from seawall.detect.tables import view_columns
from seawall.engine.lake import Lake
from seawall.errors import InputError
from seawall.ledger import open_ledger
from seawall.ledger.policy import load_policy
from seawall.model.case import Case
from seawall.model.clock import Clock
from seawall.model.coverage import Coverage
from seawall.model.decision import Decision
from seawall.model.events import BY_NAME as EVENT_KINDS
from seawall.model.finding import Finding
from seawall.model.incident import Incident
from seawall.model.site import Site
from seawall.pipeline.asked import HuntRequest
from seawall.pipeline.cases import case_lake, case_settings, case_state
from seawall.reporting import record
from seawall.reporting.proof import Bundle, write_bundle


def mark_replaced(found: Sequence[Finding], before: Sequence[Finding]) -> list[Finding]:
    """Findings as found now, each naming the earlier finding that late evidence made it replace."""
    current = {finding.id for finding in found}
    told = {old.id: old.replaces for old in before}  # what an earlier hunt said of the same finding stays said
    gone: dict[tuple[object, ...], list[Finding]] = {}
    for old in before:
        if old.id not in current:
            gone.setdefault(old.whose, []).append(old)
    marked = (replacing(finding, gone.get(finding.whose, ())) for finding in found)
    return [replace(f, replaces=told.get(f.id)) if f.replaces is None else f for f in marked]


def joined(
    findings: Sequence[Finding], request: HuntRequest, decisions: Sequence[Decision] = ()
) -> tuple[Incident, ...]:
    """Findings as incidents, with what the settings, the site and people's decisions say."""
    hours = request.settings.hunt.join_hours
    return tuple(incidents.build(findings, join_hours=hours, site=request.site, decisions=decisions))


def rules_in(lake: Lake, ruleset: RuleSet) -> tuple[RuleStatus, ...]:
    """Each running rule against the columns this lake's events have; kinds without events count as not there."""
    held = lake.kinds()
    columns = view_columns(lake.ibis())
    return rule_files.status(ruleset, {v: c for v, c in columns.items() if v not in EVENT_KINDS or held.get(v)})


def covered(case: Case, site: Site, ruleset: RuleSet) -> list[Coverage]:
    """What could, and what could not, have been seen in a case, judged with the findings it holds."""
    settings = case_settings(case)
    lake = Lake(case.lake, memory_mb=settings.lake.memory_mb)
    with case_state(case, settings) as state:
        findings = state.findings()
    return in_view(lake, ruleset, findings, site)


def in_view(lake: Lake, ruleset: RuleSet, findings: Sequence[Finding], site: Site) -> list[Coverage]:
    """What could have been seen in a lake, and what no detector looks for."""
    detectors = detect.catalogue(ruleset)
    return [*detect.coverage(lake, detectors, findings, site), *detect.undetected(detectors)]


def explain_finding(case: Case, ruleset: RuleSet, finding_id: str) -> Explained:
    """Which patterns matched which fields of the first events behind a finding.

    Raises:
        InputError: no finding, or more than one, begins with that id; or no rule given made it.
    """
    return explaining.explain(one_finding(case, finding_id), ruleset, case_lake(case))


def prove(case: Case, finding_id: str, folder: Path, clock: Clock) -> Bundle:
    """Write the bundle by which a stranger checks a finding. `finding_id` may be the first letters of an id.

    Raises:
        InputError: no finding, or more than one, is called so; or the ledger does not hold it.
    """
    finding = one_finding(case, finding_id)
    with open_ledger(case, clock=clock) as ledger:
        return write_bundle(
            folder, finding, ledger, load_policy(case.witness_policy), files=record.digests_in(case_lake(case))
        )


def one_finding(case: Case, finding_id: str) -> Finding:
    """The finding whose id begins so.

    Raises:
        InputError: no finding, or more than one, is called so.
    """
    with case_state(case, case_settings(case)) as state:
        named = [finding for finding in state.findings() if finding.id.startswith(finding_id.lower())]
    if len(named) != 1:
        what = "no finding has that id" if not named else f"{len(named)} findings start with that id"
        raise InputError(what, where=finding_id, mend="list them with: seawall hunt --case DIR --format jsonl")
    return named[0]
