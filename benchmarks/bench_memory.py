"""Peak memory of `seawall ingest` on one large generated log.

    python benchmarks/bench_memory.py [MEGABYTES]        default: SEAWALL_BENCH_MB, else 5000

The log is one file, because that is the hard case: no source may hold on to what it has read. Prints one JSON line
with the peak resident memory of the ingesting process, its rate, and the size of the lake; ends with 1 if the peak
is above the bound of 1 GiB.
"""

from __future__ import annotations

import datetime
import json
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BOUND_BYTES = 1 << 30
PIECE_LINES = 200_000
_FORMS = (
    "%LINEPROTO-5-UPDOWN: Line protocol on Interface GigabitEthernet0/0/{a}, changed state to {w}",
    "%SEC-6-IPACCESSLOGP: list 101 denied tcp 198.51.100.{a}({n}) -> 203.0.113.{b}(22), 1 packet",
    "%SYS-5-CONFIG_I: Configured from console by op{a} on vty{b} (192.0.2.{a})",
    "%BGP-5-ADJCHANGE: neighbor 192.0.2.{a} Up ({n})",
)


def write_log(path: Path, size: int) -> int:
    """Write lines as routers send them until the file has that size; returns how many."""
    chance = random.Random(7)
    start = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    lines = 0
    with path.open("w", encoding="ascii") as file:
        while file.tell() < size:
            piece = []
            for _ in range(PIECE_LINES):
                stamp = (start + datetime.timedelta(milliseconds=50 * lines)).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3]
                a, b, n = chance.randrange(250), chance.randrange(250), chance.randrange(65_536)
                text = _FORMS[n % 4].format(a=a, b=b, n=n, w="up" if n % 3 else "down")
                piece.append(f"<189>{stamp}Z pe{a} {lines}: {text}\n")
                lines += 1
            file.write("".join(piece))
    return lines


def peak_of(command: list[str]) -> tuple[int, float, float]:
    """Run a command to its end; returns its peak resident memory in bytes, and CPU and wall seconds."""
    started = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {child.returncode}")
    return used.ru_maxrss * 1024, used.ru_utime + used.ru_stime, time.perf_counter() - started


def main() -> None:
    """Write the log, ingest it in a process of its own, print what that took."""
    megabytes = int(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("SEAWALL_BENCH_MB", "5000"))
    with tempfile.TemporaryDirectory(prefix="seawall-bench-") as folder:
        log, case = Path(folder) / "routers.log", Path(folder) / "case"
        lines = write_log(log, megabytes * 1_000_000)
        peak, cpu, wall = peak_of([sys.executable, "-m", "seawall", "ingest", str(log), "--case", str(case)])
        stored = sum(path.stat().st_size for path in (case / "lake" / "parts").iterdir())
        figures = {
            "bench": "memory",
            "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
            "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
            "log_bytes": log.stat().st_size,
            "lines": lines,
            "peak_bytes": peak,
            "cpu_seconds": round(cpu, 1),
            "wall_seconds": round(wall, 1),
            "lines_per_cpu_second": round(lines / cpu),
            "lake_bytes": stored,
        }
    print(json.dumps(figures))
    if peak > BOUND_BYTES:
        raise SystemExit(f"peak memory {peak >> 20} MiB is above the bound of {BOUND_BYTES >> 20} MiB")


if __name__ == "__main__":
    main()
