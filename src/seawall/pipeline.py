"""The whole flow on one screen: evidence → events → findings → incidents → what people read.

Every step yields typed progress and draws nothing; the last item of a hunt is its result.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import Final, Literal

import pyarrow as pa

from seawall import __version__, detect, incidents
from seawall.detect import Judged, explaining
from seawall.detect import rules as rule_files
from seawall.detect.explaining import Explained
from seawall.detect.group import replacing
from seawall.detect.rules import Compiled, RuleSet, RuleStatus
from seawall.detect.sigma import archive
from seawall.detect.sigma.options import Options, read_options
from seawall.detect.tables import Tables, view_columns
from seawall.engine.lake import Lake
from seawall.engine.records import FileRecord, RejectRow
from seawall.errors import InputError, RuleError, UsageError
from seawall.ledger import Ledger, open_ledger
from seawall.ledger.policy import load_policy
from seawall.model.case import Case
from seawall.model.clock import Clock, SystemClock
from seawall.model.coverage import Coverage
from seawall.model.custody import CustodyRecord, Said
from seawall.model.events import BY_NAME as EVENT_KINDS
from seawall.model.finding import Finding
from seawall.model.incident import Incident
from seawall.model.settings import RuleSettings, Secret, Settings, load_settings
from seawall.model.site import Site, load_site
from seawall.reporting import record
from seawall.reporting.handovers import Custody, gather
from seawall.reporting.proof import Bundle, write_bundle
from seawall.reporting.view import CaseView, Note
from seawall.sources import clockpairs, discover
from seawall.sources.custody import Custodian, records_in
from seawall.sources.hands import jobs_for
from seawall.sources.intake import NOT_READ, FileReport, Nowhere, Reached, reading_for, take_in
from seawall.sources.listed import read_lists
from seawall.state.store import State, open_state
from seawall.vault.client import VaultClient

NOTHING_SAID: Final = Said()
REJECTS_TOLD: Final = 200  # rejects a report names; it says how many more there were


Engine = Literal["local", "spark"]


@dataclass(frozen=True, slots=True)
class Sized:
    """How much there is to read, before reading starts."""

    files: int
    stored_bytes: int


@dataclass(frozen=True, slots=True)
class HuntRequest:
    """Everything a hunt is asked."""

    case: Case
    paths: tuple[Path, ...] = ()
    since: datetime | None = None  # UTC; events before it are read but not judged
    site: Site = field(default_factory=Site)
    settings: Settings = field(default_factory=Settings)
    rules: tuple[Path, ...] = ()
    reading: Options = field(default_factory=Options)  # how those rules are read
    indicators: tuple[Path, ...] = ()
    clock: Clock = field(default_factory=SystemClock)
    jobs: int = 0  # processes that read; 0: as many as pay
    said: Said = NOTHING_SAID  # of the evidence, for its custody
    engine: Engine = "local"  # where rules and analytics run; everything else runs here


@dataclass(frozen=True, slots=True)
class Hunted:
    """What a hunt came to."""

    findings: tuple[Finding, ...]  # of this hunt over the whole case, in order of time
    new: frozenset[str]  # ids of the findings no earlier hunt had
    incidents: tuple[Incident, ...]
    coverage: tuple[Coverage, ...]
    files: tuple[FileReport, ...]
    rules: RuleSet
    rule_states: tuple[RuleStatus, ...]  # each running rule against the columns this case's events have
    records: tuple[FileRecord, ...]  # every file the case has read, this time or before
    rejects: tuple[RejectRow, ...]  # the first ones; `rejected` of each file counts them all
    lists: tuple[FileReport, ...] = ()  # indicator lists given beside the evidence
    custody: Custody = field(default_factory=Custody)  # of everything the case was handed
    clocks: tuple[str, ...] = ()  # what records held twice say of the clocks behind them


Progress = Compiled | Sized | Reached | FileReport | Judged


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
) -> Iterator[Sized | Reached | FileReport]:
    """Read everything below `paths` into the lake; what it holds already adds nothing.

    `jobs` processes read (0: as many as pay); what comes out is the same. Each stored file is hashed before it is
    opened and put on record as kind `custody`, with what was `said` of it.
    """
    yield (sized := _measure(paths))
    jobs = jobs_for(sized.files, sized.stored_bytes, jobs)
    standing = discover.Standing()
    reading = replace(reading_for(paths, settings, clock, standing), vault=vault)
    with lake.writer() as writer:
        keeper = Custodian(writer.add, clock, said, settings.tenant or None, settings.scope or None)
        known = lake.read_before()
        yield from take_in(paths, reading, writer, known, standing=standing, jobs=jobs, custodian=keeper)
    if settings.lake.retention_days > 0:
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
        for step in ingest(request.paths, lake, settings, clock, jobs=request.jobs, said=request.said, vault=vault):
            if isinstance(step, FileReport):
                files.append(step)
            yield step
    found: list[Finding] = []
    with tables_of(lake, request) as tables:
        for answer in detect.steps(tables, ruleset, site=request.site, indicators=listed, since=request.since):
            if isinstance(answer, Finding):
                found.append(answer)
            else:
                yield answer
    with case_state(request.case, request.settings) as state:
        findings = tuple(mark_replaced(found, state.findings()))
        new = state.save_findings(findings)
        built = joined(findings, request)
        everything = state.findings()  # of earlier hunts too, with other rules or another --since
        state.save_incidents(built if len(everything) == len(findings) else joined(everything, request))
        counts = {"files": len(files), "findings": len(findings), "new": len(new), "incidents": len(built)}
        state.record_hunt(started, request.clock.now(), counts)
    _record(ledger, lake, findings, request, started)
    yield Hunted(
        findings=findings,
        new=frozenset(new),
        incidents=built,
        coverage=tuple(detect.coverage(lake, detect.catalogue(ruleset), findings, request.site)),
        files=tuple(files),
        rules=ruleset,
        rule_states=rules_in(lake, ruleset),
        records=tuple(lake.files()),
        rejects=(*(RejectRow(r.where, r.what) for f in lists for r in f.rejects), *lake.rejects(REJECTS_TOLD)),
        lists=tuple(lists),
        custody=handovers(lake),
        clocks=clockpairs.compare(lake),
    )


def _record(ledger: Ledger, lake: Lake, findings: Sequence[Finding], request: HuntRequest, started: datetime) -> None:
    rules = [
        sha256(file.data).hexdigest()
        for path in (rule_files.BUILTIN, *request.rules)
        for file in archive.rule_files(path)
        if not isinstance(file, RuleError)
    ]
    run = record.Run(started, request.clock.now(), rules, lake.manifest_bytes(), __version__)
    record.record_hunt(ledger, findings, lake.files(), run, custody=record.custody_in(lake))
    ledger.publish()


def prove(case: Case, finding_id: str, folder: Path, clock: Clock) -> Bundle:
    """Write the bundle by which a stranger checks a finding. `finding_id` may be the first letters of an id.

    Raises:
        InputError: no finding, or more than one, is called so; or the ledger does not hold it.
    """
    settings = case_settings(case)
    with case_state(case, settings) as state:
        named = [finding for finding in state.findings() if finding.id.startswith(finding_id.lower())]
    if len(named) != 1:
        what = "no finding has that id" if not named else f"{len(named)} findings start with that id"
        raise InputError(what, where=finding_id, mend="list them with: seawall hunt --format jsonl")
    lake = Lake(case.lake, memory_mb=settings.lake.memory_mb)
    with open_ledger(case, clock=clock) as ledger:
        return write_bundle(folder, named[0], ledger, load_policy(case.witness_policy), files=record.digests_in(lake))


@contextmanager
def tables_of(lake: Lake, request: HuntRequest) -> Iterator[Tables]:
    """The lake as the engine that was asked for sees it.

    Raises:
        UsageError: Spark is asked for and not installed, or no master is named.
        PeerError: the cluster cannot be reached.
    """
    if request.engine == "local":
        yield lake
        return
    from seawall.engine.spark.lake import SparkLake
    from seawall.engine.spark.session import session

    asked = request.settings.spark
    if not asked.master:
        raise UsageError("no Spark master is named", mend="--master spark://host:7077, or master under [spark]")
    with session(asked.master, asked.options) as running:
        yield SparkLake(lake, running, asked.parts)


def joined(findings: Sequence[Finding], request: HuntRequest) -> tuple[Incident, ...]:
    """Findings as incidents, with what the settings and the site say."""
    return tuple(incidents.build(findings, join_hours=request.settings.hunt.join_hours, site=request.site))


def indicator_rows(request: HuntRequest) -> tuple[pa.Table | None, list[FileReport]]:
    """The rows of the indicator lists given beside the evidence (None if none was given), and a report of each list."""
    if not request.indicators:
        return None, []
    return read_lists(request.indicators, reading_for(request.indicators, request.settings, request.clock))


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


def covered(case: Case, site: Site, ruleset: RuleSet) -> list[Coverage]:
    """What could, and what could not, have been seen in a case, judged with the findings it holds."""
    settings = case_settings(case)
    lake = Lake(case.lake, memory_mb=settings.lake.memory_mb)
    with case_state(case, settings) as state:
        findings = state.findings()
    return detect.coverage(lake, detect.catalogue(ruleset), findings, site)


def explain_finding(case: Case, ruleset: RuleSet, finding_id: str) -> Explained:
    """Which patterns matched which fields of the first events behind a finding.

    Raises:
        InputError: no finding, or more than one, begins with that id; or no rule given made it.
    """
    with case_state(case, case_settings(case)) as state:
        found = [finding for finding in state.findings() if finding.id.startswith(finding_id)]
    if len(found) != 1:
        what = "no finding has that id" if not found else f"{len(found)} findings start with that id"
        raise InputError(what, where=finding_id, mend="see them with: seawall hunt --case DIR --format jsonl")
    return explaining.explain(found[0], ruleset, case_lake(case))


def case_lake(case: Case) -> Lake:
    """The lake of a case."""
    return Lake(case.lake, memory_mb=case_settings(case).lake.memory_mb)


def versions() -> dict[str, str]:
    """Versions of Seawall and of what its answers rest on."""
    return {"Seawall": __version__, **{name: metadata.version(name) for name in ("pyarrow", "duckdb", "pysigma")}}


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


def custody(lake: Lake) -> list[CustodyRecord]:
    """Every stored file this case was given, in order of arrival and name."""
    return sorted(records_in(record.custody_in(lake)), key=lambda one: (one.received, one.origin))


def handovers(lake: Lake) -> Custody:
    """Who handed over what, summed; the memory it takes does not grow with the number of files."""
    return gather(records_in(record.custody_in(lake)), (file.origin for file in lake.files()))


def clock_doubts(lake: Lake) -> tuple[str, ...]:
    """How clocks of different sources stand to each other, by records two of them hold; needs the lake's rows."""
    return clockpairs.compare(lake)


