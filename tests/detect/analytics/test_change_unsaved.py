from __future__ import annotations

import pytest

from seawall.detect.analytics.change_unsaved import ANALYTIC
from tests.detect.worlds import asked, lines_of, typed, world

HOUR = 3600
EARLIER = typed((0, "write memory"))
LATER = typed((30 * HOUR, "show clock"))


@pytest.mark.parametrize(
    "change", ["username eve privilege 15 secret *", "access-list 20 permit 203.0.113.9", "undo info-center enable"]
)
def test_a_change_left_unsaved_is_found(change: str) -> None:
    lake = world([*EARLIER, *typed((10 * HOUR, change), user="eve"), *LATER])
    assert lines_of(asked(ANALYTIC, lake)) == [change]


@pytest.mark.parametrize(
    ("minutes", "save", "found"),
    [
        (240, "write memory", 0),
        (240, "copy running-config startup-config", 0),
        (241, "save", 1),
        (10, "show running-config", 1),
    ],
)
def test_four_hours_are_left_to_save_and_anybody_may(minutes: int, save: str, found: int) -> None:
    change = typed((10 * HOUR, "username eve privilege 15 secret *"), user="eve")
    lake = world([*EARLIER, *change, *typed((10 * HOUR + minutes * 60, save), user="noc"), *LATER])
    assert len(asked(ANALYTIC, lake)) == found


@pytest.mark.parametrize(
    "around",
    [
        pytest.param([*typed((0, "commit")), *EARLIER, *LATER], id="a device that commits"),
        pytest.param([*LATER], id="a device nobody saves on"),
        pytest.param([*EARLIER, *typed((11 * HOUR, "show clock"))], id="evidence that ends too early"),
    ],
)
def test_where_saving_is_not_told_nothing_is_said(around: list[dict[str, object]]) -> None:
    assert asked(ANALYTIC, world([*typed((10 * HOUR, "username eve privilege 15 secret *")), *around])) == []
