"""What a hunt came to, gathered for the terminal and the report."""

from __future__ import annotations

from importlib import metadata

from seawall import __version__, incidents
from seawall.engine.lake import Lake
from seawall.pipeline.asked import Hunted, HuntRequest
from seawall.reporting.view import CaseView, Note
from seawall.sources import clockpairs
from seawall.sources.intake import NOT_READ


def view(request: HuntRequest, hunted: Hunted) -> CaseView:
    """What a hunt came to, gathered for the terminal and the report."""
    unread = [(r, n.removeprefix(NOT_READ)) for r in hunted.records for n in r.notes if n.startswith(NOT_READ)]
    read = [record for record in hunted.records if not any(n.startswith(NOT_READ) for n in record.notes)]
    here = {record.origin for record, _ in unread}
    refused = [Note(record.origin, why) for record, why in unread]
    refused += [Note(f.origin, f.skipped) for f in hunted.files if f.skipped and f.origin not in here]
    return CaseView(
        title=request.site.name or f"Case {request.case.folder.resolve().name}",
        generated_at=request.clock.now(),
        incidents=sorted(hunted.incidents, key=lambda incident: (-incident.severity, incident.first)),
        findings=hunted.findings,
        coverage=hunted.coverage,
        assessments=incidents.assess(hunted.findings, hunted.incidents, hunted.coverage, request.site),
        files=read,
        custody=hunted.custody,
        rejects=hunted.rejects,
        rejected_total=sum(record.rejected for record in read) + sum(report.rejected for report in hunted.lists),
        refused=refused,
        clock_doubts=[
            *hunted.clocks,
            *(f"{record.origin}: {note}" for record in read for note in record.notes if "clock" in note),
        ],
        broken_rules=[
            Note(e.where or "rules", e.what, e.mend or "") for e in (*hunted.rules.broken, *hunted.rules.warnings)
        ],
        rules_with_unknown_fields=[
            Note(f"{s.rule.origin} ({s.rule.about.title})", s.said) for s in hunted.rule_states if s.missing
        ],
        rules_loaded=len(hunted.rules.rules),
        site_known=request.site.known,
        versions=versions(),
    )


def versions() -> dict[str, str]:
    """Versions of Seawall and of what its answers rest on."""
    return {"Seawall": __version__, **{name: metadata.version(name) for name in ("pyarrow", "duckdb", "pysigma")}}


def clock_doubts(lake: Lake) -> tuple[str, ...]:
    """How clocks of different sources stand to each other, by records two of them hold; needs the lake's rows."""
    return clockpairs.compare(lake)
