from __future__ import annotations

import pytest

from seawall.platforms.config import DeviceConfig, read

JUNOS_BRACES = """
system {
    host-name j1;
    authentication-order [ tacplus password ];
    login { user ann { class super-user; } user bob { class operator; } }
    services { ssh { root-login deny; } inactive: telnet; }
}
"""
JUNOS_SET = """
set system host-name j1
set system authentication-order tacplus
set system authentication-order password
set system login user ann class super-user
set system login user bob class operator
set system services ssh root-login deny
set system services telnet
deactivate system services telnet
"""
IOS = """version 17.9
hostname r1
no ip http server
ip http secure-server
line vty 0 4
 access-class MGMT in
 transport input ssh
line vty 5 15
 transport input all
interface Tunnel0
 ip address 192.0.2.1 255.255.255.0
end
"""


def one(text: str) -> DeviceConfig:
    (device,) = read(text)
    return device


@pytest.mark.parametrize("text", [JUNOS_BRACES, JUNOS_SET])
def test_braces_and_set_lines_answer_alike(text: str) -> None:
    config = one(text)
    assert config.value("system", "host-name") == "j1"
    assert config.names("system", "login", "user") == ["ann", "bob"]
    assert config.values("system", "authentication-order") == [("tacplus",), ("password",)]
    assert config.has("system", "services", "ssh", "root-login", "deny")
    assert config.state("system", "services", "telnet") is False
    assert config.state("system", "services", "finger") is None
    assert [one.path[-1] for one in config.all("**", "class", "super-user")] == ["super-user"]


def test_lines_are_asked_by_the_words_from_the_top() -> None:
    config = one(IOS)
    assert [vty.words[2:] for vty in config.all("line", "vty")] == [("0", "4"), ("5", "15")]
    assert [vty.has("access-class", "*", "in") for vty in config.all("line", "vty")] == [True, False]
    assert config.state("ip", "http", "server") is False
    assert config.has("interface", "tunnel*")
    assert config.has("line", "**", "transport", "input", "telnet|all")
    assert [found.line for found in config.all("**", "transport", "input")] == [7, 9]
    assert config.all("ip", "http") == [config.children[3]]
