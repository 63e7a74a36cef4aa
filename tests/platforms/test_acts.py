from __future__ import annotations

import pytest

from seawall.platforms.acts import Act, at_console, first, host_of, named, service_of_line, service_of_port


def test_named_groups_become_columns_and_the_rest_is_said_beforehand() -> None:
    meaning = named(r"by (?P<user>\S+)(?: from (?P<src_ip>\S+))?", "login", outcome="success")
    assert meaning("in by ann from 192.0.2.15") == Act("login", "success", user="ann", src_ip="192.0.2.15")
    assert meaning("in by ann") == Act("login", "success", user="ann")
    assert meaning("nobody") is None


def test_one_message_leaves_nothing_behind_for_the_next() -> None:
    meaning = named(r"(?P<user>\w+)(?: (?P<line>\w+))?", "login")
    meaning("ann vty0")
    assert meaning("bob") == Act("login", user="bob")


def test_the_first_meaning_that_fits_answers() -> None:
    meaning = first(named("a", "login"), named("[ab]", "logout"))
    assert [act and act.activity for act in map(meaning, "abc")] == ["login", "logout", None]


@pytest.mark.parametrize("place", ["console", "LOCAL", "async", "0.0.0.0"])
def test_a_place_that_is_no_address_is_the_console(place: str) -> None:
    meaning = at_console(named(r"from (?P<src_ip>\S+)", "login"))
    assert meaning(f"from {place}") == Act("login", service="console")
    assert meaning("from 192.0.2.15") == Act("login", src_ip="192.0.2.15")
    assert meaning("x") is None


def test_doors_are_known_by_line_and_port() -> None:
    assert [service_of_line(line) for line in ("con0", "ttyS0", "vty1", None)] == ["console", "console", None, None]
    assert [service_of_port(port) for port in ("22", "23", "4022", None)] == ["ssh", "telnet", None, None]


@pytest.mark.parametrize(
    ("endpoint", "host"),
    [
        ("192.0.2.1:38066", "192.0.2.1"),
        ("192.0.2.1", "192.0.2.1"),
        ("192.0.2.1.514", "192.0.2.1"),
        ("[2001:db8::7]:443", "2001:db8::7"),
        ("host7:22", "host7"),
        ("2001:db8::7", "2001:db8::7"),
        ("", ""),
    ],
)
def test_a_host_is_told_from_its_port(endpoint: str, host: str) -> None:
    assert host_of(endpoint) == host
