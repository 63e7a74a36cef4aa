"""The ledger: its entries as they stand, and what proves them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request

from seawall.console.access import Who, needs
from seawall.console.api.paging import Cursor, Limit, Page, read_cursor, write_cursor
from seawall.console.desk import desk_of
from seawall.console.problems import RefusedError, missing
from seawall.ledger.entry import Entry
from seawall.model.finding import utc_text

router = APIRouter(tags=["ledger"])
Viewer = Annotated[Who, Depends(needs("viewer"))]


@router.get("/ledger")
def entries(request: Request, _: Viewer, limit: Limit = 100, cursor: Cursor = "", kind: str = "") -> Page:
    """Entries in order; of one kind if asked."""
    ledger = desk_of(request).ledger
    size, start = ledger.refresh(), _start(cursor)
    rows: list[Entry] = []
    for index in range(start, size):
        entry = ledger.entry(index)
        if kind in ("", entry.kind):
            rows.append(entry)
        if len(rows) > limit:
            break
    more = len(rows) > limit
    kept = rows[:limit]
    return Page(items=[_shown(entry) for entry in kept], next=write_cursor([kept[-1].index + 1]) if more else None)


@router.get("/ledger/checkpoint")
def checkpoint(request: Request, _: Viewer) -> dict[str, Any]:
    """A signed checkpoint over everything written so far (C2SP tlog-checkpoint)."""
    ledger = desk_of(request).ledger
    held = ledger.publish()
    return {"origin": ledger.origin, "size": held.size, "note": ledger.heads.signed(held).decode()}


@router.get("/ledger/{index}")
def entry(request: Request, _: Viewer, index: Annotated[int, Path(ge=0, le=2**53)]) -> dict[str, Any]:
    """One entry, with the proof that the tree holds it (RFC 6962 audit path, hex)."""
    ledger = desk_of(request).ledger
    size = ledger.refresh()
    if index >= size:
        raise missing("the ledger has no entry of that number")
    proof = [node.hex() for node in ledger.inclusion_proof(index, size)]
    return _shown(ledger.entry(index)) | {"proof": proof, "size": size, "root": ledger.root_at(size).hex()}


def _shown(one: Entry) -> dict[str, Any]:
    return {
        "index": one.index,
        "at": utc_text(one.at),
        "kind": one.kind,
        "keys": dict(one.keys),
        "body": dict(one.body),
    }


def _start(cursor: str) -> int:
    key = read_cursor(cursor) if cursor else [0]
    if len(key) != 1 or type(key[0]) is not int or not 0 <= key[0] < 2**53:
        raise RefusedError(422, "no cursor of this list", mend="send `next` of the page before, or none")
    return key[0]
