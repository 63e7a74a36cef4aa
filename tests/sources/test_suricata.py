from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.sources import recognise, suricata
from seawall.sources.opening import evidence_from_bytes
from tests.corpus import corpus_path
from tests.sources.reading import Result, read_bytes, read_path

EVENT = {
    "timestamp": "2026-11-21T22:01:05.250000+0100", "flow_id": 7, "event_type": "http", "src_ip": "192.0.2.7",
    "src_port": 40000, "dest_ip": "203.0.113.9", "dest_port": 80, "proto": "TCP", "http": {"hostname": "a.example"},
}  # fmt: skip


def read(*events: object) -> Result:
    lines = [e if isinstance(e, bytes) else json.dumps(e).encode() for e in events]
    return read_bytes(suricata.SOURCE, b"\n".join(lines) + b"\n", "eve.json")


def test_names_are_suricatas_own_and_the_zone_counts() -> None:
    (row,) = read({**EVENT, "vlan": [10, 20], "metadata": {"flowbits": ["x", "y"]}}).rows("suricata")
    assert f"{row['time']:%H:%M:%S.%f}" == "21:01:05.250000"
    assert (row["http_hostname"], row["vlan"], row["metadata_flowbits"]) == ("a.example", "10,20", "x,y")


def test_every_event_type_is_taken_stats_and_strange_ones_too() -> None:
    assert recognise(evidence_from_bytes(json.dumps({**EVENT, "event_type": "brand_new"}).encode(), "x")) is not None
    stats = {"timestamp": EVENT["timestamp"], "event_type": "stats", "stats": {"uptime": 5, "decoder": {"pkts": 9}}}
    assert recognise(evidence_from_bytes(json.dumps(stats).encode(), "x")) is suricata.SOURCE
    (row,) = read(stats).rows("suricata")
    assert (row["stats_decoder_pkts"], row["src_ip"]) == ("9", None)


@pytest.mark.parametrize(
    ("part", "secret"),
    [
        ({"http": {"url": "/x?password=hunter2"}}, "hunter2"),
        ({"snmp": {"community": "s3cret", "version": 2}}, "s3cret"),
        ({"http": {"http_request_body_printable": "pw=hunter2"}}, "hunter2"),
        ({"payload": "aHVudGVyMg=="}, "aHVudGVyMg"),
        ({"smb": {"ntlmssp": {"password": "hunter2"}}}, "hunter2"),
    ],
)
def test_secrets_never_become_rows(part: dict[str, object], secret: str) -> None:
    assert secret not in str(read({**EVENT, **part}).rows("suricata"))


def test_fields_that_bear_our_names_step_aside_and_odd_types_are_kept() -> None:
    (row,) = read({**EVENT, "user": "root", "src_port": "many", "dst_ip": "x"}).rows("suricata")
    assert (row["user"], row["suricata_user"]) == (None, "root")
    assert (row["src_port"], row["src_port_text"]) == (None, "many")
    assert row["dst_ip"] == "203.0.113.9"


def test_a_bad_line_is_rejected_and_the_others_go_on() -> None:
    result = read(EVENT, b'{"timestamp": "2026', {"no": "event"}, EVENT)
    assert result.counts() == {"suricata": 2}
    assert [r.where for r in result.rejects] == ["eve.json:2", "eve.json:3"]


def test_a_real_log_gives_its_known_events() -> None:
    result = read_path(corpus_path("network", "slips", "test6-malicious.suricata.json"))
    kinds = [row["event_type"] for row in result.rows("suricata")]
    assert (len(kinds), result.rejected) == (5_000, 0)
    assert [kinds.count(kind) for kind in ("flow", "alert", "dns", "http")] == [3_512, 745, 680, 56]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from([*EVENT, "dns", "alert", "flow", "host", "time", "x y"]), JSON, max_size=9))
def test_any_object_gives_an_event_or_a_reject(event: dict[str, object]) -> None:
    result = read({**EVENT, **event}, {**EVENT, "event_type": "dns", "dns": event})
    assert sum(result.counts().values()) + result.rejected == 2
