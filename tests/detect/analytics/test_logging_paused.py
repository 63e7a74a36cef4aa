from __future__ import annotations

import pytest

from seawall.detect.analytics.logging_paused import ANALYTIC
from tests.detect.worlds import asked, typed, world


@pytest.mark.parametrize(
    ("away", "back"),
    [
        ("no logging host 10.0.0.5", "logging host 10.0.0.5"),
        ("undo info-center enable", "info-center enable"),
        ("delete system syslog host 10.0.0.5 any any", "set system syslog host 10.0.0.5 any any"),
        ("deactivate system syslog", "activate system syslog"),
        ("no aaa accounting commands 15 default", "aaa accounting commands 15 default"),
        ("no flow monitor m1 input", "flow monitor m1 input"),
    ],
)
def test_what_is_taken_away_and_put_back_is_found(away: str, back: str) -> None:
    assert len(asked(ANALYTIC, world(typed((0, away), (600, back))))) == 2


@pytest.mark.parametrize(("seconds", "found"), [(7_200, 2), (7_201, 0)])
def test_two_hours_are_the_limit(seconds: int, found: int) -> None:
    lines = typed((0, "no logging host 10.0.0.5"), (seconds, "logging host 10.0.0.5"))
    assert len(asked(ANALYTIC, world(lines))) == found


def test_another_host_or_a_new_one_is_no_pause() -> None:
    assert asked(ANALYTIC, world(typed((0, "no logging host 10.0.0.5"), (9, "logging host 10.0.0.6")))) == []
    assert asked(ANALYTIC, world(typed((0, "logging host 10.0.0.5"), (9, "no logging host 10.0.0.5")))) == []
