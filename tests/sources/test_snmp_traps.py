# ruff: noqa: E501 - log lines are as long as they are
from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.sources import snmp_traps
from seawall.sources.opening import evidence_from_bytes
from seawall.sources.snmp_traps import name_of
from tests.sources.reading import read_bytes
from tests.sources.recognising import has, read_as_found, recognised

AT = datetime(2026, 11, 22, 10, 30, 17, tzinfo=UTC)
ENDS = "UDP: [192.0.2.1]:53214->[192.0.2.7]:162"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"NET-SNMP version 5.9.3\n2026-11-22 10:30:17 edge1 [{ENDS}]:\nDISMAN-EVENT-MIB::sysUpTimeInstance = Timeticks: (1) 0:00:00.01\tSNMPv2-MIB::snmpTrapOID.0 = OID: IF-MIB::linkDown\tIF-MIB::ifIndex.3 = INTEGER: 3", id="default"),
        pytest.param(f"2026-11-22 10:30:17 edge1 [{ENDS}]:\n.1.3.6.1.2.1.1.3.0 = Timeticks: (1) 0:00:00.01\n.1.3.6.1.6.3.1.1.4.1.0 = OID: .1.3.6.1.6.3.1.1.5.3\n.1.3.6.1.2.1.2.2.1.1.3 = INTEGER: 3", id="numbers, a line each"),
        pytest.param(f"2026-11-22 10:30:17 edge1 [{ENDS}]: iso.3.6.1.2.1.1.3.0 = Timeticks: (1) 0:00:00.01, iso.3.6.1.6.3.1.1.4.1.0 = OID: iso.3.6.1.6.3.1.1.5.3, iso.3.6.1.2.1.2.2.1.1.3 = INTEGER: 3", id="one line"),
        pytest.param(f"2026-11-22 10:30:17 edge1(via {ENDS}) TRAP, SNMP v1, community s3cr3tZx9\n\tSNMPv2-SMI::enterprises.9.1 Link Down Trap (0) Uptime: 0:00:10.00\n\tIF-MIB::ifIndex.3 = INTEGER: 3", id="version 1"),
        pytest.param("Sun Nov 22 10:30:17 2026 .1.3.6.1.6.3.1.1.5.3 Normal \"Status Events\" edge1 - Link down on interface 3.", id="snmptt"),
    ],
)  # fmt: skip
def test_every_form_says_the_same(text: str) -> None:
    assert recognised(text) == "snmp_traps"
    result = read_as_found(text)
    assert (result.counts(), result.rejected) == ({"snmp_traps": 1}, 0)
    (row,) = result.rows("snmp_traps")
    has(row, time=AT, observer="edge1", trap="linkDown")
    assert "3" in str(row["varbinds"])
    assert "s3cr3tZx9" not in str(result)


def test_an_authentication_failure_is_a_failed_login_from_the_peer_it_names() -> None:
    text = f"2026-11-22 10:30:17 edge1(via {ENDS}) TRAP, SNMP v1, community x\n\tSNMPv2-SMI::enterprises.9.1 Authentication Failure Trap (0) Uptime: 0:00:10.00\n\tSNMPv2-SMI::enterprises.9.2.1.5.0 = IpAddress: 203.0.113.9"
    (row,) = read_as_found(text).rows("snmp_traps")
    has(row, activity="login", outcome="failure", service="snmp", src_ip="203.0.113.9", device="edge1")


def test_a_change_of_configuration_is_one() -> None:
    text = f'2026-11-22 10:30:17 edge1 [{ENDS}]:\nSNMPv2-MIB::snmpTrapOID.0 = OID: SNMPv2-SMI::enterprises.9.9.43.2.0.1\tCISCO-CONFIG-MAN-MIB::ccmHistoryEventTerminalUser.5 = STRING: "eve"'
    (row,) = read_as_found(text).rows("snmp_traps")
    has(row, trap="ciscoConfigManEvent", activity="config_change", user="eve")


def test_communities_never_reach_a_row() -> None:
    text = f'2026-11-22 10:30:17 a [{ENDS}]:\nSNMPv2-MIB::snmpTrapOID.0 = OID: IF-MIB::linkUp\tSNMP-COMMUNITY-MIB::snmpTrapCommunity.0 = STRING: "s3cr3tZx9"\n2026-11-22 10:30:18 b(via {ENDS}) TRAP, SNMP v1, community s3cr3tZx9\n\tSNMPv2-SMI::enterprises.9.1 Cold Start Trap (0) Uptime: 0:00:10.00'
    result = read_as_found(text)
    assert result.counts() == {"snmp_traps": 2}
    assert "s3cr3tZx9" not in str(result)


def test_a_trap_of_an_intercept_mib_is_refused() -> None:
    for oid in (
        "CISCO-TAP2-MIB::ciscoTap2MediationActive",
        "SNMPv2-SMI::enterprises.9.9.252.0.1",
        ".1.3.6.1.4.1.9.9.399.0.1",
    ):
        text = f"2026-11-22 10:30:17 a [{ENDS}]:\nSNMPv2-MIB::snmpTrapOID.0 = OID: {oid}\t.1.3.6.1.4.1.9.9.399.1.2.1.1.3 = INTEGER: 77"
        result = read_bytes(snmp_traps.SOURCE, text.encode())
        assert (result.counts(), result.rejected) == ({}, 1)
        assert "77" not in result.rejects[0].what


def test_names_are_found_by_number_or_module() -> None:
    assert [name_of(t) for t in (".1.3.6.1.6.3.1.1.5.1", "SNMPv2-SMI::enterprises.9.9.43.2.0.1", "X-MIB::y", "1.2.3")] == [
        "coldStart", "ciscoConfigManEvent", "y", "1.2.3",
    ]  # fmt: skip


@given(st.binary(max_size=1_000))
def test_any_bytes_give_rows_and_rejects(content: bytes) -> None:
    read_bytes(snmp_traps.SOURCE, content)
    snmp_traps.sniff(evidence_from_bytes(content, "x"))


_PIECES = st.sampled_from(
    [
        "2026-11-22 10:30:17 ",
        "a ",
        f"[{ENDS}]: ",
        "SNMPv2-MIB::snmpTrapOID.0",
        " = OID: ",
        "x::y",
        " = ",
        '"',
        "\t",
        "\n",
        ", ",
        "Cold Start Trap (",
        ") Uptime: ",
        "community ",
    ]
)


@given(st.lists(_PIECES, max_size=60).map("".join))
def test_pieces_in_any_order_give_rows_and_rejects(content: str) -> None:
    read_bytes(snmp_traps.SOURCE, content.encode())


def test_a_value_of_blanks_is_not_slow() -> None:
    began = time.process_time()
    snmp_traps.message("a.b.c = STRING: " + " " * 60_000)
    assert time.process_time() - began < 2
