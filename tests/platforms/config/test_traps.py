# ruff: noqa: E501 - samples stand as they are written
"""The parsing traps that make audits answer wrongly, one test each, numbered as in the knowledge they come from."""

from __future__ import annotations

import pytest

from seawall.platforms.config import DeviceConfig, read


def one(text: str) -> DeviceConfig:
    (config,) = read(text)
    return config


def ios(text: str) -> DeviceConfig:
    return one(f"version 15.2\nhostname r1\nservice timestamps log datetime\n{text}end\n")


def test_01_a_default_that_is_on_shows_only_when_it_is_off() -> None:
    assert ios("no ip source-route\n").effective("ip", "source-route") is False
    assert ios("").effective("ip", "source-route") is True
    assert one("!! IOS XR Configuration 7.5.2\nhostname x\nend\n").effective("ipv4", "source-route") is False


def test_02_the_digit_of_a_password_means_what_its_platform_says() -> None:
    nx = one(
        "!Command: show running-config\nversion 9.3(5)\nusername a password 5 $5$ABCDEF$abcdefghijklmnop role network-admin\n"
    )
    xe = ios("username a secret 5 $1$abcd$abcdefghijklmnopqrstu\n")
    assert [secret.form for secret in nx.all("username")[0].secrets] == ["$5$"]
    assert [secret.form for secret in xe.all("username")[0].secrets] == ["$1$"]
    assert xe.values("username", "a", "secret") == [("5", "<masked>")]


def test_03_a_way_to_authenticate_on_asa_opens_no_service() -> None:
    asa = one(": Saved\nASA Version 9.16(4)\nhostname fw\naaa authentication telnet console LOCAL\n: end\n")
    assert not asa.has("telnet")
    assert not asa.has("http")
    assert asa.has("aaa", "authentication", "telnet", "console")


def test_04_lists_are_defined_and_bound() -> None:
    config = ios("access-list 10 permit any\nline vty 0 4\n access-class 20 in\n")
    assert (list(config.defined("acl")), list(config.used("acl"))) == (["10"], ["20"])


def test_05_a_log_of_commands_needs_its_switch() -> None:
    config = ios("archive\n log config\n  hidekeys\n")
    assert config.has("archive", "log", "config")
    assert not config.has("archive", "log", "config", "logging", "enable")


def test_06_each_range_of_lines_answers_for_itself() -> None:
    config = ios(
        "line vty 0 4\n access-class M in\nline vty 5 15\n access-class M in\nline vty 16 97\n transport input all\n"
    )
    assert [vty.has("access-class") for vty in config.all("line", "vty")] == [True, True, False]


@pytest.mark.parametrize(
    "text",
    [
        "banner exec ^CC\nline vty 0 4\n transport input telnet\n^C\n",
        "banner login #\nline vty 0 4\n transport input telnet\n#\n",
        "crypto pki certificate chain T\n certificate self-signed 01\n  3082022B 30820194\n  line vty 0 4\n  \tquit\n",
        "ip ssh pubkey-chain\n username a\n  key-string\n   AAAAB3NzaC1yc2EAAAADAQABAAABAQ\n   exit\n",
        'event manager applet X\n action 1.0 cli command "line vty 0 4"\n',
    ],
)
def test_07_text_that_looks_like_configuration_is_none(text: str) -> None:
    assert not ios(text).has("line", "vty")


def test_07_comments_of_junos_are_none() -> None:
    config = one(
        'version 21.4R3;\n/* services { telnet; } */\nsystem {\n    host-name j; ## SECRET-DATA\n    # services { ftp; }\n    root-authentication {\n        encrypted-password "$6$abcdefgh$ijklmnopqrstuv"; ## SECRET-DATA\n    }\n}\n'
    )
    assert not config.has("services")
    assert config.names("system") == ["host-name", "root-authentication"]
    assert config.find("system", "root-authentication", "encrypted-password", "*").secrets[0].form == "$6$"  # type: ignore[union-attr]


def test_08_a_web_server_that_no_line_names_is_unknown_on_ios_xe() -> None:
    assert one("version 17.9\nhostname r1\nend\n").effective("ip", "http", "server") is None
    assert one("version 17.9\nhostname r1\nno ip http server\nend\n").effective("ip", "http", "server") is False
    every = one("! show running-config all\nversion 17.9\nhostname r1\nservice timestamps log datetime\nend\n")
    assert every.effective("ip", "http", "server") is False


