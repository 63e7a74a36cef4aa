"""Sums per pair of addresses: `seawall flows pairs` from Parquet beside `nfdump -A srcip,dstip` from its own file.

    python benchmarks/bench_pairs.py [FLOWS]        default: 2000000

The same flows for both: generated NetFlow v5, sent over the loopback to a real `nfcapd`, read by Seawall into Parquet
(told apart, not counted). CPU seconds, best of three; pairs and octets of both answers are compared.
"""

from __future__ import annotations

import csv
import datetime
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pyarrow.parquet as pq
from bench_beats import asked
from bench_flows import best_s, keep_flows, tell

from seawall.detect.traffic import looking
from seawall.model.site import Site
from seawall.sources import nfcapd
from seawall.sources.base import Evidence, Reading
from seawall.sources.opening import open_evidence
from seawall.sources.years import SurveyedYears

_COLUMNS = (
    "event_id",
    "time",
    "src_ip",
    "dst_ip",
    "dst_port",
    "src_port",
    "proto",
    "duration",
    "src_bytes",
    "dst_bytes",
)
_PACKETS = ("src_pkts", "dst_pkts")
Sums = tuple[int, int]  # pairs, octets


def to_parquet(kept: Path, path: Path) -> int:
    """Read an nfcapd file into Parquet, with the columns flows have in a lake; returns rows."""
    evidence = open_evidence(kept, kept.name)
    assert isinstance(evidence, Evidence)
    writer, rows = None, 0
    for chunk in nfcapd.SOURCE.read(evidence, Reading(SurveyedYears(datetime.date(2026, 1, 1)))):
        for table in chunk.tables.values():
            chosen = table.select([*_COLUMNS, *_PACKETS])
            writer = writer or pq.ParquetWriter(path, chosen.schema, compression="zstd")
            writer.write_table(chosen)
            rows += chosen.num_rows
    assert writer is not None
    writer.close()
    return rows


def ours(path: Path) -> Sums:
    """Every pair with its sums."""
    found = looking.ANSWERS["pairs"](asked(path), Site()).to_pyarrow()
    octets = sum((value or 0) for name in ("sent", "got") for value in found.column(name).to_pylist())
    return found.num_rows, octets


def theirs(kept: Path) -> str:
    """What nfdump prints of every pair."""
    program = shutil.which("nfdump")
    assert program is not None
    command = [program, "-r", str(kept), "-A", "srcip,dstip", "-q", "-N", "-o", "fmt:%sa,%da,%byt"]
    return subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=600, text=True).stdout


def main(flows: int) -> int:
    """Make the flows, ask both, compare."""
    with tempfile.TemporaryDirectory(prefix="bench-pairs-") as folder:
        kept = keep_flows(Path(folder), flows)
        if kept is None or shutil.which("nfdump") is None:
            print("nfcapd and nfdump are not here: apt-get install nfdump", file=sys.stderr)
            return 1
        path = Path(folder, "flows.parquet")
        rows = to_parquet(kept, path)
        answers: list[Sums] = []
        mine, _ = best_s(lambda: answers.append(ours(path)) or rows)  # type: ignore[func-returns-value]
        printed: list[str] = []
        peer, _ = best_s(lambda: printed.append(theirs(kept)) or rows)  # type: ignore[func-returns-value]
        lines = [line for line in csv.reader(printed[-1].splitlines()) if len(line) == 3]
        same = (len(lines), sum(int(line[2]) for line in lines))
        print(f"pairs and octets: ours {answers[-1]}, nfdump {same}")
        tell(
            "sums per pair",
            mine,
            peer,
            rows,
            "nfdump -A srcip,dstip",
            f"{rows} generated flows, {kept.stat().st_size} B",
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000_000))
