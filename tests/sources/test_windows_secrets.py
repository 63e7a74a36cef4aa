from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.platforms.masking import PREFILTER, mask
from seawall.sources.windows_secrets import mask_command, mask_commands, may_hold_secret


@pytest.mark.parametrize(
    "command",
    [
        "net user backup {} /add",
        'C:\\Windows\\system32\\net1.exe user "new one" {} /add /domain',
        "net use \\\\srv1\\c$ {} /user:lab\\ana",
        "cmdkey /add:srv1 /user:ana /pass:{}",
        "schtasks /create /ru ana /rp {} /tn t",
        "psexec.exe \\\\srv1 -u ana -p {} cmd",
        "plink.exe -ssh -pw {} ana@192.0.2.1",
        "$c = ConvertTo-SecureString '{}' -AsPlainText -Force",
        "mimikatz sekurlsa::pth /user:ana /password:{} /domain:lab",
        "app.exe --connection password={}",
    ],
)
def test_passwords_in_commands_are_masked_and_the_command_stays_readable(command: str) -> None:
    masked = mask_command(command.format("S3cr3t!x"))
    assert "S3cr3t!x" not in masked
    assert masked.split()[0] == command.split()[0]


@pytest.mark.parametrize(
    "command",
    [
        "net user",
        "net user backup /delete",
        "net localgroup Administrators ana /add",
        "powershell.exe -NoP -EncodedCommand " + "SQBFAFgA" * 20,
        "C:\\Windows\\System32\\svchost.exe -k netsvcs -p",
        "netsh advfirewall set allprofiles state off",
        "ping -n 3 192.0.2.1",
    ],
)
def test_commands_without_a_password_stay_as_they_are(command: str) -> None:
    assert mask_command(command) == command


@given(st.text(max_size=200))
def test_any_text_is_masked_without_harm(text: str) -> None:
    mask_command(text)


@given(
    st.from_regex(re.compile(PREFILTER, re.I | re.A)) | st.from_regex(r"[A-Za-z0-9+/]{60}") | st.text(max_size=40),
    st.sampled_from(["", "key ", "password "]),
)
def test_the_quick_look_passes_over_no_secret(text: str, before: str) -> None:
    text = before + text
    if PREFILTER_OR_KEY.search(text) or mask(text) != text:
        assert may_hold_secret(text, text.lower())


PREFILTER_OR_KEY = re.compile(f"{PREFILTER}|[A-Za-z0-9+/]{{60}}", re.I)


def test_an_option_after_a_value_that_ends_in_password_stays() -> None:
    command = "certutil  -p secret_password -exportPFX root c:\\cert.pfx"
    assert mask_command(command) == command
    assert "Hunter2" not in mask_command("tool --password Hunter2 -exportPFX x")
    assert "-Hunter2" not in mask_command("set my_password -Hunter2 x")


def test_many_commands_are_masked_as_each_is_alone() -> None:
    some = [
        "net user ann Geheim1 /add",
        "dir",
        "curl -u ann:Geheim1 http://192.0.2.1",
        "Zürich password=Geheim1",
        "İ pwd",
    ]
    many = [f"{one} {n}" for n in range(80) for one in some]
    assert mask_commands(many) == {text: mask_command(text) for text in many if mask_command(text) != text}
    assert len(mask_commands(many)) >= 160
