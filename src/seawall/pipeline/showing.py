"""What a hunt came to, gathered for the terminal and the report."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import metadata
from typing import Final

from seawall import __version__, incidents
from seawall.detect.traffic import shapes
from seawall.engine.lake import Lake
from seawall.incidents.asked import Asked
from seawall.model.assessment import Assessment
from seawall.model.finding import Finding
from seawall.pipeline.asked import Hunted, HuntRequest
from seawall.pipeline.assessing import gathered
from seawall.reporting.flow_plots import Shape
from seawall.reporting.view import CaseView, Note
from seawall.sources import clockpairs
from seawall.sources.intake import NOT_READ

DRAWN: Final = 40  # findings about flows that are drawn, the worst first


def view(request: HuntRequest, hunted: Hunted, *, drawn: bool = False) -> CaseView:
    """What a hunt came to, gathered for the terminal and the report; `drawn`: with what the report draws of flows."""
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
        assessments=_answers(request, hunted),
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
        shapes=flow_shapes(request, hunted.findings) if drawn else {},
    )


def _answers(request: HuntRequest, hunted: Hunted) -> tuple[Assessment, ...]:
    """An answer for each crown jewel the site file names, over all the evidence; none where it names none."""
    if not any(device.crown_jewel for device in request.site.devices):
        return ()
    lake = Lake(request.case.lake, clock=request.clock, memory_mb=request.settings.lake.memory_mb)
    dated = [(record.first, record.last) for record in hunted.records if record.first and record.last]
    first = min((first for first, _ in dated), default=request.clock.now())
    last = max((last for _, last in dated), default=first)
    found = gathered(lake, request.site, hunted.incidents, first, last)
    asked = Asked(hunted.findings, hunted.incidents, hunted.coverage, request.site, found, first, last)
    return tuple(answer for answer in incidents.assess(asked) if answer.device)


def flow_shapes(request: HuntRequest, findings: Sequence[Finding]) -> dict[str, Shape]:
    """What is drawn of findings about flows, by their ids; the forty worst."""
    told = [f for f in findings if f.detector.startswith("flows.") and {"src_ip", "dst_ip"} <= set(f.details)]
    told = sorted(told, key=lambda f: (-f.severity, f.first, f.id))[:DRAWN]
    rows = [{"src": f.details["src_ip"], "dst": f.details["dst_ip"], "port": f.details.get("dst_port")} for f in told]
    rows = [row for row in rows if isinstance(row["src"], str) and isinstance(row["dst"], str)]
    if not rows:
        return {}
    lake = Lake(request.case.lake, clock=request.clock, memory_mb=request.settings.lake.memory_mb)
    backend = lake.ibis(request.site)
    views = {name: backend.table(name) for name in backend.list_tables()}
    if (found := shapes.octets(views, rows)) is None:
        return {}
    begin, end, octets = found
    beating = {f.id for f in told if f.detector == "flows.beacon"}
    waits = shapes.waits(views, rows) if beating else {}
    made = {}
    for finding in told:
        key = tuple(finding.details.get(name) for name in ("src_ip", "dst_ip", "dst_port"))
        if all(isinstance(part, str) for part in key[:2]):
            some = tuple(waits.get(key, ())) if finding.id in beating else ()
            made[finding.id] = Shape(begin, end, tuple(octets.get(key, ())), some)
    return made


def versions() -> dict[str, str]:
    """Versions of Seawall and of what its answers rest on."""
    return {"Seawall": __version__, **{name: metadata.version(name) for name in ("pyarrow", "duckdb", "pysigma")}}


def clock_doubts(lake: Lake) -> tuple[str, ...]:
    """How clocks of different sources stand to each other, by records two of them hold; needs the lake's rows."""
    return clockpairs.compare(lake)
