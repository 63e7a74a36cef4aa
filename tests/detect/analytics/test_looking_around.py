from __future__ import annotations

from typing import Any

import pytest

from seawall.detect.analytics.looking_around import ANALYTIC
from seawall.model.site import Person, Site
from tests.detect.worlds import asked, typed, world

ROUND = ("terminal length 0", "show version", "show running-config", "dir bootflash:")


def rounds(step: float, user: str = "ann") -> list[dict[str, Any]]:
    return typed(*((n * step, command) for n, command in enumerate(ROUND)), user=user)


@pytest.mark.parametrize(
    ("commands", "found"),
    [
        pytest.param(rounds(100), 4, id="five minutes"),
        pytest.param(rounds(100.4), 0, id="a second more"),
        pytest.param(rounds(5, user="svc-backup"), 0, id="a collector"),
        pytest.param(rounds(5)[:3], 0, id="three kinds"),
        pytest.param(
            typed(
                (0, "environment no more"),
                (9, "show system security user"),
                (20, "file dir cf3:"),
                (30, "show version"),
            ),
            4,
            id="SR OS",
        ),
    ],
)
def test_four_kinds_in_five_minutes_are_a_look_around(commands: list[dict[str, Any]], found: int) -> None:
    assert len(asked(ANALYTIC, world(commands))) == found


def test_automation_the_site_file_names_is_left_out() -> None:
    assert asked(ANALYTIC, world(rounds(5)), Site(people=(Person("ann", "automation"),))) == []
