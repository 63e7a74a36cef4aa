# ruff: noqa: E501 - samples stand as they are written
from __future__ import annotations

import pytest

from seawall.platforms.config import read
from seawall.platforms.config.bgp import Neighbor

IOS = """hostname r1
router bgp 65000
 neighbor EDGE peer-group
 neighbor EDGE remote-as 65001
 neighbor EDGE password 7 0822455D0A16
 neighbor 192.0.2.1 peer-group EDGE
 neighbor 192.0.2.9 remote-as 65000
 address-family ipv4
  neighbor EDGE route-map IN in
  neighbor 192.0.2.1 activate
end
"""
EOS = "! device: s (DCS, EOS-4.30.1F)\nhostname s\nrouter bgp 65000\n   neighbor EDGE peer group\n   neighbor EDGE remote-as 65001\n   neighbor EDGE password 7 abcdefgh\n   neighbor EDGE route-map IN in\n   neighbor 192.0.2.1 peer group EDGE\n   neighbor 192.0.2.9 remote-as 65000\n"
NXOS = "!Command: show running-config\nfeature bgp\nrouter bgp 65000\n  template peer EDGE\n    remote-as 65001\n    password 3 abcdef\n    address-family ipv4 unicast\n      route-map IN in\n  neighbor 192.0.2.1\n    inherit peer EDGE\n  neighbor 192.0.2.9\n    remote-as 65000\n"
XR = "!! IOS XR Configuration 7.5.2\nhostname x\nrouter bgp 65000\n session-group S\n  password encrypted 094F471A1A0A\n !\n af-group A address-family ipv4 unicast\n  route-policy IN in\n !\n neighbor-group EDGE\n  remote-as 65001\n  use session-group S\n  address-family ipv4 unicast\n   use af-group A\n  !\n !\n neighbor 192.0.2.1\n  use neighbor-group EDGE\n !\n neighbor 192.0.2.9\n  remote-as 65000\n !\n!\nend\n"
JUNOS = 'set system host-name j\nset routing-options autonomous-system 65000\nset groups G protocols bgp group <*> authentication-key "$9$abcdef"\nset protocols bgp apply-groups G\nset apply-groups G\nset protocols bgp group EDGE peer-as 65001\nset protocols bgp group EDGE import IN\nset protocols bgp group EDGE neighbor 192.0.2.1\nset protocols bgp group I type internal\nset protocols bgp group I apply-groups-except G\nset protocols bgp group I neighbor 192.0.2.9\n'
SROS = '# TiMOS-C-22.7.R1\nconfigure {\n    router "Base" {\n        autonomous-system 65000\n        bgp {\n            group "EDGE" {\n                peer-as 65001\n                authentication-key "x hash2"\n                import {\n                    policy ["IN"]\n                }\n            }\n            neighbor "192.0.2.1" {\n                group "EDGE"\n            }\n            neighbor "192.0.2.9" {\n                peer-as 65000\n            }\n        }\n    }\n}\n'
VRP = "!Software Version V800R022C00SPC500\nsysname v\nbgp 65000\n group EDGE external\n peer EDGE as-number 65001\n peer EDGE password cipher %^%#abc%^%#\n peer 192.0.2.1 group EDGE\n peer 192.0.2.9 as-number 65000\n ipv4-family unicast\n  peer EDGE route-policy IN import\n"


@pytest.mark.parametrize(
    "text", [IOS, EOS, NXOS, XR, JUNOS, SROS, VRP], ids=["ios", "eos", "nxos", "iosxr", "junos", "sros", "vrp"]
)
def test_a_neighbour_has_what_its_group_gives(text: str) -> None:
    (config,) = read(text)
    found = {one.address: one for one in config.bgp_neighbors()}
    assert set(found) == {"192.0.2.1", "192.0.2.9"}
    edge, inner = found["192.0.2.1"], found["192.0.2.9"]
    assert (edge.remote_as, edge.external, edge.group) == ("65001", True, "EDGE")
    assert inner.external is False
    assert _secret(edge)
    assert not _secret(inner)
    assert edge.settings.has("**", "route-map|route-policy|import")
    secret = edge.settings.find("password|authentication-key")
    assert secret is not None
    assert secret.inherited_from is not None


def _secret(one: Neighbor) -> bool:
    return one.settings.has("password|authentication-key")


def test_whoever_may_call_is_a_neighbour() -> None:
    (config,) = read(
        "hostname r1\nrouter bgp 1\n bgp listen range 192.0.2.0/24 peer-group G\n neighbor G peer-group\n neighbor G remote-as 2\n"
    )
    (one,) = config.bgp_neighbors()
    assert (one.address, one.remote_as, one.external) == ("192.0.2.0/24", "2", True)


def test_a_service_of_sr_os_is_found_behind_its_customer() -> None:
    (config,) = read(
        'exit all\nconfigure\n    service\n        vprn 10 customer 1 create\n            autonomous-system 65000\n            bgp\n                group "E"\n                    peer-as 65001\n                    neighbor 192.0.2.1\n                    exit\n                exit\n                no shutdown\n            exit\n        exit\n    exit\nexit all\n'
    )
    (one,) = config.bgp_neighbors()
    assert (one.address, one.vrf, one.group, one.external) == ("192.0.2.1", "10", "E", True)
    assert config.has("configure", "service", "vprn", "10", "customer", "1")
