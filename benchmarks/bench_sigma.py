"""Sigma rules over Windows events: events per CPU second through the kernel and from files, on one core.

    SEAWALL_CORPUS=... python benchmarks/bench_sigma.py [EVENTS]        default: 1000000

Reads the public EVTX folder `sigma/evtx-dev.tar.xz` and the public rules `sigma/sigmahq-rules.tar.xz` of the corpus and
makes the events from them by seeded mutation (`windows_world.py`), batch by batch; making them is not timed. How much
of them is unique stands beside each figure. Notes on what was tried and where the time goes: docs/evidence/rules.md.
"""

from __future__ import annotations

import datetime
import multiprocessing
import os
import platform
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import evtx
import numpy as np
import one_by_one
import pyarrow as pa
import windows_world

from seawall.detect import rules
from seawall.detect.noticing import Noticing
from seawall.detect.runner import ALWAYS, ROWS, Asked, asked_of
from seawall.detect.sigma import prepared
from seawall.detect.sigma.kernel import BOOKKEEPING, match
from seawall.detect.sigma.plan import And, Atom, Condition, Group, Not, Op, Or, Plan
from seawall.detect.tables import view_columns
from seawall.engine.gathered import PIECE_ROWS, gathered
from seawall.engine.lake import Lake
from seawall.engine.records import FileRecord
from seawall.model.clock import SystemClock
from seawall.model.settings import Settings
from seawall.sources import intake

MARKS = ("q", "zx", "k7", "vv", "wq", "jx", "9z", "xj", "qq")  # what makes a word another one
TEXTS = frozenset({Op.EQUALS, Op.STARTS, Op.ENDS, Op.CONTAINS})


class Matching:
    """A sink that judges events as they come, as many at a time as a hunt does."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._waiting: list[pa.Table] = []
        self.matches = 0

    def add(self, kind: str, table: pa.Table) -> int:
        if kind == "windows":
            self._waiting.append(table)
            if sum(one.num_rows for one in self._waiting) >= ROWS:
                self.judge()
        return int(table.num_rows)

    def judge(self) -> None:
        if self._waiting:
            joined = pa.concat_tables(self._waiting, promote_options="permissive").combine_chunks()
            self._waiting = []
            self.matches += sum(match(some, self._plan).num_rows for some in gathered(joined.to_batches(), ROWS))

    def reject(self, rejects: Iterable[object]) -> None:
        pass

    def finish_file(self, record: FileRecord) -> None:
        pass

    def commit(self) -> None:
        pass


def corpus_events(folder: Path) -> pa.Table:
    """The events of the EVTX folder, as the lake gives them."""
    lake = Lake(folder / "lake")
    paths = [folder / "evtx"]
    with lake.writer() as writer:
        for _ in intake.take_in(paths, intake.reading_for(paths, Settings(), SystemClock()), writer):
            pass
    table = pa.Table.from_batches(list(lake.batches("windows")))
    lake.close()
    return table


def timed(corpus: pa.Table, plan: Plan, events: int, *, unique: bool) -> tuple[float, int, float]:
    """Events per CPU second judged, matches, and microseconds an event that gathering takes, as a hunt does it.

    One batch goes before and is not counted. What other data taught about the plan is forgotten first: after unique
    values the kernel does not try for a while whether values come back.
    """
    prepared._prepared.cache_clear()
    spent, found, gathering = 0.0, 0, 0.0
    for number, batch in enumerate(windows_world.batches(corpus, events + ROWS, ROWS, unique=unique)):
        pieces = [batch.slice(at, PIECE_ROWS) for at in range(0, batch.num_rows, PIECE_ROWS)]
        start = time.process_time()
        (whole,) = gathered(pieces, ROWS)
        middle = time.process_time()
        matches = match(whole, plan).num_rows
        if number:
            gathering += middle - start
            spent, found = spent + time.process_time() - middle, found + matches
    return events / spent, found, gathering / events * 1e6


def tenfold(plan: Plan) -> Plan:
    """The plan with nine more rules for each: the same questions with other words."""

    def varied(condition: Condition, mark: str) -> Condition:
        match condition:
            case And(parts):
                return And(tuple(varied(part, mark) for part in parts))
            case Or(parts):
                return Or(tuple(varied(part, mark) for part in parts))
            case Not(part):
                return Not(varied(part, mark))
            case Atom(op=op, value=value) if op in TEXTS and len(value) > 3:
                middle = len(value) // 2
                return replace(condition, value=value[:middle] + mark + value[middle:])
            case _:
                return condition

    groups = []
    for group in plan.groups:
        more = [(n, varied(c, mark)) for mark in MARKS for n, c in group.rules]
        groups.append(Group(group.guard, (*group.rules, *more)))
    return Plan(tuple(groups))


def from_files(paths: list[Path], plan: Plan) -> tuple[float, int, int]:
    """Events per CPU second from bytes to matches (ids, times, masking included), events and matches."""
    reading = intake.reading_for(paths, Settings(), SystemClock())
    sink = Matching(plan)
    start = time.process_time()
    reports = [step for step in intake.take_in(paths, reading, sink) if isinstance(step, intake.FileReport)]
    sink.judge()
    events = sum(report.events for report in reports)
    return events / (time.process_time() - start), events, sink.matches


def naive_peer(corpus: pa.Table, plan: Plan) -> tuple[float, int, int]:
    """Events per CPU second of asking every rule of every event, its matches and the kernel's: they must be equal."""
    some = corpus.take(pa.array(range(0, corpus.num_rows, 33)))
    texts = [
        {name.lower(): str(value) for name, value in row.items() if value is not None and name not in BOOKKEEPING}
        for row in some.to_pylist()
    ]
    start = time.process_time()
    found = one_by_one.matches(plan, texts)
    rate = len(texts) / (time.process_time() - start)
    return rate, found, match(some.combine_chunks().to_batches()[0], plan).num_rows


