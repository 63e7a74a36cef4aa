# ruff: noqa: E501 - log lines are as long as they are
"""Syslog lines per second and core, from bytes in memory to Arrow tables (event ids, times, masking, meaning).

    python benchmarks/bench_syslog.py [LINES]            default: SEAWALL_BENCH_LINES, else 400000

The mix is that of a carrier's edge: IOS with full headers, Junos, SR OS, a jump host; one line in five tells an act.
Processor time of this process is counted, so neighbours on the machine cost little. The peer, in the same run over
the same lines, is what people write in an afternoon: one regular expression per line, a dict, `json.dumps`; it makes
no ids, reads no times, masks nothing and knows no meaning. Prints one JSON line; `--stages` adds where the time goes
(measured under the profiler, so the sum is larger than the rate says).
"""

from __future__ import annotations

import cProfile
import json
import os
import platform
import pstats
import random
import re
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path

from seawall.sources import syslog
from seawall.sources.base import Reading
from seawall.sources.opening import evidence_from_bytes
from seawall.sources.years import SurveyedYears

AIM = 250_000
STAGES = {
    "event ids": "ids", "masking search and records": "masked_parts", "heads, names, shapes": "find_parts", "times": "times_of",
    "acts: meanings": "of", "acts: columns": "act_columns", "SR OS and FortiOS": "special", "platforms": "_platforms", "numbers": "_numbers",
    "copying text columns": "spans", "reading blocks": "_blocks",
}  # fmt: skip
PEER = re.compile(
    r"<(?P<pri>\d+)>(?:(?P<count>\d+): )?(?:(?P<host>[\w.-]+): )?(?:(?P<seq>\d+): )?"
    r"(?P<time>[A-Z][a-z]{2} +\d+(?: \d{4})? [\d:.]+(?: [A-Z]+)?):? (?P<name>%[A-Z0-9_-]+: |\S+ \S+?: )?(?P<message>.*)"
)


def lines(count: int) -> bytes:
    """A generated log of `count` lines; the same bytes every time."""
    chance, at, counters = random.Random(7), datetime(2026, 11, 22, tzinfo=UTC).timestamp(), [0] * 60
    made = []
    for _ in range(count):
        at += chance.random() * 0.2
        made.append(_line(chance, datetime.fromtimestamp(at, UTC), counters))
    return "\n".join(made).encode() + b"\n"


def _line(chance: random.Random, when: datetime, counters: list[int]) -> str:
    number, user = chance.randrange(60), chance.choice(("noc-anna", "m.ortiz", "svc-backup", "rancid"))
    counters[number] += 1
    n, address = chance.randrange(256), f"10.20.{chance.randrange(4)}.{chance.randrange(250)}"
    cisco = (
        f"<189>{counters[number]}: pe{number}: {counters[number] + 4711:06d}: {when:%b} {when.day} {when:%Y %H:%M:%S}."
        f"{when.microsecond // 1000:03d} UTC: "
    )
    plain = f"<30>{when:%b} {when.day:2d} {when:%H:%M:%S}"
    form = chance.choices(range(9), (30, 16, 14, 20, 4, 5, 5, 3, 3))[0]
    return (
        f"{cisco}%LINEPROTO-5-UPDOWN: Line protocol on Interface GigabitEthernet0/{n % 4}/{n}, changed state to up",
        f"{cisco}%SEC-6-IPACCESSLOGP: list 120 denied tcp 203.0.113.{n}({n * 200}) -> 192.0.2.{n}({n}), 1 packet",
        f"{cisco}%BGP-5-ADJCHANGE: neighbor 198.51.100.{n} Up",
        f"{plain} pe{number}j rpd[{n * 99}]: RPD_OSPF_NBRUP: OSPF neighbor 192.0.2.{n} (realm ospf-v2 ge-0/0/0.0 area 0.0.0.0)",
        f"{cisco}%SEC_LOGIN-5-LOGIN_SUCCESS: Login Success [user: {user}] [Source: {address}] [localport: 22] at {when:%H:%M:%S} UTC",
        f"{cisco}%PARSER-5-CFGLOG_LOGGEDCMD: User:{user}  logged command:interface GigabitEthernet0/0/{n}",
        f"{plain} pe{number}j mgd[{n * 99}]: UI_CMDLINE_READ_LINE: User '{user}', command 'show interfaces terse '",
        f"{plain} jump1 sshd[{n * 99}]: Accepted publickey for {user} from {address} port {n * 200} ssh2: ED25519 SHA256:x",
        f"{plain} 192.0.2.7 TMNX: {counters[number]} Base USER-MINOR-cli_user_login-2001 [{user}]:  User from {address} logged in",
    )[form]


def ours(content: bytes) -> int:
    """Rows made of the content."""
    reading = Reading(SurveyedYears(date(2026, 11, 22)))
    chunks = syslog.read(evidence_from_bytes(content, "bench.log"), reading)
    return sum(table.num_rows for chunk in chunks for table in chunk.tables.values())


def peer(content: bytes) -> int:
    """Lines the peer's expression fits, each made JSON."""
    made = 0
    for line in content.decode().splitlines():
        if found := PEER.match(line):
            json.dumps(found.groupdict())
            made += 1
    return made


def seconds(work: object, content: bytes) -> float:
    """Processor seconds of the better of three runs."""
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        work(content)  # type: ignore[operator]
        best = min(best, time.process_time() - start)
    return best


def stages(content: bytes, count: int) -> dict[str, float]:
    """Microseconds a line, by stage, under the profiler."""
    profile = cProfile.Profile()
    profile.runcall(ours, content)
    spent: dict[str, float] = {}
    for (path, _, name), (_, _, _, total, _) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        for stage, function in STAGES.items():
            if name == function and "seawall/sources" in path.replace("\\", "/"):
                spent[stage] = round(spent.get(stage, 0) + total / count * 1e6, 2)
    return dict(sorted(spent.items(), key=lambda item: -item[1]))


def processor() -> str:
    """The processor's name where the system tells it."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.machine()
    return next((x.partition(":")[2].strip() for x in text.splitlines() if x.startswith("model name")), "unknown")


def main(arguments: list[str]) -> int:
    """Measure, print, and say how far the aim is."""
    numbers = [int(a) for a in arguments if a.isdigit()]
    count = numbers[0] if numbers else int(os.environ.get("SEAWALL_BENCH_LINES", "400000"))
    content = lines(count)
    assert ours(content) == count
    mine, theirs = seconds(ours, content), seconds(peer, content)
    figures: dict[str, object] = {
        "benchmark": "syslog to Arrow", "lines": count, "bytes": len(content), "lines_per_second_core": round(count / mine),
        "aim": AIM, "peer": "re + json", "peer_lines_per_second_core": round(count / theirs), "ratio": round(theirs / mine, 2),
        "load": os.getloadavg()[0], "machine": f"{processor()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "date": datetime.now(UTC).date().isoformat(),
    }  # fmt: skip
    if "--stages" in arguments:
        figures["microseconds_a_line"] = stages(content, count)
    print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
