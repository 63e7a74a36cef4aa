import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import InputError
from seawall.response.actions import kind_of
from seawall.response.actions.flowspec import PORTS

_CONTROL = {"tcp": {179, 639, 646}, "udp": {520, 521, 646, 3784, 3785, 4784}}
_ROUTING = {2, 46, 88, 89, 103, 112, 115, 124}  # IGMP, RSVP, EIGRP, OSPF, PIM, VRRP, L2TPv3, IS-IS


def _matched(ports: str, port: int) -> bool:
    """RFC 8955, 4.2.1.1: alternatives of conjunctions."""
    return any(all(_holds(term, port) for term in alternative.split("&")) for alternative in ports.strip("[ ]").split())


def _holds(term: str, port: int) -> bool:
    sign, number = re.fullmatch(r"([<>=]+)(\d+)", term).groups()  # type: ignore[union-attr]
    return {"<": port < int(number), ">": port > int(number), "=": port == int(number)}[sign]


@pytest.mark.parametrize("protocol", PORTS)
def test_no_rule_matches_a_control_port_and_few_others_are_left_out(protocol: str) -> None:
    free = {port for port in range(65_536) if not _matched(PORTS[protocol], port)}
    assert free >= _CONTROL[protocol]
    assert len(free) < 1_200
    assert PORTS[protocol].count("<") + PORTS[protocol].count(">") <= 5


@given(st.ip_addresses(v=4))
def test_each_rule_names_both_sides_a_protocol_and_no_export(address: object) -> None:
    action = kind_of("flowspec").action("rr1", {"address": str(address), "guarded": "203.0.113.64/27"}, "x", lasts_s=60)
    lines = action.do.splitlines()
    assert len(lines) == 6
    for line in lines:
        assert "community [ no-export ]" in line
        assert "discard" in line
        assert f"{address}/32" in line
        assert "203.0.113.64/27" in line
        numbers = re.search(r"protocol \[([^]]*)\]", line)
        assert numbers or ("source-port" in line and "destination-port" in line)
        if numbers:
            assert not {int(n) for n in re.findall(r"\d+", numbers[1])} & _ROUTING
    assert [line.replace("announce", "withdraw") for line in lines] == action.undo.splitlines()


def test_two_families_make_no_rule() -> None:
    with pytest.raises(InputError, match="families"):
        kind_of("flowspec").action("rr1", {"address": "192.0.2.1", "guarded": "2001:db8::/64"}, "x", lasts_s=60)
