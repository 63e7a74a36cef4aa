# ruff: noqa: E501 - samples stand as they are written
from __future__ import annotations

import pytest

from seawall.platforms.config import read


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"\n \r\n", "empty"),
        (b"PK\x03\x04" + bytes(range(256)), "Word"),
        (bytes(range(256)) * 10, "binary or encrypted"),
        (b"Salted__abcdefghijklmnop", "encrypted"),
    ],
)
def test_what_is_no_text_says_so(data: bytes, says: str) -> None:
    (config,) = read(data, "x.cfg")
    assert says in config.problem
    assert not config.statements


def test_pager_prompts_are_taken_away_and_said() -> None:
    (config,) = read(
        "hostname r1\n --More-- \x08\x08\x08\x08\x08\x08\x08\x08\x08        \x08\x08\x08\x08\x08\x08\x08\x08\x08line vty 0 4\n login local\nend"
    )
    assert config.has("line", "vty", "*", "*", "login", "local")
    assert any("--More--" in doubt for doubt in config.doubts)


@pytest.mark.parametrize(
    "text",
    [
        "r1#show running-config\nversion 17.9\nhostname r1\nline vty 0 4\n login local\nend\n\nr1#\n",
        "RP/0/RSP0/CPU0:x#show run\n!! IOS XR Configuration 7.5.2\nhostname r1\nline vty 0 4\n login local\nend\nRP/0/RSP0/CPU0:x#exit\n",
        "<v>display current-configuration\n!Software Version V800R022\nsysname r1\nline vty 0 4\n login local\nreturn\n<v>\n",
    ],
)
def test_prompts_are_no_statements(text: str) -> None:
    (config,) = read(text)
    assert config.hostname == "r1"
    assert config.has("line", "vty", "*", "*", "login", "local")
    assert not any("#" in one.text or ">" in one.text for one in config.statements)
    assert any("2 lines are a terminal's prompt" in doubt for doubt in config.doubts)
    assert not config.cut


def test_a_word_before_a_mark_in_a_banner_is_no_prompt() -> None:
    (config,) = read("hostname r1\nbanner motd #\nno entry\nbye#\nline vty 0 4\n login\n")
    assert [one.words[0] for one in config.statements] == ["hostname", "banner", "line"]


def test_lost_indents_are_said() -> None:
    (config,) = read("hostname r1\ninterface Gi0/1\nshutdown\nrouter bgp 1\nline vty 0 4\nlogin local\nline con 0\n")
    assert config.cut
    assert any("indents are lost" in doubt for doubt in config.doubts)
