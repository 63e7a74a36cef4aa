"""Detection that goes on while events arrive, and comes to what a hunt over everything comes to.

Two looks. `take` reads a few files into the lake and puts every rule and indicator to just what came: what is new is
told within seconds. `settle` asks everything (rules of what they have not seen yet, questions over time of the
look-back) and makes the case's findings what a hunt would find: late events grow a finding or replace it, and what the
events do not show any more is withdrawn.
Nothing is held in memory that a restart would miss: the lake, the state and the memory
of what was asked are on the disk, and the first thing after a start is to settle.

The two may run side by side in two processes; they take turns where they write findings.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import pyarrow as pa

from seawall import detect
from seawall.detect import rules as rule_files
from seawall.detect.base import DEFAULT_GAP
from seawall.detect.remembering import Spared
from seawall.detect.rules import RuleSet
from seawall.disk.locks import take_turn
from seawall.engine.lake import Lake
from seawall.engine.manifest import Manifest
from seawall.ledger import Ledger, open_ledger
from seawall.model.finding import UNTIMED, Finding
from seawall.model.incident import Incident
from seawall.pipeline.asked import HuntRequest, indicator_rows
from seawall.pipeline.cases import case_state, case_vault
from seawall.pipeline.deciding import decided
from seawall.pipeline.findings import joined, mark_replaced
from seawall.pipeline.judging import judged, record_run, told_whole
from seawall.reporting.record import record_findings
from seawall.sources.intake import FileReport
from seawall.state.store import State

PATIENCE_S: Final = 120.0
REFRESH_S: Final = 60.0
Spans = dict[tuple[object, ...], list[tuple[datetime, datetime]]]
Gaps = Mapping[str, timedelta]  # detector → silence over which its findings are still one


@dataclass(frozen=True, slots=True)
class Looked:
    """What one look came to."""

    new: tuple[Finding, ...] = ()  # findings nobody was told of before
    incidents: tuple[Incident, ...] | None = None  # all of the case; None: nothing changed
    withdrawn: tuple[str, ...] = ()  # ids of findings that do not hold any more
    files: tuple[FileReport, ...] = ()
    events: int = 0  # that the lake did not hold yet
    findings: int = 0  # found by this look, new or not


class Stream:
    """One process's part in detecting for a case. `request` as for a hunt, without paths."""

    def __init__(self, request: HuntRequest) -> None:
        self._request = request
        self._lake = Lake(request.case.lake, clock=request.clock, memory_mb=request.settings.lake.memory_mb)
        self._rules = _rules(request)
        self._gaps = {about.id: about.gap for about in detect.catalogue(self._rules)}
        self._listed: pa.Table | None = None
        self._listed_at = -REFRESH_S
        self._untold: frozenset[str] = frozenset()  # parts that are in the lake, and what they show is not kept yet
        self._before: frozenset[str] = frozenset()  # parts that came with the files before: drill markers go ahead

    def _indicators(self) -> pa.Table | None:
        """Known-bad values given and shared; what others share meanwhile counts within a minute."""
        if time.monotonic() - self._listed_at >= REFRESH_S:
            self._listed, _ = indicator_rows(self._request)
            self._listed_at = time.monotonic()
        return self._listed

    def warm(self) -> None:
        """Do once, over nothing, what the first events would otherwise wait for: imports, views, patterns."""
        now = self._lake.hold()
        nothing = self._lake.portion(now, frozenset())
        asked, kinds = self._request, ("syslog", "netflow", "tacacs", "indicators")
        for _ in detect.glance(nothing, self._lake, self._rules, kinds, site=asked.site, indicators=self._indicators()):
            raise AssertionError("nothing is noticed in nothing")
        self._lake.close()

    def take(self, paths: Sequence[Path]) -> Looked:
        """Read finished files into the lake, and tell what is new in them. The same file twice adds nothing.

        Raises:
            InputError: another process writes the lake, the disk is full, or the database is gone; then nothing is
                lost: call again with the same files.
        """
        from seawall import pipeline

        self._lake.hold()
        try:
            asked, came = self._request, list[str]()
            files = tuple(
                step
                for step in pipeline.ingest(
                    paths,
                    self._lake,
                    asked.settings,
                    asked.clock,
                    jobs=asked.jobs,
                    said=asked.said,
                    vault=case_vault(asked.case),
                    site=asked.site,
                    came=came,
                )
                if isinstance(step, FileReport)
            )
            if any(file.new for file in files):
                self._untold |= frozenset(came)
            events = sum(file.new for file in files)
            found = self._glance(self._untold) if self._untold else []
            looked = self._told(found, files, events) if found else Looked(files=files, events=events)
            self._untold = frozenset()
            return looked
        finally:
            self._lake.close()

    def _glance(self, came: frozenset[str]) -> list[Finding]:
        asked, now = self._request, self._lake.manifest()
        came = came & {part.name for part in now.parts}  # one that was merged meanwhile is seen by settling
        kinds = {part.kind for part in now.parts if part.name in came}
        fresh = self._lake.portion(now, came | {part.name for part in now.of_kind("indicators")})
        found = list(
            detect.glance(fresh, self._lake, self._rules, kinds, site=asked.site, indicators=self._indicators())
        )
        marks = fresh
        if any(asked.case.keys.glob("drill-*.key")):
            marks = self._lake.portion(now, came | (self._before & {part.name for part in now.parts}))
        self._before = came
        if not found:
            return []
        with open_ledger(asked.case, clock=asked.clock) as ledger:
            return told_whole(found, marks, asked, ledger)

    def _told(self, found: Sequence[Finding], files: tuple[FileReport, ...], events: int) -> Looked:
        """Keep what was not told before; what only adds to a known finding waits until all is settled."""
        asked = self._request
        with _turn(asked), case_state(asked.case, asked.settings) as state:
            known = _spans(state.findings())
            new = [finding for finding in found if not _overlaps(finding, known, self._gaps)]
            if not new:
                return Looked(files=files, events=events, findings=len(found))
            with open_ledger(asked.case, clock=asked.clock) as ledger:
                record_findings(ledger, new)
                state.save_findings(new)
                incidents = _join(state, asked, ledger)
        return Looked(tuple(new), incidents, files=files, events=events, findings=len(found))

    def settle(self) -> Looked:
        """Ask everything of the look-back, and make the case's findings what the events show.

        Raises:
            InputError: the lake is damaged, the disk is full, or the database is gone; call again later.
        """
        asked, started = self._request, self._request.clock.now()
        try:
            snapshot = self._lake.hold()
            line = _line(snapshot, asked.settings.detect.look_back_days)
            recent = None if line is None else self._lake.portion(snapshot, _since(snapshot, line))
            with case_state(asked.case, asked.settings) as state:
                before = state.findings()  # what comes later is of events this asking may not have seen
            with open_ledger(asked.case, clock=asked.clock) as ledger:
                found = _drained(judged(self._lake, self._rules, self._indicators(), asked, ledger, recent))
                found = mark_replaced(_whole(found, before, line, self._gaps), before)
                gone = self._gone(found, before, snapshot, line)
                with _turn(asked), case_state(asked.case, asked.settings) as state:
                    record_run(ledger, self._lake, found, asked, started)
                    new = frozenset(state.save_findings(found))
                    state.withdraw(gone)
                    incidents = _join(state, asked, ledger)
                    counts = {"findings": len(found), "new": len(new), "withdrawn": len(gone)}
                    state.record_hunt(started, asked.clock.now(), counts | {"incidents": len(incidents)})
            told = tuple(finding for finding in found if finding.id in new)
            return Looked(told, incidents, tuple(gone), findings=len(found))
        finally:
            self._lake.close()

    def _gone(
        self, found: Sequence[Finding], before: Sequence[Finding], snapshot: Manifest, line: datetime | None
    ) -> list[str]:
        """Findings told before that were asked for again and not found; never those whose events are out of reach."""
        there = {finding.id for finding in found}
        edge = max((moment for moment in (line, snapshot.retained_from) if moment is not None), default=None)
        return [
            old.id
            for old in before
            if old.id not in there
            and old.detector in self._gaps
            and (edge is None or old.first == UNTIMED or old.first >= edge + self._gaps[old.detector])
        ]

    def close(self) -> None:
        """Let go of the lake."""
        self._lake.close()


