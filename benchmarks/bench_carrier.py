"""A million mixed device-log lines hunted with every carrier rule, analytic and chain: processor seconds.

    python benchmarks/bench_carrier.py [LINES]            default: SEAWALL_BENCH_LINES, else 1000000

The lines are those of `bench_syslog` with the replays of eight platforms mixed in, so that rules find things. Reading
and judging are told apart; writing the report is left out. Prints one JSON line.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from bench_syslog import lines

from seawall import detect
from seawall.detect import rules
from seawall.engine.lake import Lake
from seawall.model.case import open_case
from seawall.model.clock import FixedClock
from seawall.pipeline import Hunted, HuntRequest, hunt

AIM_S = 30.0
REPLAYS = Path(__file__).parents[1] / "tests" / "evidence" / "replays"
CLOCK = FixedClock(datetime(2026, 12, 1, tzinfo=UTC))


def write(folder: Path, count: int) -> int:
    """The evidence; returns its lines."""
    folder.mkdir()
    (folder / "routers.log").write_bytes(lines(count))
    told = 0
    for path in sorted(REPLAYS.glob("*.jsonl")):
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        for telemetry in sorted({row["telemetry"] for row in rows}):
            raw = [row["raw"] for row in rows if row["telemetry"] == telemetry]
            (folder / f"{path.stem}.{telemetry}.log").write_text("\n".join(raw) + "\n", encoding="utf-8")
            told += len(raw)
    return count + told


def main() -> None:
    """Read, judge, and say how long each took."""
    count = int(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("SEAWALL_BENCH_LINES", 1_000_000))
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        told = write(folder / "evidence", count)
        case = open_case(folder / "case", CLOCK)
        began = time.process_time()
        request = HuntRequest(case=case, paths=(folder / "evidence",), clock=CLOCK, jobs=1)
        done = next(step for step in hunt(request) if isinstance(step, Hunted))
        whole = time.process_time() - began
        ruleset = rules.load()
        lake = Lake(folder / "case" / "lake")
        began = time.process_time()
        found = sum(1 for _ in detect.run(lake, ruleset))
        judged = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        json.dumps(
            {
                "bench": "carrier",
                "lines": told,
                "cpu_s": round(whole, 1),
                "judging_cpu_s": round(judged, 1),
                "per_million_s": round(judged / told * 1e6, 1),
                "findings": len(done.findings),
                "again": found,
                "detectors": len(detect.catalogue(ruleset)),
                "peak_mb": round(peak),
                "aim_s": AIM_S,
                "machine": platform.processor() or platform.machine(),
                "date": datetime.now(UTC).date().isoformat(),
            }
        )
    )


if __name__ == "__main__":
    main()
