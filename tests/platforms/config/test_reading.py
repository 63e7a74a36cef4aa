# ruff: noqa: E501 - words of configurations, many to a line
from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.platforms.config import read
from seawall.platforms.config.reading import MAX_BYTES
from seawall.platforms.masking import MASK, mask
from tests.corpus import corpus_path

FOLDERS = {
    "arista-eos": "eos",
    "cisco-asa": "asa",
    "cisco-ios": "ios",
    "cisco-iosxe": "ios",
    "cisco-iosxr": "iosxr",
    "cisco-nxos": "nxos",
    "fortinet-fortios": "fortios",
    "hp-comware": "comware",
    "huawei-vrp": "vrp",
    "juniper-junos": "junos",
    "mikrotik-routeros": "routeros",
    "nokia-sros": "sros",
    "paloalto-panos": "panos",
}
WORDS = st.sampled_from(
    [
        "set", "delete", "deactivate", "system", "groups", "apply-groups", "<*>", "interfaces", "interface-range", "member",
        "{", "}", ";", "[", "]", '"', "#", "!", "^C", "banner motd ^C", "config", "edit", "next", "end", "exit",
        "no", "undo", "configure {", "router bgp 1", "neighbor", "192.0.2.1", "peer-group", "G", "hostname a", "hostname b",
        "line vty 0 4", " ", "    ", "\t", "\n", "\n ", "\n  ", "\r\n", "--More--", "\x08", "ge-0/0/[0-9]", "firewall",
        "filter", "password 7 0822", "-----BEGIN RSA PRIVATE KEY-----", "certificate 01", "A0B1C2D3", "route-policy P",
    ]
)  # fmt: skip


@given(st.one_of(st.binary(max_size=2_000), st.text(max_size=2_000), st.lists(WORDS, max_size=120).map(" ".join)))
def test_any_text_is_read_and_its_tree_is_bounded(data: bytes | str) -> None:
    for config in read(data):
        config.printed()
        config.bgp_neighbors()
        config.interfaces()
        config.used("acl")
        for one in config.walk():
            assert 1 <= one.line <= config.first_line + len(config.lines)
            assert len(one.section) < 140


@given(st.lists(WORDS, max_size=60).map(" ".join))
@settings(max_examples=40)
def test_the_lines_come_back(text: str) -> None:
    configs = read(text)
    if not configs[0].problem:
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        assert "\n".join(config.printed() for config in configs) == "\n".join(map(mask, lines))


@pytest.mark.parametrize(
    "piece",
    [
        "a { ",
        "config a\n",
        " x\n" * 3,
        "set a b c d\n",
        "banner motd ~\n",
        'set x "\n',
        "group <*> apply-groups [ a b ];\n",
    ],
)
def test_time_grows_with_the_text_and_no_faster(piece: str) -> None:
    """Twice the text may not take four times as long: measured in CPU time, with much room."""

    def seconds(count: int) -> float:
        start = time.process_time()
        read(piece * count)
        return time.process_time() - start

    seconds(1_000)
    assert seconds(40_000) < 8 * max(seconds(10_000), 0.02)


def test_a_file_of_60_mb_is_read_as_far_as_the_limit_and_says_so() -> None:
    line = b" description " + b"x" * 499_986 + b"\n"
    (config,) = read(b"version 17.9\nhostname r1\ninterface Tunnel0\n" + line * 120, "big.cfg")
    assert config.hostname == "r1"
    assert config.cut
    assert any(f"only its first {MAX_BYTES >> 20} MiB are read" in doubt for doubt in config.doubts)


def test_line_ends_of_windows_and_tabs_change_nothing() -> None:
    text = "version 17.9\nhostname r1\ninterface Gi0/1\n ip address 192.0.2.1 255.255.255.0\n shutdown\nend\n"
    plain, *others = (
        read(one)[0] for one in (text, text.replace("\n", "\r\n"), text.replace("\n ", "\n\t"), "\ufeff" + text)
    )
    for other in others:
        assert [one.path for one in other.walk()] == [one.path for one in plain.walk()]
    (wide,) = read(text.encode("utf-16"))
    assert [one.path for one in wide.walk()] == [one.path for one in plain.walk()]


def test_every_known_configuration_is_read_and_comes_back() -> None:
    count, wrong = 0, []
    for folder, platform in FOLDERS.items():
        for path in sorted(corpus_path("device-configs", folder).iterdir()):
            data = path.read_bytes()
            (config,) = read(data, path.name)
            count += 1
            assert not config.problem
            if config.platform != platform:
                wrong.append(f"{folder}/{path.name}: {config.platform}")
            lines = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n").split("\n")
            pairs = list(zip(config.printed().split("\n"), lines, strict=True))
            assert all(shown == line or MASK in shown or "\ufffd" in line for shown, line in pairs)
            held = {one.line for one in config.walk()}
            assert held or not any(line.strip() and line.strip()[0] not in "!#" for line in lines)
            assert max(held, default=0) <= len(lines)
    assert count >= 957
    assert len(wrong) <= count * 0.02, "\n".join(wrong)
