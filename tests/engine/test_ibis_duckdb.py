"""Analytics ask the same views through Ibis."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from ibis.common.exceptions import TableNotFound

from seawall.engine.lake import Lake
from tests.engine.makers import events, put


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    made = Lake(tmp_path / "lake")
    put(made, "zeek_conn", events("zeek_conn", [{"id_orig_h": f"192.0.2.{n % 3}", "orig_bytes": n} for n in range(9)]))
    return made


def test_an_expression_over_a_view_is_answered(lake: Lake) -> None:
    flows = lake.ibis().table("flows")
    asked = flows.group_by("src_ip").agg(octets=flows.src_bytes.sum(), n=flows.count()).order_by("src_ip")
    assert asked.to_pyarrow().to_pylist() == [
        {"src_ip": "192.0.2.0", "octets": 9, "n": 3},
        {"src_ip": "192.0.2.1", "octets": 12, "n": 3},
        {"src_ip": "192.0.2.2", "octets": 15, "n": 3},
    ]


def test_rows_come_in_pieces_of_the_types_the_expression_has(lake: Lake) -> None:
    flows = lake.ibis().table("flows")
    reader = flows.select("event_id", "time", "src_bytes").to_pyarrow_batches(chunk_size=4)
    rows = [row for batch in reader for row in batch.to_pylist()]
    assert len(rows) == 9
    assert reader.schema == flows.select("event_id", "time", "src_bytes").schema().to_pyarrow()


def test_the_backend_lists_kinds_and_views_and_knows_what_is_not_there(lake: Lake) -> None:
    backend = lake.ibis()
    assert {"syslog", "commands", "nat"} <= set(backend.list_tables())
    with pytest.raises(TableNotFound):
        backend.table("nosuch")


def test_the_backends_connection_is_locked_as_any_other(lake: Lake, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    con = lake.ibis().con
    with pytest.raises(duckdb.Error):
        con.sql(f"FROM read_text('{tmp_path / 'secret'}')").fetchall()
    with pytest.raises(duckdb.Error):
        con.execute("SET enable_external_access = true")


def test_a_view_held_in_memory_gives_the_same_rows_and_is_gone_afterwards(lake: Lake) -> None:
    backend = lake.ibis()
    wanted = backend.table("flows").order_by("event_id").to_pyarrow()
    with backend.held(["flows"]) as held:
        table = held["flows"]
        assert table.order_by("event_id").to_pyarrow() == wanted
    with pytest.raises(duckdb.CatalogException):
        table.to_pyarrow()
    with backend.held(["flows"], most=8) as none:
        assert none == {}
