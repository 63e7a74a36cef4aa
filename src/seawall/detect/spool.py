"""Rows laid down in a DuckDB file of our own, which sorts on disk when memory is short."""

from __future__ import annotations

from typing import Any, Final

import duckdb
import pyarrow as pa

from seawall.disk.rooms import GROUP, Room

_BUFFER: Final = 10_000  # rows held in Python at a time
_MEMORY_MB: Final = 256


class Spool:
    """Tables that only grow, then are asked in SQL. Its file goes when it is closed."""

    def __init__(self, **tables: pa.Schema) -> None:
        self._room = Room(GROUP)
        self.base = duckdb.connect(
            str(self._room.folder / "rows.duckdb"),
            config={"memory_limit": f"{_MEMORY_MB}MB", "threads": 2, "preserve_insertion_order": False},
        )
        self.base.execute("SET enable_progress_bar = false")
        self._schemas = tables
        self._buffers: dict[str, list[tuple[Any, ...]]] = {name: [] for name in tables}
        for name, schema in tables.items():
            self.register("empty", schema.empty_table())
            self.base.execute(f'CREATE TABLE "{name}" AS SELECT * FROM empty')  # noqa: S608 - our own names
            self.base.unregister("empty")

    def close(self) -> None:
        """End the connection and take the file away."""
        self.base.close()
        self._room.close()

    def register(self, name: str, table: pa.Table) -> None:
        """Make an Arrow table known by a name."""
        self.base.register(name, table)

    def add(self, table: str, row: tuple[Any, ...]) -> None:
        """Take one row."""
        buffer = self._buffers[table]
        buffer.append(row)
        if len(buffer) >= _BUFFER:
            self._lay_down(table)

    def flush(self) -> None:
        """Lay down every row still held."""
        for table in self._buffers:
            self._lay_down(table)

    def _lay_down(self, table: str) -> None:
        buffer = self._buffers[table]
        if not buffer:
            return
        schema = self._schemas[table]
        columns = list(zip(*buffer, strict=True))
        arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
        self.base.register("arrived", pa.table(arrays, schema=schema))
        self.base.execute(f'INSERT INTO "{table}" SELECT * FROM arrived')  # noqa: S608 - our own names
        self.base.unregister("arrived")
        buffer.clear()

    def batches(self, sql: str, *params: Any, rows: int = 10_000, apart: bool = False) -> Any:
        """The answer, in Arrow batches. Everything added so far is in it.

        `apart`: on a connection of its own, so that rows may be added while the answer is read; tables made known
        with `register` are not seen there.
        """
        self.flush()
        base = self.base.cursor() if apart else self.base
        return base.sql(sql, params=list(params)).to_arrow_reader(rows)
