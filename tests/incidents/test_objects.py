"""What a command prepares is found in it, whatever the vendor."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.incidents import build
from seawall.incidents.objects import MAX_OBJECTS, objects
from tests.incidents.stories import account, address, at, device, finding


def values(behaviour: str, command: str, key: str = "command_raw") -> list[str]:
    return [e.value for e in objects(finding(at("00:00:00"), behaviour, device("pe1"), details={key: command}))]


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("username helper privilege 15 secret <masked>", "helper"),
        ("set system login user helper class super-user", "helper"),
        ("local-user helper password irreversible-cipher <masked>", "helper"),
        ("useradd -g wheel helper", "helper"),
        ("username net-help.2 role network-admin", "net-help.2"),
    ],
)
def test_the_account_a_command_makes_is_named(command: str, name: str) -> None:
    assert values("P-01", command) == [name]


def test_the_account_a_device_reports_is_named() -> None:
    assert values("P-01", "user with username: helper configured", "message") == ["helper"]
    assert values("P-01", "New user added with username helper", "message") == ["helper"]


def test_accounts_are_looked_for_only_where_one_was_made() -> None:
    assert values("D-01", "username helper") == []


@pytest.mark.parametrize(
    ("command", "found"),
    [
        ("access-list 20 permit 203.0.113.77", ["203.0.113.77"]),
        ("ip address 10.20.0.14 255.255.255.255", ["10.20.0.14"]),
        ("permit 10.0.0.0 0.255.255.255", []),
        ("copy bootflash:a.pcap ftp://u:<masked>@198.51.100.24/", ["198.51.100.24"]),
        ("ipv6 route 2001:db8:7::/48 2001:db8::9", ["2001:db8:7::", "2001:db8::9"]),
        ("show version 12.2.33.1.2", []),
        ("ping 300.1.2.3", []),
        ("clock set 10:20:30", []),
    ],
)
def test_addresses_that_can_act_are_named(command: str, found: list[str]) -> None:
    assert values("P-08", command) == found


def test_a_long_list_is_bounded() -> None:
    assert len(values("P-08", " ".join(f"192.0.2.{n}" for n in range(1, 200)))) == MAX_OBJECTS


@given(st.text())
def test_any_command_is_survived(command: str) -> None:
    values("P-01", command)


def test_what_a_command_prepared_joins_what_uses_it() -> None:
    made = finding(
        at("22:01:06"), "P-01", device("pe1"), account("vty_sys"), details={"command_raw": "username helper priv 15"}
    )
    moved = finding(
        at("22:05:00"), "D-07", device("pe1"), account("helper"), details={"command_raw": "ip address 10.9.0.4/32"}
    )
    walked = finding(at("22:06:00"), "L-01", device("pe2"), account("anna"), address("10.9.0.4"))
    assert [len(i.findings) for i in build([made, moved, walked])] == [3]
