from __future__ import annotations

import pytest

from seawall.detect.analytics.guessed_password import ANALYTIC
from seawall.model.site import Person, Site
from tests.detect.worlds import asked, findings, login, world

HOST = "203.0.113.9"


def failed(at: float, src_ip: str = HOST, device: str = "pe1", user: str = "admin") -> dict[str, object]:
    return login(at, device, src_ip, user, outcome="failure")


@pytest.mark.parametrize(
    ("failures", "found"),
    [
        pytest.param([failed(n * 10) for n in range(5)], 1, id="five from there"),
        pytest.param([failed(n * 10) for n in range(4)], 0, id="a person who mistypes"),
        pytest.param([failed(n * 9, f"198.51.100.{n}") for n in range(20)], 1, id="twenty places"),
        pytest.param([failed(n * 9, f"198.51.100.{n}") for n in range(19)], 0, id="nineteen places"),
        pytest.param([failed(n * 10, device="pe2") for n in range(9)], 0, id="another device"),
        pytest.param([failed(n - 800) for n in range(9)], 0, id="a quarter of an hour earlier"),
    ],
)
def test_a_login_after_many_failures_is_found(failures: list[dict[str, object]], found: int) -> None:
    assert len(asked(ANALYTIC, world(logins=[*failures, login(200, "pe1", HOST, "admin")]))) == found


@pytest.mark.parametrize(("last", "found"), [(900, 1), (901, 0)])
def test_the_window_ends_after_a_quarter_of_an_hour_exactly(last: float, found: int) -> None:
    rows = [*(failed(0) for _ in range(5)), login(last, "pe1", HOST)]
    assert len(asked(ANALYTIC, world(logins=rows))) == found


def test_the_finding_counts_the_failures() -> None:
    (finding,) = findings(ANALYTIC, world(logins=[*(failed(n) for n in range(7)), login(60, "pe1", HOST, "ann")]))
    assert "ann logged in to pe1 from 203.0.113.9 after 7 failed logins" in finding.why


@pytest.mark.parametrize(
    ("failures", "src_ip", "user", "found"),
    [
        pytest.param(6, "192.0.2.10", "ann", 0, id="from the jump host"),
        pytest.param(20, "192.0.2.10", "ann", 1, id="twenty from the jump host"),
        pytest.param(6, "192.0.2.10", "admin", 1, id="an account nobody knows"),
        pytest.param(6, HOST, "ann", 1, id="from elsewhere"),
    ],
)
def test_a_known_person_who_forgot_the_new_password_is_no_guesser(
    failures: int, src_ip: str, user: str, found: int
) -> None:
    site = Site(jump_hosts=("192.0.2.10",), people=(Person("ann"),))
    rows = [*(failed(n * 9, src_ip, user=user) for n in range(failures)), login(200, "pe1", src_ip, user)]
    assert len(asked(ANALYTIC, world(logins=rows), site)) == found
