from __future__ import annotations

import struct
from datetime import UTC, datetime
from pathlib import Path

import pytest

from seawall.disk.segments import (
    DOCUMENT,
    EXPORT,
    LINES,
    MAGIC,
    MANY,
    TEMPLATES,
    Sender,
    document_frame,
    export_payload,
    frame,
    loss_frame,
    sender_frame,
)
from seawall.service.spool import SegmentWriter, Spool
from seawall.sources import recognise, spooled, syslog
from seawall.sources.opening import evidence_from_bytes
from tests.sources.reading import Result, read_bytes, read_path

AT = int(datetime(2026, 11, 24, 12, 0, tzinfo=UTC).timestamp() * 1e6)
ROUTER = Sender("syslog-udp", "192.0.2.1", "spoofable")
SERVER = Sender("syslog-tls", "198.51.100.2", "authenticated", "certificate of log2")
BARE = b"<189>77: %SYS-5-CONFIG_I: Configured from console by ops on vty0 (203.0.113.9)"
FULL = b"<38>Nov 24 11:59:58 aaa1 sshd[7]: Accepted password for ops from 203.0.113.9 port 22 ssh2"
KNOWN = sender_frame(1, ROUTER, AT) + sender_frame(2, SERVER, AT)


def read(*parts: bytes) -> Result:
    return read_bytes(spooled.SOURCE, MAGIC + KNOWN + b"".join(parts))


def many(senders: list[int], lines: list[bytes]) -> bytes:
    told = b"".join(n.to_bytes(4, "little") for n in senders)
    return frame(LINES, MANY, len(lines), AT, told + b"".join(line + b"\n" for line in lines))


def exporter_datagrams() -> list[bytes]:
    """NetFlow v9: a datagram with a template alone, and one with a flow it explains."""
    fields = ((8, 4), (12, 4), (7, 2), (11, 2), (4, 1), (1, 4), (2, 4), (22, 4), (21, 4))
    template = struct.pack(">HH", 256, len(fields)) + b"".join(struct.pack(">HH", *one) for one in fields)
    flow = bytes((203, 0, 113, 9, 192, 0, 2, 8)) + struct.pack(">HHBIIII3x", 4711, 22, 6, 1200, 10, 9_000, 9_500)
    sets = ((0, template), (256, flow))
    at = AT // 1_000_000
    return [
        struct.pack(">HHIIII", 9, 1, 10_000, at, number, 5) + struct.pack(">HH", ident, 4 + len(content)) + content
        for number, (ident, content) in enumerate(sets)
    ]


def test_each_row_says_who_sent_it_when_and_how_far_that_is_known() -> None:
    bare, full = read(many([1, 2], [BARE, FULL])).rows("syslog")
    assert (bare["trust"], full["trust"]) == ("spoofable", "authenticated")
    assert str(bare["origin"]).endswith("!/syslog-udp/192.0.2.1:1")
    assert str(full["origin"]).endswith("!/syslog-tls/198.51.100.2:2")
    assert bare["received"] == full["received"] == datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def test_where_a_line_has_no_time_and_names_nobody_receipt_and_sender_stand_in() -> None:
    bare, full = read(many([1, 2], [BARE, FULL])).rows("syslog")
    assert (bare["time"], bare["time_quality"]) == (bare["received"], "received")
    assert (bare["observer"], bare["device"]) == ("192.0.2.1", "192.0.2.1")
    assert full["observer"] == "aaa1"
    assert full["time"] == datetime(2026, 11, 24, 11, 59, 58, tzinfo=UTC)


def test_the_same_lines_in_a_relays_file_are_the_same_events() -> None:
    spooled_ids = {row["event_id"] for row in read(many([1, 2], [BARE, FULL])).rows("syslog")}
    filed = read_bytes(syslog.SOURCE, BARE + b"\n" + FULL + b"\n")
    assert spooled_ids == {row["event_id"] for row in filed.rows("syslog")}


def test_a_line_that_is_nothing_is_a_reject_and_its_neighbours_keep_their_senders() -> None:
    result = read(many([1, 1, 2], [BARE, b"garbage \xff\0", FULL]))
    assert result.rejected == 1
    assert [row["trust"] for row in result.rows("syslog")] == ["spoofable", "authenticated"]


def test_a_richer_row_made_of_a_line_has_the_trust_of_its_sender() -> None:
    query = b"<30>Nov 24 11:59:58 ns1 named[9]: client 192.0.2.9#5 (a.example): query: a.example IN A +E"
    rows = read(frame(LINES, 2, 1, AT, query + b"\n")).rows("dns_queries")
    assert [row["trust"] for row in rows] == ["authenticated"]
    assert rows[0]["received"] is not None


def test_templates_of_an_earlier_segment_explain_the_flows_of_this_one() -> None:
    made = exporter_datagrams()
    alone = read(frame(EXPORT, 1, 1, AT, export_payload(made[1:2])))
    explained = read(
        frame(TEMPLATES, 1, 1, AT, export_payload(made[:1])), frame(EXPORT, 1, 1, AT, export_payload(made[1:2]))
    )
    assert not alone.rows("flow_records")
    rows = explained.rows("flow_records")
    assert rows
    assert {row["observer"] for row in rows} == {"192.0.2.1"}
    assert not explained.rejected


def test_a_document_is_known_by_its_content_and_keeps_the_trust_of_who_pushed_it() -> None:
    line = b'{"ts":1764000000.5,"uid":"C1","id.orig_h":"192.0.2.1","id.resp_h":"192.0.2.2","conn_state":"SF"}\n'
    (row,) = read(document_frame(2, "push/conn.log", line, AT)).rows("zeek_conn")
    assert row["trust"] == "authenticated"
    assert "!/push/conn.log" in str(row["origin"])


def test_a_document_nobody_knows_and_a_segment_in_a_segment_are_rejects() -> None:
    result = read(document_frame(1, "x", b"\0\1\2", AT), document_frame(1, "y", MAGIC + KNOWN, AT))
    assert result.rejected == 2


def test_what_collectors_lost_is_said() -> None:
    (note,) = read(loss_frame(1, "syslog-udp *:514", 312, "dropped by the kernel", AT)).notes
    assert "312 lost from syslog-udp *:514: dropped by the kernel" in note


@pytest.mark.parametrize("type_", [LINES, EXPORT, TEMPLATES, DOCUMENT, 99])
@pytest.mark.parametrize("sender", [1, 77, MANY])
def test_a_frame_that_lies_is_a_reject_and_costs_no_memory(type_: int, sender: int) -> None:
    result = read(frame(type_, sender, 0xFFFFFFF0, AT, b"short"), many([2], [FULL]))
    assert result.rejected >= 1
    assert len(result.rows("syslog")) == 1


def test_a_segment_of_the_spool_is_recognised(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    writer = SegmentWriter(spool, "collect")
    writer.write([KNOWN, many([1], [BARE])])
    path = writer.seal()
    assert path is not None
    assert recognise(evidence_from_bytes(path.read_bytes(), "x")) is spooled.SOURCE
    assert len(read_path(path).rows("syslog")) == 1
