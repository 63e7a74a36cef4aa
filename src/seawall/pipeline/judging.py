"""Every question put to a lake, and what was answered written into the ledger: what a hunt and the service share."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from datetime import datetime
from hashlib import sha256

import pyarrow as pa

from seawall import __version__, detect
from seawall.detect import rules as rule_files
from seawall.detect.audit.changes import stored
from seawall.detect.remembering import Remembering, Spared
from seawall.detect.rules import RuleSet
from seawall.detect.sigma import archive
from seawall.engine.lake import Lake
from seawall.errors import RuleError
from seawall.ledger import Ledger
from seawall.model.finding import Finding
from seawall.pipeline import drill_marks
from seawall.pipeline.asked import HuntRequest, Progress, tables_of
from seawall.pipeline.naming import named
from seawall.reporting import record


def judged(
    lake: Lake,
    ruleset: RuleSet,
    listed: pa.Table | None,
    request: HuntRequest,
    ledger: Ledger,
    recent: Lake | None = None,
) -> Generator[Progress, None, tuple[list[Finding], list[Spared]]]:
    """Ask everything; yields progress, returns the findings and what was spared.

    `recent`: the portion of the lake that questions over time are put to; all of it if none is given.
    """
    found: list[Finding] = []
    spared: list[Spared] = []
    with tables_of(lake, request) as tables:
        asking = None
        if tables is lake:
            asking = Remembering(lake, request.case.asked, again=request.again, recent=recent)
        for answer in detect.steps(
            asking or tables, ruleset, site=request.site, indicators=listed, since=request.since
        ):
            if isinstance(answer, Finding):
                found.append(answer)
            else:
                yield answer
            for told in asking.news() if asking else ():
                spared.append(told)
                yield told
    found += stored.changed(lake, request.site, request.since)
    return told_whole(found, lake, request, ledger), spared


def told_whole(found: Sequence[Finding], lake: Lake, request: HuntRequest, ledger: Ledger) -> list[Finding]:
    """Findings with the names the case knows, and exercises told from the real."""
    return drill_marks.applied(named(found, lake, request.site, request.settings.flows), lake, request.case, ledger)


def record_run(
    ledger: Ledger, lake: Lake, findings: Sequence[Finding], request: HuntRequest, started: datetime
) -> None:
    """Write a run and what it found into the ledger, and publish its head."""
    rules = [
        sha256(file.data).hexdigest()
        for path in (rule_files.BUILTIN, *request.rules)
        for file in archive.rule_files(path)
        if not isinstance(file, RuleError)
    ]
    run = record.Run(started, request.clock.now(), rules, lake.manifest_bytes(), __version__)
    record.record_hunt(ledger, findings, lake.files(), run, custody=record.custody_in(lake))
    ledger.publish()
