"""A lake takes every event once, shows whole snapshots, and remembers which files it has read."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from seawall.disk import locks
from seawall.engine.lake import Lake
from seawall.engine.records import FileRecord, RejectRow
from seawall.errors import InputError
from tests.engine.makers import at, column, events, lines, put


def test_an_event_is_taken_once_in_a_call_in_a_sitting_and_for_ever(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    table = lines(100)
    with lake.writer() as writer:
        assert writer.add("syslog", pa.concat_tables([table, table])) == 100
        assert writer.add("syslog", table) == 0
        writer.commit()
    assert put(lake, "syslog", pa.concat_tables([table, lines(10, file="b.log")])) == 10
    assert lake.kinds() == {"syslog": 110}


def test_nothing_is_visible_before_commit_and_nothing_stays_without_it(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    with lake.writer() as writer:
        writer.add("syslog", lines(100))
        assert lake.kinds() == {}
    assert lake.kinds() == {}
    assert put(lake, "syslog", lines(100)) == 100


def test_rows_added_after_the_last_commit_can_come_again(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    with lake.writer() as writer:
        writer.add("syslog", lines(10))
        writer.commit()
        writer.add("syslog", lines(10, file="b.log"))
    assert put(lake, "syslog", lines(10, file="b.log")) == 10
    assert put(lake, "syslog", lines(10)) == 0


def test_a_file_that_was_read_is_known_by_its_content(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    record = FileRecord("ab" * 32, "x/a.log", "syslog", 5, 1, at(0), at(9), 1234, ("year assumed", "clock unset"))
    empty = FileRecord("cd" * 32, "empty.log", "syslog", 0, 0, None, None, 0)
    with lake.writer() as writer:
        writer.finish_file(record)
        assert lake.ingested("ab" * 32) is None
        writer.finish_file(empty)
        writer.commit()
    assert Lake(tmp_path / "lake").ingested("ab" * 32) == record
    assert lake.files() == [empty, record]
    assert lake.ingested("00" * 32) is None
    assert lake.kinds() == {}


def test_rejects_are_kept_in_order_and_said_once(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    some = [RejectRow(f"a.log:{n}", "cut off") for n in range(5)]
    for _ in range(2):
        with lake.writer() as writer:
            writer.reject(some)
            writer.commit()
    assert lake.rejects(99) == some
    assert lake.rejects(2) == some[:2]


def test_a_second_writer_is_told_who_holds_the_lake(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    with lake.writer(), pytest.raises(InputError, match=f"process {os.getpid()} on ") as caught:
        Lake(tmp_path / "lake").writer()
    assert "wait" in (caught.value.mend or "")
    assert put(lake, "syslog", lines(1)) == 1


def test_a_reader_keeps_its_snapshot_while_the_lake_is_rewritten(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    for number in range(3):
        put(lake, "syslog", lines(10, file=f"{number}.log"))
    reader = Lake(tmp_path / "lake")
    con = reader.connect()
    lake.compact()
    put(lake, "syslog", lines(10, file="late.log"))
    assert con.sql("SELECT count(*) FROM syslog").fetchall() == [(30,)]
    con.close()
    assert len(list((tmp_path / "lake" / "parts").iterdir())) == 5
    reader.close()
    put(lake, "syslog", lines(1, file="later.log"))
    assert len(list((tmp_path / "lake" / "parts").iterdir())) == 3
    assert lake.kinds() == {"syslog": 41}


def test_rows_come_in_bounded_pieces_with_the_columns_asked_for(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    put(lake, "syslog", lines(5_000))
    pieces = list(lake.batches("syslog", columns=["origin", "time"], rows=2_048))
    assert sum(piece.num_rows for piece in pieces) == 5_000
    assert max(piece.num_rows for piece in pieces) <= 2_048
    assert pieces[0].schema.names == ["origin", "time"]
    assert pieces[0].schema.field("time").type == pa.timestamp("us", tz="UTC")


@pytest.mark.parametrize(("view", "columns"), [("nosuch", None), ("syslog", ["nosuch"]), ('x"; --', None)])
def test_a_view_or_column_that_is_not_there_is_an_input_error(
    tmp_path: Path, view: str, columns: list[str] | None
) -> None:
    with pytest.raises(InputError):
        list(Lake(tmp_path / "lake").batches(view, columns=columns))


def test_the_parts_are_plain_parquet_without_columns_that_are_empty(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    put(lake, "syslog", lines(10))
    [path] = (tmp_path / "lake" / "parts").iterdir()
    table = pq.read_table(path)
    assert table.column_names == ["event_id", "time", "observer", "origin", "message", "raw"]
    assert pq.ParquetFile(path).metadata.row_group(0).column(0).compression == "ZSTD"
    assert column(lake, "syslog", "mnemonic") == [None] * 10


def test_columns_nobody_foresaw_are_kept_as_text(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    put(lake, "windows", events("windows", [{"Zeta": "a", "EventID": 1}], extra={"Zeta": pa.string()}))
    rows = [{"Alpha": "b", "EventID": 2, "origin": "b.evtx#1"}]
    put(lake, "windows", events("windows", rows, extra={"Alpha": pa.string()}))
    assert column(lake, "windows", "Zeta") == ["a", None]
    assert column(lake, "windows", "Alpha") == [None, "b"]


def test_a_type_clash_makes_a_text_column_and_is_counted(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    put(lake, "windows", events("windows", [{"Odd": 7, "origin": "a#1"}], extra={"Odd": pa.int64()}))
    put(lake, "windows", events("windows", [{"Odd": "x", "origin": "a#2"}], extra={"Odd": pa.string()}))
    table = events("syslog", [{"origin": "b:1"}]).drop_columns(["severity"])
    put(lake, "syslog", table.append_column("severity", pa.array(["very"])))
    put(lake, "syslog", events("syslog", [{"origin": "b:2", "severity": 3}]))
    assert column(lake, "windows", "Odd") == ["7", "x"]
    assert column(lake, "syslog", "severity") == ["very", "3"]
    assert lake.manifest().clashes == {"syslog.severity": 1}


def test_a_clash_within_a_sitting_keeps_every_value(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    with lake.writer() as writer:
        for number, (value, arrow) in enumerate([(7, pa.int64()), ("x", pa.string()), (1.5, pa.float64())]):
            rows = [{"Odd": value, "origin": f"a#{number}"}]
            writer.add("windows", events("windows", rows, extra={"Odd": arrow}))
        writer.commit()
    assert column(lake, "windows", "Odd") == ["7", "x", "1.5"]


def test_evidence_is_for_its_owners_eyes(tmp_path: Path) -> None:
    put(Lake(tmp_path / "lake"), "syslog", lines(1))
    for path in (tmp_path / "lake").rglob("*"):
        if path.is_file():
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    assert stat.S_IMODE((tmp_path / "lake").stat().st_mode) == 0o700


def test_a_read_only_copy_can_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = Lake(tmp_path / "lake")
    put(lake, "syslog", lines(3))

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(locks.os, "open", refuse)  # root, who runs tests in containers, is never refused
    assert sum(piece.num_rows for piece in Lake(tmp_path / "lake").batches("syslog")) == 3
    with pytest.raises(InputError, match="Permission denied"):
        lake.writer()


def test_a_table_without_ids_is_refused(tmp_path: Path) -> None:
    with Lake(tmp_path / "lake").writer() as writer, pytest.raises(InputError, match="event_id"):
        writer.add("syslog", pa.table({"message": ["x"]}))
