from __future__ import annotations

from seawall.platforms.config import read

IOS = """hostname r1
ip access-list standard MGMT
 10 permit 192.0.2.0 0.0.0.255
 20 deny any log
access-list 10 permit 198.51.100.1
ip access-list extended UNBOUND
 permit ip any any
snmp-server community public RO 10
line vty 0 4
 access-class MGMT in vrf-also
line vty 5 15
 access-class GONE in
end
"""


def test_what_is_defined_may_be_unbound_and_what_is_bound_may_be_undefined() -> None:
    (config,) = read(IOS)
    assert sorted(config.defined("acl")) == ["10", "MGMT", "UNBOUND"]
    assert sorted(config.used("acl")) == ["10", "GONE", "MGMT"]
    assert [one.line for one in config.references("acl", "GONE")] == [12]
    assert not config.references("acl", "UNBOUND")
    assert [words for words, _ in config.entries("acl", "MGMT")] == [
        ("permit", "192.0.2.0", "0.0.0.255"),
        ("deny", "any", "log"),
    ]
    assert [words for words, _ in config.entries("acl", "10")] == [("permit", "198.51.100.1")]


def test_junos_filters_are_followed() -> None:
    (config,) = read(
        "set firewall family inet filter RE term a then accept\nset firewall filter OTHER term a then discard\n"
        "set interfaces lo0 unit 0 family inet filter input RE\nset policy-options prefix-list M 192.0.2.0/24\n"
        "set firewall family inet filter RE term a from source-prefix-list M\nset system host-name j\n"
    )
    assert sorted(config.defined("acl")) == ["OTHER", "RE"]
    assert list(config.used("acl")) == ["RE"]
