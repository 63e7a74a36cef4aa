"""A query reads the lake and nothing else."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from seawall.engine.lake import Lake
from seawall.engine.query import run_query
from seawall.errors import UsageError
from tests.engine.makers import lines, put


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    made = Lake(tmp_path_factory.mktemp("case") / "lake", memory_mb=256)
    put(made, "syslog", lines(10))
    return made


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ("SELECT count(*) AS n FROM syslog", [{"n": 10}]),
        ("FROM syslog SELECT message WHERE origin = 'a.log:3';", [{"message": "line 3"}]),
        ("WITH x AS (SELECT 7 AS n) SELECT n FROM x", [{"n": 7}]),
        ("SELECT count(*) AS n FROM commands", [{"n": 0}]),
        ("SELECT count(*) AS n FROM main.syslog JOIN devices ON devices.device = observer", [{"n": 10}]),
        ("SELECT (SELECT max(message) FROM syslog) AS n -- a word; in a comment", [{"n": "line 9"}]),
        ("SELECT 'read_text; DROP TABLE x' AS n", [{"n": "read_text; DROP TABLE x"}]),
        ("SELECT sum(range)::BIGINT AS n FROM range(4)", [{"n": 6}]),
    ],
)
def test_one_select_is_answered(lake: Lake, sql: str, rows: list[dict[str, object]]) -> None:
    assert run_query(lake, sql).read_all().to_pylist() == rows


def test_ids_come_as_hex_and_times_in_utc(lake: Lake) -> None:
    [row] = run_query(lake, "SELECT event_id, time FROM syslog WHERE origin = 'a.log:1'").read_all().to_pylist()
    assert bytes.fromhex(row["event_id"])
    assert len(row["event_id"]) == 32
    assert row["time"].isoformat() == "2026-03-01T00:00:01+00:00"


HOSTILE = [
    "SELECT * FROM read_text('{file}')",
    "SELECT * FROM read_blob('{file}')",
    "SELECT * FROM read_csv('{file}')",
    "SELECT * FROM read_csv_auto(['{file}'])",
    "SELECT * FROM read_json('{file}')",
    "SELECT * FROM read_parquet('{file}')",
    "SELECT * FROM parquet_metadata('{file}')",
    "SELECT * FROM sniff_csv('{file}')",
    "SELECT * FROM glob('{folder}/*')",
    "SELECT * FROM '{file}'",
    "FROM '{file}'",
    "SELECT (SELECT content FROM read_text('{file}'))",
    "SELECT 1 WHERE EXISTS (SELECT * FROM read_text('{file}'))",
    "WITH x AS (SELECT * FROM read_text('{file}')) SELECT * FROM x",
    "SELECT * FROM syslog AS s, LATERAL (SELECT * FROM read_text(s.origin))",
    "SELECT * FROM query('SELECT * FROM read_text(''{file}'')')",
    "SELECT * FROM query_table('{file}')",
    "SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))",
    "SELECT getenv('HOME')",
    "SELECT GetEnv('HOME')",
    "SELECT current_setting('temp_directory')",
    "SELECT * FROM duckdb_settings()",
    "SELECT * FROM duckdb_secrets()",
    "SELECT * FROM duckdb_tables",
    "SELECT * FROM pragma_database_list",
    "SELECT * FROM site_names",
    "SELECT write_log('x')",
    "ATTACH '{folder}/x.db'",
    "ATTACH ':memory:' AS x",
    "COPY syslog TO '{folder}/out.csv'",
    "COPY (SELECT 1) TO '{folder}/out.csv'",
    "EXPORT DATABASE '{folder}/out'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "PRAGMA database_list",
    "SET memory_limit = '100GB'",
    "RESET memory_limit",
    "CREATE TABLE x AS SELECT 1",
    "CREATE MACRO m() AS 1",
    "INSERT INTO site_devices VALUES ('x', 'y', 'z')",
    "DROP VIEW syslog",
    "DELETE FROM site_devices",
    "CALL pragma_version()",
    "EXPLAIN ANALYZE SELECT 1",
    "DESCRIBE syslog",
    "SHOW TABLES",
    "SUMMARIZE syslog",
    "PIVOT syslog ON observer USING count(*)",
    "CHECKPOINT",
    "BEGIN",
    "SELECT 1; SELECT 2",
    "SELECT 1; COPY syslog TO '{folder}/out.csv'",
    "",
    "   -- nothing",
    "SELEC 1",
    "SELECT nosuch FROM syslog",
    "SELECT * FROM nosuch",
    "SELECT $1",
    "SELECT '\x00'",
    "SELECT " + "(" * 3000 + "1" + ")" * 3000,
    "SELECT " + "+".join("1" * 20_000),
    "SELECT '" + "x" * (1 << 20) + "'",
]


@pytest.mark.parametrize("sql", HOSTILE, ids=lambda sql: sql[:60].replace("\x00", "NUL"))
def test_anything_else_is_refused_with_a_way_out(lake: Lake, tmp_path: Path, sql: str) -> None:
    file = tmp_path / "secret.txt"
    file.write_text("secret")
    with pytest.raises(UsageError) as caught:
        run_query(lake, sql.replace("{file}", str(file)).replace("{folder}", str(tmp_path))).read_all()
    assert caught.value.mend
    assert "\n" not in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["secret.txt"]


@pytest.mark.parametrize("sql", [sql for sql in HOSTILE if "{f" in sql and "query_table" not in sql])
def test_the_connection_itself_opens_no_file_but_the_lakes_own_parts(lake: Lake, tmp_path: Path, sql: str) -> None:
    file = tmp_path / "secret.txt"
    file.write_text("secret")
    con = lake.connect()
    try:
        with pytest.raises(duckdb.Error):
            con.sql(sql.replace("{file}", str(file)).replace("{folder}", str(tmp_path))).fetchall()
    except AttributeError:  # a statement that gives no rows has nothing to fetch: it was carried out
        pytest.fail("carried out")
    finally:
        con.close()
    assert [path.name for path in tmp_path.iterdir()] == ["secret.txt"]


def test_another_lakes_parts_are_out_of_reach(lake: Lake, tmp_path: Path) -> None:
    other = Lake(tmp_path / "other")
    put(other, "syslog", lines(3))
    [part] = (tmp_path / "other" / "parts").iterdir()
    con = lake.connect()
    with pytest.raises(duckdb.PermissionException):
        con.sql(f"SELECT * FROM read_parquet('{part}')")
    con.close()


def test_settings_of_a_connection_are_locked(lake: Lake) -> None:
    con = lake.connect()
    for name in ("enable_external_access = true", "memory_limit = '100GB'", "lock_configuration = false"):
        with pytest.raises(duckdb.Error):
            con.execute(f"SET {name}")
    con.close()


def test_a_query_that_takes_too_long_is_stopped(lake: Lake) -> None:
    with pytest.raises(UsageError, match="longer than 0"):
        run_query(
            lake, "SELECT count(*) FROM range(1000000000000) a, range(9) b WHERE a.range % 7 = b.range", timeout=0.2
        ).read_all()


def test_a_query_that_takes_too_long_midway_is_stopped(lake: Lake) -> None:
    reader = run_query(lake, "SELECT range FROM range(1000000000000)", timeout=0.3)
    with pytest.raises(UsageError, match="longer than 0"):
        for _ in reader:
            pass


def test_a_query_that_wants_too_much_memory_is_refused(lake: Lake) -> None:
    with pytest.raises(UsageError, match="Memory"):
        run_query(lake, "SELECT list(range) FROM range(1000000000)").read_all()
