from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall import sources
from seawall.model.events import event_id
from seawall.sources import zeek
from seawall.sources.opening import evidence_from_bytes
from seawall.sources.zeek.jsonl import hint_from
from tests.sources.reading import read_bytes

CONN = {
    "ts": 1772323200.5,
    "uid": "Caaaaaaaaaaaaaaa01",
    "id.orig_h": "2001:db8::7",
    "id.orig_p": 50000,
    "id.resp_h": "198.51.100.9",
    "id.resp_p": 443,
    "proto": "tcp",
    "duration": 1,
    "conn_state": "SF",
}
SHAPES = {
    "conn": {"orig_ip_bytes": 3},
    "dns": {"qtype_name": "A", "answers": ["192.0.2.1", "192.0.2.2"]},
    "http": {"method": "GET", "status_code": 200},
    "ssl": {"cipher": "TLS_AES_128_GCM_SHA256"},
    "ssh": {"auth_attempts": 2, "auth_success": True},
}


def read(*records: object, origin: str = "x.log"):
    lines = [r if isinstance(r, bytes) else json.dumps(r).encode() for r in records]
    return read_bytes(zeek.SOURCE, b"\n".join(lines) + b"\n", origin)


def test_a_record_becomes_one_event_with_the_id_of_its_line() -> None:
    (event,) = read(CONN).rows("zeek_conn")
    assert event["time"] == datetime(2026, 3, 1, 0, 0, 0, 500_000, tzinfo=UTC)
    assert (event["src_ip"], event["dst_ip"], event["duration"]) == ("2001:db8::7", "198.51.100.9", 1.0)
    assert event["event_id"] == event_id("zeek_conn", "", json.dumps(CONN).encode())


@pytest.mark.parametrize(
    "ts", [1772323200.5, 1772323200500, "2026-03-01T00:00:00.500000Z", "2026-03-01T01:00:00.5+01:00"]
)
def test_every_form_of_time_is_read(ts: object) -> None:
    assert read({**CONN, "ts": ts}).rows("zeek_conn")[0]["time"] == datetime(2026, 3, 1, 0, 0, 0, 500_000, tzinfo=UTC)


@pytest.mark.parametrize("path", SHAPES)
def test_the_log_is_told_by_path_by_shape_and_by_name(path: str) -> None:
    bare = {k: v for k, v in CONN.items() if k != "conn_state"}
    assert read({**bare, "_path": path}).counts() == {f"zeek_{path}": 1}
    assert read({**bare, **SHAPES[path]}).counts() == {f"zeek_{path}": 1}
    assert read(bare, origin=f"d/open_{path}.10_00_00.log.gz").counts() == {f"zeek_{path}": 1}


def test_mixed_records_are_sorted_into_their_kinds() -> None:
    result = read(CONN, {**CONN, "_path": "dns"}, {**CONN, "_path": "weird"}, b"{", b"[1]", CONN)
    assert result.counts() == {"zeek_conn": 2, "zeek_dns": 1, "zeek_weird": 1}
    assert [r.what for r in result.rejects] == ["not a whole JSON object", "JSON, but not an object"]


def test_lists_become_text_and_booleans_stay() -> None:
    bare = {k: v for k, v in CONN.items() if k != "conn_state"}
    assert read({**bare, **SHAPES["dns"]}).rows("zeek_dns")[0]["answers"] == "192.0.2.1,192.0.2.2"
    (row,) = read({**bare, **SHAPES["ssh"], "client": "SSH-2.0-libssh"}).rows("zeek_ssh")
    assert (row["auth_success"], row["client"], row["user"]) == (True, "SSH-2.0-libssh", None)


def test_a_wrong_value_rejects_its_own_line_only() -> None:
    result = read(CONN, {**CONN, "id.orig_p": "many"}, {**CONN, "orig_pkts": 2**70}, {**CONN, "ts": "soon"}, CONN)
    assert result.counts() == {"zeek_conn": 2}
    assert [r.where for r in result.rejects] == ["x.log:2", "x.log:3", "x.log:4"]


def test_a_sensor_that_names_itself_is_the_observer() -> None:
    (event,) = read({**CONN, "_path": "conn", "_system_name": "tap-3"}).rows("zeek_conn")
    assert event["observer"] == "tap-3"


@pytest.mark.parametrize(
    ("name", "path"), [("conn.log", "conn"), ("a/open_ssl.log.gz", "ssl"), ("dns_20260301.log", "dns"), ("c.log", "")]
)
def test_a_file_name_is_only_a_hint(name: str, path: str) -> None:
    assert hint_from(name) == path


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from([*CONN, "_path", "x"]),
            st.none() | st.integers() | st.floats() | st.text() | st.lists(st.text()),
            max_size=6,
        ),
        max_size=4,
    )
)
def test_any_objects_give_events_and_rejects(records: list[dict[str, object]]) -> None:
    read(CONN, *records, CONN)


@given(st.binary(max_size=200))
def test_any_bytes_are_sniffed_without_harm(content: bytes) -> None:
    for start in (b"", b'{"ts":', b"#fields\t", b"ElfFile\0", b"set system ", b"indicator,type\n"):
        sources.recognise(evidence_from_bytes(start + content, "conn.log"))


def test_a_request_log_of_zeek_is_zeeks_and_no_web_servers() -> None:
    record = {**CONN, "method": "GET", "uri": "/", "status_code": 200, "host": "a.example", "user_agent": "x"}
    found = sources.recognise(evidence_from_bytes((json.dumps(record) + "\n").encode() * 30, "access.log"))
    assert found is not None
    assert found.name == "zeek"
