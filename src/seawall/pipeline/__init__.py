"""The whole flow on one screen: evidence → events → findings → incidents → what people read.

Every step yields typed progress and draws nothing; the last item of a hunt is its result. `asked` says what goes in and
comes out, `cases` opens what belongs to a case, `findings` answers about findings, `showing` gathers for readers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

from seawall.detect import rules as rule_files
from seawall.detect.rules import RuleSet
from seawall.engine.lake import Lake
from seawall.engine.records import RejectRow
from seawall.ledger import Ledger, open_ledger
from seawall.model.clock import Clock
from seawall.model.custody import Said
from seawall.model.settings import Settings
from seawall.model.site import Site
from seawall.pipeline.asked import NOTHING_SAID, Engine, Hunted, HuntRequest, Progress, Sized, indicator_rows, tables_of
from seawall.pipeline.assessing import Question, assess_case
from seawall.pipeline.cases import (
    case_lake,
    case_options,
    case_settings,
    case_site,
    case_state,
    case_vault,
    custody,
    handovers,
    state_url,
)
from seawall.pipeline.deciding import Wanted, decide, decided
from seawall.pipeline.findings import (
    covered,
    explain_finding,
    in_view,
    joined,
    mark_replaced,
    one_finding,
    prove,
    rules_in,
)
from seawall.pipeline.flows import FlowAnswer, ask_flows, passing_lake
from seawall.pipeline.judging import judged, record_run
from seawall.pipeline.naming import known as known_files
from seawall.pipeline.showing import clock_doubts, versions, view
from seawall.sources import clockpairs, discover
from seawall.sources.custody import Custodian
from seawall.sources.hands import jobs_for
from seawall.sources.intake import FileReport, Nowhere, Reached, Sink, reading_for, take_in
from seawall.sources.thinning import Thinned, infrastructure
from seawall.vault.client import VaultClient

__all__ = [
    "NOTHING_SAID",
    "REJECTS_TOLD",
    "Engine",
    "FlowAnswer",
    "HuntRequest",
    "Hunted",
    "Progress",
    "Question",
    "Sized",
    "Wanted",
    "ask_flows",
    "assess_case",
    "case_lake",
    "case_options",
    "case_settings",
    "case_site",
    "case_state",
    "case_vault",
    "clock_doubts",
    "covered",
    "custody",
    "decide",
    "decided",
    "explain",
    "explain_finding",
    "handovers",
    "hunt",
    "in_view",
    "indicator_rows",
    "ingest",
    "joined",
    "known_files",
    "mark_replaced",
    "one_finding",
    "passing_lake",
    "prove",
    "rules_in",
    "state_url",
    "tables_of",
    "versions",
    "view",
]

REJECTS_TOLD: Final = 200  # rejects a report names; it says how many more there were


def explain(
    paths: Sequence[Path], settings: Settings, clock: Clock, jobs: int = 0, vault: VaultClient | None = None
) -> Iterator[Sized | Reached | FileReport]:
    """Read everything, write nothing; say of each file what it is and what became of it."""
    yield (sized := _measure(paths))
    standing = discover.Standing()
    reading = replace(reading_for(paths, settings, clock, standing), vault=vault)
    jobs = jobs_for(sized.files, sized.stored_bytes, jobs)
    yield from take_in(paths, reading, Nowhere(), standing=standing, jobs=jobs)


def ingest(
    paths: Sequence[Path],
    lake: Lake,
    settings: Settings,
    clock: Clock,
    *,
    jobs: int = 0,
    said: Said = NOTHING_SAID,
    vault: VaultClient | None = None,
    site: Site | None = None,
    came: list[str] | None = None,
) -> Iterator[Sized | Reached | FileReport]:
    """Read everything below `paths` into the lake; what it holds already adds nothing.

    `jobs` processes read (0: as many as pay); what comes out is the same. Each stored file is hashed before it is
    opened and put on record as kind `custody`, with what was `said` of it. `came` is for who
    calls very often: it is given the names of the parts that came, which are merged with others only by the next call;
    and retention is left to them.
    """
    yield (sized := _measure(paths))
    jobs = jobs_for(sized.files, sized.stored_bytes, jobs)
    standing = discover.Standing()
    reading = replace(reading_for(paths, settings, clock, standing), vault=vault)
    with lake.writer() as writer:
        writer.tidies = came is None
        if came is not None:
            writer.tidy()
        keeper = Custodian(writer.add, clock, said, settings.tenant or None, settings.scope or None)
        known = lake.read_before()
        sink: Sink = writer
        if settings.flows.keep == "infrastructure":
            sink = Thinned(writer, infrastructure(site or Site(), settings.flows))
        yield from take_in(paths, reading, sink, known, standing=standing, jobs=jobs, custodian=keeper)
        if came is not None:
            came += writer.came
    if settings.lake.retention_days > 0 and came is None:
        lake.retain(clock.now() - timedelta(days=settings.lake.retention_days), settings.lake.legal_hold)


def hunt(request: HuntRequest) -> Iterator[Progress | Hunted]:
    """Ingest what is new, put every question to the whole case, and join the answers into incidents.

    What was read and found is written into the case's ledger before anybody is told.
    """
    with open_ledger(request.case, clock=request.clock) as ledger:
        ledger.heads.signing_key()  # one that others can read is refused now, not after an hour of work
        yield from _hunt(request, ledger)


def _hunt(request: HuntRequest, ledger: Ledger) -> Iterator[Progress | Hunted]:
    started = request.clock.now()
    lake = Lake(request.case.lake, clock=request.clock, memory_mb=request.settings.lake.memory_mb)
    ruleset = RuleSet()
    for loaded in rule_files.loading(request.rules, options=request.reading):
        if isinstance(loaded, RuleSet):
            ruleset = loaded
        else:
            yield loaded
    listed, lists = indicator_rows(request)
    yield from lists
    files: list[FileReport] = [*lists]
    if request.paths:
        settings, clock, vault = request.settings, request.clock, case_vault(request.case)
        for step in ingest(
            request.paths,
            lake,
            settings,
            clock,
            jobs=request.jobs,
            said=request.said,
            vault=vault,
            site=request.site,
        ):
            if isinstance(step, FileReport):
                files.append(step)
            yield step
    found, spared = yield from judged(lake, ruleset, listed, request, ledger)
    with case_state(request.case, request.settings) as state:
        findings = tuple(mark_replaced(found, state.findings()))
        new = state.save_findings(findings)
        held = decided(request.case, ledger, request.clock.now())
        built = joined(findings, request, held)
        everything = state.findings()  # of earlier hunts too, with other rules or another --since
        state.save_incidents(built if len(everything) == len(findings) else joined(everything, request, held))
        counts = {"files": len(files), "findings": len(findings), "new": len(new), "incidents": len(built)}
        state.record_hunt(started, request.clock.now(), counts)
    record_run(ledger, lake, findings, request, started)
    yield Hunted(
        findings=findings,
        new=frozenset(new),
        incidents=built,
        coverage=tuple(in_view(lake, ruleset, findings, request.site)),
        files=tuple(files),
        rules=ruleset,
        rule_states=rules_in(lake, ruleset),
        records=tuple(lake.files()),
        rejects=(*(RejectRow(r.where, r.what) for f in lists for r in f.rejects), *lake.rejects(REJECTS_TOLD)),
        lists=tuple(lists),
        custody=handovers(lake),
        clocks=clockpairs.compare(lake),
        spared=tuple(spared),
    )


def _measure(paths: Sequence[Path]) -> Sized:
    sizes = list(discover.stored_sizes(paths))
    return Sized(len(sizes), sum(sizes))