def _rules(request: HuntRequest) -> RuleSet:
    loaded = rule_files.loading(request.rules, options=request.reading)
    return next(one for one in loaded if isinstance(one, RuleSet))


@contextmanager
def _turn(request: HuntRequest) -> Iterator[None]:
    request.case.asked.mkdir(mode=0o700, exist_ok=True)
    lock = take_turn(request.case.asked / "findings.lock", patience_s=PATIENCE_S, what="the case's findings")
    try:
        yield
    finally:
        lock.release()


def _join(state: State, request: HuntRequest, ledger: Ledger) -> tuple[Incident, ...]:
    built = joined(state.findings(), request, decided(request.case, ledger, request.clock.now()))
    state.save_incidents(built)
    return built


def _line(snapshot: Manifest, days: float) -> datetime | None:
    """From when on questions over time look; None: over everything."""
    last = max((part.last for part in snapshot.parts if part.last is not None), default=None)
    if days <= 0 or last is None:
        return None
    line = last - timedelta(days=days)
    first = min((part.first for part in snapshot.parts if part.first is not None), default=last)
    return line if first < line else None


def _since(snapshot: Manifest, line: datetime) -> frozenset[str]:
    return frozenset(part.name for part in snapshot.parts if part.last is None or part.last >= line)


def _whole(found: Iterable[Finding], before: Sequence[Finding], line: datetime | None, gaps: Gaps) -> list[Finding]:
    """Findings, less those whose beginning lies before the look-back and which are known from then."""
    if line is None:
        return list(found)
    known = _spans(old for old in before if old.first < line + _gap(old, gaps))
    ids = {old.id for old in before}
    return [f for f in found if f.id in ids or f.first >= line + _gap(f, gaps) or not _overlaps(f, known, gaps)]


def _spans(findings: Iterable[Finding]) -> Spans:
    spans: Spans = {}
    for finding in findings:
        spans.setdefault(finding.whose, []).append((finding.first, finding.last))
    return spans


def _gap(finding: Finding, gaps: Gaps) -> timedelta:
    return gaps.get(finding.detector, DEFAULT_GAP)


def _overlaps(finding: Finding, spans: Spans, gaps: Gaps) -> bool:
    """Whether a finding goes on with one that is known: near enough in time that settling makes them one."""
    gap = _gap(finding, gaps)
    return any(
        first - gap <= finding.last and finding.first <= last + gap for first, last in spans.get(finding.whose, ())
    )


def _drained(judging: Generator[object, None, tuple[list[Finding], list[Spared]]]) -> list[Finding]:
    """Let a judging run to its end; its findings."""
    while True:
        try:
            next(judging)
        except StopIteration as ended:
            found: list[Finding] = ended.value[0]
            return found
