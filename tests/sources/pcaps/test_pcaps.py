from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.drills.render import exports as writer
from seawall.sources import pcaps, recognise
from seawall.sources.opening import evidence_from_bytes
from tests.corpus import corpus_path
from tests.drills.render.reading import AT, act
from tests.sources.reading import Result, read_bytes, read_path

DETAIL = {"to": "203.0.113.9", "port": "443", "sport": "50123", "sent": "1400", "got": "700", "pkts": "7"}


@pytest.mark.parametrize(
    "name",
    [
        "100-IPFIXv10-CISCO", "101-NFv9-CISCO-cust_primitives", "102-NFv9-CISCO-f2rd-pretag-sampling-reload",
        "106-IPFIXv10-HUAWEI-vrf_name", "112-IPFIXv10-CISCO-options-map-reassignment",
        "501-IPFIXv10-BGP-IPv6-CISCO-MPLS",
    ],
)  # fmt: skip
def test_captured_exports_come_to_the_records_pmacct_expects(name: str) -> None:
    rows = read_path(corpus_path("network", "pmacct", f"{name}.pcap")).rows("flow_records")
    exported = [row for row in rows if row["export_format"] != "pcap"]
    wanted: Counter[tuple[Any, ...]] = Counter()
    # A second file of 102 is the same after a reload, times a rate pmacct was told and the exporter never says.
    expected = corpus_path("network", "pmacct", "expected", name) / "output-flow-00.json"
    for line in expected.read_text(encoding="utf-8").splitlines():
        said = json.loads(line)
        wanted[_key_of(said)] += said["bytes"]
    ours: Counter[tuple[Any, ...]] = Counter()
    for row in exported:
        side = "inner_" if row["tunnel"] else ""  # pmacct names the packet inside
        ends = (row[f"{side}{end}"] for end in ("src_ip", "dst_ip", "src_port", "dst_port"))
        ours[tuple(end or 0 for end in ends)] += int(str(row["src_bytes"]))
    assert {key: ours[key] for key in wanted} == dict(wanted)


def _key_of(said: dict[str, Any]) -> tuple[Any, ...]:
    return said["ip_src"], said["ip_dst"], said["port_src"], said["port_dst"]


def test_a_capture_is_known_by_its_first_bytes() -> None:
    assert recognise(evidence_from_bytes(writer.pcap([act("flow", detail=DETAIL)]), "x.log")) is pcaps.SOURCE


def test_a_conversation_is_one_flow_with_both_ways() -> None:
    (row,) = read_bytes(pcaps.SOURCE, writer.pcap([act("flow", detail=DETAIL)])).rows("flow_records")
    assert (row["src_ip"], row["src_port"], row["dst_ip"], row["dst_port"]) == (
        "10.9.20.15",
        50_123,
        "203.0.113.9",
        443,
    )
    assert (row["src_bytes"], row["dst_bytes"], row["src_pkts"], row["dst_pkts"]) == (1_400, 7 * 100, 7, 7)
    assert row["time"] == AT


def test_export_on_an_odd_port_is_found_and_its_sender_is_the_exporter() -> None:
    payloads = writer.datagrams([act("flow", detail=DETAIL)] * 40, "netflow9")
    micros = int(AT.timestamp() * 10**6)
    content = writer.carried([(micros + n, "192.0.2.1", data) for n, data in enumerate(payloads)], port=40_001)
    rows = read_bytes(pcaps.SOURCE, content).rows("flow_records")
    assert len(rows) == 40
    assert {(row["observer"], row["export_format"]) for row in rows} == {("192.0.2.1", "netflow9")}


def test_an_exporter_whose_clock_is_an_hour_off_is_told() -> None:
    payloads = writer.datagrams([act("flow", detail=DETAIL)], "netflow9")
    micros = int(AT.timestamp() * 10**6)
    content = writer.carried([(micros + 3_600 * 10**6, "192.0.2.1", payloads[0]), (micros, "192.0.2.2", payloads[0])])
    notes = " ".join(read_bytes(pcaps.SOURCE, content).notes)
    assert "the clock of 192.0.2.1 is 60 min behind the receiver's clock" in notes
    assert "192.0.2.2" not in notes


# What the tunnels of these captures hold: outer protocol, tunnel, and one pair of inner ends.
@pytest.mark.parametrize(
    ("parts", "tunnel", "outer", "inner"),
    [
        (("zeek-traces", "tunnels", "gre-sample.pcap"), "gre", "gre", None),
        (("zeek-traces", "tunnels", "4in4.pcap"), "ipip", "ipip", None),
        (("zeek-traces", "tunnels", "6in4.pcap"), "6in4", "ipv6", None),
        (("zeek-traces", "tunnels", "vxlan.pcap"), "vxlan", "udp", None),
        (("zeek-traces", "tunnels", "gtp", "gtp7_ipv6.pcap"), "gtp-u", "udp", None),
        (("suricata-verify", "erspan-II.pcap"), "erspan", "gre", None),
        (("arkime", "gtp-iphone.pcap"), "gtp-u", "udp", None),
    ],
    ids=str,
)
def test_real_tunnels_name_outer_and_inner_ends(parts: tuple[str, ...], tunnel: str, outer: str, inner: None) -> None:
    rows = read_path(corpus_path("network", *parts)).rows("flow_records")
    inside = [row for row in rows if row["tunnel"] == tunnel]
    assert inside
    assert {row["proto"] for row in inside} == {outer}
    named = [row for row in inside if row["inner_src_ip"] and row["inner_dst_ip"]]
    assert named
    assert all((row["inner_src_ip"], row["inner_dst_ip"]) != (row["src_ip"], row["dst_ip"]) for row in named)


def _noisy(content: bytes, noise: bytes, at: int) -> Result:
    made = bytearray(content)
    made[at : at + len(noise)] = noise
    return read_bytes(pcaps.SOURCE, bytes(made))


@given(st.binary(min_size=1, max_size=40), st.integers(0, 1_200))
def test_damage_anywhere_in_a_capture_gives_rows_and_rejects(noise: bytes, at: int) -> None:
    _noisy(writer.pcap([act("flow", detail=DETAIL)]), noise, at)


@given(
    st.binary(max_size=120), st.sampled_from(["gre", "udp", "tcp", "icmp"]), st.sampled_from([4789, 2152, 1701, 2055])
)
def test_any_bytes_inside_a_packet_give_rows_and_rejects(payload: bytes, proto: str, port: int) -> None:
    one = act("flow", detail={**DETAIL, "proto": proto, "port": str(port)})
    frame = writer.packet(one, 40) + payload
    read_bytes(pcaps.SOURCE, writer.written([(10**15, frame), (10**15, frame[: len(payload)])]))


def test_a_capture_cut_off_says_so_and_keeps_what_stood_before() -> None:
    content = writer.pcap([act("flow", detail=DETAIL)])
    result = read_bytes(pcaps.SOURCE, content[:-30])
    assert "cut off inside a packet" in result.rejects[0].what
    assert sum(int(str(row["src_pkts"])) + int(str(row["dst_pkts"])) for row in result.rows("flow_records")) == 13
