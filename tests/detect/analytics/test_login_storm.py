from __future__ import annotations

from typing import Any

import pytest

from seawall.detect.analytics.login_storm import ANALYTIC
from tests.detect.worlds import asked, findings, login, world


def failed(at: float, device: str = "pe1", src_ip: str = "203.0.113.9", user: str = "admin") -> dict[str, Any]:
    return login(at, device, src_ip, user, outcome="failure")


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        pytest.param([failed(n * 200, user=f"u{n}") for n in range(4)], 4, id="four names in ten minutes"),
        pytest.param([failed(n * 200.4, user=f"u{n}") for n in range(4)], 0, id="a second more"),
        pytest.param([failed(n * 9, f"pe{n}") for n in range(3)], 3, id="three devices"),
        pytest.param([failed(n * 9, src_ip=f"198.51.100.{n % 3}") for n in range(5)], 5, id="three places, five tries"),
        pytest.param([failed(n * 9, src_ip=f"198.51.100.{n % 3}") for n in range(4)], 0, id="four tries"),
        pytest.param([failed(n * 9) for n in range(9)], 0, id="one person who mistypes"),
        pytest.param([login(n, f"pe{n}", "203.0.113.9") for n in range(9)], 0, id="logins that worked"),
    ],
)
def test_many_names_places_or_devices_are_a_storm(rows: list[dict[str, Any]], found: int) -> None:
    assert len(asked(ANALYTIC, world(logins=rows))) == found


def test_a_storm_from_one_place_is_one_finding() -> None:
    assert len(findings(ANALYTIC, world(logins=[failed(n * 9, f"pe{n}") for n in range(6)]))) == 1
