# ruff: noqa: E501 - samples stand as they are written
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.platforms.config_styles import Guess
from seawall.platforms.config_styles import guess as guessed
from seawall.platforms.config_tree import MAX_DEPTH, hostname_in, section_path, tree_of

IOS, EOS, ASA = Guess("ios", "indent", 90), Guess("eos", "indent", 90), Guess("asa", "indent", 90)
JUNOS = Guess("junos", "brace", 90)


def sections(text: str, guess: Guess) -> dict[str, str]:
    return {line.text: section_path(line) for line in tree_of(text.split("\n"), guess)}


def test_indent_decides_what_stands_under_what() -> None:
    found = sections("router bgp 65000\n vrf A\n  neighbor 192.0.2.1\n  !\n vrf B\n!\nend", IOS)
    assert found["neighbor 192.0.2.1"] == "router bgp 65000 / vrf A"
    assert found["vrf B"] == "router bgp 65000"
    assert found["end"] == ""


@pytest.mark.parametrize(
    ("text", "guess"),
    [
        ("banner motd ^C\nhostname fake\n interface x\n^C\nhostname r1", IOS),
        ("banner login #\nhostname fake\n#\nhostname r1", IOS),
        ("banner motd\nhostname fake\nEOF\nhostname r1", EOS),
        ("crypto pki certificate chain C\n certificate 01\n  30820229\n  DEADBEEF\n  quit\nhostname r1", IOS),
    ],
)
def test_banners_and_certificates_open_no_sections(text: str, guess: Guess) -> None:
    lines = list(tree_of(text.split("\n"), guess))
    assert lines[-1].text == "hostname r1"
    assert lines[-1].section == ()
    assert all(line.body for line in lines[1:-1] if "certificate" not in line.text)
    assert len(lines) == len(text.split("\n"))


def test_a_banner_without_an_end_swallows_nothing() -> None:
    assert not list(tree_of(["banner motd ^C", "hostname r1"], IOS))[1].body
    assert not list(tree_of(["banner motd Welcome all", "hostname r1"], ASA))[1].body


def test_private_keys_are_not_kept() -> None:
    text = "crypto key\n-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\nend"
    for guess in (IOS, JUNOS):
        texts = [line.text for line in tree_of(text.split("\n"), guess)]
        assert "AAAA" not in texts
        assert texts[-1] == "end"


def test_braces_decide_in_junos() -> None:
    text = 'system {\n  login {\n    user a { uid 1; }\n    message "{ hi";\n  }\n  /* why\n  { */\n  services {\n    ssh;\n  }\n}\nsnmp {'
    found = sections(text, JUNOS)
    assert found["ssh;"] == "system / services"
    assert found['message "{ hi";'] == "system / login"
    assert found["user a { uid 1; }"] == "system / login"
    assert found["snmp {"] == ""


def test_set_lines_stand_at_the_top() -> None:
    lines = list(tree_of(["set system host-name r1", "# why", "", "deactivate system"], Guess("junos", "set", 90)))
    assert [(line.number, line.depth, line.body) for line in lines] == [(1, 0, False), (2, 0, True), (4, 0, False)]


@pytest.mark.parametrize(
    ("text", "platform", "name"),
    [
        ("hostname r1.example.net", "ios", "r1.example.net"),
        ("switchname n1", "nxos", "n1"),
        ("sysname v1", "vrp", "v1"),
        ("system {\n    host-name j1;\n}", "junos", "j1"),
        ("set system host-name j2", "junos", "j2"),
        ("set deviceconfig system hostname p1", "panos", "p1"),
        ('config system global\n    set hostname "f1"\nend', "fortios", "f1"),
        ('configure\n    system\n        name "s1"', "sros", "s1"),
        ("/system identity set name=m1", "routeros", "m1"),
        ("interface x\n description hostname r1", "ios", None),
    ],
)
def test_a_device_names_itself(text: str, platform: str, name: str | None) -> None:
    assert hostname_in(text.split("\n"), platform) == name


def test_depth_is_bounded() -> None:
    deep = [" " * n + f"a{n}" for n in range(300)]
    assert max(line.depth for line in tree_of(deep, IOS)) <= MAX_DEPTH
    assert max(line.depth for line in tree_of(["a {"] * 300, JUNOS)) <= MAX_DEPTH


@given(st.lists(st.text(max_size=30), max_size=12), st.sampled_from(["ios", "eos", "asa"]))
def test_every_line_with_text_is_kept_once_and_in_order(lines: list[str], platform: str) -> None:
    for style in ("indent", "brace", "set"):
        numbers = [line.number for line in tree_of(lines, Guess(platform, style, 0))]
        assert numbers == [n for n, line in enumerate(lines, 1) if line.strip()]


@pytest.mark.parametrize("guess", [JUNOS, Guess("panos", "set", 90), Guess("fortios", "indent", 90)])
def test_a_quoted_value_of_many_lines_is_text(guess: Guess) -> None:
    text = 'set banner "Welcome\n{ set evil yes {\nend\n";\nset name a'
    lines = list(tree_of(text.split("\n"), guess))
    assert [line.body for line in lines] == [False, True, True, True, False]
    assert lines[-1].section == ()
    assert len(list(tree_of(['set banner "open', "set name a"], guess))) == 2


def test_private_keys_in_set_lines_are_not_kept() -> None:
    text = 'set shared certificate c private-key "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----"\nset a b'
    assert "AAAA" not in [line.text for line in tree_of(text.split("\n"), Guess("panos", "set", 90))]


def test_comments_of_sr_os_close_nothing_and_md_cli_is_known_without_semicolons() -> None:
    found = sections('configure\n#---\necho "System"\n#---\n    system\n        name "s"', Guess("sros", "indent", 90))
    assert found['name "s"'] == "configure / system"
    seen = guessed(
        [
            "configure {",
            "    system {",
            '        name "s"',
            '        contact "noc"',
            '        location "x"',
            "    }",
            "}",
        ]
    )
    assert seen is not None
    assert (seen.platform, seen.style) == ("sros", "brace")


def test_looking_for_the_end_of_a_banner_that_has_none_takes_linear_time() -> None:
    lines = [f"banner motd {chr(0x4E00 + number % 20_000)}" for number in range(40_000)]
    assert len(list(tree_of(lines, IOS))) == 40_000
