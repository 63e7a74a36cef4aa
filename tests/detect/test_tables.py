"""The small stand-in for a lake must give what a lake gives: all rows, bounded batches, views by name."""

from __future__ import annotations

from datetime import timedelta

from seawall.detect.tables import InMemory, recent, view_columns
from tests.detect.events import START, table

ROWS = [{"at": n, "user": f"u{n}"} for n in range(5)]
LAKE = InMemory({"commands": table("commands", ROWS), "flows": table("flows", [])})


def test_batches_are_bounded_and_lose_no_row() -> None:
    batches = list(LAKE.batches("commands", columns=["user"], rows=2))
    assert [batch.num_rows for batch in batches] == [2, 2, 1]
    assert [user for batch in batches for user in batch.column("user").to_pylist()] == [f"u{n}" for n in range(5)]
    assert batches[0].schema.names == ["user"]


def test_an_empty_view_still_has_its_columns() -> None:
    columns = view_columns(LAKE.ibis())
    assert set(columns) >= {"commands", "flows"}
    assert "src_port" in columns["flows"]


def test_what_one_asker_does_to_its_back_end_no_other_sees() -> None:
    first, second = LAKE.ibis(), LAKE.ibis()
    first.raw_sql('DELETE FROM "given_commands"')
    assert second.table("commands").count().to_pyarrow().as_py() == 5


def test_recent_keeps_the_moment_itself_and_rows_without_a_time() -> None:
    (batch,) = table("commands", [{"at": 0}, {"at": 10}, {"at": 11}, {"time": None}]).to_batches()
    kept = recent(batch, START + timedelta(seconds=10)).column("time").to_pylist()
    assert kept == [START + timedelta(seconds=10), START + timedelta(seconds=11), None]
    assert recent(batch, None) is batch
