from __future__ import annotations

from seawall.platforms.config import read

TEXT = """groups {
    base {
        system { services { telnet; ssh { root-login allow; } } host-name other; }
        interfaces { <ge-*> { unit <*> { family inet { rpf-check; } } } }
    }
    off { system { services { finger; } } }
}
apply-groups [ base ];
inactive: apply-groups off;
system { host-name j1; services { ssh { root-login deny; } } }
interfaces {
    interface-range edge { member ge-0/0/7; member-range ge-0/0/1 to ge-0/0/2; description edge; }
    ge-0/0/0 { unit 0 { family inet { address 192.0.2.1/24; } } }
    xe-0/0/0 { unit 0 { family inet { address 192.0.2.9/24; } } }
}
"""


def test_what_groups_say_stands_where_it_takes_effect() -> None:
    (config,) = read(TEXT)
    telnet = config.find("system", "services", "telnet")
    assert telnet is not None
    assert (telnet.line, telnet.inherited_from) == (3, 2)
    assert config.values("system", "host-name") == [("j1",)]
    assert config.values("system", "services", "ssh", "root-login") == [("deny",)]
    assert config.has("interfaces", "ge-0/0/0", "unit", "0", "family", "inet", "rpf-check")
    assert not config.has("interfaces", "xe-0/0/0", "unit", "0", "family", "inet", "rpf-check")


def test_inactive_groups_give_nothing() -> None:
    (config,) = read(TEXT)
    assert not config.has("system", "services", "finger")


def test_members_have_what_their_range_says() -> None:
    (config,) = read(TEXT)
    for name in ("ge-0/0/7", "ge-0/0/1", "ge-0/0/2"):
        assert config.value("interfaces", name, "description") == "edge"
