"""RADIUS detail records per second and core, beside what people write in an afternoon: a dict and `json.dumps`.

    python benchmarks/bench_radius.py [RECORDS]          default: 20000

The peer makes no ids, masks nothing, reads no times and refuses nothing. Processor time, better of two. One JSON line.
"""

from __future__ import annotations

import json
import platform
import sys
import time
from datetime import UTC, date, datetime, timedelta

from seawall.drills.acts import Act
from seawall.drills.render.radius import write
from seawall.drills.render.sender import Sender
from seawall.sources import radius
from seawall.sources.base import Reading
from seawall.sources.opening import evidence_from_bytes
from seawall.sources.years import SurveyedYears


def records(count: int) -> bytes:
    """A detail file of `count` records."""
    nas, at = Sender("bras1", "192.0.2.1"), datetime(2026, 11, 22, tzinfo=UTC)
    lines: list[str] = []
    for n in range(count):
        doing, source = ("login", "logout")[n % 2], f"198.51.100.{n % 250}"
        lines += write(Act(at + timedelta(seconds=n), "bras1", doing, account=f"user{n % 999}", source=source), nas)
    return ("\n".join(lines) + "\n").encode()


def ours(content: bytes) -> int:
    """Rows made of the content."""
    chunks = radius.read(evidence_from_bytes(content, "detail"), Reading(SurveyedYears(date(2026, 11, 22))))
    return sum(table.num_rows for chunk in chunks for table in chunk.tables.values())


def peer(content: bytes) -> int:
    """Records the peer makes JSON of."""
    made = 0
    for block in content.decode().split("\n\n"):
        pairs = dict(line.strip().split(" = ", 1) for line in block.split("\n")[1:] if " = " in line)
        if pairs:
            json.dumps(pairs)
            made += 1
    return made


def seconds(work: object, content: bytes) -> float:
    """Processor seconds of the better of two runs."""
    best = float("inf")
    for _ in range(2):
        start = time.process_time()
        work(content)  # type: ignore[operator]
        best = min(best, time.process_time() - start)
    return best


def main(arguments: list[str]) -> int:
    """Measure and print."""
    count = int(arguments[0]) if arguments else 20_000
    content = records(count)
    assert ours(content) == peer(content) == count
    mine, theirs = seconds(ours, content), seconds(peer, content)
    figures = {"benchmark": "RADIUS detail to Arrow", "records": count, "bytes": len(content)}
    figures |= {"records_per_second_core": round(count / mine), "peer_records_per_second_core": round(count / theirs)}
    where = {"ratio": round(theirs / mine, 2), "machine": f"{platform.machine()}, Python {platform.python_version()}"}
    print(json.dumps({**figures, **where, "date": datetime.now(UTC).date().isoformat()}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
