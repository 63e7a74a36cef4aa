"""Asking a lake again: everything, nothing new, a new rule, new indicators, one part in a hundred new.

    python -m benchmarks.bench_retro [LINES] [--whole]            default: 300000 of syslog, as many Zeek conn and dns

Processor time of this process, all threads; the lake is read in before the clock starts. `stateless` asks Sigma rules
and indicators alone, `whole` (with --whole) analytics as well. A terabyte is extrapolated plainly: time for
the evidence there is, times terabyte by its size; questions over time that sort will be slower. One JSON line.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
from benchmarks.bench_syslog import lines

from seawall import detect, pipeline
from seawall.detect import rules
from seawall.detect.remembering import Remembering
from seawall.detect.rules import RuleSet
from seawall.engine.lake import Lake
from seawall.model.clock import SystemClock
from seawall.model.settings import Settings

RULE = """
title: new
id: 0f0f0f0f-0000-4000-8000-000000000001
logsource: {category: proxy}
detection: {sel: {cs-uri|contains: /never}, condition: sel}
"""
WIRE = """
title: new on the wire
id: 0f0f0f0f-0000-4000-8000-000000000002
logsource: {category: dns}
detection: {sel: {query|endswith: .never.example}, condition: sel}
---
title: new in logs
id: 0f0f0f0f-0000-4000-8000-000000000003
logsource: {product: cisco, service: ios}
detection: {sel: {message|contains: NEVER-SEEN}, condition: sel}
"""
CONN = (
    "ts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\torig_bytes\tresp_bytes\tconn_state"
)
DNS = "ts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tquery\tqtype_name\trcode_name\tanswers"


def zeek(path: str, fields: str, count: int, begin: int) -> str:
    """A Zeek log of so many lines; the same every time."""
    chance, at = random.Random(begin), 1_795_305_600.0 + begin * 0.05
    made = [f"#separator \\x09\n#path\t{path}\n#fields\t{fields}\n"]
    for number in range(begin, begin + count):
        at += 0.05
        head = f"{at:.6f}\tC{number:x}\t10.20.{number % 7}.{chance.randrange(250)}\t{1024 + number % 60000}"
        if path == "conn":
            made.append(f"{head}\t192.0.2.{number % 250}\t443\ttcp\tssl\t1.5\t{number % 9000}\t{number % 70000}\tSF\n")
        else:
            made.append(
                f"{head}\t192.0.2.53\t53\tudp\th{number % 5000}.example.net\tA\tNOERROR\t198.51.100.{number % 250}\n"
            )
    return "".join(made)


def read(lake: Lake, folder: Path, count: int, begin: int) -> int:
    """Evidence written and taken in; returns its octets."""
    folder.mkdir()
    (folder / "router.log").write_bytes(lines(begin + count)[-count * 120 :] if begin else lines(count))
    (folder / "conn.log").write_text(zeek("conn", CONN, count, begin))
    (folder / "dns.log").write_text(zeek("dns", DNS, count, begin))
    for _ in pipeline.ingest([folder], lake, Settings(), SystemClock(), jobs=1):
        pass
    return sum(path.stat().st_size for path in folder.iterdir())


def seconds(work: Callable[[], object]) -> float:
    """Processor time of one run."""
    began = time.process_time()
    work()
    return time.process_time() - began


def main(count: int, whole: bool) -> dict[str, object]:
    """The figures."""
    analytics = detect.analytics.ALL
    with tempfile.TemporaryDirectory(prefix="bench-retro-") as name:
        folder = Path(name)
        (folder / "rules").mkdir()
        (folder / "rules" / "new.yml").write_text(RULE.strip() + "\n---" + WIRE)
        old, new = rules.load(), rules.load([folder / "rules"])
        bad = [{"type": "ip", "value": f"203.0.113.{n}", "confidence": "high", "source": "list"} for n in range(100)]
        listed = pa.Table.from_pylist(bad)
        lake = Lake(folder / "lake")
        octets = read(lake, folder / "first", count, 0)
        took: dict[str, float] = {}

        def ask(what: str, ruleset: RuleSet, indicators: pa.Table | None = None, *, again: bool = False) -> None:
            for part, asked in (("stateless", ()), ("whole", analytics))[: 1 + whole]:
                detect.analytics.ALL = asked
                kept = folder / f"asked-{part}"
                asking = Remembering(lake, kept, again=again)
                print(what, part, file=sys.stderr)
                took[f"{what}, {part}"] = seconds(lambda a=asking: list(detect.run(a, ruleset, indicators=indicators)))

        ask("everything", old)
        ask("nothing new", old)
        ask("three new rules", new)
        ask("a hundred new indicators", new, listed)
        more = read(lake, folder / "second", count // 100, count)
        ask("one in a hundred new", new, listed)
    per = {what: round(s * 1e12 / octets / 3600, 1) for what, s in took.items()}
    return {
        "evidence_mb": round(octets / 1e6),
        "more_mb": round(more / 1e6, 1),
        "cpu_s": {what: round(s, 2) for what, s in took.items()},
        "cpu_hours_per_tb": per,
        "taken": datetime.now(UTC).isoformat(timespec="seconds"),
    }


if __name__ == "__main__":
    given = [word for word in sys.argv[1:] if word != "--whole"]
    print(json.dumps(main(int(given[0]) if given else 300_000, "--whole" in sys.argv)))
