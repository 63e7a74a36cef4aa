"""The ledger: entries acknowledged per second, and the time a proof takes out of many.

    python benchmarks/bench_ledger.py [ENTRIES]        default: 200,000

Batches of 1,000, each acknowledged after one fsync; an entry is what a hunt writes of a finding. Proofs are asked of a
ledger of ENTRIES small entries that was closed and opened again: its first proof reads from the disk, the others may
find tiles in memory.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from hashlib import sha256
from pathlib import Path

from seawall.ledger import Draft, Ledger
from seawall.ledger.merkle import leaf_hash, verify_inclusion
from seawall.model.clock import SystemClock

BATCH = 1_000


def opened(folder: Path) -> Ledger:
    return Ledger(folder / "ledger", folder / "ledger.key", "seawall/bench", clock=SystemClock())


def finding(number: int) -> Draft:
    digest = sha256(str(number).encode()).hexdigest()
    body = {"sha256": digest, "detector_sha256": digest, "severity": "high", "confidence": 85, "evidence": 3}
    return Draft("finding", body, {"finding": digest[:32], "sha256": digest})


def acknowledged(folder: Path, batches: int) -> None:
    """Time appending alone, then what publishing adds."""
    ledger = opened(folder)
    drafts = [[finding(BATCH * b + n) for n in range(BATCH)] for b in range(batches)]
    wall, cpu = time.perf_counter(), time.process_time()
    slowest = 0.0
    for batch in drafts:
        began = time.perf_counter()
        ledger.append_all(batch)
        slowest = max(slowest, time.perf_counter() - began)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    count = batches * BATCH
    print(f"acknowledged       {count / wall:>12,.0f} entries/s, {BATCH} for each fsync")
    print(f"of CPU time        {count / cpu:>12,.0f} entries/s")
    print(f"slowest batch      {slowest * 1_000:>12.1f} ms")
    began = time.perf_counter()
    ledger.close()
    print(f"publish and close  {time.perf_counter() - began:>12.2f} s")


def proofs(folder: Path, entries: int, count: int = 200) -> None:
    """Time proofs out of a big ledger, each verified."""
    began = time.perf_counter()
    ledger = opened(folder)
    for first in range(0, entries, 10 * BATCH):
        ledger.append_all([Draft("x", {"n": n}) for n in range(first, min(first + 10 * BATCH, entries))])
    ledger.close()
    print(f"{entries:,} entries written in {time.perf_counter() - began:,.0f} s")
    began = time.perf_counter()
    ledger = opened(folder)
    print(f"opened again       {(time.perf_counter() - began) * 1_000:>12.1f} ms")
    chosen, took, worked = random.Random(7), list[float](), list[float]()
    for index in (chosen.randrange(entries) for _ in range(count)):
        began, cpu = time.perf_counter(), time.process_time()
        proof = ledger.inclusion_proof(index, entries)
        took.append((time.perf_counter() - began) * 1_000)
        worked.append((time.process_time() - cpu) * 1_000)
        assert verify_inclusion(index, entries, leaf_hash(ledger.entry(index).raw), proof, ledger.root())
    print(f"a proof            {statistics.median(took):>12.2f} ms (median of {count})")
    print(f"of CPU time        {statistics.median(worked):>12.2f} ms (the rest is waiting for the disk)")
    print(f"first, slowest     {took[0]:>12.2f} ms, {max(took):.2f} ms")
    began = time.perf_counter()
    ledger.consistency_proof(entries // 3, entries)
    print(f"consistency proof  {(time.perf_counter() - began) * 1_000:>12.2f} ms")
    ledger.close()


def main(entries: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        acknowledged(Path(folder) / "a", 100)
        proofs(Path(folder) / "b", entries)


if __name__ == "__main__":
    main(int(sys.argv[1].replace(",", "").replace("_", "")) if len(sys.argv) > 1 else 200_000)
