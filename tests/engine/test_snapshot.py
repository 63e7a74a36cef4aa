"""Parts of different ages are read as one table."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from seawall.engine import upgrades
from seawall.engine.lake import Lake
from seawall.engine.snapshot import literal, quoted
from seawall.engine.upgrades import Upgrade
from tests.engine.makers import column, events, put

# In version 1 a Windows event carried `Machine`; version 2 calls it `Computer` and keeps Level as a number of its own.
RENAMED = {("windows", 1): Upgrade({"Computer": ("text", 'upper("Machine")')}, gone=frozenset({"Machine"}))}


def test_parts_of_an_earlier_schema_are_upgraded_as_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = Lake(tmp_path / "lake", upgrades=RENAMED)
    old = events("windows", [{"Machine": "dc1", "EventID": 1, "origin": "a#1"}], extra={"Machine": pa.string()})
    put(lake, "windows", old)
    monkeypatch.setitem(upgrades.SCHEMAS, "windows", 2)
    put(lake, "windows", events("windows", [{"Computer": "DC2", "EventID": 2, "origin": "a#2"}]))
    assert [part.schema for part in lake.manifest().of_kind("windows")] == [1, 2]
    assert column(lake, "windows", "Computer") == ["DC1", "DC2"]
    assert column(lake, "windows", "EventID") == [1, 2]
    con = lake.connect()
    assert "Machine" not in con.sql("FROM windows").columns
    con.close()


def test_parts_of_different_schemas_are_not_merged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = Lake(tmp_path / "lake", upgrades=RENAMED)
    put(lake, "windows", events("windows", [{"origin": "a#1"}]))
    monkeypatch.setitem(upgrades.SCHEMAS, "windows", 2)
    for number in (2, 3):
        put(lake, "windows", events("windows", [{"origin": f"a#{number}"}]))
    lake.compact()
    assert [(part.schema, part.rows) for part in lake.manifest().of_kind("windows")] == [(1, 1), (2, 2)]


def test_names_and_texts_are_written_so_that_they_stay_what_they_are() -> None:
    assert quoted('a"b') == '"a""b"'
    assert literal("a'b") == "'a''b'"


def test_a_case_folder_may_have_any_name(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "o'brien's [case] *" / "lake")
    put(lake, "syslog", events("syslog", [{}]))
    assert column(lake, "syslog", "observer") == ["pe1"]


def test_a_column_spelled_in_another_case_is_one_column_in_one_part_and_across_parts(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    for number, name in enumerate(("LogonId", "LogonID", "LOGONID")):
        rows = [{name: f"0x{number}", "origin": f"a#{number}"}]
        put(lake, "windows", events("windows", rows, extra={name: pa.string()}))
    both = events("windows", [{"Payload": "x", "origin": "b#1"}], extra={"Payload": pa.string()})
    other = events("windows", [{"payload": "y", "origin": "b#2"}], extra={"payload": pa.string()})
    with lake.writer() as writer:
        for table in (both, other):
            writer.add("windows", table)
        writer.commit()
    assert sorted(v for v in column(lake, "windows", "LogonId") if v) == ["0x0", "0x1", "0x2"]
    assert sorted(v for v in column(lake, "windows", "Payload") if v) == ["x", "y"]
    con = lake.connect()
    assert len({name.lower() for name in con.sql("FROM windows").columns}) == len(con.sql("FROM windows").columns)
    con.close()
