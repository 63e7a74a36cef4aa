"""Sigma rules over Windows events: events per CPU second through the kernel, one core.

    SEAWALL_CORPUS=... python benchmarks/bench_sigma.py [COPIES]        default: 10

Reads the public EVTX folder `sigma/evtx-dev.tar.xz` and the public rules `sigma/sigmahq-rules.tar.xz` of the corpus.
Copies are plain replication, so the same distinct values return; the first line is the corpus as it is. Reading the
EVTX files and loading the rules are timed apart.
"""

from __future__ import annotations

import datetime
import os
import platform
import sys
import tarfile
import tempfile
import time
from pathlib import Path

import pyarrow as pa

from seawall.detect import rules
from seawall.detect.runner import ROWS, Asked, asked_of
from seawall.detect.sigma.kernel import match
from seawall.engine.lake import Lake
from seawall.model.clock import SystemClock
from seawall.model.settings import Settings
from seawall.sources import intake


def windows_events(corpus: Path, folder: Path) -> pa.Table:
    """The events of the EVTX folder, as the lake gives them."""
    with tarfile.open(corpus / "sigma" / "evtx-dev.tar.xz") as archive:
        archive.extractall(folder / "evtx", filter="data")
    lake = Lake(folder / "lake")
    paths = [folder / "evtx"]
    with lake.writer() as writer:
        for _ in intake.take_in(paths, intake.reading_for(paths, Settings(), SystemClock()), writer):
            pass
    table = pa.Table.from_batches(list(lake.batches("windows")))
    lake.close()
    return table


def matched(table: pa.Table, asked: Asked) -> tuple[float, int]:
    """CPU seconds for one pass, and the matches."""
    start, found = time.process_time(), 0
    for batch in table.combine_chunks().to_batches(max_chunksize=ROWS):
        found += match(batch, asked.plan).num_rows
    return time.process_time() - start, found


def main(copies: int) -> None:
    """Measure and print."""
    corpus = Path(os.environ["SEAWALL_CORPUS"])
    start = time.process_time()
    ruleset = rules.load([corpus / "sigma" / "sigmahq-rules.tar.xz"], builtin=False)
    load_s = time.process_time() - start
    (asked,) = (a for a in asked_of(ruleset.rules) if a.view == "windows")
    with tempfile.TemporaryDirectory() as folder:
        table = windows_events(corpus, Path(folder))
    print(f"{datetime.date.today()} {platform.processor() or platform.machine()}, Python {platform.python_version()}")
    print(f"{len(asked.rules)} rule variants over windows, loaded in {load_s:.1f} CPU s")
    matched(table, asked)  # patterns are prepared once
    for times in (1, copies):
        seconds, found = matched(pa.concat_tables([table] * times), asked)
        events = table.num_rows * times
        print(f"{events} events x {table.num_columns} columns: {events / seconds:,.0f} events/CPU s, {found} matches")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
