"""Hunt: one question in SQL, its answer as table, plot and CSV; questions people keep."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Final

import pyarrow as pa
from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from seawall.console.access import first_time
from seawall.console.desk import desk_of
from seawall.console.exports import csv_answer
from seawall.console.pages.frame import SIZE, Analyst, PageNumber, paged, show
from seawall.console.plots import times
from seawall.console.reading import Reading, reading_of
from seawall.engine.query import run_query
from seawall.errors import UsageError
from seawall.state import casework

router = APIRouter(include_in_schema=False)
TIMEOUT_S: Final = 30.0
MAX_ROWS: Final = 100_000  # of a table; the CSV may have more
EXAMPLES: Final = (
    (
        "Who logged in from where, newest first",
        "SELECT time, device, user, src_ip, outcome, event_id\nFROM logins ORDER BY time DESC",
    ),
    (
        "Commands per account",
        "SELECT user, count(*) AS commands, count(DISTINCT device) AS devices, min(time) AS first, max(time) AS last\n"
        "FROM commands GROUP BY user ORDER BY commands DESC",
    ),
    (
        "Configuration changed, by whom",
        "SELECT time, device, user, src_ip, event_id\nFROM config_changes ORDER BY time DESC",
    ),
    (
        "Pairs of hosts by octets",
        "SELECT src_ip, dst_ip, count(*) AS flows, sum(src_bytes) AS sent, sum(dst_bytes) AS got\n"
        "FROM flows GROUP BY ALL ORDER BY sent DESC",
    ),
    (
        "Names few hosts ask for",
        "SELECT query, count(DISTINCT src_ip) AS hosts, count(*) AS times\n"
        "FROM dns GROUP BY query HAVING hosts <= 2 ORDER BY times DESC",
    ),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """One page of an answer."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    total: int
    cut: bool  # whether there are more than MAX_ROWS
    time_column: str
    moments: tuple[datetime, ...]  # of every row, UTC; empty without a column of times


@router.get("/hunt")
def hunt(request: Request, who: Analyst, q: str = "", page: PageNumber = 1, export: str = "") -> Response:
    """Ask, and read the answer."""
    reading, failed, answer = reading_of(request), None, None
    sql = q.strip()[:20_000].rstrip(";")
    if sql:
        reading.desk.looked(who.id, "query", sql)
        try:
            if export:
                columns, rows = _all(reading, sql)
                return csv_answer("answer", columns, rows)
            answer = _answer(reading, sql, page)
        except UsageError as error:
            failed = error
    pager = paged(request, page, answer.total if answer else 0)
    return show(
        request,
        "hunt",
        sql=q,
        answer=answer,
        failed=failed,
        pager=pager,
        histogram=times(answer.moments, "row") if answer else None,
        saved=casework.searches(reading.desk.state),
        examples=EXAMPLES,
        kinds=reading.kept("kinds", "lake", lambda: dict(reading.lake().kinds())),
        status=422 if failed else 200,
    )


def _answer(reading: Reading, sql: str, page: int) -> Answer:
    """The rows of one page; all rows up to a bound are counted, and only their times are kept."""
    begin, total, held = (page - 1) * SIZE, 0, []
    moments: list[datetime] = []
    with closing(run_query(reading.lake(), sql, reading.site(), timeout=TIMEOUT_S)) as reader:
        columns = tuple(reader.schema.names)
        of_time = next((f.name for f in reader.schema if pa.types.is_timestamp(f.type)), "")
        place = columns.index(of_time) if of_time else -1
        for batch in reader:
            batch = batch.slice(0, MAX_ROWS - total)
            first, last = max(begin - total, 0), min(begin + SIZE - total, batch.num_rows)
            if first < last:
                held += [tuple(column[n].as_py() for column in batch.columns) for n in range(first, last)]
            if place >= 0:
                moments += [_utc(m) for m in batch.column(place).to_pylist() if m is not None]
            total += batch.num_rows
            if total >= MAX_ROWS:
                break
    return Answer(columns, tuple(held), total, total >= MAX_ROWS, of_time, tuple(moments))


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _all(reading: Reading, sql: str) -> tuple[tuple[str, ...], Iterator[tuple[Any, ...]]]:
    reader = run_query(reading.lake(), sql, reading.site(), timeout=TIMEOUT_S)

    def rows() -> Iterator[tuple[Any, ...]]:
        with closing(reader):
            for batch in reader:
                yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)

    return tuple(reader.schema.names), rows()


@router.post("/hunt/saved")
def keep(
    request: Request,
    who: Analyst,
    name: Annotated[str, Form(max_length=500)],
    sql: Annotated[str, Form(max_length=40_000)],
    once: Annotated[str, Form()] = "",
) -> Response:
    """Keep a question under a name."""
    from urllib.parse import urlencode

    desk = desk_of(request)
    if first_time(desk, who, once):
        casework.keep_search(desk.state, name, sql, who.id, desk.clock.now())
    return RedirectResponse("/hunt?" + urlencode({"q": sql}), 303)


@router.post("/hunt/saved/{number}/forget")
def forget(request: Request, who: Analyst, number: int) -> Response:
    """Forget one's own question."""
    casework.forget_search(desk_of(request).state, number, who.id)
    return RedirectResponse("/hunt", 303)
