from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.model.events import event_id
from seawall.sources import zeek
from seawall.sources.base import MAX_LINE_BYTES
from tests.sources.reading import read_bytes

HEADER = (
    b"#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n"
    b"#open\t2026-03-01-00-00-00\n"
    b"#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\torig_bytes\tlocal_orig"
    b"\ttunnel_parents\tvendor.extra\n"
    b"#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\tinterval\tcount\tbool\tset[string]\tstring\n"
)
ROW = b"1772323200.123456\tCaaaaaaaaaaaaaaa01\t192.0.2.7\t50000\t198.51.100.9\t443\ttcp\tssl\t1.5\t100\tT\t(empty)\tx y"


def row(**changes: bytes) -> bytes:
    names = HEADER.split(b"#fields\t")[1].split(b"\n")[0].split(b"\t")
    cells = dict(zip(names, ROW.split(b"\t"), strict=True))
    cells.update({name.replace("id_", "id.", 1).encode(): value for name, value in changes.items()})
    return b"\t".join(cells.values())


def read(*lines: bytes, end: bytes = b"\n", header: bytes = HEADER):
    return read_bytes(zeek.SOURCE, header + end.join(lines) + end, "conn.log")


def test_a_row_becomes_one_event_with_the_common_columns_filled() -> None:
    (event,) = read(ROW).rows("zeek_conn")
    assert event["time"] == datetime(2026, 3, 1, 0, 0, 0, 123456, tzinfo=UTC)
    assert event["src_ip"] == event["id_orig_h"] == "192.0.2.7"
    assert event["dst_ip"] == "198.51.100.9"
    assert (event["id_resp_p"], event["duration"], event["orig_bytes"]) == (443, 1.5, 100)
    assert event["origin"] == "conn.log:9"
    assert event["time_quality"] == "exact"
    assert event["trust"] == "file"
    assert event["tunnel_parents"] == ""
    assert (event["local_orig"], event["vendor_extra"]) == ("T", "x y")
    assert event["resp_bytes"] is None


def test_the_id_is_that_of_the_record_and_counts_repeats() -> None:
    events = read(ROW, row(ts=b"1772323201.0"), ROW).rows("zeek_conn")
    assert [e["event_id"] for e in events] == [
        event_id("zeek_conn", "", ROW),
        event_id("zeek_conn", "", row(ts=b"1772323201.0")),
        event_id("zeek_conn", "", ROW, 1),
    ]


def test_unset_fields_are_null_and_a_record_without_time_says_so() -> None:
    (event,) = read(row(ts=b"-", service=b"-", orig_bytes=b"-")).rows("zeek_conn")
    assert event["time"] is None
    assert event["time_quality"] == "missing"
    assert event["service"] is None


def test_only_the_bad_line_is_rejected() -> None:
    lines = [row(ts=b"%d.5" % (1772323200 + n)) for n in range(1_000)]
    lines[700] = row(id_orig_p=b"many")
    lines[300] = b"half a line\tof something"
    result = read(*lines)
    assert result.counts() == {"zeek_conn": 998}
    assert [(r.where, r.what) for r in result.rejects] == [
        ("conn.log:309", "2 fields where the header names 13"),
        ("conn.log:709", "field id_orig_p does not hold a int"),
    ]
    assert result.read_bytes == len(HEADER) + sum(map(len, lines)) + 1_000


def test_a_cut_off_last_line_is_said_and_the_rest_read() -> None:
    result = read_bytes(zeek.SOURCE, HEADER + ROW + b"\n" + ROW[:50])
    assert result.counts() == {"zeek_conn": 1}
    assert "ends in the middle" in result.rejects[0].what


def test_logs_put_one_behind_the_other_follow_their_own_headers() -> None:
    other = HEADER.replace(b"#path\tconn", b"#path\tdns").replace(b"service\tduration", b"query\trtt")
    result = read_bytes(zeek.SOURCE, HEADER + ROW + b"\n#close\t2026\n" + other + ROW + b"\n" + HEADER + ROW + b"\n")
    assert result.counts() == {"zeek_conn": 2, "zeek_dns": 1}
    assert result.rows("zeek_dns")[0]["query"] == "ssl"


