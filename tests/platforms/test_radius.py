from __future__ import annotations

import pytest

from seawall.platforms.acts import Act
from seawall.platforms.radius import act_of, masked, octets, record_of, taps

DEVICE = {"User-Name": "ann", "NAS-IP-Address": "192.0.2.1", "Calling-Station-Id": "198.51.100.7"}


@pytest.mark.parametrize(
    ("said", "act"),
    [
        ({"Acct-Status-Type": "Start", "Service-Type": "NAS-Prompt-User"}, ("login", "success", "shell")),
        ({"Acct-Status-Type": "2", "Service-Type": "Framed-User"}, ("logout", None, "network")),
        ({"Acct-Status-Type": "Alive"}, (None, None, None)),
        ({"Packet-Type": "Access-Reject"}, ("login", "failure", None)),
        ({"Packet-Type": "2"}, ("login", "success", None)),
        ({"Packet-Type": "Access-Request"}, (None, None, None)),
    ],
)
def test_packets_tell_of_sessions(said: dict[str, str], act: tuple[str | None, ...]) -> None:
    wanted = Act(*act, None, "ann", "198.51.100.7", "192.0.2.1")  # type: ignore[arg-type]
    assert act_of({**DEVICE, **said}) == wanted


def test_an_answer_that_names_the_account_only_in_full_names_it() -> None:
    said = {"Packet-Type": "3", "User-Name": "", "Fully-Qualified-User-Name": "CORP\\ann"}
    assert act_of(said)[:5] == ("login", "failure", None, None, "CORP\\ann")


def test_commands_accounted_for_over_radius_are_commands() -> None:
    said = {**DEVICE, "Acct-Status-Type": "Stop", "Juniper-Interactive-Command": "show version"}
    assert act_of(said)[0] == "command"
    assert act_of(said).command_raw == "show version"


@pytest.mark.parametrize("station", ["00-11-22-33-44-55", "00:11:22:33:44:55", "+4930123456", "0.0.0.0"])
def test_a_station_that_is_no_address_is_no_source(station: str) -> None:
    assert act_of({**DEVICE, "Calling-Station-Id": station}).src_ip is None


@pytest.mark.parametrize(
    "name", ["User-Password", "CHAP-Password", "MS-CHAP2-Response", "Tunnel-Password", "MS-MPPE-Send-Key", "Password"]
)
def test_passwords_and_keys_are_masked(name: str) -> None:
    kept = [("Cisco-AVPair", "shell:priv-lvl=15"), ("User-Name", "ann")]
    assert masked([(name, "hUnter2"), *kept]) == [(name, "<masked>"), *kept]
    assert "hUnter2" not in str(masked([*kept, ("Cisco-AVPair", "ppp password=hUnter2")]))


@pytest.mark.parametrize(
    ("pair", "tap"),
    [
        (("Unisphere-LI-Action", "on"), True),
        (("Med-Dev-Handle", "x"), True),
        (("LI-Action", "x"), True),
        (("Cisco-AVPair", "intercept-id=4711"), True),
        (("Class", "line-1"), False),
        (("User-Name", "li-wei"), False),
    ],
)
def test_packets_that_start_taps_are_known(pair: tuple[str, str], tap: bool) -> None:
    assert taps([("User-Name", "ann"), pair]) is tap


def test_gigawords_count() -> None:
    said = {"Acct-Input-Octets": "5", "Acct-Input-Gigawords": "2"}
    assert (octets(said, "Input"), octets(said, "Output")) == ((2 << 32) + 5, None)
    assert record_of({}) is None
