"""A carrier's ordinary days rendered as evidence: lines per second of processor time.

    python benchmarks/bench_drills.py [DAYS]          default: 3; full figures: 30

Two hundred devices, every telemetry, written and compressed as a drill writes them. Prints one JSON line.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import sys
import tempfile
import time
from pathlib import Path

from seawall.drills.live import write_life

AIM_PER_S = 100_000
DEVICES = 200


def main() -> None:
    """Write the days, and say how fast."""
    days = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    with tempfile.TemporaryDirectory() as room:
        begun = time.process_time()
        count = sum(day.lines for day in write_life(Path(room) / "life", 7, days=days, devices=DEVICES))
        took = time.process_time() - begun
    told = {
        "bench": "drills", "days": days, "devices": DEVICES, "lines": count, "cpu_s": round(took, 2),
        "lines_per_s": round(count / took), "aim_per_s": AIM_PER_S, "load": round(os.getloadavg()[0], 1),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, "python": platform.python_version(),
    }  # fmt: skip
    print(json.dumps(told))


if __name__ == "__main__":
    main()
