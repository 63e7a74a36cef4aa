"""Ibis over the lake's DuckDB connection.

DuckDB 2.0 renamed the calls that hand out Arrow; Ibis 12 still uses the old names in the three places that are
answered here instead.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import ibis
import ibis.expr.schema as sch
import pyarrow as pa
from ibis.backends.duckdb import Backend

from seawall.engine.snapshot import quoted

if TYPE_CHECKING:
    import duckdb


HELD_ROWS: Final = 500_000  # of one view; some 250 MB, above which it is worked out each time it is asked
_NUMBERS: Final = itertools.count()


class LakeBackend(Backend):  # type: ignore[misc]  # Ibis has no types
    """An Ibis backend on a connection of the lake; it reads, and writes nothing but what it holds in memory."""

    name = "duckdb"
    schemas: dict[str, sch.Schema]

    def _post_connect(self, extensions: Any = None) -> None:
        """Nothing to set: the lake's database has its settings, and they are locked."""
        del extensions
        self._record_batch_readers_consumed: dict[Any, Any] = {}

    def get_schema(self, table_name: str, *, catalog: str | None = None, database: str | None = None) -> sch.Schema:
        """The columns of a kind or view. Raises ibis' TableNotFound where there is none of that name."""
        import duckdb
        from ibis.common.exceptions import TableNotFound

        del catalog, database  # a lake has one of each
        if (kept := self.schemas.get(table_name)) is not None:
            return kept
        try:
            described = self.con.sql(f"DESCRIBE {quoted(table_name)}").to_arrow_table()
        except duckdb.CatalogException:
            raise TableNotFound(table_name) from None
        mapper = self.compiler.type_mapper
        rows = described.select(["column_name", "column_type"]).to_pylist()
        made = sch.Schema({row["column_name"]: mapper.from_string(row["column_type"]) for row in rows})
        self.schemas[table_name] = made
        return made

    def list_tables(self, *, like: str | None = None, database: Any = None) -> list[str]:
        """Names of the kinds and views."""
        del database
        names = self.con.sql("SELECT view_name FROM duckdb_views() WHERE NOT internal ORDER BY 1").to_arrow_table()
        found: list[str] = self._filter_with_like(names.column(0).to_pylist(), like)
        return found

    def compile(self, expr: Any, /, **more: Any) -> str:
        """The expression as SQL, one SELECT inside the other as it was asked.

        Ibis would first merge them, which takes as long again as all the rest of a question's making; DuckDB's own
        optimiser does that better and at no cost.
        """
        merges = ibis.options.sql.fuse_selects
        ibis.options.sql.fuse_selects = False
        try:
            text: str = super().compile(expr, **more)
        finally:
            ibis.options.sql.fuse_selects = merges
        return text

    @contextmanager
    def held(self, names: Iterable[str], most: int = HELD_ROWS) -> Iterator[dict[str, Any]]:
        """Views many questions ask, each worked out once and held in memory meanwhile, if of `most` rows or fewer."""
        made: dict[str, str] = {}
        try:
            for name in names:
                counted = self.con.sql(f"SELECT count(*) FROM {quoted(name)}").to_arrow_table()  # noqa: S608 - quoted
                if counted.column(0)[0].as_py() <= most:
                    table = f"held_{next(_NUMBERS)}"
                    self.con.execute(f"CREATE TABLE {table} AS SELECT * FROM {quoted(name)}")  # noqa: S608
                    made[name] = table
            yield {name: self.table(table) for name, table in made.items()}
        finally:
            for table in made.values():
                self.con.execute(f"DROP TABLE IF EXISTS {table}")
                self.schemas.pop(table, None)

    def to_pyarrow_batches(
        self,
        expr: Any,
        /,
        *,
        params: Mapping[Any, Any] | None = None,
        limit: int | str | None = None,
        chunk_size: int = 100_000,
        **_: Any,
    ) -> pa.RecordBatchReader:
        """The expression's rows, `chunk_size` at a time."""
        table = expr.as_table()
        schema = table.schema().to_pyarrow()
        reader = self.con.cursor().sql(self.compile(table, limit=limit, params=params)).to_arrow_reader(chunk_size)

        def pieces() -> Iterator[pa.RecordBatch]:
            for batch in reader:
                yield (
                    batch
                    if batch.schema == schema
                    else pa.RecordBatch.from_arrays(
                        [column.cast(field.type) for column, field in zip(batch.columns, schema, strict=True)],
                        schema=schema,
                    )
                )

        return pa.RecordBatchReader.from_batches(schema, pieces())


def backend(con: duckdb.DuckDBPyConnection, schemas: dict[str, sch.Schema]) -> LakeBackend:
    """The Ibis backend for a connection whose settings are made and whose views stay as they are.

    `schemas` keeps what was asked of the views before: share it between backends of one snapshot.
    """
    made: LakeBackend = LakeBackend.from_connection(con)
    made.schemas = schemas
    return made
