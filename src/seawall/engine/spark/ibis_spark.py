"""Ibis over a Spark session: the lake's views, and answers that stay Arrow all the way.

Ibis itself brings rows home through pandas, which changes integers with nulls and takes the zone off times.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any, Final

import ibis.expr.types as ir
import pyarrow as pa
import sqlglot.expressions as exp
from ibis.backends.pyspark import Backend

_NUMBERS: Final = count()


class SparkBackend(Backend):  # type: ignore[misc]  # Ibis has no types
    """An Ibis back end that knows the lake's views and no other table of the session."""

    name = "pyspark"
    seawall_views: tuple[str, ...] = ()

    def list_tables(self, *, like: str | None = None, database: Any = None) -> list[str]:
        """Names of the kinds and views."""
        del database
        found: list[str] = self._filter_with_like(sorted(self.seawall_views), like)
        return found

    def compile(
        self,
        expr: Any,
        /,
        *,
        limit: int | str | None = None,
        params: Mapping[Any, Any] | None = None,
        pretty: bool = False,
    ) -> str:
        """The expression as Spark's SQL; a number with a point is a double, where Spark alone would take a decimal."""
        query = self.compiler.to_sqlglot(expr, limit=limit, params=params).transform(_double)
        return str(query.sql(dialect=self.dialect, pretty=pretty))

    def to_pyarrow(
        self, expr: Any, /, *, params: Mapping[Any, Any] | None = None, limit: int | str | None = None, **_: Any
    ) -> Any:
        """The expression's rows, column or value; times in UTC."""
        table = expr.as_table()
        self._run_pre_execute_hooks(table)
        made = self._session.sql(self.compile(table, params=params, limit=limit)).toArrow()
        if isinstance(expr, ir.Table):
            return made
        return made.column(0) if isinstance(expr, ir.Column) else made.column(0)[0]

    def to_pyarrow_batches(self, expr: Any, /, *, chunk_size: int = 100_000, **options: Any) -> pa.RecordBatchReader:
        """The expression's rows in pieces; times in UTC."""
        found = self.to_pyarrow(expr.as_table(), **options)
        return pa.RecordBatchReader.from_batches(found.schema, found.to_batches(max_chunksize=chunk_size))

    def settled(self, expr: Any) -> Any:
        """The expression worked out now, as a table of the session, whose rows the executors keep.

        Spark pastes a table wherever a question names it; one that stands under several others, each asked twice,
        makes a plan that has no end.
        """
        return self.table(self._settled(expr))

    def _settled(self, expr: Any) -> str:
        self._run_pre_execute_hooks(expr)
        name = f"seawall_settled_{next(_NUMBERS)}"
        self._session.sql(self.compile(expr)).localCheckpoint().createOrReplaceTempView(name)
        return name

    @contextmanager
    def held(self, names: Iterable[str]) -> Iterator[dict[str, Any]]:
        """Views many questions ask, each worked out once: pasted into every question, their plans take minutes each."""
        made = {name: self._settled(self.table(name)) for name in names}
        try:
            yield {name: self.table(settled) for name, settled in made.items()}
        finally:
            for settled in made.values():
                self._session.catalog.dropTempView(settled)


def _double(node: exp.Expression) -> exp.Expression:
    if isinstance(node, exp.Literal) and not node.is_string and not node.this.isdigit():
        return exp.Literal(this=f"{float(node.this)!r}D", is_string=False)
    return node


def backend(session: Any, names: Sequence[str]) -> SparkBackend:
    """The Ibis back end of a session in which the lake's views stand under these names."""
    SparkBackend.register_options()  # as `ibis.pyspark` would
    made = SparkBackend()
    made.do_connect(session)
    made.seawall_views = tuple(names)
    return made
