"""What a detector is given: the canonical views, as batches to match and as tables to ask.

`engine.Lake` is this. Tests use `InMemory`, which is the same over Arrow tables in a DuckDB of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from seawall.engine import views
from seawall.model.site import Site

_OVER: Final = {view.name: frozenset(view.over) for view in views.VIEWS}  # the kinds behind each view


class Task(Protocol):
    """One function from batch to batch that keeps no state and pickles, so that it can run anywhere."""

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The answer to one batch."""
        ...

    def schema(self, given: pa.Schema) -> pa.Schema:
        """The columns of the answer to batches of this schema."""
        ...


class Tables(Protocol):
    """Views by name. Every view has the common columns of `model.events`."""

    def ibis(self, site: Site = ...) -> Any:
        """An Ibis back end over the views."""
        ...

    def batches(
        self, view: str, *, columns: Sequence[str] | None = None, site: Site = ..., rows: int = ...
    ) -> Iterator[pa.RecordBatch]:
        """The rows of a view, in bounded batches."""
        ...

    def mapped(
        self, view: str, task: Task, *, columns: Sequence[str], site: Site = ..., rows: int = ...
    ) -> Iterator[tuple[int, pa.RecordBatch]]:
        """What `task` makes of each batch of a view, with how many rows the batch had; in no particular order."""
        ...


class InMemory:
    """Views held in memory: for tests, rule samples and small what-ifs."""

    def __init__(self, tables: Mapping[str, pa.Table]) -> None:
        self._tables = dict(tables)

    def ibis(self, site: Site = Site()) -> Any:  # noqa: ARG002, B008 - the shape of the protocol; Site is immutable
        """A fresh DuckDB with the tables in it."""
        import duckdb

        from seawall.engine.ibis_duckdb import backend

        base = duckdb.connect()
        for name, table in self._tables.items():
            base.register("given", table)
            base.execute(f'CREATE TABLE "given_{name}" AS SELECT * FROM given')  # noqa: S608 - our own names
            base.execute(f'CREATE VIEW "{name}" AS SELECT * FROM "given_{name}"')  # noqa: S608
            base.unregister("given")
        base.execute("SET GLOBAL TimeZone = 'UTC'")
        return backend(base, {})

    def batches(
        self,
        view: str,
        *,
        columns: Sequence[str] | None = None,
        site: Site = Site(),  # noqa: ARG002, B008
        rows: int = 100_000,
    ) -> Iterator[pa.RecordBatch]:
        """The rows of a table, in batches."""
        table = self._tables[view]
        yield from (table.select(list(columns)) if columns is not None else table).to_batches(max_chunksize=rows)

    def mapped(
        self,
        view: str,
        task: Task,
        *,
        columns: Sequence[str],
        site: Site = Site(),  # noqa: B008
        rows: int = 100_000,
    ) -> Iterator[tuple[int, pa.RecordBatch]]:
        """What a task makes of each batch."""
        for batch in self.batches(view, columns=columns, site=site, rows=rows):
            yield batch.num_rows, task(batch)


def view_columns(backend: Any, over: Collection[str] | None = None) -> dict[str, tuple[str, ...]]:
    """Every view there is, with its columns; with `over`, those that have rows of one of these kinds alone."""
    names = backend.list_tables()
    if over is not None:
        names = [name for name in names if not _OVER.get(name, frozenset({name})).isdisjoint(over)]
    return {name: tuple(backend.table(name).columns) for name in names}


def settled(table: Any) -> Any:
    """A table that one question names several times: worked out now, where the engine would do so each time.

    DuckDB works such a table out once by itself.
    """
    keep = getattr(table._find_backend(), "settled", None)
    return table if keep is None else keep(table)


def recent(batch: pa.RecordBatch, since: datetime | None) -> pa.RecordBatch:
    """The rows at or after `since` (UTC), and those without a time."""
    if since is None:
        return batch
    times = batch.column("time")
    return batch.filter(pc.or_kleene(pc.is_null(times), pc.greater_equal(times, pa.scalar(since, times.type))))


def earlier(batch: pa.RecordBatch, since: datetime) -> pa.RecordBatch:
    """The rows before `since` (UTC)."""
    times = batch.column("time")
    return batch.filter(pc.less(times, pa.scalar(since, times.type)))