def test_09_junos_groups_are_followed_and_inactive_is_without_effect() -> None:
    config = one(
        "set groups G system services telnet\nset apply-groups G\nset system services ftp\ndeactivate system services ftp\nset system host-name j\n"
    )
    assert config.has("system", "services", "telnet")
    assert not config.has("system", "services", "ftp")
    (protected,) = read("system { host-name j; protect: services { inactive: ssh; telnet; } }\n")
    assert protected.has("system", "services", "telnet")
    assert not protected.has("system", "services", "ssh")


def test_10_sr_os_repeats_its_sections_and_switches_in_two_ways() -> None:
    config = one(
        'exit all\nconfigure\n#---\necho "System"\n#---\n    system\n        name "s"\n        netconf\n            no shutdown\n        exit\n    exit\n#---\necho "Security"\n#---\n    system\n        security\n            ssh\n                server-shutdown\n            exit\n        exit\n    exit\nexit all\n'
    )
    (system,) = config.all("configure", "system")
    assert system.names() == ["name", "security"]
    assert system.state("netconf", "shutdown") is False
    assert system.has("security", "ssh", "server-shutdown")


def test_11_vrp_negates_by_undo_and_tells_its_release_in_a_comment() -> None:
    config = one(
        "!Software Version V800R022C00SPC500\n#\nsysname v\n#\nundo telnet server enable\n#\nuser-interface vty 0 4\n acl 2000 inbound\n#\nreturn\n"
    )
    assert (config.platform, config.version) == ("vrp", "V800R022C00SPC500")
    assert config.state("telnet", "server", "enable") is False
    assert list(config.used("acl")) == ["2000"]


def test_12_the_bodies_of_ios_xr_stay_in_their_place() -> None:
    config = one(
        "!! IOS XR Configuration 7.5.2\nhostname x\nroute-policy P\n  # telnet ipv4 server\n  if destination in (10.0.0.0/8) then\n    drop\n  else\n    pass\n  endif\nend-policy\n!\nprefix-set S\n  192.0.2.0/24 le 32\nend-set\n!\nrouter bgp 65000\n neighbor 192.0.2.1\n  remote-as 1\n  address-family ipv4 unicast\n   route-policy P in\n  !\n !\n!\nend\n"
    )
    (policy,) = config.all("route-policy", "P")
    assert [child.words[0] for child in policy.children] == ["if", "else", "endif"]
    assert not config.has("telnet")
    assert [used.line for used in config.references("policy", "P")] == [20]


def test_13_settings_may_come_from_groups() -> None:
    """Each platform's groups: see `test_bgp`."""
    config = ios(
        "router bgp 1\n neighbor G peer-group\n neighbor G password 7 0822455D0A16\n neighbor 192.0.2.1 remote-as 2\n neighbor 192.0.2.1 peer-group G\n"
    )
    (neighbor,) = config.bgp_neighbors()
    assert neighbor.settings.has("password")


@pytest.mark.parametrize(
    ("text", "path", "minutes"),
    [
        ("version 15.2\nhostname r1\nservice timestamps log datetime\nend\n", ("exec-timeout",), 10),
        ("!! IOS XR Configuration 7.5.2\nhostname x\nend\n", ("exec-timeout",), 10),
        ("! device: s (DCS, EOS-4.30.1F)\nhostname s\nend\n", ("idle-timeout",), 0),
        ('exit all\nconfigure\n    system\n        name "s"\n    exit\nexit all\n', ("idle-timeout",), 30),
        ("!Software Version V800R022C00SPC500\nsysname v\nreturn\n", ("idle-timeout",), 10),
    ],
)
def test_14_sessions_end_by_themselves_after_the_platforms_own_time(
    text: str, path: tuple[str, ...], minutes: int
) -> None:
    found = one(text).default(*path)
    assert found is not None
    assert found.value == minutes


def test_15_absent_is_not_off() -> None:
    junos = one("set version 21.4R3\nset system host-name j\n")
    assert junos.effective("system", "services", "telnet") is False
    assert ios("").effective("vstack") is None
    assert (
        one("!Software Version V800R022C00SPC500\nsysname v\nreturn\n").effective("telnet", "server", "enable") is None
    )
