"""An append-only record nobody can rewrite unseen: a Merkle tree over a journal, signed checkpoints, witnesses."""

from __future__ import annotations

from seawall.disk.durable import Disk
from seawall.ledger.entry import Draft, Entry
from seawall.ledger.log import Ledger, Receipt
from seawall.model.case import Case
from seawall.model.clock import Clock, SystemClock

__all__ = ["Draft", "Entry", "Ledger", "Receipt", "open_ledger"]


def open_ledger(case: Case, *, clock: Clock | None = None, disk: Disk | None = None) -> Ledger:
    """The case's ledger, made with a key of its own if there is none.

    Raises:
        InputError: it was damaged or changed, its key can be read by others, or the disk refuses.
    """
    return Ledger(case.ledger, case.ledger_key, case.origin, clock=clock or SystemClock(), disk=disk)
