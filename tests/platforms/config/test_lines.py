# ruff: noqa: E501 - samples stand as they are written
from __future__ import annotations

from seawall.platforms.config import read


def test_a_section_written_twice_is_one() -> None:
    (config,) = read(
        "!Command: show running-config\nversion 9.3(5)\ninterface Vlan1\n shutdown\n!\ninterface Vlan1\n no ip redirects\n"
    )
    (vlan,) = config.all("interface", "Vlan1")
    assert vlan.has("shutdown")
    assert vlan.state("ip", "redirects") is False
    assert vlan.children[1].section == (vlan,)


def test_the_text_of_a_banner_is_no_statement() -> None:
    (config,) = read("hostname r1\nbanner login ^C\nusername evil privilege 15\n^C\nline vty 0 4\n login local\n")
    assert not config.has("username")
    assert config.find("banner", "login").body == ("username evil privilege 15", "^C")  # type: ignore[union-attr]


def test_router_os_lines_stand_under_their_menu() -> None:
    (config,) = read(
        "# 2024-01-01 by RouterOS 7.10\n/ip service\nset telnet disabled=yes\n/system identity\nset name=m1\n"
    )
    assert config.platform == "routeros"
    assert config.has("ip", "service", "set", "telnet", "disabled=yes")
    assert config.version == "7.10"
