"""Judging changes: a git history of 200 commits on twelve devices, and two snapshots of 20,000 lines.

    python benchmarks/bench_changes.py

The history is that of the tests (`tests/detect/audit/changes/life.py`): seeded operator work, with two changes of an
intruder in it. Processor time of the process, best of three. One JSON line for each measure.
"""

from __future__ import annotations

import json
import platform
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.bench_configs import ios

from seawall.detect.audit.changes import Snapshot, compare, judge, snapshots_in
from seawall.model.severity import Severity
from seawall.model.site import Site
from seawall.pipeline.changes import changes
from tests.detect.audit.changes.life import write


def best(work: Callable[[], object]) -> float:
    """Seconds of the quickest of three."""
    times = []
    for _ in range(3):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return round(min(times), 3)


def tell(measure: str, seconds: float, **figures: object) -> None:
    """One line."""
    print(json.dumps({"bench": "changes", "measure": measure, "seconds": seconds, **figures, "on": platform.machine()}))


def main() -> None:
    """Measure both."""
    with tempfile.TemporaryDirectory() as folder:
        repository = Path(folder) / "configs.git"
        written = write(repository, seed=3, count=200)
        told = list(changes((repository,), Site()))
        findings = [f for one in told for f in one.findings]
        tell(
            "history of 200 commits",
            best(lambda: list(changes((repository,), Site()))),
            commits=len(written),
            hidden=len({night.path for night in written if night.hidden}),
            found=len({f.subject for f in findings if f.severity >= Severity.HIGH}),
            medium=sum(f.severity is Severity.MEDIUM for f in findings),
        )
    text = ios(20_000)
    changed = text.replace("username user7 ", "username svc privilege 15 secret 9 $9$x$y\nusername user7 ")
    (before,), (after,) = snapshots_in(text.encode(), "a", Site()), snapshots_in(changed.encode(), "b", Site())
    assert isinstance(before, Snapshot)
    assert isinstance(after, Snapshot)
    both = best(lambda: (snapshots_in(text.encode(), "a", Site()), snapshots_in(changed.encode(), "b", Site())))
    judged = best(lambda: judge(compare(before, after)))
    tell("two snapshots of 20,000 lines", round(both + judged, 3), reading=both, judging=judged)


if __name__ == "__main__":
    main()
