"""When two spellings mean one thing, and when they do not."""

from __future__ import annotations

import pytest

from seawall.incidents.names import Names
from seawall.model.entities import Entity, EntityType
from seawall.model.finding import Finding
from seawall.model.site import Device, Site
from tests.incidents.stories import at, device, finding


def named(*hosts: str) -> list[Finding]:
    return [finding(at("00:00:00"), "P-01", device(host)) for host in hosts]


def key(names: Names, value: str, kind: EntityType = "device") -> str:
    return names.key(Entity(kind, value, "target"))[1]


def test_a_short_name_is_the_only_full_name_that_begins_with_it() -> None:
    names = Names(named("pe01", "PE01.chi.example.net."), Site())
    assert key(names, "pe01") == key(names, "PE01.chi.example.net.") == "pe01.chi.example.net"


def test_a_short_name_with_two_full_names_is_left_alone() -> None:
    names = Names(named("pe01", "pe01.chi.example.net", "pe01.nyc.example.net"), Site())
    assert len({key(names, n) for n in ("pe01", "pe01.chi.example.net", "pe01.nyc.example.net")}) == 3


def test_devices_are_never_one_on_an_address_alone() -> None:
    names = Names(named("192.0.2.1", "192", "pe01"), Site())
    assert len({key(names, n) for n in ("192.0.2.1", "192", "pe01")}) == 3


def test_the_site_file_knows_aliases_and_addresses() -> None:
    site = Site(devices=(Device(name="pe01", aliases=("old-pe",), addresses=("192.0.2.1",)),))
    names = Names(named("old-pe", "192.0.2.1"), site)
    assert key(names, "old-pe") == key(names, "192.0.2.1") == "pe01"


def test_a_full_name_is_the_sites_short_one_unless_two_begin_with_it() -> None:
    site = Site(devices=(Device(name="pe01", addresses=("192.0.2.1",)),))
    one = Names(named("pe01.chi.example.net", "192.0.2.1"), site)
    assert key(one, "pe01.chi.example.net") == key(one, "192.0.2.1") == "pe01"
    two = Names(named("pe01.chi.example.net", "pe01.nyc.example.net"), site)
    assert key(two, "pe01.chi.example.net") == "pe01.chi.example.net"


@pytest.mark.parametrize(
    ("kind", "left", "right"),
    [
        ("ip", "2001:db8:0:0::1", "2001:db8::1"),
        ("ip", "::ffff:192.0.2.1", "192.0.2.1"),
        ("account", "Admin", "admin"),
        ("domain", "Evil.example.net", "evil.example.net"),
    ],
)
def test_spellings_of_one_value_are_one(kind: EntityType, left: str, right: str) -> None:
    names = Names([], Site())
    assert key(names, left, kind) == key(names, right, kind)


def test_a_story_calls_a_device_by_its_shortest_name() -> None:
    short, full = named("pe01", "pe01.chi.example.net")
    names = Names([short, full], Site())
    assert [e.value for e in names.told(full).entities] == ["pe01"]
    assert names.told(short) is short
