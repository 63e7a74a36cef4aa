"""Two engines, one meaning: what DuckDB says here, a real Spark cluster says too, field for field.

One file, so that one cluster serves it all.
"""

from __future__ import annotations

import dataclasses
import gc
import json
import random
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from seawall import detect, pipeline
from seawall.detect import analytics
from seawall.detect.runner import Judged
from seawall.drills.play import play
from seawall.drills.scenario import builtin
from seawall.engine.lake import Lake
from seawall.engine.spark.lake import SparkLake
from seawall.engine.spark.session import session
from seawall.engine.views import VIEWS
from seawall.errors import InputError
from seawall.model.clock import FixedClock
from seawall.model.events import KINDS, EventKind
from seawall.model.finding import Finding
from seawall.model.settings import Settings
from seawall.model.site import Device, Site, load_site
from tests.engine.makers import at, events, put
from tests.engine.spark import cluster

# py4j leaves its sockets to the garbage collector.
pytestmark = [
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:Exception ignored in. <socket.socket:pytest.PytestUnraisableExceptionWarning"),
]

SITE = Site(
    devices=(
        Device("pe1.example.net", role="pe", addresses=("192.0.2.1", "2001:db8::1"), aliases=("PE-ONE",)),
        Device("mediation", role="mediation", platform="ios"),
    )
)
REPLAYS = Path(__file__).parent / "evidence" / "replays"


# Hundreds of queries, each new and over few rows: what Spark spends on making a query fast would never come back. It
# interprets them as they are planned instead; what they mean is the same.
OPTIONS = {
    "spark.executor.memory": "1g",
    "spark.cores.max": "2",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.driver.extraJavaOptions": cluster.SHORT_LIVED,
    "spark.executor.extraJavaOptions": cluster.SHORT_LIVED,
}


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A session on a cluster of one master and two workers."""
    cluster.installed()
    with cluster.standalone(tmp_path_factory.mktemp("cluster")) as master, session(master, OPTIONS) as made:
        yield made
    gc.collect()  # py4j's sockets go here, where this file's filter stands, not in somebody else's test


def _value(chance: random.Random, word: str, name: str) -> Any:
    """A value of a column: often null, often alike, sometimes odd."""
    if chance.random() < 0.25:
        return None
    if word == "time":
        return at(chance.randrange(0, 4_000) + chance.choice((0, 0.25, 0.000001)))
    if word == "int":
        return chance.choice((0, 1, 4, 4624, 4625, 4634, 4647, 65_535, 2**40))
    if word == "float":
        return chance.choice((0.0, 0.5, 1e-9, 12_345.678901, 1e15))
    if word == "bool":
        return chance.random() < 0.5
    told = {
        "activity": ("command", "login", "logout", "config_change"),
        "command": ("configure terminal", "interface gi0/1", "ip address 192.0.2.7 255.255.255.0", "exit", "end"),
        "section": ("", "router bgp 64500"),
        "Channel": ("Security", "System"),
        "LogonType": ("2", "3", "10"),
        "outcome": ("success", "failure"),
        "proto": ("TCP", "udp"),
        "query": ("A.Example.NET.", "www.example.org", "ÄÖ.example"),
    }
    return chance.choice(told.get(name, ("PE1", "pe-one", "192.0.2.1", "2001:DB8::1", "Zürich", "a\\b'c", "-", "")))


def _rows(kind: EventKind, seed: int, count: int) -> list[dict[str, Any]]:
    chance = random.Random(f"{kind.name} {seed}")
    made = []
    for number in range(count):
        row = {c.name: _value(chance, c.type, c.name) for c in kind.all_columns if c.name != "event_id"}
        row["origin"] = f"{chance.choice('ab')}.log:{seed * count + number + 1}"
        made.append(row)
    return made


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """A lake with odd rows of every kind, in two parts each."""
    lake = Lake(tmp_path_factory.mktemp("full") / "lake")
    for kind in KINDS:
        for seed in range(2):
            put(lake, kind.name, events(kind.name, _rows(kind, seed, 60)))
    return lake


@pytest.fixture(scope="module")
def full_there(spark: Any, full: Lake) -> SparkLake:
    """The same lake as the cluster sees it; its views are laid out once."""
    return SparkLake(full, spark)


def _sorted(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(repr(row) for row in rows)


def _rows_of(lake: Lake | SparkLake, view: str) -> list[dict[str, Any]]:
    return [row for batch in lake.batches(view, site=SITE) for row in batch.to_pylist()]


@pytest.mark.parametrize("view", [*(view.name for view in VIEWS), *(kind.name for kind in KINDS)])
def test_a_view_has_the_same_rows(full: Lake, full_there: SparkLake, view: str) -> None:
    assert _sorted(_rows_of(full_there, view)) == _sorted(_rows_of(full, view))


def test_ibis_sees_every_view_and_counts_alike(full: Lake, full_there: SparkLake) -> None:
    here, there = full.ibis(SITE), full_there.ibis(SITE)
    assert sorted(there.list_tables()) == sorted(here.list_tables())
    for view in ("commands", "devices", "flows"):
        assert there.table(view).count().to_pyarrow() == here.table(view).count().to_pyarrow()


def _findings(lake: Any, site: Site, **more: Any) -> list[Finding]:
    return list(detect.run(lake, RULES, site=site, **more))


RULES = detect.rules.load()


def _as_told(findings: list[Finding]) -> list[dict[str, Any]]:
    return [dataclasses.asdict(finding) for finding in findings]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Lake, Site]:
    """The demo's intrusion among its carrier's daily life, in a lake."""
    folder = tmp_path_factory.mktemp("played")
    truth = play(builtin(), folder / "evidence", 7)
    clock = FixedClock(max(landed.time for landed in truth.landed) + timedelta(hours=1))
    lake = Lake(folder / "lake", clock=clock)
    list(pipeline.ingest([folder / "evidence"], lake, Settings(), clock))
    return lake, load_site(folder / "evidence.site.toml")


@pytest.fixture(scope="module")
def played_there(spark: Any, played: tuple[Lake, Site]) -> SparkLake:
    """The intrusion as the cluster sees it."""
    return SparkLake(played[0], spark)


def test_an_intrusion_gives_the_same_findings_and_progress(played_there: SparkLake, played: tuple[Lake, Site]) -> None:
    lake, site = played

    def hunt(of: Any) -> tuple[list[Finding], dict[str, int]]:
        steps = list(detect.steps(of, RULES, site=site))
        read = {step.of: step.events for step in steps if isinstance(step, Judged)}  # rows executors read, per view
        return [step for step in steps if isinstance(step, Finding)], read

    here, read_here = hunt(lake)
    there, read_there = hunt(played_there)
    assert len(here) > 20
    assert _as_told(there) == _as_told(here)
    assert read_there == read_here


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Every labelled replay, on every platform, in one lake."""
    folder = tmp_path_factory.mktemp("replayed")
    evidence = folder / "evidence"
    evidence.mkdir()
    for path in sorted(REPLAYS.glob("*.jsonl")):
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        by_kind: dict[str, list[str]] = {}
        for row in rows:
            if isinstance(row.get("raw"), str):
                by_kind.setdefault(str(row.get("telemetry", "log")), []).append(row["raw"])
        for kind, lines in by_kind.items():
            (evidence / f"{path.stem}-{kind}.log").write_text("\n".join(lines) + "\n", encoding="utf-8")
    clock = FixedClock(datetime(2026, 11, 22, 12, tzinfo=UTC))
    lake = Lake(folder / "lake", clock=clock)
    list(pipeline.ingest([evidence], lake, Settings(), clock))
    return lake


