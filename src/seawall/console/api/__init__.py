"""The API: everything the console does, for programs. One file for each kind of thing; `router` holds them all."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from seawall.console.access import Who, needs
from seawall.console.api import accounts, found, lake, ledger, responses
from seawall.console.api.paging import PROBLEMS
from seawall.console.description import described

router = APIRouter(prefix="/api/v1", responses=PROBLEMS)
for _room in (found, lake, responses, ledger, accounts):
    router.include_router(_room.router)


@router.get("/openapi.json", include_in_schema=False)
def description(request: Request, _: Annotated[Who, Depends(needs("viewer"))]) -> dict[str, Any]:
    """The description of the API (OpenAPI 3.1)."""
    return described(request.app)
