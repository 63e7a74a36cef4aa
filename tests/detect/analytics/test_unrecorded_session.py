from __future__ import annotations

import pytest

from seawall.detect.analytics.unrecorded_session import ANALYTIC
from tests.detect.worlds import asked, login, typed, world

DAY = 86_400
KNOWN = [login(n * 60, "pe1", "10.0.0.5", "ann") for n in range(20)] + [login(0, "pe2", "10.0.0.5", "bob")]


@pytest.mark.parametrize(
    ("user", "at", "more", "found"),
    [
        pytest.param("bob", 2 * DAY, [], 1, id="never logged in here"),
        pytest.param("bob", 2 * DAY, [login(2 * DAY - 60, "pe1", "10.0.0.5", "bob")], 0, id="logged in"),
        pytest.param("bob", 2 * DAY, [login(2 * DAY + 90, "pe1", "10.0.0.5", "bob")], 0, id="clocks differ"),
        pytest.param("bob", 2 * DAY, [login(DAY - 1, "pe1", "10.0.0.5", "bob")], 1, id="more than a day before"),
        pytest.param("bob", DAY - 1, [], 0, id="the login may lie before the evidence"),
        pytest.param("eem", 2 * DAY, [], 0, id="a program of the device"),
    ],
)
def test_commands_without_a_login_are_found(user: str, at: float, more: list[dict[str, object]], found: int) -> None:
    commands = typed((at, "show clock"), (at + 5, "show users"), user=user, kind="syslog")
    assert len(asked(ANALYTIC, world(commands, [*KNOWN, *more]))) == found


def test_a_device_that_tells_of_few_logins_says_nothing() -> None:
    commands = typed((2 * DAY, "show clock"), (2 * DAY + 5, "show users"), user="bob", kind="syslog")
    assert asked(ANALYTIC, world(commands, KNOWN[1:])) == []