def write_lines(folder: Path) -> Path:
    """The folder's events as JSON lines, as the EVTX reader's command line prints them."""
    path = folder / "lines" / "events.jsonl"
    path.parent.mkdir()
    with path.open("w") as out:
        for file in sorted((folder / "evtx").rglob("*.evtx")):
            for record in evtx.PyEvtxParser(str(file)).records_json():
                out.write(" ".join(record["data"].split("\n")) + "\n")
    return path


def _judge_all(job: tuple[pa.Table, Plan, int, int]) -> tuple[float, float]:
    """Seconds by the clock and of CPU that judging so many events takes."""
    corpus, plan, events, seed = job
    drawn = list(windows_world.batches(corpus, events, ROWS, unique=True, seed=seed))
    match(drawn[0], plan)
    start, spent = time.perf_counter(), time.process_time()
    for batch in drawn:
        match(batch, plan)
    return time.perf_counter() - start, time.process_time() - spent


def two_cores(corpus: pa.Table, plan: Plan, events: int) -> tuple[float, float]:
    """How much quicker two processes are than one: by the clock (true on an idle machine only), and by CPU seconds."""
    alone = _judge_all((corpus, plan, events, 1))
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        both = pool.map(_judge_all, [(corpus, plan, events, seed) for seed in (1, 2)])
    clock, cpu = (2 * alone[at] / max(one[at] for one in both) for at in (0, 1))
    return clock, cpu


def write_lake(corpus: pa.Table, folder: Path, events: int) -> None:
    """So many unique events in a lake, each with an id of its own."""
    lake = Lake(folder)
    with lake.writer() as writer:
        for number, batch in enumerate(windows_world.batches(corpus, events, 10_000, unique=True)):
            words = np.arange(2 * batch.num_rows, dtype=np.uint64).reshape(-1, 2)
            words[:, 0] += number * batch.num_rows * 2
            ids = pa.Array.from_buffers(pa.binary(16), batch.num_rows, [None, pa.py_buffer(words.tobytes())])
            table = pa.Table.from_batches([batch])
            writer.add("windows", table.set_column(table.schema.get_field_index("event_id"), "event_id", ids))
        writer.commit()
    lake.close()


