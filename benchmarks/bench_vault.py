"""How many identifiers the vault commits in a second of its own processor time, alone and through its socket."""

from __future__ import annotations

import datetime
import hashlib
import json
import platform
import random
import sys
import tempfile
import time
from pathlib import Path

from seawall.ledger import open_ledger
from seawall.model.case import open_case
from seawall.model.clock import SystemClock
from seawall.people import sealed
from seawall.vault.commitments import Committer
from seawall.vault.identifiers.normalise import normalise
from seawall.vault.service import Caller, Vault

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.vault.spellings import MAKERS, NEW_ZEALAND

COUNT = 20_000
BATCH = 2_000


def targets() -> dict[str, list[tuple[str, str]]]:
    """Identifiers of each kind, each in one of its spellings."""
    dice = random.Random(7)
    return {kind: [dice.choice(make(dice)[1]) for _ in range(COUNT // len(MAKERS))] for kind, make in MAKERS.items()}


def alone(some: list[tuple[str, str]]) -> float:
    """Identifiers normalised, committed and tagged per CPU second, best of three."""
    committer, best = Committer(bytearray(32)), 0.0
    for _ in range(3):
        start = time.process_time()
        for form, value in some:
            identifier = normalise(form, value, NEW_ZEALAND)
            committer.commit(identifier)
            committer.tags(identifier)
        best = max(best, len(some) / (time.process_time() - start))
    return best


def by_batch(some: list[tuple[str, str]]) -> float:
    """Identifiers per CPU second as ingest hands them in: batches, budget, an entry of the ledger for each batch."""
    sealed.COST = 16  # type: ignore[misc]  # the passphrase is not what is measured
    clock = SystemClock()
    digest = hashlib.sha256(b"x").hexdigest()
    with tempfile.TemporaryDirectory() as folder:
        case = open_case(Path(folder, "case"), clock)
        with open_ledger(case, clock=clock) as ledger:
            vault, me = Vault(case, ledger, clock, country=NEW_ZEALAND), Caller(0, 0)
            vault.answer({"op": "unlock", "passphrase": "correct horse"}, me)
            start = time.process_time()
            for first in range(0, len(some), BATCH):
                batch = [[form, value, 0, 1, ""] for form, value in some[first : first + BATCH]]
                vault.answer({"op": "commit", "source": digest, "batch": batch}, me)
            vault.answer({"op": "keep", "source": digest, "path": ""}, me)
            return len(some) / (time.process_time() - start)


def main() -> None:
    """Print one JSON line."""
    made = targets()
    mixed = [one for some in made.values() for one in some]
    random.Random(8).shuffle(mixed)
    figures = {
        "bench": "identifiers committed by the vault",
        "by_batch_per_cpu_second": round(by_batch(mixed)),
        "alone_per_cpu_second": {kind: round(alone(some)) for kind, some in made.items()},
        "data": f"{len(mixed)} identifiers of {len(made)} kinds, seed 7, batches of {BATCH}",
        "date": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
