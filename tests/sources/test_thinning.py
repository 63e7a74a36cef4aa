from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pyarrow as pa

from seawall.drills.acts import Act
from seawall.drills.render import exports as writer
from seawall.engine.records import FileRecord
from seawall.model.settings import FlowSettings
from seawall.model.site import Device, Site
from seawall.sources import exports
from seawall.sources.base import Reject
from seawall.sources.thinning import KIND, Thinned, infrastructure
from tests.detect import events
from tests.drills.render.reading import act
from tests.sources.reading import check_schema, read_bytes

AT = datetime(2026, 11, 9, 3, 14, 0, tzinfo=UTC)
SITE = Site(devices=(Device("edge1", addresses=("192.0.2.1", "2001:db8::1")),), jump_hosts=("198.51.100.0/28",))


class Kept:
    """A sink that keeps what it is given."""

    def __init__(self) -> None:
        self.tables: dict[str, list[pa.Table]] = {}

    def add(self, kind: str, table: pa.Table) -> int:
        check_schema(kind, table)
        self.tables.setdefault(kind, []).append(table)
        return int(table.num_rows)

    def reject(self, rejects: Iterable[Reject]) -> None: ...

    def finish_file(self, record: FileRecord) -> None: ...

    def commit(self) -> None: ...

    def rows(self, kind: str) -> list[dict[str, object]]:
        return pa.concat_tables(self.tables[kind]).to_pylist() if kind in self.tables else []


def flow(source: str, target: str, second: int, port: int = 443) -> Act:
    detail = {"to": target, "port": str(port), "sent": "100", "pkts": "2", "duration": "0.5"}
    return replace(act("flow", source=source, detail=detail), time=AT + timedelta(seconds=second))


def thinned(acts: list[Act], settings: FlowSettings | None = None) -> Kept:
    content = b"".join(writer.datagrams(acts, "netflow9", rate=1_000))
    kept = Kept()
    sink = Thinned(kept, infrastructure(SITE, settings or FlowSettings("infrastructure")))
    for table in read_bytes(exports.SOURCE, content).tables.values():
        sink.add("flow_records", table)
    return kept


def test_whole_records_stay_where_an_end_is_own_infrastructure() -> None:
    ours = [
        flow("203.0.113.5", "192.0.2.1", 1, 22),
        flow("198.51.100.3", "203.0.113.6", 2),
        flow("2001:db8::1", "2001:db8::9", 3),
    ]
    others = [flow("203.0.113.5", "203.0.113.9", second) for second in range(10)]
    kept = thinned([*ours, *others])
    assert len(kept.rows("flow_records")) == 3
    assert sum(int(str(row["flows"])) for row in kept.rows(KIND)) == 10


def test_others_come_to_sums_without_any_address_of_theirs() -> None:
    kept = thinned([flow(f"203.0.113.{n % 200}", "203.0.113.250", n, 443 if n % 2 else 51_000 + n) for n in range(120)])
    rows = kept.rows(KIND)
    assert {(row["time"], row["port_from"], row["flows"], row["src_bytes"], row["est_bytes"]) for row in rows} == {
        (AT + timedelta(minutes=minute), port, 30, 3_000, 3_000_000) for minute in (0, 1) for port in (443, 49_152)
    }
    assert "203.0.113." not in str([{**row, "event_id": ""} for row in rows])
    assert kept.rows("flow_records") == []


def test_the_settings_name_more_networks() -> None:
    kept = thinned([flow("203.0.113.5", "203.0.113.9", 1)], FlowSettings("infrastructure", ("203.0.113.8/30",)))
    assert len(kept.rows("flow_records")) == 1


def test_the_same_evidence_gives_the_same_sums() -> None:
    acts = [flow("203.0.113.5", "203.0.113.9", second) for second in range(90)]
    assert thinned(acts).rows(KIND) == thinned(acts).rows(KIND)


def test_names_read_off_the_wire_stay_only_where_an_end_is_own_infrastructure() -> None:
    rows = [
        {"src_ip": "203.0.113.5", "dst_ip": "192.0.2.1", "flags": "captured", "query": "ours"},
        {"src_ip": "203.0.113.5", "dst_ip": "203.0.113.9", "flags": "captured", "query": "a customer's"},
        {"src_ip": "203.0.113.5", "dst_ip": None, "flags": None, "query": "of a resolver's own log"},
    ]
    kept = Kept()
    named = events.table("dns_queries", [{**row, "time_quality": "exact"} for row in rows])
    Thinned(kept, infrastructure(SITE, FlowSettings("infrastructure"))).add("dns_queries", named)
    assert [row["query"] for row in kept.rows("dns_queries")] == ["ours", "of a resolver's own log"]