def judge_lake(folder: Path) -> None:
    """Judge a lake as a hunt does, in this process alone, and print what that took."""
    rules_there = rules.load([Path(os.environ["SEAWALL_CORPUS"]) / "sigma" / "sigmahq-rules.tar.xz"], builtin=False)
    (asked,) = (a for a in asked_of(rules_there.rules) if a.view == "windows")
    lake = Lake(folder)
    columns = asked.columns(view_columns(lake.ibis())["windows"])
    start, events, found = time.process_time(), 0, 0
    for count, noticed in lake.mapped("windows", Noticing(asked.plan, ALWAYS), columns=columns, rows=ROWS):
        events, found = events + count, found + noticed.num_rows
    spent = time.process_time() - start
    status = Path("/proc/self/status").read_text(encoding="ascii")  # getrusage counts what started this process too
    peak = int(status.partition("VmHWM:")[2].split()[0]) / 1024
    print(
        f"a hunt's judging of a lake: {events} events, {found} matches, {spent:.1f} CPU s, peak memory {peak:,.0f} MiB"
    )


def loaded(archive: Path) -> tuple[Asked, float, float]:
    """The windows rules, and CPU seconds of a first and a second loading."""
    seconds = []
    for _ in range(2):
        start = time.process_time()
        ruleset = rules.load([archive], builtin=False)
        seconds.append(time.process_time() - start)
    (asked,) = (a for a in asked_of(ruleset.rules) if a.view == "windows")
    return asked, seconds[0], seconds[1]


def main(events: int) -> None:
    """Measure and print."""
    corpus = Path(os.environ["SEAWALL_CORPUS"]) / "sigma"
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"{datetime.date.today()} {platform.processor() or platform.machine()}, load {load}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["XDG_CACHE_HOME"] = str(folder / "cache")
        asked, cold, warm = loaded(corpus / "sigmahq-rules.tar.xz")
        print(f"{len(asked.rules)} rule variants over windows; loading: {cold:.2f} CPU s, from the cache {warm:.2f}")
        with tarfile.open(corpus / "evtx-dev.tar.xz") as archive:
            archive.extractall(folder / "evtx", filter="data")
        table = corpus_events(folder)
        rate, naive, ours = naive_peer(table, asked.plan)
        print(f"a naive peer: {rate:,.0f} events/CPU s; it finds {naive} matches where the kernel finds {ours}")
        for unique in (True, False):
            batch = next(windows_world.batches(table, ROWS, ROWS, unique=unique))
            once, cells = windows_world.uniqueness(batch)
            lines = batch.column("CommandLine").drop_null()
            rate, found, gathering = timed(table, asked.plan, events, unique=unique)
            print(
                f"{'unique' if unique else 'repeated':9} {rate:10,.0f} events/CPU s; {found} matches in {events}; "
                f"gathering takes {gathering:.1f} µs an event more; "
                f"{len(lines.unique()) / len(lines):.1%} of command lines differ within {ROWS}, "
                f"{once:.1%} of all {cells:.0f} texts an event stand once"
            )
        few, many = (
            max(timed(table, plan, events // 5, unique=True)[0] for _ in range(2))
            for plan in (asked.plan, tenfold(asked.plan))
        )
        print(f"ten times the rules cost {few / many:.2f} times as much an event ({many:,.0f} events/CPU s)")
        for what, path in (("EVTX, 281 files", folder / "evtx"), ("JSON lines", write_lines(folder))):
            rate, count, found = max(from_files([path], asked.plan) for _ in range(3))
            print(f"from {what}: {rate:,.0f} events/CPU s, {count} events, {found} matches")
        clock, cpu = two_cores(table, asked.plan, events // 10)
        print(f"two processes are {clock:.2f} times as quick as one by the clock, {cpu:.2f} by CPU seconds")
        write_lake(table, folder / "big", events // 5)
        subprocess.run([sys.executable, __file__, "--judge", str(folder / "big")], check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--judge"]:
        judge_lake(Path(sys.argv[2]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
