"""Lines of web and DNS servers per second and core, from bytes in memory to Arrow tables, beside a naive peer.

    python benchmarks/bench_servers.py [LINES]            default: 200000

Lines are generated (seed 7): combined access lines, and BIND's query log with everything printed. Processor time of
this process is counted, best of three. The peer, over the same lines, is what people write in an afternoon: one regular
expression per line and `json.dumps`; it makes no ids, reads no times and masks nothing.
"""

from __future__ import annotations

import json
import platform
import random
import re
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from seawall.drills.render import dns_queries as dns_writer
from seawall.drills.render import web as web_writer
from seawall.sources import dns_queries, web
from seawall.sources.base import Reading, Source
from seawall.sources.opening import evidence_from_bytes
from seawall.sources.years import SurveyedYears

_START = datetime(2026, 11, 21, 22, tzinfo=UTC)
_WEB = re.compile(r'(\S+) \S+ (\S+) \[([^\]]+)\] "(\S+) (\S+) [^"]*" (\d{3}) (\d+|-) "([^"]*)" "([^"]*)"')
_DNS = re.compile(
    r"(\S+ \S+) queries: info: client @\S+ ([^#]+)#(\d+) \(\S+\): query: (\S+) (\S+) (\S+) (\S+) \((\S+)\)"
)


def web_lines(count: int) -> bytes:
    """Access lines of a portal."""
    chance = random.Random(7)
    lines = []
    for n in range(count):
        uri = f"/portal/customer/{chance.randrange(10**6)}?page={n % 9}"
        agent = f"Mozilla/5.0 (X11; Linux x86_64) Version/{n % 40}"
        client = f"198.51.100.{chance.randrange(250)}"
        at = _START + timedelta(milliseconds=40 * n)
        lines.append(web_writer.write(web_writer.Request(at, client, "GET", uri, 200, 5_000 + n % 999, agent=agent)))
    return "\n".join([*lines, ""]).encode()


def dns_lines(count: int) -> bytes:
    """A resolver's query log."""
    chance = random.Random(7)
    lines = []
    for n in range(count):
        at, client = _START + timedelta(milliseconds=9 * n), f"192.0.2.{chance.randrange(250)}"
        name = f"h{chance.randrange(10**5)}.example.net"
        lines.append(dns_writer.write(dns_writer.Query(at, client, 1_024 + n % 60_000, name, "A")))
    return "\n".join([*lines, ""]).encode()


def seawall(source: Source, content: bytes) -> int:
    """Read with Seawall; returns rows."""
    reading = Reading(SurveyedYears(date(2026, 11, 22)))
    return sum(t.num_rows for c in source.read(evidence_from_bytes(content, "x"), reading) for t in c.tables.values())


def naive(pattern: re.Pattern[str], content: bytes) -> int:
    """One expression per line, a list, JSON."""
    return sum(1 for line in content.decode().splitlines() if (m := pattern.match(line)) and json.dumps(m.groups()))


def rate(read: Callable[[], int], expected: int) -> float:
    """Lines per processor second, best of three."""
    best = 0.0
    for _ in range(3):
        begin = time.process_time()
        assert read() == expected
        best = max(best, expected / (time.process_time() - begin))
    return best


def main(count: int) -> None:
    """Print one JSON line per form."""
    for form, source, pattern, content in (
        ("web, combined", web.SOURCE, _WEB, web_lines(count)),
        ("dns_queries, BIND", dns_queries.SOURCE, _DNS, dns_lines(count)),
    ):
        ours = rate(lambda s=source, c=content: seawall(s, c), count)  # type: ignore[misc]
        theirs = rate(lambda p=pattern, c=content: naive(p, c), count)  # type: ignore[misc]
        figures = {
            "bench": form,
            "lines_per_cpu_second": round(ours),
            "peer": "one regular expression and json.dumps; no ids, no times, no masking",
            "peer_lines_per_cpu_second": round(theirs),
            "ratio": round(ours / theirs, 2),
            "data": f"{count} generated lines, seed 7, {len(content) >> 20} MiB",
            "date": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": f"{platform.machine()}, Python {platform.python_version()}",
        }
        print(json.dumps(figures))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
