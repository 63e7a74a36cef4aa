from __future__ import annotations

import re

import pytest

from seawall.detect import remedies
from seawall.detect.base import Need


def known() -> list[remedies.Remedy]:
    return [
        one
        for telemetry in remedies.titles()
        for platform in remedies.platforms_with(telemetry)
        if (one := remedies.remedy(telemetry, platform))
    ]


def test_every_remedy_has_lines_and_a_price() -> None:
    for one in known():
        assert one.lines
        assert all(line.strip() for line in one.lines)
        assert re.fullmatch(r"CPU: .+; lock-out: .+; secrets: .+", one.price)


def test_a_catch_all_applet_is_never_advice() -> None:
    assert not [line for one in known() for line in one.lines if re.search(r"event manager|pattern \"?\.\*", line)]


def test_addresses_in_advice_are_of_the_documentation_ranges() -> None:
    addresses = {a for one in known() for line in one.lines for a in re.findall(r"\d+\.\d+\.\d+\.\d+", line)}
    assert addresses
    assert all(a.startswith(("192.0.2.", "198.51.100.", "203.0.113.")) for a in addresses)


@pytest.mark.parametrize("platform", ["IOSXE", "ios-xe", "ios"])
def test_a_platform_has_several_spellings(platform: str) -> None:
    assert remedies.remedy("logins", platform) == remedies.remedy("logins", "ios")


def test_lines_we_do_not_know_are_said_to_be_unknown() -> None:
    assert remedies.remedy("logins", "abacus") is None
    assert remedies.remedy("no such", "ios") is None


def test_the_setting_of_a_need_says_which_telemetry_it_is() -> None:
    assert remedies.telemetry_of(Need("commands", (), "archive / log config")) == "config_commands"
    assert remedies.telemetry_of(Need("commands", (), "aaa accounting commands 15")) == "exec_commands"
    assert remedies.telemetry_of(Need("heard", (), "service sequence-numbers")) == "numbers"
