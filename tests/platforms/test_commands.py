from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.platforms.commands import normalise


@pytest.mark.parametrize(
    ("raw", "command"),
    [
        ("conf t", "configure terminal"),
        ("configure  terminal <cr>", "configure terminal"),
        ("sh run", "show running-config"),
        ("sh run | i secret", "show running-config | include secret"),
        ("do sh run", "show running-config"),
        ("!exec: enable", "enable"),
        ("wr mem", "write memory"),
        ("mon cap mycap int gi0/0/0 both", "monitor capture mycap interface gi0/0/0 both"),
        ("no mon cap mycap", "no monitor capture mycap"),
        ("cop run tftp:", "copy running-config tftp:"),
        ("cl logg", "clear logging"),
        ("sh ip int bri", "show ip interface brief"),
        ("sh tac", "show tacacs"),
        ("term len 0", "terminal length 0"),
        ("SHOW Tacacs", "show tacacs"),
        ("guestshell destroy <cr>", "guestshell destroy"),
        ("username eve priv 15 sec <masked>", "username eve privilege 15 secret <masked>"),
        ("no access-class 23 in", "no access-class 23 in"),
        ("frobnicate now", "frobnicate now"),
        ("do", "do"),
        ("", ""),
        ("192.0.2.1", "192.0.2.1"),
    ],
)
def test_one_spelling_for_each_command_of_the_ios_family(raw: str, command: str) -> None:
    assert normalise(raw, "ios") == command


@pytest.mark.parametrize(
    ("raw", "platform", "command"),
    [
        ("dis cu", "vrp", "display current-configuration"),
        ("undo info-center enable", "vrp", "undo info-center enable"),
        ("sys", "vrp", "system-view"),
        ("sh conf", "junos", "show configuration"),
        ("set system login user eve", "junos", "set system login user eve"),
        ("  Show   Router ", "sros", "show router"),
        ("/bin/sh -c ID", "linux", "/bin/sh -c id"),
    ],
)
def test_other_families_have_words_of_their_own(raw: str, platform: str, command: str) -> None:
    assert normalise(raw, platform) == command


@given(st.text(max_size=80), st.sampled_from(["ios", "junos", "vrp", "sros", None]))
def test_a_normal_command_stays_normal(raw: str, platform: str | None) -> None:
    once = normalise(raw, platform)
    assert "  " not in once
    assert normalise(once, platform) == once or once.startswith(("do ", "!exec:")) or "<cr>" in once


def test_a_file_system_cut_short_before_its_colon_is_written_out() -> None:
    assert normalise("dir bootf:", "ios") == "dir bootflash:"
    assert normalise("dir x:", "ios") == "dir x:"
