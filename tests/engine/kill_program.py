"""Fills lakes, and is killed at the write boundary told: run by `test_kills.py` as a program of its own.

    python -m tests.engine.kill_program [--again] FOLDER BOUNDARY [BOUNDARY ...]

For each boundary the work is done in a process of its own on the lake `FOLDER/<boundary>`; that process kills
itself there with SIGKILL, in the middle of the bytes if the boundary is a write. Boundary 0 is never reached: that
lake is filled undisturbed; so are all with `--again`. Prints, for each, how the process ended and how many boundaries
it crossed.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path
from typing import Any

from seawall.disk.durable import Disk
from seawall.engine import parts, upkeep
from seawall.engine.lake import Lake
from seawall.engine.records import FileRecord, RejectRow
from tests.disk.faults import KillingDisk
from tests.engine.makers import at, events, lines

FILES = 5


def work(folder: Path, disk: Disk) -> Lake:
    """Ingest some files with a commit after each, in two sittings, tidy up, and drop what is old."""
    parts.GROUP_ROWS = 40  # type: ignore[misc]  # small groups make many boundaries
    upkeep.FAN_IN = 3  # type: ignore[misc]
    lake = Lake(folder, disk=disk)
    for sitting in (range(3), range(2, FILES)):
        with lake.writer() as writer:
            for number in sitting:
                _ingest(lake, writer, number)
        lake.close()
    lake.compact()
    lake.retain(at(15), legal_hold=False)
    lake.compact()
    lake.close()
    return lake


def _ingest(lake: Lake, writer: Any, number: int) -> None:
    name = f"file{number}.log"
    digest = hashlib.sha256(name.encode()).hexdigest()
    if lake.ingested(digest):
        return
    writer.add("syslog", lines(100, file=name))
    writer.commit()  # a long file is committed in the middle
    writer.add("syslog", lines(30, file=name, first=90))
    writer.add("windows", events("windows", ({"origin": f"{name}#{n}", "EventID": n} for n in range(20))))
    writer.reject([RejectRow(f"{name}:999", "cut off")])
    writer.finish_file(FileRecord(digest, name, "syslog", 149, 1, at(0), at(119), 5000, ("a note",)))
    writer.commit()


def main() -> None:
    again = sys.argv[1] == "--again"
    folder, *boundaries = sys.argv[1 + again :]
    lines(1).to_pylist()  # Arrow imports pandas, where there is one, with the first rows: once is enough
    for boundary in boundaries:
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            disk = KillingDisk(0 if again else int(boundary))
            work(Path(folder) / boundary, disk)
            (Path(folder) / f"{boundary}.crossed").write_text(str(disk.crossed))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        crossed = Path(folder) / f"{boundary}.crossed"
        print(boundary, os.waitstatus_to_exitcode(status), crossed.read_text() if crossed.exists() else "-")


if __name__ == "__main__":
    main()
