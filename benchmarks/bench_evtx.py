"""Windows events per second and core, from bytes to Arrow, beside the reader and `json.loads` alone.

    python benchmarks/bench_evtx.py [FOLDER]

Without a folder of EVTX files it reads generated JSON lines (seed 7), the same form the EVTX reader gives. CPU
seconds of this process are counted, best of three.

Where the time goes, over 281 small EVTX files (36 events and 43 columns each): a sixth in masking (two thirds of it in
the rules of `platforms.masking`, for the few texts that may hold a secret), a fifth in turning events into columns, a
seventh in building Arrow arrays, a quarter in the EVTX reader and orjson, a twentieth in ids. The rest is opening files
and the loop over records. The aim is missed; designs that were tried, with figures: docs/evidence/rules.md.
"""

from __future__ import annotations

import datetime
import json
import platform
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import evtx as reader

from seawall.engine import collecting
from seawall.sources import evtx
from seawall.sources.base import Evidence, Reading
from seawall.sources.opening import open_evidence
from seawall.sources.years import SurveyedYears

AIM_EVENTS_S = 30_000
GENERATED = 50_000


def write_lines(path: Path) -> None:
    """Logins and process starts as JSON lines."""
    chance = random.Random(7)
    with path.open("w", encoding="ascii") as file:
        for n in range(GENERATED):
            started = n % 2
            data = {
                "SubjectUserSid": f"S-1-5-21-1-2-3-{chance.randrange(2000)}",
                "SubjectUserName": f"user{chance.randrange(300)}",
                "SubjectDomainName": "LAB",
                "SubjectLogonId": hex(chance.getrandbits(32)),
                "ProcessId": hex(chance.randrange(9999)),
                **(
                    {"NewProcessName": "C:\\Windows\\System32\\cmd.exe", "CommandLine": f"cmd.exe /c dir C:\\data\\{n}"}
                    if started
                    else {"TargetUserName": f"user{n % 300}", "LogonType": 3, "IpAddress": f"10.1.2.{n % 250}"}
                ),
            }
            system = {
                "Provider": {"#attributes": {"Name": "Microsoft-Windows-Security-Auditing", "Guid": "{0}"}},
                "EventID": 4688 if started else 4624,
                "Version": 2,
                "Level": 0,
                "Task": 13312,
                "Opcode": 0,
                "Keywords": "0x8020000000000000",
                "TimeCreated": {"#attributes": {"SystemTime": f"2026-03-01T{n // 3600 % 24:02}:00:00.{n:06}Z"}},
                "EventRecordID": n,
                "Correlation": None,
                "Execution": {"#attributes": {"ProcessID": 4, "ThreadID": 60}},
                "Channel": "Security",
                "Computer": "srv1.example.net",
                "Security": None,
            }
            file.write(json.dumps({"Event": {"System": system, "EventData": data}}) + "\n")


def seawall(paths: Sequence[Path]) -> int:
    """Read with Seawall; returns events."""
    count = 0
    reading = Reading(SurveyedYears(datetime.date(2026, 1, 1)))
    with collecting.rarely():  # as the intake and its workers read
        for path in paths:
            evidence = open_evidence(path, path.name)
            if isinstance(evidence, Evidence):
                count += sum(t.num_rows for c in evtx.SOURCE.read(evidence, reading) for t in c.tables.values())
    return count


def plain(paths: Sequence[Path]) -> int:
    """Read with the EVTX reader (or as lines) and `json.loads`; returns events."""
    count = 0
    for path in paths:
        if path.suffix == ".evtx":
            found = reader.PyEvtxParser(str(path), number_of_threads=1).records_json()
            count += sum(1 for record in found if json.loads(record["data"]))
        else:
            with path.open(encoding="ascii") as file:
                count += sum(1 for line in file if json.loads(line))
    return count


def rate(read: Callable[[Sequence[Path]], int], paths: Sequence[Path]) -> tuple[float, int]:
    """Events per CPU second, best of three, and how many there are."""
    best, count = 0.0, 0
    for _ in range(3):
        start = time.process_time()
        count = read(paths)
        best = max(best, count / (time.process_time() - start))
    return best, count


def main(folder: Path | None) -> None:
    """Print one JSON line."""
    with tempfile.TemporaryDirectory() as made:
        if folder is None:
            write_lines(Path(made, "events.jsonl"))
        paths = sorted(folder.rglob("*.evtx")) if folder else [Path(made, "events.jsonl")]
        (ours, count), (theirs, _) = rate(seawall, paths), rate(plain, paths)
    figures = {
        "bench": "windows events to Arrow",
        "events_per_cpu_second": round(ours),
        "aim": AIM_EVENTS_S,
        "peer": "the EVTX reader and json.loads" if folder else "json.loads",
        "peer_events_per_cpu_second": round(theirs),
        "ratio": round(ours / theirs, 2),
        "data": f"{count} events in {len(paths)} files" if folder else f"{count} generated JSON lines, seed 7",
        "date": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
