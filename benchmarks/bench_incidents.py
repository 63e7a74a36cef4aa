"""A million findings into incidents, and a thousand more: CPU seconds, peak memory, and what came out.

    python -m benchmarks.bench_incidents [findings]

The world: 2,000 devices over 30 days; 96 of 100 findings are scans and routine work nobody need join, 3 of 100 are
medium ones of jobs that repeat, and 1 of 100 belongs to intrusions of 50 findings each.
"""

from __future__ import annotations

import gc
import hashlib
import json
import random
import resource
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Final

from seawall.incidents.build import Incidents
from seawall.model.entities import Entity
from seawall.model.finding import Evidence, Finding
from seawall.model.severity import Severity

START: Final = datetime(2026, 11, 1, tzinfo=UTC)
DAYS: Final = 30
DEVICES: Final = 2_000
STAGES: Final = ("A-02", "P-01", "C-01", "D-02", "L-01", "X-01")
MORE: Final = 1_000


def made(number: int, when: datetime, behaviour: str, severity: Severity, *entities: Entity) -> Finding:
    """One finding of the world."""
    name = hashlib.blake2b(str(number).encode(), digest_size=16).hexdigest()
    line = Evidence(name, "syslog/all.log:1", "")
    return Finding(
        id=name,
        detector=f"rule-{behaviour}",
        title=behaviour,
        severity=severity,
        confidence=80 if severity > Severity.LOW else 30,
        first=when,
        last=when,
        count=1,
        entities=entities,
        why=behaviour,
        subject="",
        evidence=(line,),
        evidence_total=1,
        tags=(f"behaviour:{behaviour}",),
    )


def world(count: int, seed: int = 1) -> Iterator[Finding]:
    """Findings in no order of time."""
    chance = random.Random(seed)
    devices = [Entity("device", f"pe{n}", "target") for n in range(DEVICES)]
    staff = [Entity("account", f"user{n}", "actor") for n in range(300)]
    jumps = [Entity("ip", f"10.0.0.{n}", "source") for n in range(8)]
    for number in range(count):
        when = START + timedelta(seconds=chance.random() * DAYS * 86_400)
        device, dice = devices[chance.randrange(DEVICES)], chance.random()
        if dice < 0.76:
            scanner = f"203.{chance.randrange(256)}.{chance.randrange(256)}.{chance.randrange(256)}"
            yield made(number, when, "R-01", Severity.LOW, device, Entity("ip", scanner, "source"))
        elif dice < 0.96:
            who, way = staff[chance.randrange(300)], jumps[chance.randrange(8)]
            yield made(number, when, "I-02", Severity.INFORMATIONAL, who, device, way)
        elif dice < 0.99:
            job = Entity("account", f"job{chance.randrange(500)}", "actor")
            yield made(number, when, "K-01", Severity.MEDIUM, job, devices[int(job.value[3:]) % DEVICES])
        else:
            story = chance.randrange(max(1, count // 5_000))
            begin = START + timedelta(hours=story * 0.6 % (DAYS * 24 - 8), minutes=chance.random() * 300)
            who = Entity("account", f"eve{story}", "actor")
            way = Entity("ip", f"198.51.{story % 250}.{story // 250}", "source")
            step = chance.randrange(len(STAGES))
            at = devices[(story * 7 + step) % DEVICES]
            yield made(number, begin, STAGES[step], Severity.HIGH, who, at, way)


def measure(count: int) -> dict[str, float | int]:
    """Figures of one run."""
    findings = list(world(count))
    gc.collect()
    incidents = Incidents()
    start = time.process_time()
    built = incidents.add(findings)
    whole = time.process_time() - start
    more = list(islice(world(count + MORE), count, None))
    start = time.process_time()
    after = incidents.add(more)
    extra = time.process_time() - start
    return {
        "findings": count,
        "cpu_s": round(whole, 1),
        "more": MORE,
        "more_cpu_s": round(extra, 2),
        "incidents": len(built),
        "incidents_after": len(after),
        "largest": max(len(i.findings) for i in built),
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)))
