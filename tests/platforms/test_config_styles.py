# ruff: noqa: E501 - samples stand as they are written
from __future__ import annotations

import pytest

from seawall.platforms.config_styles import guess

SAMPLES = {
    ("ios", "indent"): "!\nversion 15.4\nhostname r1\n!\ninterface GigabitEthernet0/1\n ip address 192.0.2.1 255.255.255.0\nend",
    ("nxos", "indent"): "!Command: show running-config\nversion 9.3(5)\nfeature bgp\nhostname n1\ninterface mgmt0",
    ("iosxr", "indent"): "!! IOS XR Configuration 7.3.2\nhostname x1\ninterface MgmtEth0/RP0/CPU0/0\n!\nrouter static\n!",
    ("eos", "indent"): "! device: e1 (DCS-7050, EOS-4.29)\nhostname e1\n!\ninterface Management1\n!\nmanagement api http-commands",
    ("asa", "indent"): ": Saved\nASA Version 9.9\nhostname a1\ninterface GigabitEthernet0/1\n nameif outside\n security-level 0",
    ("vrp", "indent"): "!Software Version V800R022\n#\nsysname v1\n#\naaa\n local-user x service-type ssh\n#\nuser-interface vty 0 4",
    ("sros", "indent"): "# TiMOS-C-16.0\nexit all\nconfigure\n    system\n        name \"s1\"\n    exit",
    ("sros", "brace"): "configure {\n    system {\n        name \"s1\"\n    }\n    router \"Base\" {\n    }\n}",
    ("junos", "brace"): "system {\n    host-name j1;\n}\ninterfaces {\n    lo0 {\n        unit 0;\n    }\n}",
    ("junos", "set"): "set version 21.4R1\nset system host-name j1\nset interfaces lo0 unit 0\ndeactivate system ntp",
    ("panos", "set"): "set deviceconfig system hostname p1\nset network interface ethernet ethernet1/1\nset rulebase security rules a",
    ("fortios", "indent"): "#config-version=FGT\nconfig system global\n    set hostname \"f1\"\nend",
    ("routeros", "indent"): "# by RouterOS 6.49\n/interface bridge add name=b1\n/ip address add address=192.0.2.1/24",
}  # fmt: skip


@pytest.mark.parametrize(("platform", "style"), SAMPLES)
def test_a_platform_is_told_by_its_own_words(platform: str, style: str) -> None:
    found = guess(SAMPLES[platform, style].split("\n"))
    assert found is not None
    assert (found.platform, found.style) == (platform, style)
    assert found.sure >= 50


@pytest.mark.parametrize(
    "text", ["", "\n\n", "hello world", "interface", '{\n "system": {\n }\n}', "<config>\n</config>"]
)
def test_other_text_is_no_configuration(text: str) -> None:
    assert guess(text.split("\n")) is None
