"""A state database copied row by row into an empty one, of the same or another kind: SQLite to PostgreSQL and back."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import func, insert, select, text

from seawall.errors import InputError
from seawall.state.store import State, open_state
from seawall.state.tables import Base, FindingRow

_ROWS: Final = 500


def copy_state(source: str | Path, target: str | Path) -> int:
    """Copy every row as of one moment; returns how many findings there are.

    Raises:
        InputError: one of the databases cannot be opened, or the target holds rows.
    """
    with open_state(source) as old, open_state(target) as new:
        return _copied(old, new)


def _copied(old: State, new: State) -> int:
    tables = Base.metadata.sorted_tables
    with old.session() as reading, new.session() as writing:
        if reading.get_bind().dialect.name == "postgresql":
            reading.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        else:
            reading.execute(text("BEGIN"))  # pysqlite begins no transaction for reading by itself
        for table in tables:
            if writing.scalar(select(func.count()).select_from(table)):
                raise InputError(f"the database holds {table.name}", where="restore", mend="name an empty database")
        for table in tables:
            rows = reading.execute(select(table)).mappings().partitions(_ROWS)
            for some in rows:
                writing.execute(insert(table), [dict(row) for row in some])
            _after_the_last(writing, table)
        return int(writing.scalar(select(func.count()).select_from(FindingRow)) or 0)


def _after_the_last(writing: object, table: object) -> None:
    """Let PostgreSQL count on behind the rows that were copied; SQLite does so by itself."""
    from sqlalchemy import Table
    from sqlalchemy.orm import Session

    assert isinstance(writing, Session)
    assert isinstance(table, Table)
    column = table.autoincrement_column
    if writing.get_bind().dialect.name != "postgresql" or column is None:
        return
    highest = select(func.coalesce(func.max(column), 0) + 1).select_from(table).scalar_subquery()
    writing.execute(select(func.setval(func.pg_get_serial_sequence(table.name, column.name), highest, False)))
