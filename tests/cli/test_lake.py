from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.cli.conftest import Seawall


def test_explain_lists_every_file_and_writes_nothing(seawall: Seawall, evidence: Path, tmp_path: Path) -> None:
    ran = seawall("ingest", "--explain", evidence)
    assert ran.code == 0
    assert "edge7.log" in ran.out
    assert "shopping.txt: not read: not a format Seawall knows" in ran.out
    assert "nothing written" in ran.out
    assert not (tmp_path / "case").exists()


def test_ingest_says_what_is_new_and_a_second_run_adds_nothing(seawall: Seawall, evidence: Path) -> None:
    assert "4 of them new" in seawall("ingest", evidence).out
    again = seawall("ingest", evidence)
    assert again.code == 0
    assert "0 of them new" in again.out


def test_clocks_of_different_sources_are_compared_where_rows_are_kept(seawall: Seawall, tmp_path: Path) -> None:
    folder = tmp_path / "two"
    folder.mkdir()
    commands = ("show running-config", "configure terminal", "show ip bgp summary", "show users all")
    log = [
        f"<189>{n}: pe1: Nov 22 2026 09:0{n}:00 UTC: %PARSER-5-CFGLOG_LOGGEDCMD: User:ann  logged command:{command}"
        for n, command in enumerate(commands)
    ]
    accounting = [
        f"2026-11-22 08:0{n}:00 +0000\t192.0.2.1\tann\ttty2\t192.0.2.15\tstop\ttask_id={n}\t"
        f"service=shell\tcmd={command} <cr>"
        for n, command in enumerate(commands)
    ]
    (folder / "pe1.log").write_text("\n".join([*log, ""]), encoding="utf-8")
    (folder / "acct.log").write_text("\n".join([*accounting, ""]), encoding="utf-8")
    assert "compared by ingest, which keeps rows" in seawall("ingest", "--explain", folder).out
    assert "clocks: clock of pe1 stands 1 h 0 min ahead of the accounting of 192.0.2.1" in seawall("ingest", folder).out


def test_each_file_comes_as_a_line_for_programs(seawall: Seawall, evidence: Path) -> None:
    known, unknown = (
        json.loads(row) for row in seawall("ingest", "--explain", evidence, "--format", "jsonl").out.splitlines()
    )
    assert (known["file"], known["kinds"], known["not_read"]) == ("edge7.log", {"syslog": 4}, None)
    assert unknown["not_read"].startswith("not a format Seawall knows")


def test_patterns_and_standard_input_are_paths(seawall: Seawall, evidence: Path) -> None:
    assert seawall("ingest", "--explain", evidence / "*.log").out.count("edge7.log") >= 1
    ran = seawall("ingest", "--explain", evidence / "*.gz")
    assert (ran.code, "matches nothing" in ran.err) == (2, True)
    assert "does not exist" in seawall("ingest", "--explain", evidence / "gone").err
    with (evidence / "edge7.log").open("rb") as log:
        inherited = os.dup(0)
        os.dup2(log.fileno(), 0)
        try:
            ran = seawall("ingest", "--explain", "-")
        finally:
            os.dup2(inherited, 0)
            os.close(inherited)
    assert "standard input" in ran.out
    assert "4 events" in ran.out


def test_a_damaged_part_of_the_lake_is_named(seawall: Seawall, evidence: Path, tmp_path: Path) -> None:
    seawall("ingest", evidence)
    for part in (tmp_path / "case" / "lake" / "parts").iterdir():
        part.write_bytes(b"PAR1" + b"x" * 40)
    ran = seawall("ingest", evidence)
    assert ran.code == 3
    assert "a part of the lake cannot be read" in ran.err
    assert "own" not in ran.err


def test_strict_tells_a_script_that_something_was_not_read(seawall: Seawall, evidence: Path) -> None:
    assert seawall("ingest", evidence).code == 0
    assert seawall("ingest", evidence, "--strict").code == 3


def test_a_query_answers_in_three_forms(seawall: Seawall, evidence: Path) -> None:
    seawall("ingest", evidence)
    sql = "SELECT event_id, time, observer FROM syslog ORDER BY time LIMIT 1"
    line = json.loads(seawall("query", sql, "--format", "jsonl").out)
    assert line["observer"] == "edge7"
    assert line["time"] == "2026-11-21T21:58:09.020000Z"
    assert len(line["event_id"]) == 32
    assert seawall("query", sql, "--format", "csv").out.splitlines()[0] == "event_id,time,observer"
    assert "edge7" in seawall("query", sql).out


def test_a_long_table_stops_and_says_so(seawall: Seawall, evidence: Path) -> None:
    seawall("ingest", evidence)
    ran = seawall("query", "SELECT raw FROM syslog", "--limit", "2")
    assert "stopped after 2 rows" in ran.err
    assert len(seawall("query", "SELECT raw FROM syslog", "--format", "jsonl").out.splitlines()) == 4


def test_csv_carries_no_formula_into_a_spreadsheet(seawall: Seawall, evidence: Path) -> None:
    seawall("ingest", evidence)
    ran = seawall("query", "SELECT '=HYPERLINK(1)' AS a, -1 AS b FROM syslog LIMIT 1", "--format", "csv")
    assert ran.out.splitlines()[1] == "'=HYPERLINK(1),-1"


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM syslog",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT 1; SELECT 2",
        "SELECT nothing FROM syslog",
        "ATTACH 'x.db'",
    ],
)
def test_a_query_that_is_more_than_a_question_is_refused(seawall: Seawall, evidence: Path, sql: str) -> None:
    seawall("ingest", evidence)
    ran = seawall("query", sql)
    assert ran.code == 2
    assert "try:" in ran.err
    assert "root:" not in ran.out


def test_a_case_that_is_not_there_is_not_made_by_a_question(seawall: Seawall, tmp_path: Path) -> None:
    ran = seawall("query", "SELECT 1")
    assert ran.code == 3
    assert not (tmp_path / "case").exists()


def test_two_columns_of_one_name_both_come_out(seawall: Seawall, evidence: Path) -> None:
    seawall("ingest", evidence)
    ran = seawall("query", "SELECT 1 AS a, 2 AS a FROM syslog LIMIT 1", "--format", "jsonl")
    assert sorted(json.loads(ran.out).values()) == [1, 2]
