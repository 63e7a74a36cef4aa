"""The one writer: what it refuses it says, and a failure of its own or of its user costs nothing that was whole."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from seawall.engine.lake import Lake
from seawall.engine.records import FileRecord
from seawall.errors import InputError
from tests.engine.makers import at, events, lines, put


def test_a_table_without_ids_is_refused_and_the_writer_goes_on(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    with lake.writer() as writer:
        for table in (pa.table({"time": [1]}), pa.table({"event_id": ["text"]}), pa.table({"event_id": [b"short"]})):
            with pytest.raises(InputError, match="16-byte event_id") as caught:
                writer.add("syslog", table)
            assert caught.value.where == "syslog"
        assert writer.add("syslog", pa.table({"time": pa.array([], pa.int64())})) == 0  # nothing is no mistake
        assert writer.add("syslog", lines(3)) == 3
        writer.commit()
    assert lake.kinds() == {"syslog": 3}


@pytest.mark.parametrize("kind", ["../escape", "Syslog", "", "1st", "a" * 64, "a;b", "syslog\n"])
def test_a_kind_that_could_not_be_a_file_name_is_refused_and_nothing_of_it_stays(tmp_path: Path, kind: str) -> None:
    lake = Lake(tmp_path / "lake")
    with lake.writer() as writer:
        with pytest.raises(InputError, match="cannot name an event kind"):
            writer.add(kind, lines(1))
        with pytest.raises(InputError, match="failed before"):
            writer.commit()
    assert lake.kinds() == {}
    assert put(lake, "syslog", lines(1)) == 1, "the refused row was never taken"


def test_an_error_of_its_user_forgets_what_was_not_committed_and_lets_the_next_one_in(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")

    def fail_half_way() -> None:
        with lake.writer() as writer:
            writer.add("syslog", lines(5))
            writer.commit()
            writer.add("syslog", lines(5, file="b.log"))
            writer.finish_file(FileRecord("ab" * 32, "b.log", "syslog", 5, 0, None, None, 9))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert lake.kinds() == {"syslog": 5}
    assert lake.ingested("ab" * 32) is None
    assert put(lake, "syslog", pa.concat_tables([lines(5), lines(5, file="b.log")])) == 5


def test_a_commit_of_nothing_makes_no_new_snapshot(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    put(lake, "syslog", lines(1))
    before = sorted(path.name for path in (tmp_path / "lake").rglob("*.parquet"))
    put(lake, "syslog", lines(1))
    assert sorted(path.name for path in (tmp_path / "lake").rglob("*.parquet")) == before


def test_retention_keeps_the_line_itself_and_rows_without_a_time_and_holds_for_later_rows(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    timeless = events("syslog", [{"origin": "t.log:1", "time": None}])
    put(lake, "syslog", pa.concat_tables([lines(10), timeless]))
    with lake.writer() as writer:
        assert writer.retain(at(5), "policy") == 4
        assert writer.add("syslog", lines(6, file="late.log")) == 2
        assert writer.add("syslog", events("syslog", [{"origin": "late.log:99", "time": None}])) == 1
        assert writer.retain(None, "hold") == 0
        assert writer.add("syslog", lines(4, file="late.log")) == 4
        writer.commit()
    assert lake.kinds() == {"syslog": 14}


def test_times_of_a_file_record_come_back_in_utc(tmp_path: Path) -> None:
    record = FileRecord("cd" * 32, "a.log", "syslog", 1, 0, datetime(2026, 3, 1, tzinfo=UTC), None, 9, ("a", "b"))
    with (lake := Lake(tmp_path / "lake")).writer() as writer:
        writer.finish_file(record)
        writer.commit()
    assert lake.ingested("cd" * 32) == record
