# ruff: noqa: E501 - log lines are as long as they are
"""Which platform a line belongs to, who is asked what it means, and that nothing written may break the answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall import platforms
from seawall.platforms import interpret
from tests.platforms import (
    test_asa,
    test_cisco_ios,
    test_eos,
    test_iosxr,
    test_junos,
    test_nxos,
    test_sros,
    test_vrp,
)

_EVERY = {
    "asa": test_asa.CASES,
    "eos": test_eos.CASES,
    "ios": test_cisco_ios.CASES,
    "iosxr": test_iosxr.CASES,
    "junos": test_junos.CASES,
    "nxos": test_nxos.CASES,
    "sros": test_sros.CASES,
    "vrp": test_vrp.CASES,
}
CASES = [(platform, mnemonic, message) for platform, cases in _EVERY.items() for mnemonic, message, _ in cases]


def test_names_without_meaning_ask_nobody() -> None:
    assert platforms.meaning("LINEPROTO-5-UPDOWN", "ios") is None


@pytest.mark.parametrize(
    ("mnemonic", "program", "hint", "platform"),
    [
        ("LINK-3-UPDOWN", None, None, "ios"), ("LINK-3-UPDOWN", "Ebra", "tagged", "eos"), ("X-3-Y", None, "year_first", "nxos"),
        ("X-3-Y", None, "node", "iosxr"), ("MGBL-SYS-5-CONFIG_I", None, None, "iosxr"), ("ASA-6-302013", None, None, "asa"),
        ("SHELL/5/CMDRECORD", None, None, "vrp"), ("USER-MINOR-cli_user_login-2001", "TMNX", None, "sros"), ("UI_COMMIT", "mgd", None, "junos"),
        (None, "rpd", None, "junos"), (None, "sshd", None, "linux"), (None, "unheard", None, None), (None, None, "accounting", "nxos"),
    ],
)  # fmt: skip
def test_the_form_tells_the_platform(
    mnemonic: str | None, program: str | None, hint: str | None, platform: str | None
) -> None:
    assert platforms.recognise(mnemonic, program, hint) == platform


@given(st.sampled_from(CASES), st.text(max_size=80), st.integers(0, 60))
def test_broken_messages_never_raise(case: tuple[str, str, str], noise: str, at: int) -> None:
    platform, mnemonic, message = case
    interpret(mnemonic, message[:at] + noise, platform)
    interpret(mnemonic, message[:at] + noise + message[at:], platform)
