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
        ("!Software Version V800R022C00SPC500\nsysname v", "vrp", "V800R022C00SPC500"),
    ],
)
def test_version_is_read_as_the_device_writes_it(text: str, platform: str, version: str) -> None:
    (config,) = read(text)
    assert (config.platform, config.version) == (platform, version)
