# ruff: noqa: E501 - log lines are as long as they are
from __future__ import annotations

import pytest

from seawall.sources.nat_messages import action_of, fields, of_pairs, proto_of

ONE = {"inside_ip": "10.1.1.5", "outside_ip": "192.0.2.1", "action": "create"}
PORTS = {**ONE, "inside_port": 1024, "outside_port": 40001}
BLOCK = {**ONE, "outside_port": 1024, "outside_port_end": 1535}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param("%ASA-6-305011: Built dynamic TCP translation from inside:10.1.1.5/1024 to outside:192.0.2.1/40001", PORTS, id="ASA"),
        pytest.param("%ASA-6-305011: Built dynamic TCP translation from inside:10.1.1.5/1024(LOCAL\\ann) to outside:192.0.2.1/40001", PORTS, id="ASA with identity"),
        pytest.param("%ASA-6-305009: Built static translation from inside:10.1.1.5 to outside:192.0.2.1", ONE, id="ASA static"),
        pytest.param("%ASA-6-305014: Allocated TCP block of ports for translation from inside:10.1.1.5 to outside:192.0.2.1/1024-1535.", BLOCK, id="ASA block"),
        pytest.param("Created tcp 10.1.1.5:1024 192.0.2.1:40001 203.0.113.9:80 203.0.113.9:80", PORTS | {"dst_ip": "203.0.113.9", "dst_port": 80, "proto": "tcp"}, id="IOS"),
        pytest.param("Created Translation UDP 10.1.1.5:1024 192.0.2.1:40001 203.0.113.9:80 203.0.113.9:80 0", PORTS | {"proto": "udp"}, id="IOS XE"),
        pytest.param("1 2026 Nov 22 10:30:45 192.0.2.3 - - NAT44 - [UserbasedA - 10.1.1.5 INSIDE-VRF - 192.0.2.1 - 1024 1535 - -]", BLOCK, id="IOS XR block"),
        pytest.param("JSERVICES_NAT_PORT_BLOCK_ALLOC: 10.1.1.5 -> 192.0.2.1:1024-1535 0x5e", BLOCK, id="MS-MPC"),
        pytest.param("ASP_NAT_PORT_BLOCK_ALLOC: 10.1.1.5 -> 192.0.2.1:1024-1535 0x5e", BLOCK, id="MS-DPC"),
        pytest.param("RT_SRC_NAT_PBA_ALLOC: Subscriber 10.1.1.5 used/maximum [1/8] blocks, allocates port block [1024-1535] from 192.0.2.1 in source pool p lsys_id: 0", BLOCK, id="SRX block"),
        pytest.param("RT_FLOW_SESSION_CREATE: session created 10.1.1.5/1024->203.0.113.9/80 0x0 junos-http 192.0.2.1/40001->203.0.113.9/80 0x0 source rule r", PORTS | {"dst_port": 80}, id="SRX session"),
        pytest.param('RT_FLOW_SESSION_CREATE [junos@2636 source-address="10.1.1.5" source-port="1024" destination-address="203.0.113.9" destination-port="80" nat-source-address="192.0.2.1" nat-source-port="40001" protocol-id="6"]', PORTS | {"dst_port": 80, "proto": "tcp"}, id="SRX structured"),
        pytest.param("JSERVICES_SESSION_OPEN: application:none, ge-0/0/0.0 10.1.1.5:1024 [192.0.2.1:40001] -> 203.0.113.9:80 (TCP)", PORTS | {"dst_port": 80}, id="MS session"),
        pytest.param("NAT-TCP-N: 10.1.1.5:1024 -> 192.0.2.1:40001, 203.0.113.9:80", PORTS | {"dst_port": 80}, id="A10"),
        pytest.param('lsn_event="LSN_ADD",cli="10.1.1.5:1024",nat="192.0.2.1:40001"', PORTS, id="F5"),
        pytest.param('lsn_event="LSN_PB_ALLOCATED",lsn_client="10.1.1.5",lsn_pb="192.0.2.1:1024-1535"', BLOCK, id="F5 block"),
        pytest.param("Map  192.0.2.1 [1024-1535] MDA 2/1 -- 276824064 classic-lsn-sub %10 10.1.1.5 at 2026/11/22 10:30:17", BLOCK, id="Nokia"),
        pytest.param("forward: in:b out:e, proto TCP (SYN), 10.1.1.5:1024->203.0.113.9:80, NAT (10.1.1.5:1024->192.0.2.1:40001)->203.0.113.9:80, len 52", PORTS | {"dst_port": 80}, id="MikroTik"),
        pytest.param('srcip=10.1.1.5 srcport=1024 dstip=203.0.113.9 dstport=80 proto=6 action="accept" trandisp="snat" transip=192.0.2.1 transport=40001', PORTS, id="FortiOS"),
        pytest.param('logdesc="NAT port block allocated" saddr=10.1.1.5 nat=192.0.2.1 portbegin=1024 portend=1535', BLOCK, id="FortiOS block"),
        pytest.param("Protocol(1001)=TCP;SourceIP(1003)=10.1.1.5;SourcePort(1004)=1024;NATSourceIP(1005)=192.0.2.1;NATSourcePort(1006)=40001;DestinationIP(1007)=203.0.113.9", PORTS | {"proto": "tcp"}, id="H3C"),
        pytest.param("[NEW] tcp      6 120 SYN_SENT src=10.1.1.5 dst=203.0.113.9 sport=1024 dport=80 [UNREPLIED] src=203.0.113.9 dst=192.0.2.1 sport=80 dport=40001", PORTS, id="conntrack"),
        pytest.param("[NEW] ORIG: SRC=10.1.1.5 DST=203.0.113.9 PROTO=TCP SPT=1024 DPT=80 PKTS=0 BYTES=0 , REPLY: SRC=203.0.113.9 DST=192.0.2.1 PROTO=TCP SPT=80 DPT=40001 PKTS=0 BYTES=0", PORTS, id="ulogd"),
        pytest.param("NAT64-TCP-N: 2001:db8::5:1024 -> 192.0.2.1:40001", {"inside_ip": "2001:db8::5", "inside_port": 1024}, id="A10 NAT64"),
        pytest.param("%ASA-6-302013: Built outbound TCP connection 1 for outside:203.0.113.9/80 (203.0.113.9/80) to inside:192.0.2.5/1024 (192.0.2.5/1024)", None, id="ASA connection, not translated"),
        pytest.param("%ASA-6-302013: Built outbound TCP connection 1 for outside:203.0.113.9/80 (203.0.113.9/80) to inside:10.1.1.5/1024 (192.0.2.1/40001)", PORTS | {"dst_ip": "203.0.113.9"}, id="ASA connection"),
        pytest.param("src=10.1.1.5 dst=203.0.113.9 nothing translated", None, id="no translation"),
    ],
)  # fmt: skip
def test_each_vendor_s_message_says_the_same(text: str, wanted: dict | None) -> None:
    found = fields(text)
    if wanted is None:
        assert found is None
    else:
        assert found is not None
        assert {name: found[name] for name in wanted} == wanted


@pytest.mark.parametrize(
    ("word", "action"),
    [("Built", "create"), ("Teardown", "delete"), ("ALLOC", "create"), ("RELEASE", "delete"), ("[DESTROY]", "delete"), ("N", "create"), ("F", "delete")],
)  # fmt: skip
def test_words_for_begin_and_end_are_two(word: str, action: str) -> None:
    assert action_of(word) == action


def test_numbers_of_protocols_have_names() -> None:
    assert (proto_of("6"), proto_of("UDP"), proto_of("99"), proto_of(None)) == ("tcp", "udp", "99", None)


def test_an_untranslated_address_is_no_translation() -> None:
    assert of_pairs([("srcip", "192.0.2.1"), ("transip", "192.0.2.1")]) is None
    assert of_pairs([("srcip", "10.0.0.1"), ("transip", "no address")]) is None
