from __future__ import annotations

import pytest

from seawall.platforms.config import read


@pytest.mark.parametrize(
    ("text", "platform", "version"),
    [
        ("version 17.9\nhostname r1\nend", "ios", "17.9"),
        (": Saved\n:\nASA Version 9.16(4) \n!\nhostname fw", "asa", "9.16(4)"),
        ("! device: sw (DCS-7050, EOS-4.28.3M)\nhostname sw", "eos", "4.28.3M"),
        ("!! IOS XR Configuration 7.5.2\nhostname x\n", "iosxr", "7.5.2"),
        ("set version 21.4R3-S1\nset system host-name j", "junos", "21.4R3-S1"),
        ('<config version="10.1.0" detail-version="10.1.6">\n<devices>\n</devices>\n</config>', "panos", "10.1.6"),
        ("!Software Version V800R022C00SPC500\nsysname v", "vrp", "V800R022C00SPC500"),
    ],
)
def test_version_is_read_as_the_device_writes_it(text: str, platform: str, version: str) -> None:
    (config,) = read(text)
    assert (config.platform, config.version) == (platform, version)


WHOLE = """Building configuration...

Current configuration : 118 bytes
!
! Last configuration change at 10:00:00 UTC Mon Jan 1 2024 by ann
version 17.9
hostname r1
line vty 0 4
 transport input ssh
end
"""


def test_a_whole_configuration_says_so() -> None:
    (config,) = read(WHOLE)
    assert (config.complete, config.cut, config.changed_by, config.xe) == (True, False, "ann", True)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (WHOLE[: len(WHOLE) * 2 // 3], "the end is missing"),
        (WHOLE.replace("118 bytes", "9000 bytes"), "of the 9000 bytes"),
        (
            " transport input ssh\nline con 0\nntp server 192.0.2.1\nlogging host 192.0.2.1\nend\n",
            "the beginning is missing",
        ),
        ("system {\n    host-name j;\n    services {\n        ssh;\n", "the end is missing: 2 sections"),
        ("    ssh;\n}\n}\nsnmp {\n    community x;\n}\ninterfaces {\n}\n", "the beginning is missing: 2 sections"),
        ("#config-version=FGVM64-7.0.5-FW\nconfig system global\n    set hostname f\n", "the end is missing"),
        ('# TiMOS-C-16.0.R1\nexit all\nconfigure\n    system\n        name "s"\n', "the end is missing"),
    ],
)
def test_half_a_file_is_known_for_one(text: str, says: str) -> None:
    (config,) = read(text)
    assert config.cut
    assert not config.complete
    assert any(says in doubt for doubt in config.doubts)
    assert config.statements


@pytest.mark.parametrize(
    ("line", "xe"),
    [
        ("version 12.4", False),
        ("version 15.2", None),
        ("version 16.12", True),
        ("version 15.2\nlicense udi pid ISR4331/K9 sn X", True),
        ("version 15.5\nboot system flash0:c2900-universalk9-mz.SPA.155-3.M.bin", False),
    ],
)
def test_ios_xe_is_told_from_classic_ios_where_the_text_can(line: str, xe: bool | None) -> None:
    (config,) = read(f"{line}\nhostname r1\nservice timestamps log datetime\nend\n")
    assert config.xe is xe


def test_all_defaults_shown_is_known() -> None:
    (config,) = read("! Command: show running-config all\n! device: s (DCS-7280, EOS-4.30.1F)\nhostname s\nend\n")
    assert config.shows_defaults
    assert config.model == "DCS-7280"


def test_junos_in_braces_that_stops_between_two_sections_is_half_a_file() -> None:
    whole = "version 20.4R3;\nsystem {\n    host-name mx;\n}\n"
    assert read(whole)[0].doubts == ()
    (half,) = read(whole + "interf")
    assert half.cut
    assert any("the end is missing" in doubt for doubt in half.doubts)
