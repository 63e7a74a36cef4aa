"""Zeek conn rows per second and core, `event_id` included, beside a plain Python loop over the same file.

    python benchmarks/bench_zeek.py [ROWS]        default: 500000

Rows are generated (seed 7): 22 columns as Zeek 6 writes them. CPU seconds of this process are counted, best of three;
the peer is `csv.reader` with the numbers converted, without ids. Polars is a second peer where SEAWALL_BENCH_POLARS
names a Python that has it (an environment of its own: nothing of ours needs it); it reads one thread wide, all columns,
without ids. zat is left out: it reads row by row through `csv`, and drags pandas and scikit-learn along.

Where the time goes, tab-separated (cProfile): two fifths in SHA-256 for the ids, one call a row
(OpenSSL's is quicker than Python's own), a third in Arrow's CSV reader, a tenth in cutting the block into lines.
"""

from __future__ import annotations

import csv
import datetime
import json
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from seawall.sources import zeek
from seawall.sources.base import Evidence, Reading
from seawall.sources.opening import open_evidence
from seawall.sources.years import SurveyedYears

AIM_ROWS_S = 350_000
_HEADER = (
    "ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto service duration orig_bytes resp_bytes conn_state local_orig "
    "local_resp missed_bytes history orig_pkts orig_ip_bytes resp_pkts resp_ip_bytes tunnel_parents"
)
_FIELDS = _HEADER.split()
_INTS = (3, 5, 9, 10, 14, 16, 17, 18, 19)


def write_tsv(path: Path, rows: int) -> None:
    """Write a conn.log with its header."""
    chance = random.Random(7)
    with path.open("w", encoding="ascii") as file:
        file.write("#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n")
        file.write("\t".join(["#fields", *_FIELDS]) + "\n")
        for n in range(rows):
            a, b, size = chance.randrange(250), chance.randrange(250), chance.randrange(1 << 20)
            file.write(
                f"{1772323200 + n / 50:.6f}\tC{chance.getrandbits(80):020x}\t10.1.{a}.{b}\t{1024 + size % 60000}"
                f"\t203.0.113.{b}\t443\ttcp\t{'ssl' if n % 3 else '-'}\t{size / 7e5:.6f}\t{size}\t{size * 3}\tSF\tT\tF"
                f"\t0\tShADadFf\t{size % 90}\t{size + 400}\t{size % 70}\t{size * 3 + 400}\t(empty)\n"
            )


def write_json(tsv: Path, path: Path) -> None:
    """The same rows as JSON lines."""
    with tsv.open(encoding="ascii") as rows, path.open("w", encoding="ascii") as file:
        for line in rows:
            if line[0] != "#":
                cells: dict[str, object] = dict(zip(_FIELDS, line[:-1].split("\t"), strict=True))
                for i in _INTS:
                    cells[_FIELDS[i]] = int(str(cells[_FIELDS[i]]))
                cells |= {"ts": float(str(cells["ts"])), "duration": float(str(cells["duration"])), "local_orig": True}
                file.write(json.dumps({k: v for k, v in cells.items() if v not in ("-", "(empty)")}) + "\n")


def seawall(path: Path) -> int:
    """Read with Seawall; returns rows."""
    evidence = open_evidence(path, path.name)
    assert isinstance(evidence, Evidence)
    reading = Reading(SurveyedYears(datetime.date(2026, 1, 1)))
    return sum(t.num_rows for c in zeek.SOURCE.read(evidence, reading) for t in c.tables.values())


def plain_tsv(path: Path) -> int:
    """Read with `csv.reader`, numbers converted."""
    count = 0
    with path.open(newline="", encoding="ascii") as file:
        for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if not row[0].startswith("#"):
                float(row[0]), float(row[8]), *[int(row[i]) for i in _INTS]
                count += 1
    return count


def plain_json(path: Path) -> int:
    """Read with `json.loads`."""
    with path.open(encoding="ascii") as file:
        return sum(1 for line in file if json.loads(line))


_POLARS = """
import sys, time, polars
best = 1e9
for _ in range(3):
    start = time.process_time()
    if sys.argv[1] == "tsv":
        rows = polars.read_csv(sys.argv[2], separator="\\t", has_header=False, comment_prefix="#", quote_char=None,
                               null_values=["-"]).height
    else:
        rows = polars.read_ndjson(sys.argv[2]).height
    best = min(best, time.process_time() - start)
print(rows / best)
"""


def polars_rate(form: str, path: Path) -> int | None:
    """Rows per CPU second of Polars in the environment named; None without one."""
    python = os.environ.get("SEAWALL_BENCH_POLARS")
    if not python:
        return None
    done = subprocess.run(
        [python, "-c", _POLARS, form, str(path)],
        env={**os.environ, "POLARS_MAX_THREADS": "1"}, capture_output=True, text=True, check=True, timeout=600,
    )  # fmt: skip
    return round(float(done.stdout))


def rate(read: Callable[[Path], int], path: Path) -> float:
    """Rows per CPU second, best of three."""
    best = 0.0
    for _ in range(3):
        start = time.process_time()
        rows = read(path)
        best = max(best, rows / (time.process_time() - start))
    return best


def main(rows: int) -> None:
    """Print one JSON line per form."""
    with tempfile.TemporaryDirectory() as folder:
        tsv, lines = Path(folder, "conn.log"), Path(folder, "conn.json.log")
        write_tsv(tsv, rows)
        write_json(tsv, lines)
        for form, path, peer, name in (
            ("tsv", tsv, plain_tsv, "csv.reader, no ids"),
            ("json", lines, plain_json, "json.loads, no ids"),
        ):
            ours, theirs = rate(seawall, path), rate(peer, path)
            figures = {
                "bench": f"zeek conn, {form}",
                "rows_per_cpu_second": round(ours),
                "aim": AIM_ROWS_S if form == "tsv" else None,
                "peer": name,
                "peer_rows_per_cpu_second": round(theirs),
                "ratio": round(ours / theirs, 2),
                "polars_rows_per_cpu_second": polars_rate(form, path),
                "data": f"{rows} generated rows, seed 7, {path.stat().st_size >> 20} MiB",
                "date": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
                "machine": f"{platform.machine()}, Python {platform.python_version()}",
            }
            print(json.dumps(figures))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500_000)
