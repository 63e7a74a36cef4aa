"""The ledger: what was read, found and decided, entry by entry, and whether all of it still holds."""

from __future__ import annotations

import json
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from seawall.console.exports import csv_answer
from seawall.console.pages.frame import SIZE, PageNumber, Viewer, paged, show
from seawall.console.problems import missing
from seawall.console.reading import Reading, Slow, reading_of
from seawall.ledger.merkle import leaf_hash
from seawall.ledger.policy import load_policy
from seawall.ledger.verifying import Check, verify

router = APIRouter(include_in_schema=False)
_EXPORTED: Final = 50_000


@router.get("/ledger")
def ledger(request: Request, _: Viewer, page: PageNumber = 1, kind: str = "", export: str = "") -> Response:
    """Entries, the latest first."""
    reading = reading_of(request)
    log = reading.desk.ledger
    log.refresh()
    if export:
        entries = (log.entry(n) for n in range(max(0, log.size - _EXPORTED), log.size))
        rows = ((e.index, e.at, e.kind, json.dumps(dict(e.body), sort_keys=True)) for e in entries)
        return csv_answer("ledger", ("entry", "time", "kind", "body"), rows)
    if kind:
        numbers = [entry.index for entry in log.entries(kind=kind)]
        pager = paged(request, page, len(numbers))
        chosen = numbers[::-1][pager.begin : pager.end]
    else:
        pager = paged(request, page, log.size)
        chosen = list(range(log.size - 1 - pager.begin, max(-1, log.size - 1 - pager.begin - SIZE), -1))
    return show(
        request,
        "ledger",
        topics="responses slow",
        entries=[log.entry(number) for number in chosen],
        pager=pager,
        size=log.size,
        checkpoint=log.checkpoint(),
        checks=checks(reading),
        kind=kind,
        origin=log.origin,
        body=lambda entry: json.dumps(dict(entry.body), sort_keys=True)[:400],
    )


def checks(reading: Reading) -> Slow[list[Check]]:
    """Whether the whole ledger holds; worked out aside, since it reads every byte of it."""
    case, log = reading.desk.case, reading.desk.ledger

    def work() -> list[Check]:
        return list(verify(case.ledger, log.heads, load_policy(case.witness_policy)))

    return reading.slow("ledger", ("responses",), work, wait_s=0.1)


@router.get("/ledger/{number}")
def entry(request: Request, _: Viewer, number: int) -> Response:
    """One entry, and what proves it."""
    log = reading_of(request).desk.ledger
    if not 0 <= number < log.size:
        raise missing("the ledger has no such entry")
    found = log.entry(number)
    checkpoint = log.checkpoint()
    proof = (
        [part.hex() for part in log.inclusion_proof(number, checkpoint.size)]
        if checkpoint is not None and number < checkpoint.size
        else None
    )
    return show(
        request,
        "entry",
        e=found,
        leaf=leaf_hash(found.raw).hex(),
        proof=proof,
        checkpoint=checkpoint,
        size=log.size,
        body=json.dumps(dict(found.body), indent=2, sort_keys=True),
    )