@pytest.fixture(scope="module")
def replayed_there(spark: Any, replayed: Lake) -> SparkLake:
    """The replays as the cluster sees them."""
    return SparkLake(replayed, spark)


def test_every_detector_of_the_lake_was_compared_and_agrees(replayed_there: SparkLake, replayed: Lake) -> None:
    here = _findings(replayed, Site())
    assert _as_told(_findings(replayed_there, Site())) == _as_told(here)
    assert len({finding.detector for finding in here}) > 40


def test_a_later_start_gives_the_same_findings(replayed_there: SparkLake, replayed: Lake) -> None:
    firsts = sorted(finding.first for finding in _findings(replayed, Site()))
    since = firsts[len(firsts) // 2]
    here = _findings(replayed, Site(), since=since)
    assert 0 < len(here) < len(firsts)
    assert _as_told(_findings(replayed_there, Site(), since=since)) == _as_told(here)


@pytest.mark.parametrize("analytic", analytics.ALL, ids=lambda analytic: analytic.about.id)
def test_an_analytic_answers_alike_on_odd_rows(full: Lake, full_there: SparkLake, analytic: Any) -> None:
    def answer(lake: Any) -> list[str]:
        backend = lake.ibis(SITE)
        tables: Mapping[str, Any] = {name: backend.table(name) for name in backend.list_tables()}
        return sorted(repr(match) for match in analytic.matches(tables, SITE, None))

    assert answer(full_there) == answer(full)


def test_two_lakes_on_one_cluster_do_not_see_each_other(
    full: Lake, full_there: SparkLake, replayed: Lake, replayed_there: SparkLake
) -> None:
    for lake, there in ((full, full_there), (replayed, replayed_there), (full, full_there)):
        assert there.ibis(SITE).table("commands").count().to_pyarrow().as_py() == len(_rows_of(lake, "commands"))


def test_a_view_nobody_knows_is_named(full_there: SparkLake) -> None:
    with pytest.raises(InputError) as caught:
        list(full_there.batches("no`such", site=SITE))
    assert caught.value.where == "no`such"
