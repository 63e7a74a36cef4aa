"""Judging device configurations: 20,000 lines of one device, and 1,000 configurations by two processes.

    python benchmarks/bench_audit.py [FOLDER]

Without FOLDER, the `device-configs` below `SEAWALL_CORPUS` are judged, copied until there are 1,000, if they are there.
Beside it stands a plain grep audit: one pattern for each check that has a line which is wrong by itself, tried on every
line, without sections, absence, lists or site. Processor time of the process, best of three; the fleet in wall-clock
time, once. One JSON line for each measure.
"""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from seawall.detect.audit.load import builtin
from seawall.detect.audit.runner import audit_bytes
from seawall.model.site import Site
from seawall.pipeline.audit import Asked, audit

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.bench_configs import ios

LINES, FILES = 20_000, 1_000


def best(work: Callable[[], object]) -> float:
    """Processor seconds, best of three."""
    times = []
    for _ in range(3):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return round(min(times), 3)


def greps() -> list[re.Pattern[str]]:
    """What a grep audit of IOS would look for: every pattern of a line that is wrong by itself."""
    rules = [rule for check in builtin() if (rule := check.rule_for("ios")) is not None]
    return [pattern for rule in rules for pattern in rule.fail]


def tell(measure: str, **figures: object) -> None:
    """One JSON line."""
    print(json.dumps({"measure": measure, **figures, "machine": platform.machine(), "cores": os.cpu_count()}))


def _cpu(before: os.times_result) -> float:
    """Processor seconds since, of this process and those it started."""
    now = os.times()
    return round(sum(now[:4]) - sum(before[:4]), 1)


def fleet(folder: Path) -> None:
    """Judge the files of a folder, copied until there are enough."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".md", ".json"))
    with tempfile.TemporaryDirectory() as made:
        for number in range(FILES):
            source = files[number % len(files)]
            shutil.copy(source, Path(made) / f"{number:04}_{source.name}")
        start, before = time.perf_counter(), os.times()
        verdicts = sum(len(one.verdicts) for one in audit([Path(made)], Site(), Asked(), jobs=2))
        tell(
            "1,000 configurations, two processes",
            wall_s=round(time.perf_counter() - start, 1),
            cpu_s=_cpu(before),
            verdicts=verdicts,
        )


def main(arguments: list[str]) -> None:
    """Run all measures."""
    checks = builtin()
    text = ios(LINES)
    data = text.encode()
    tell(
        "20,000 lines, read and judged",
        cpu_s=best(lambda: audit_bytes(data, "pe1", checks, Site())),
        checks=len(checks),
    )
    patterns, lines = greps(), text.split("\n")
    hits = best(lambda: [sum(1 for line in lines if pattern.search(line)) for pattern in patterns])
    tell("20,000 lines, plain grep audit", cpu_s=hits, patterns=len(patterns))
    corpus = os.environ.get("SEAWALL_CORPUS")
    folder = Path(arguments[0]) if arguments else Path(corpus) / "device-configs" if corpus else None
    if folder is not None and folder.is_dir():
        fleet(folder)


if __name__ == "__main__":
    main(sys.argv[1:])
