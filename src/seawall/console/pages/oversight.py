"""Oversight of lawful intercept, for the officer alone: commitments, never identifiers; nothing here places a tap."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from seawall.console.access import Who, needs
from seawall.console.pages.frame import PageNumber, paged, show
from seawall.console.reading import reading_of
from seawall.model.compartment import compartmented

router = APIRouter(include_in_schema=False)
Officer = Annotated[Who, Depends(needs("intercept-officer"))]
SIZE: Final = 100


@router.get("/oversight")
def oversight(request: Request, who: Officer, page: PageNumber = 1) -> Response:
    """Findings of the guard over lawful intercept. Every look is in the ledger first."""
    reading = reading_of(request)
    reading.desk.looked(who.id, "intercept-oversight", "findings")
    found = [one for one in reading.desk.state.findings(compartment=True) if compartmented(one)]
    found.sort(key=lambda one: (-one.severity, -one.last.timestamp()))
    pager = paged(request, page, len(found), SIZE)
    vault = reading.desk.case.vault_socket.exists()
    return show(
        request,
        "oversight",
        findings=found[pager.begin : pager.end],
        pager=pager,
        vault=vault,
        kinds=sorted({one.detector for one in found}),
    )
