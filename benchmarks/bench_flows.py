"""Flow records per second and core: nfdump CSV beside `csv.reader`, nfcapd beside nfdump's own reading.

    python benchmarks/bench_flows.py [ROWS] [NFCAPD FILE]        default: 200000 rows; no file: one is made

Without a file, generated NetFlow v5 is sent over the loopback to a real `nfcapd`, where it is installed.

Rows are generated (seed 7) in the old CSV form of nfdump, 21 columns. CPU seconds are counted, those of nfdump
included, best of three; `event_id`, types and addresses are made and checked, the peers do none of that.
"""

from __future__ import annotations

import csv
import datetime
import json
import os
import platform
import random
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from seawall.sources import flows, nfcapd
from seawall.sources.base import Evidence, Reading, Source
from seawall.sources.opening import open_evidence
from seawall.sources.years import SurveyedYears

_HEADER = "ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt,opkt,obyt,in,out,sas,das,nh,ra"


def write_csv(path: Path, rows: int) -> None:
    """Write flows as `nfdump -o csv` did until 1.7.2."""
    chance = random.Random(7)
    with path.open("w", encoding="ascii") as file:
        file.write(_HEADER + "\n")
        for n in range(rows):
            start = datetime.datetime(2026, 3, 1) + datetime.timedelta(milliseconds=20 * n)
            size = chance.randrange(1 << 20)
            file.write(
                f"{start:%Y-%m-%d %H:%M:%S.%f},{start:%Y-%m-%d %H:%M:%S.%f},0.000,10.1.{n % 250}.{size % 250},"
                f"203.0.113.{size % 250},{1024 + size % 60000},443,TCP,...AP.SF,0,0,{size % 90 + 1},{size},0,0,12,34,"
                f"64500,64501,0.0.0.0,192.0.2.{n % 4}\n"
            )


def keep_flows(folder: Path, rows: int) -> Path | None:
    """What nfcapd keeps of generated NetFlow v5 (Cisco, 24-octet header, 48-octet records); None without nfcapd."""
    program = shutil.which("nfcapd")
    if program is None:
        return None
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sending:
        sending.bind(("127.0.0.1", 0))
        port = sending.getsockname()[1] + 1
        command = [program, "-b", "127.0.0.1", "-p", str(port), "-w", str(folder), "-t", "3600", "-B", "16777216"]
        keeping = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        assert keeping.stderr is not None
        next((line for line in keeping.stderr if "Bound" in line), None)
        for first in range(0, rows, 30):
            head = struct.pack("!HHIIIIBBH", 5, 30, 1_000_000, 1_772_359_200 + first // 50, 0, first, 0, 0, 0)
            body = b"".join(_v5(first + n) for n in range(30))
            sending.sendto(head + body, ("127.0.0.1", port))
            time.sleep(0.0005)  # as a router would; a burst would be lost
        keeping.terminate()
        keeping.communicate(timeout=60)
    found = sorted(folder.glob("nfcapd.2*"))
    return found[0] if found else None


def _v5(n: int) -> bytes:
    source, target = 0x0A010000 + n % 62_500, 0xCB007100 + n % 250
    start = 900_000 + n % 90_000
    ports = (1024 + n % 60_000, 443)
    return struct.pack(
        "!IIIHHIIIIHHxBBBHHBBxx", source, target, 0, 12, 34, n % 90 + 1, n % (1 << 20) + 40, start, start + n % 5_000,
        *ports, 27, 6, 0, 64_500, 64_501, 24, 24,
    )  # fmt: skip


def seawall(source: Source, path: Path) -> int:
    """Read with Seawall; returns rows."""
    evidence = open_evidence(path, path.name)
    assert isinstance(evidence, Evidence)
    reading = Reading(SurveyedYears(datetime.date(2026, 1, 1)))
    return sum(t.num_rows for c in source.read(evidence, reading) for t in c.tables.values())


def plain(path: Path) -> int:
    """Read with `csv.reader`, numbers converted."""
    with path.open(newline="", encoding="ascii") as file:
        rows = csv.reader(file)
        next(rows)
        return sum(1 for row in rows if (float(row[2]), int(row[5]), int(row[11]), int(row[12])))


def nfdump(path: Path) -> int:
    """Let nfdump print the same flows as CSV to nowhere; returns nothing to count."""
    program = shutil.which("nfdump")
    assert program is not None
    subprocess.run([program, "-r", str(path), "-q", "-o", "csv"], stdout=subprocess.DEVNULL, check=True, timeout=600)
    return 0


def cpu_s() -> float:
    """CPU seconds of this process and of those it waited for."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def best_s(read: Callable[[], int]) -> tuple[float, int]:
    """The least CPU seconds of three, and the rows."""
    best, rows = float("inf"), 0
    for _ in range(3):
        start = cpu_s()
        rows = read()
        best = min(best, cpu_s() - start)
    return best, rows


def tell(bench: str, ours: float, theirs: float, rows: int, peer: str, data: str) -> None:
    """Print one figure."""
    figures = {
        "bench": bench,
        "rows_per_cpu_second": round(rows / ours),
        "peer": peer,
        "peer_rows_per_cpu_second": round(rows / theirs),
        "ratio": round(theirs / ours, 2),
        "data": data,
        "date": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
    }
    print(json.dumps(figures))


def main(rows: int, kept: Path | None) -> None:
    """Print one JSON line per form."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "flows.csv")
        write_csv(path, rows)
        ours, read = best_s(lambda: seawall(flows.SOURCE, path))
        theirs, _ = best_s(lambda: plain(path))
        tell("flows, nfdump CSV", ours, theirs, read, "csv.reader, no ids", f"{rows} generated rows, seed 7")
        kept = kept or keep_flows(Path(folder), rows)
        if kept is not None:
            _nfcapd(kept)


def _nfcapd(kept: Path) -> None:
    if shutil.which("nfdump"):
        ours, read = best_s(lambda: seawall(nfcapd.SOURCE, kept))
        theirs, _ = best_s(lambda: nfdump(kept))
        tell("flows, nfcapd", ours, theirs, read, "nfdump -o csv to nowhere", f"{kept.name}, {read} flows")


if __name__ == "__main__":
    main(
        int(sys.argv[1]) if len(sys.argv) > 1 else 200_000,
        Path(sys.argv[2]) if len(sys.argv) > 2 else None,
    )