def test_another_separator_and_set_separator_are_obeyed() -> None:
    header = HEADER.replace(b"\\x09", b"\\x7c").replace(b"#set_separator\t,", b"#set_separator|;").replace(b"\t", b"|")
    (event,) = read(row(tunnel_parents=b"Cp1;Cp2").replace(b"\t", b"|"), header=header).rows("zeek_conn")
    assert event["tunnel_parents"] == "Cp1,Cp2"


def test_windows_line_ends_blank_lines_and_bad_utf8_change_nothing() -> None:
    result = read(ROW, b"", row(service=b"\xff\xfe"), end=b"\r\n", header=HEADER.replace(b"\n", b"\r\n"))
    assert result.rejected == 0
    assert [e["service"] for e in result.rows("zeek_conn")] in (["ssl", "\\xff\\xfe"], ["ssl", "ÿþ"])


def test_rows_without_a_header_are_rejected_one_by_one() -> None:
    result = read(ROW, ROW, header=b"")
    assert result.counts() == {}
    assert result.rejected == 2
    assert "#fields" in result.rejects[0].what


def test_open_logs_hold_the_same_records_and_other_logs_are_named() -> None:
    assert read(ROW, header=HEADER.replace(b"\tconn", b"\topen_conn")).counts() == {"zeek_conn": 1}
    other = read(ROW, ROW, header=HEADER.replace(b"\tconn", b"\tx509"))
    assert (other.counts(), other.rejected) == ({"zeek_x509": 2}, 0)


def test_a_log_nobody_knows_is_kept_whole_and_named() -> None:
    result = read(ROW, header=HEADER.replace(b"\tconn", b"\tAcme_Things").replace(b"\tuid", b"\tSTATE"))
    (event,) = result.rows("zeek_other")
    assert (event["log"], event["vendor_extra"], event["src_ip"]) == ("acme_things", "x y", event["id_orig_h"])
    assert result.notes == ["Zeek's acme_things log has no table of its own: kept in zeek_other"]


def test_names_that_differ_in_case_only_are_two_columns() -> None:
    header = HEADER.replace(b"vendor.extra", b"STATE").replace(b"service", b"state").replace(b"\tconn", b"\todd")
    (event,) = read(ROW, header=header).rows("zeek_other")
    assert event["STATE_2"] == "x y"


@pytest.mark.parametrize("secret", [b"community", b"password"])
def test_communities_and_passwords_of_any_log_are_masked(secret: bytes) -> None:
    header = HEADER.replace(b"#path\tconn", b"#path\tsnmp").replace(b"service", secret)
    (event,) = read(row(service=b"s3cret"), header=header).rows("zeek_snmp")
    assert "s3cret" not in str(event)


def test_a_column_with_one_of_our_names_steps_aside() -> None:
    header = HEADER.replace(b"vendor.extra", b"origin")
    (event,) = read(ROW, header=header).rows("zeek_conn")
    assert event["origin"] == "conn.log:9"
    assert event["zeek_origin"] == "x y"


def test_http_passwords_never_become_rows() -> None:
    header = HEADER.replace(b"#path\tconn", b"#path\thttp").replace(b"service\tduration", b"username\tpassword")
    (event,) = read(row(service=b"ana", duration=b"hunter2"), header=header).rows("zeek_http")
    assert event["user"] == "ana"
    assert event["password"] == "<masked>"


def test_a_line_without_end_is_rejected_and_never_held() -> None:
    result = read(ROW, b"x" * (MAX_LINE_BYTES + 5), ROW)
    assert result.counts() == {"zeek_conn": 2}
    assert [r.where for r in result.rejects] == ["conn.log:10"]
    assert result.rows("zeek_conn")[1]["origin"] == "conn.log:11"


@given(st.lists(st.binary(max_size=120), max_size=6), st.booleans())
def test_any_bytes_below_a_header_give_events_and_rejects(lines: list[bytes], framed: bool) -> None:
    result = read_bytes(zeek.SOURCE, (HEADER if framed else b"") + b"\n".join([ROW, *lines, ROW]))
    assert result.rejected >= len(result.rejects)


@given(
    st.lists(
        st.sampled_from([b"\t", b"-", b"(empty)", b"1", b"T", b"\r", b"\0", b"\xff", b"#", b'"', b"x"]), max_size=40
    )
)
def test_any_cells_give_events_and_rejects(cells: list[bytes]) -> None:
    read_bytes(zeek.SOURCE, HEADER + b"".join(cells) + b"\n" + ROW + b"\n")
