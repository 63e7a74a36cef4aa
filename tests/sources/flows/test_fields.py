from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.sources.flows.fields import FIELDS, address, are_flows, columns_of, field_of, protocol
from tests.sources.reading import READING

FLOW = {"start": "2026-11-21T22:00:00Z", "src_ip": "192.0.2.7", "dst_ip": "203.0.113.9", "src_bytes": "60"}


def columns(**said: object) -> dict[str, Any]:
    made = columns_of({**FLOW, **said}, READING)
    assert not isinstance(made, str), made
    return made[2]


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("ts", "start"), ("StartTime", "start"), ("TIME_FLOW_START_NS", "start"), ("flowStartMilliseconds", "start"),
        ("IPV4_SRC_ADDR", "src_ip"), ("srcaddr", "src_ip"), ("sIP", "src_ip"), ("peer_ip_src", "exporter"),
        ("in", "input_if"), ("iface_in", "input_if"), ("query", ""), ("", ""),
    ],
)  # fmt: skip
def test_what_tools_call_a_field_is_known_whatever_its_spelling(name: str, field: str) -> None:
    assert field_of(name) == field


def test_no_name_means_two_things() -> None:
    assert len(FIELDS) == len(set(FIELDS))


@pytest.mark.parametrize(
    "names",
    [("src_ip", "dst_ip", "query", "time"), ("src_ip", "bytes", "ts"), ("srcaddr", "dstaddr", "bytes"), ("a", "b")],
)
def test_logs_of_other_things_are_no_flows(names: tuple[str, ...]) -> None:
    assert not are_flows(names)


def test_totals_give_what_came_back() -> None:
    made = columns(tot_bytes="100", tot_pkts="3", src_pkts="2")
    assert (made["src_bytes"], made["dst_bytes"], made["dst_pkts"]) == (60, 40, 1)
    assert columns(src_bytes="100", tot_bytes="60").get("dst_bytes") is None  # absurd: nothing is made up


def test_a_flow_without_its_start_begins_before_its_end_by_its_duration() -> None:
    made = columns_of({**FLOW, "start": None, "end": "2026-11-21T22:01:00Z", "duration": "60"}, READING)
    assert not isinstance(made, str)
    assert made[0].micros == columns_of(FLOW, READING)[0].micros  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("said", "duration"),
    [({"duration": "1.5"}, 1.5), ({"duration": "00:01:02.500"}, 62.5), ({"duration_ms": 1500}, 1.5),
     ({"end": "2026-11-21T22:00:09Z"}, 9.0), ({"duration": "-5"}, None), ({"duration": "soon"}, None), ({}, None)],
)  # fmt: skip
def test_a_duration_is_seconds(said: dict[str, object], duration: float | None) -> None:
    assert columns(**said)["duration"] == duration


@pytest.mark.parametrize(
    ("value", "name", "number"),
    [("TCP", "tcp", 6), (6, "tcp", 6), ("47", "gre", 47), ("ipv6-icmp", "ipv6-icmp", 58), ("253", "253", 253),
     ("arp", "arp", None), ("-", None, None), (None, None, None)],
)  # fmt: skip
def test_a_protocol_has_name_and_number(value: object, name: str | None, number: int | None) -> None:
    assert protocol(value) == (name, number)


def test_icmp_type_and_code_are_one_number() -> None:
    assert columns(proto="icmp", dst_port="8.0")["dst_port"] == 2048
    assert columns(proto="tcp", dst_port="70000")["dst_port"] is None


def test_suffixes_of_people_are_multiplied() -> None:
    assert columns(src_bytes="1.2 M")["src_bytes"] == 1_200_000


def test_an_address_that_is_none_is_the_reason() -> None:
    assert "no address" in str(columns_of({**FLOW, "src_ip": "00:11:22:33:44:55"}, READING))
    assert "-6" in str(columns_of({**FLOW, "src_ip": "2001:..01:443"}, READING))
    assert address("2001:DB8::0001") == "2001:db8::1"


@given(
    st.dictionaries(
        st.sampled_from([*set(FIELDS.values())]), st.text(max_size=20) | st.integers() | st.none() | st.floats()
    )
)
def test_any_fields_give_columns_or_a_reason(said: dict[str, Any]) -> None:
    columns_of(said, READING)
