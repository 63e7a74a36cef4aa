"""What a hunt is asked, what it tells on the way, and what it comes to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

import pyarrow as pa

from seawall.detect import Judged
from seawall.detect.remembering import Spared
from seawall.detect.rules import Compiled, RuleSet, RuleStatus
from seawall.detect.sigma.options import Options
from seawall.detect.tables import Tables
from seawall.engine.lake import Lake
from seawall.engine.records import FileRecord, RejectRow
from seawall.errors import UsageError
from seawall.model.case import Case
from seawall.model.clock import Clock, SystemClock
from seawall.model.coverage import Coverage
from seawall.model.custody import Said
from seawall.model.finding import Finding
from seawall.model.incident import Incident
from seawall.model.settings import Settings
from seawall.model.site import Site
from seawall.pipeline.sharing_in import known_rows
from seawall.reporting.handovers import Custody
from seawall.sources.intake import FileReport, Reached, reading_for
from seawall.sources.listed import read_lists

NOTHING_SAID: Final = Said()


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
    again: bool = False  # ask rules and indicators of parts they were asked of before, too
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
    spared: tuple[Spared, ...] = ()  # what was not asked again, as earlier hunts had asked it
    clocks: tuple[str, ...] = ()  # what records held twice say of the clocks behind them


Progress = Compiled | Sized | Reached | FileReport | Judged | Spared


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


def indicator_rows(request: HuntRequest) -> tuple[pa.Table | None, list[FileReport]]:
    """What others told us, and the lists given beside the evidence (None if there is neither); a report of each."""
    reports: list[FileReport] = []
    tables = []
    if request.indicators:
        given, reports = read_lists(
            request.indicators, reading_for(request.indicators, request.settings, request.clock)
        )
        tables.append(given)
    if (shared := known_rows(request.case, request.settings, request.clock)) is not None:
        tables.append(shared)
    return (pa.concat_tables(tables, promote_options="default") if tables else None), reports