def rules_in(lake: Lake, ruleset: RuleSet) -> tuple[RuleStatus, ...]:
    """Each running rule against the columns this lake's events have; kinds without events count as not there."""
    held = lake.kinds()
    columns = view_columns(lake.ibis())
    return rule_files.status(ruleset, {v: c for v, c in columns.items() if v not in EVENT_KINDS or held.get(v)})


def state_url(case: Case, settings: Settings) -> str:
    """Where a case's state lives: its own SQLite file, unless the settings name a server."""
    return Secret(settings.state.url).reveal() if settings.state.url else case.state_url


def case_settings(case: Case) -> Settings:
    """The case's settings; every default where it has none."""
    return load_settings(case.settings_file)


def case_options(case: Case | None, values: Sequence[Path] = (), pipelines: Sequence[Path] = ()) -> Options:
    """How rules are read: the files the case's settings name, then those given; a later list of values wins."""
    told = case_settings(case).rules if case is not None else RuleSettings()
    folder = case.folder if case is not None else Path()
    return read_options(
        [*(folder / name for name in told.values), *values], [*(folder / name for name in told.pipelines), *pipelines]
    )


def case_vault(case: Case, *, keep: bool = True) -> VaultClient:
    """A client of the case's vault, whether anybody serves it or not; without `keep` the vault remembers nothing."""
    return VaultClient(case.vault_socket, keep=keep)


def case_site(case: Case, given: Path | None) -> Site:
    """The site file given, else the case's own, else a site that knows nothing."""
    if given:
        return load_site(given)
    return load_site(case.site_file) if case.site_file.exists() else Site()


def case_state(case: Case, settings: Settings) -> State:
    """The case's state database."""
    return open_state(state_url(case, settings))


def _measure(paths: Sequence[Path]) -> Sized:
    sizes = list(discover.stored_sizes(paths))
    return Sized(len(sizes), sum(sizes))
