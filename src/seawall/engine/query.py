"""One question in SQL, asked by a person, answered without touching anything else.

Three walls, each enough on its own: the statement must parse as one SELECT that names only what the lake offers; the
connection can open the lake's parts and no other file; and its settings are locked. Memory and time are bounded.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from threading import Timer
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from seawall.engine.lake import Lake
from seawall.errors import UsageError
from seawall.model.site import Site

if TYPE_CHECKING:
    import duckdb

TIMEOUT_SECONDS: Final = 300.0
MAX_SQL_BYTES: Final = 1 << 20
_WHERE: Final = "query"
_MEND: Final = "ask one SELECT over the lake's tables and views; docs/reference lists them"

# Functions that produce tables from nothing but their arguments. Every other table function reads files, settings
# or other statements.
TABLE_FUNCTIONS: Final = frozenset({"range", "generate_series", "unnest", "json_each", "json_tree", "repeat"})
# Scalar functions that look outside the rows, or change something.
REFUSED_FUNCTIONS: Final = frozenset(
    {
        "getenv",
        "current_setting",
        "nextval",
        "currval",
        "setseed",
        "write_log",
        "parse_duckdb_log_message",
        "json_serialize_plan",
        "json_execute_serialized_sql",
        "enable_logging",
        "sleep",
        "sleep_ms",
    }
)
_SCHEMAS: Final = frozenset({"main", "information_schema"})


def run_query(
    lake: Lake, sql: str, site: Site | None = None, *, timeout: float = TIMEOUT_SECONDS
) -> pa.RecordBatchReader:
    """The answer to one SELECT over the lake's kinds and views, as batches; ids come as hex text.

    `timeout` is in seconds and counts until the last row was read. Read the answer to its end, or close it.

    Raises:
        UsageError: it is not one SELECT, asks for what is not allowed, fails, or takes too long; the reader raises
            it too, while rows are read.
        InputError: the lake cannot be read.
    """
    import duckdb

    con = lake.connect(site)
    try:
        check(con, sql)
    except BaseException:
        con.close()
        raise
    timer = Timer(timeout, con.interrupt)
    timer.daemon = True
    timer.start()
    try:
        reader = con.sql(sql).to_arrow_reader(10_000)
    except duckdb.Error as error:
        timer.cancel()
        con.close()
        raise _plain(error, timeout) from error
    schema = pa.schema([pa.field(f.name, pa.string() if _is_bytes(f.type) else f.type) for f in reader.schema])
    return pa.RecordBatchReader.from_batches(schema, _rows(con, reader, schema, timer, timeout))


def _rows(
    con: duckdb.DuckDBPyConnection, reader: pa.RecordBatchReader, schema: pa.Schema, timer: Timer, timeout: float
) -> Iterator[pa.RecordBatch]:
    import duckdb

    try:
        for batch in reader:
            columns = [_hex(column) if _is_bytes(column.type) else column for column in batch.columns]
            yield pa.RecordBatch.from_arrays(columns, schema=schema)
    except (duckdb.Error, OSError) as error:  # Arrow hands on what DuckDB says midway as an OSError
        raise _plain(error, timeout) from error
    finally:
        timer.cancel()
        con.close()


def check(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Refuse everything that is not one SELECT over the lake.

    Raises:
        UsageError: says which word is not allowed.
    """
    import duckdb

    if len(sql.encode("utf-8", "surrogatepass")) > MAX_SQL_BYTES or "\x00" in sql:
        raise UsageError("the query is too long, or holds a NUL", where=_WHERE, mend=_MEND)
    try:
        statements = con.extract_statements(sql)
    except duckdb.Error as error:
        raise _plain(error, 0) from error
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise UsageError(f"one SELECT, please; this is {_what(statements)}", where=_WHERE, mend=_MEND)
    tree = con.execute("SELECT json_serialize_sql(?::VARCHAR)", [sql]).fetchall()[0][0]
    parsed = json.loads(tree)
    if parsed.get("error"):
        raise UsageError(f"not a SELECT: {parsed.get('error_message', '')}", where=_WHERE, mend=_MEND)
    allowed = {name for (name,) in con.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()}
    _walk(parsed["statements"], frozenset(name.lower() for name in allowed))


def _walk(root: Any, allowed: frozenset[str]) -> None:
    """Look at every node of the parsed statement, without recursion: it can be deep."""
    nodes = [root]
    names = set(allowed)
    tables: list[list[str]] = []
    while nodes:
        node = nodes.pop()
        if isinstance(node, list):
            nodes += node
            continue
        if not isinstance(node, dict):
            continue
        nodes += node.values()
        if "cte_map" in node:
            names |= {entry["key"].lower() for entry in node["cte_map"]["map"]}
        kind = node.get("type")
        if kind == "BASE_TABLE":
            tables.append([part.lower() for part in node["qualified_name"]["path"]])
        elif kind == "TABLE_FUNCTION":
            _refuse_function(node["function"]["function_name"], table=True)
        elif kind == "FUNCTION":
            _refuse_function(node["function_name"], table=False)
        elif kind == "SHOW_REF":
            raise UsageError("DESCRIBE, SHOW and SUMMARIZE are no SELECT", where=_WHERE, mend=_MEND)
    for path in tables:
        _refuse_table(path, names)


def _refuse_function(name: str, *, table: bool) -> None:
    lowered = name.lower()
    if (table and lowered not in TABLE_FUNCTIONS) or (not table and lowered in REFUSED_FUNCTIONS):
        raise UsageError(f"{name}() is not allowed: a query reads the lake and nothing else", where=_WHERE, mend=_MEND)


def _refuse_table(path: list[str], names: set[str]) -> None:
    if len(path) == 1 and path[0] in names:
        return
    if len(path) == 2 and path[0] in _SCHEMAS and (path[0] == "information_schema" or path[1] in names):
        return
    raise UsageError(f"the lake has no table or view called {'.'.join(path)}", where=_WHERE, mend=_MEND)


def _what(statements: list[Any]) -> str:
    if not statements:
        return "nothing"
    return f"{len(statements)} statements" if len(statements) > 1 else statements[0].type.name


def _plain(error: Exception, timeout: float) -> UsageError:
    import duckdb

    if isinstance(error, duckdb.InterruptException) or "INTERRUPT" in str(error):
        return UsageError(
            f"the query took longer than {timeout:g} s", where=_WHERE, mend="narrow it, e.g. by time or device"
        )
    return UsageError(" ".join(str(error).split())[:500], where=_WHERE, mend=_MEND)


def _is_bytes(arrow: pa.DataType) -> bool:
    return bool(pa.types.is_binary(arrow) or pa.types.is_large_binary(arrow) or pa.types.is_fixed_size_binary(arrow))


def _hex(column: pa.Array) -> pa.Array:
    return pa.array([None if value is None else value.hex() for value in column.to_pylist()], pa.string())
