"""Questions to the lake, and what it holds."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from seawall import pipeline
from seawall.console.access import Who, needs
from seawall.console.desk import desk_of

router = APIRouter(tags=["lake"])
MOST_ROWS = 10_000
QUERY_S = 60.0  # how long a question may take


class Question(BaseModel):
    """One SELECT over the case's views."""

    sql: str = Field(min_length=1, max_length=20_000)
    limit: int = Field(1_000, ge=1, le=MOST_ROWS)


@router.get("/lake")
def kinds(request: Request, _: Annotated[Who, Depends(needs("viewer"))]) -> dict[str, int]:
    """How many events of each kind the case holds."""
    return dict(desk_of(request).lake().kinds())


@router.post("/query")
def query(request: Request, who: Annotated[Who, Depends(needs("analyst"))], asked: Question) -> dict[str, Any]:
    """Ask the lake one question; no file, no network, nothing written. The question stands in the ledger by digest."""
    from seawall.engine.query import run_query

    desk = desk_of(request)
    desk.looked(who.id, "query", asked.sql)
    rows: list[list[Any]] = []
    with closing(run_query(desk.lake(), asked.sql, desk.site, timeout=QUERY_S)) as reader:
        names = list(reader.schema.names)
        for batch in reader:
            columns = [column.to_pylist() for column in batch.columns]
            rows += [list(map(_plain, row)) for row in zip(*columns, strict=True)]
            if len(rows) > asked.limit:
                break
    return {"columns": names, "rows": rows[: asked.limit], "more": len(rows) > asked.limit}


@router.get("/rules")
def rules(request: Request, _: Annotated[Who, Depends(needs("viewer"))]) -> list[dict[str, Any]]:
    """Every rule that runs."""
    from seawall.detect.rules import load

    loaded = load((), options=pipeline.case_options(desk_of(request).case))
    return [{"id": str(r.about.id), "title": r.about.title, "origin": r.origin} for r in loaded.rules]


def _plain(value: Any) -> Any:
    """A value as JSON can say it."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else str(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    return str(value)
