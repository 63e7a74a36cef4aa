"""The canonical views in Spark's SQL.

The views are written once, for DuckDB. sqlglot carries them over; that it changed no meaning is not believed but
tested: every view is compared row by row on both engines (`tests/engine/spark`).
"""

from __future__ import annotations

import sqlglot

from seawall.errors import SeawallError


def for_spark(select: str) -> str:
    """A SELECT of DuckDB's as Spark's.

    Raises:
        SeawallError: it uses something sqlglot knows no Spark form of: a slip of ours, never of the evidence.
    """
    try:
        (made,) = sqlglot.transpile(
            select, read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE, identify=True
        )
    except (sqlglot.ParseError, sqlglot.UnsupportedError) as error:
        raise SeawallError(f"a view cannot be asked on Spark: {str(error).splitlines()[0]}") from error
    return made
