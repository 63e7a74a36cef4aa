"""Sharing: what would leave the house, and the way it takes: previewed, signed by two people, then released."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from seawall.console.pages.frame import Viewer, show
from seawall.console.reading import reading_of

router = APIRouter(include_in_schema=False)


@router.get("/sharing")
def sharing(request: Request, _: Viewer) -> Response:
    """Incidents that could be shared, and how one is."""
    reading = reading_of(request)
    released = list(reading.desk.ledger.entries(kind="shared"))[-100:][::-1]
    return show(
        request, "sharing", topics="incidents responses", rows=reading.known().incidents[:100], released=released
    )
