"""Writes ledgers, and is killed at the write boundary told: run by `test_kills.py` as a program of its own.

    python -m tests.ledger.kill_program [--again] FOLDER BOUNDARY [BOUNDARY ...]

For each boundary a process of its own works on `FOLDER/<boundary>` and kills itself there with SIGKILL, in the middle
of the bytes if the boundary is a write. Boundary 0 is never reached, nor is any with `--again`. Each batch that was
acknowledged is noted in `FOLDER/<boundary>.told`. Prints how each process ended and how many boundaries it crossed.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from seawall.ledger import journal, log
from seawall.ledger.cosigning import cosign
from tests.disk.faults import KillingDisk
from tests.ledger.making import TickingClock, drafts, opened
from tests.ledger.witnesses import asking, policy_of, witness_for

BATCHES = 42
SIZE = 23  # entries of a batch; all of them fill three tiles and begin a fourth


def work(folder: Path, disk: KillingDisk, told: Path) -> None:
    """Append what is missing in several sittings, publish after each batch, and be cosigned once."""
    journal.SEGMENT_BYTES = 40_000  # type: ignore[misc]  # several files
    log.TILE_AFTER = 100  # type: ignore[misc]
    for sitting in range(3):
        with opened(folder, clock=TickingClock(), disk=disk) as ledger:
            for batch in range(ledger.size // SIZE, BATCHES * (sitting + 1) // 3):
                receipts = ledger.append_all(drafts(SIZE, SIZE * batch))
                with told.open("a") as file:
                    file.write(f"{receipts[-1].index + 1}\n")
                ledger.publish()
            if sitting == 1:
                witness = witness_for(folder / "w", ledger)
                list(cosign(ledger, policy_of(witness), asking(witness)))
                witness.close()


def main() -> None:
    again = sys.argv[1] == "--again"
    folder, *boundaries = sys.argv[1 + again :]
    for boundary in boundaries:
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            disk = KillingDisk(0 if again else int(boundary))
            work(Path(folder) / boundary, disk, Path(folder) / f"{boundary}.told")
            (Path(folder) / f"{boundary}.crossed").write_text(str(disk.crossed))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        crossed = Path(folder) / f"{boundary}.crossed"
        print(boundary, os.waitstatus_to_exitcode(status), crossed.read_text() if crossed.exists() else "-")


if __name__ == "__main__":
    main()
