# ruff: noqa: E501 - samples stand as they are written
from __future__ import annotations

import pytest

from seawall.platforms.config import read

IOS = "Building configuration...\n\nCurrent configuration : 60 bytes\nversion 17.9\nhostname {}\nbanner motd ^C\nhostname fake\n^C\nline vty 0 4\n login local\nend\n"
FRAGMENT = "hostname {}\nline vty 0 4\n login local\n"
JUNOS = "## Last commit: 2024-01-01 00:00:00 UTC by ann\nversion 21.4R3;\nsystem {{\n    host-name {};\n    services {{ ssh; }}\n}}\n"
SET = "set version 21.4R3\nset system host-name {}\nset system services ssh\n"
SROS = '# TiMOS-B-22.7.R1 both/x86_64 Nokia 7750 SR-1\nexit all\nconfigure\n    system\n        name "{}"\n    exit\nexit all\n# Finished Mon\n'
FORTI = "#config-version=FGVM64-7.0.5-FW-build0304\nconfig system global\n    set hostname {}\nend\n"
VRP = "!Software Version V800R022C00SPC500\nsysname {}\n#\nreturn\n"


@pytest.mark.parametrize("text", [IOS, FRAGMENT, JUNOS, SET, SROS, FORTI, VRP])
@pytest.mark.parametrize("other", [IOS, JUNOS])
def test_two_devices_in_a_file_are_two(text: str, other: str) -> None:
    first, second = read(text.format("one") + other.format("two"), "both.cfg")
    assert (first.hostname, second.hostname) == ("one", "two")
    assert any("more than one device" in doubt for doubt in first.doubts)
    assert second.statements[0].line > len(text.split("\n")) - 2
    assert first.platform != ""
    assert not second.cut


def test_one_device_is_one() -> None:
    assert len(read(IOS.format("one"))) == 1
    assert (
        len(read("set system host-name a\nset groups re0 system host-name a-0\nset groups re1 system host-name a-1\n"))
        == 1
    )


def test_running_and_startup_of_one_device_are_two() -> None:
    assert [one.hostname for one in read(IOS.format("one") * 2)] == ["one", "one"]
