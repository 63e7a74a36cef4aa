"""Peak memory and speed of `seawall ingest`, by one process and by several.

    python benchmarks/bench_memory.py [MEGABYTES]        default: SEAWALL_BENCH_MB, else 5000

By one process the log is one file, because that is the hard case: no source may hold on to what it has read. By
several it is four files of a quarter each. Prints one JSON line for each with the peak memory (PSS of all processes
together, sampled; for one process also its exact peak RSS), the rate, and the size of the lake; ends with 1 if a peak
is above the bound of 1 GiB.
"""

from __future__ import annotations

import datetime
import itertools
import json
import os
import platform
import random
import subprocess
import sys
import tempfile
import threading
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


def pss_of(pid: int) -> int:
    """Proportional memory of a process and its children, in bytes; 0 once they are gone."""
    total = 0
    for one in [pid, *_children(pid)]:
        try:
            text = Path(f"/proc/{one}/smaps_rollup").read_text(encoding="ascii")
        except OSError:
            continue
        total += next((int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("Pss:")), 0)
    return total


def _children(pid: int) -> list[int]:
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except OSError:
        return []
    direct = [int(child) for child in text.split()]
    return direct + [far for child in direct for far in _children(child)]


def peak_of(command: list[str]) -> dict[str, float]:
    """Run a command to its end; its peak memory in bytes, and CPU and wall seconds, children included."""
    started = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    ended, peak = threading.Event(), [0]

    def watch() -> None:
        while not ended.wait(0.1):
            peak[0] = max(peak[0], pss_of(child.pid))

    watching = threading.Thread(target=watch)
    watching.start()
    _, status, used = os.wait4(child.pid, 0)
    ended.set()
    watching.join()
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {child.returncode}")
    wall = time.perf_counter() - started
    cpu = used.ru_utime + used.ru_stime
    return {"peak_pss_bytes": peak[0], "main_rss_bytes": used.ru_maxrss * 1024, "cpu": cpu, "wall": wall}


def measure(folder: Path, logs: list[Path], jobs: int, lines: int) -> int:
    """Ingest in processes of its own, print what that took; returns the peak in bytes."""
    case = folder / f"case-{jobs}"
    names = list(map(str, logs))
    used = peak_of([sys.executable, "-m", "seawall", "ingest", *names, "--case", str(case), "--jobs", str(jobs)])
    stored = sum(path.stat().st_size for path in (case / "lake" / "parts").iterdir())
    size = sum(log.stat().st_size for log in logs)
    figures = {
        "bench": "memory",
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "jobs": jobs,
        "files": len(logs),
        "log_bytes": size,
        "lines": lines,
        "peak_pss_bytes": round(used["peak_pss_bytes"]),
        "main_rss_bytes": round(used["main_rss_bytes"]),
        "cpu_seconds": round(used["cpu"], 1),
        "wall_seconds": round(used["wall"], 1),
        "megabytes_per_second": round(size / 1e6 / used["wall"], 1),
        "lines_per_cpu_second": round(lines / used["cpu"]),
        "lake_bytes": stored,
    }
    print(json.dumps(figures), flush=True)
    return round(max(used["peak_pss_bytes"], used["main_rss_bytes"] if jobs == 1 else 0))


def main() -> None:
    """Write the logs, ingest them by one process and by two."""
    megabytes = int(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("SEAWALL_BENCH_MB", "5000"))
    with tempfile.TemporaryDirectory(prefix="seawall-bench-") as name:
        folder = Path(name)
        whole = folder / "routers.log"
        lines = write_log(whole, megabytes * 1_000_000)
        peaks = [measure(folder, [whole], 1, lines)]
        quarter = -(-lines // 4)
        logs = []
        with whole.open("rb") as stream:
            for number in range(4):
                logs.append(folder / f"routers-{number}.log")
                with logs[-1].open("wb") as part:
                    part.writelines(itertools.islice(stream, quarter))
        whole.unlink()
        peaks.append(measure(folder, logs, 2, lines))
    if max(peaks) > BOUND_BYTES:
        raise SystemExit(f"peak memory {max(peaks) >> 20} MiB is above the bound of {BOUND_BYTES >> 20} MiB")


if __name__ == "__main__":
    main()
