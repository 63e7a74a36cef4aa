from __future__ import annotations

import numpy as np

from seawall.model.events import arrow_schema
from seawall.sources.lines import LineBlock
from seawall.sources.syslog_rows import SyslogReader
from tests.sources.reading import READING
from tests.sources.test_syslog_parts import block

_UP = b"<189>7: ce1: Nov 22 2026 10:15:30 UTC: %LINK-3-UPDOWN: Interface up"


def reader() -> SyslogReader:
    return SyslogReader("a.log", READING)


def test_a_block_gives_rows_in_the_schema_and_rejects_beside_them() -> None:
    chunk = reader().chunk(block(_UP, b"", b"free text", b"   indented", _UP))
    table = chunk.tables["syslog"]
    assert table.schema == arrow_schema("syslog")
    assert table["origin"].to_pylist() == ["a.log:5", "a.log:9"]
    assert [(r.where, r.what) for r in chunk.rejects] == [
        ("a.log:7", "no syslog header: free text"),
        ("a.log:8", "continues the line before:    indented"),
    ]


def test_a_line_seen_in_an_earlier_block_gets_another_id() -> None:
    one = reader()
    ids = [one.chunk(block(_UP)).tables["syslog"]["event_id"][0].as_py() for _ in range(3)]
    assert len(set(ids)) == 3
    assert reader().chunk(block(_UP)).tables["syslog"]["event_id"][0].as_py() == ids[0]


def test_blocks_of_blank_lines_and_monsters_give_no_table() -> None:
    assert reader().chunk(block(b"", b"")).tables == {}
    none = np.zeros(0, np.int64)
    chunk = reader().chunk(LineBlock(b"", none, none, 3, 9, too_long=5_000_000))
    assert (chunk.rejected, chunk.rejects[0].where) == (1, "a.log:3")


def test_a_priority_out_of_range_is_no_facility() -> None:
    row = reader().chunk(block(_UP.replace(b"189", b"999"))).tables["syslog"].to_pylist()[0]
    assert (row["facility"], row["severity"]) == (None, 3)
