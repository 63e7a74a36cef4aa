"""Walks of TAP MIBs: named or numeric, live rows told from dead ones, an empty walk told from none."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from tests.sources.intercepts.handing import damaged, hand

NAMED = """SNMPv2-MIB::sysName.0 = STRING: cr-9
DISMAN-EVENT-MIB::sysUpTimeInstance = Timeticks: (1800000) 5:00:00.00
CISCO-TAP2-MIB::cTap2MediationDestAddress.7 = Hex-STRING: C6 33 64 05
CISCO-TAP2-MIB::cTap2MediationDestPort.7 = Gauge32: 49152
CISCO-TAP2-MIB::cTap2MediationStatus.7 = INTEGER: active(1)
CISCO-TAP2-MIB::cTap2StreamInterceptEnable.7.1 = INTEGER: true(1)
CISCO-TAP2-MIB::cTap2StreamStatus.7.1 = INTEGER: {state}
CISCO-IP-TAP-MIB::citapStreamSourceAddress.7.1 = Hex-STRING: C0 00 02 C7
CISCO-IP-TAP-MIB::citapStreamSourceLength.7.1 = Gauge32: 32
CISCO-IP-TAP-MIB::citapStreamStatus.7.1 = INTEGER: active(1)
"""
NUMERIC = """.1.3.6.1.2.1.1.3.0 = 1800000
.1.3.6.1.4.1.9.9.399.1.1.2.1.3.7 = Hex-STRING: C6 33 64 05
.1.3.6.1.4.1.9.9.399.1.1.2.1.4.7 = Gauge32: 49152
.1.3.6.1.4.1.9.9.399.1.1.2.1.13.7 = INTEGER: 1
.1.3.6.1.4.1.9.9.399.1.2.1.1.3.7.1 = INTEGER: 1
.1.3.6.1.4.1.9.9.399.1.2.1.1.6.7.1 = INTEGER: 1
.1.3.6.1.4.1.9.9.394.1.1.2.1.5.7.1 = Hex-STRING: C0 00 02 C7
.1.3.6.1.4.1.9.9.394.1.1.2.1.6.7.1 = Gauge32: 32
.1.3.6.1.4.1.9.9.394.1.1.2.1.16.7.1 = INTEGER: 1
"""


@pytest.mark.parametrize("walk", [NAMED.replace("{state}", "active(1)"), NUMERIC], ids=["named", "numeric"])
def test_names_and_numbers_tell_the_same_tap(walk: str) -> None:
    handed = hand(walk)
    (tap,) = handed.rows("taps")
    assert (tap["tap"], tap["state"]) == ("cTap2MediationContentId=7", "active")
    assert json.loads(tap["delivery"]) == ["198.51.100.5:49152"]
    assert json.loads(tap["targets"])[0]["width"] == "/32"
    assert "192.0.2.199" not in handed.text
    assert handed.rows("tap_reports")[0]["status"] == "uptime 1800000"


def test_a_row_that_is_not_in_service_taps_nothing() -> None:
    assert hand(NAMED.replace("{state}", "notInService(2)")).rows("taps")[0]["state"] == "inactive"


def test_an_element_without_taps_answered_too() -> None:
    handed = hand("DISMAN-EVENT-MIB::sysUpTimeInstance = Timeticks: (1800000) 5:00:00.00\n")
    assert handed.form == "snmp"
    assert handed.rows("tap_reports")[0]["taps"] == 0


def test_a_long_walk_is_read_line_by_line() -> None:
    lines = [
        line.replace(".7", f".{n}")
        for n in range(3_000)
        for line in NAMED.replace("{state}", "active(1)").splitlines()[2:]
    ]
    assert len(hand("\n".join(lines)).rows("taps")) == 3_000


@given(damaged(NAMED.replace("{state}", "active(1)").encode()))
def test_any_damage_gives_rows_or_rejects(content: bytes) -> None:
    hand(content, form="snmp")
