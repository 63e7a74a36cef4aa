from __future__ import annotations

import pytest

from seawall.detect.analytics.two_places_at_once import ANALYTIC
from tests.detect.worlds import asked, login, world


@pytest.mark.parametrize(
    ("other", "at", "found"),
    [
        pytest.param("198.51.100.9", 3_600, 2, id="an hour apart"),
        pytest.param("198.51.100.9", 3_601, 0, id="a second more"),
        pytest.param("203.0.113.200", 60, 0, id="one network"),
        pytest.param("10.0.0.9", 60, 0, id="inside"),
        pytest.param("2001:db8:1::9", 60, 2, id="IPv6"),
    ],
)
def test_two_public_networks_within_an_hour_are_told(other: str, at: float, found: int) -> None:
    assert len(asked(ANALYTIC, world(logins=[login(0, "pe1", "203.0.113.9"), login(at, "pe2", other)]))) == found


def test_two_people_are_two_people() -> None:
    logins = [login(0, "pe1", "203.0.113.9", "ann"), login(9, "pe1", "198.51.100.9", "bob")]
    assert asked(ANALYTIC, world(logins=logins)) == []
