from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from seawall.detect.analytics.clock_jumped import ANALYTIC
from tests.detect.events import START
from tests.detect.worlds import findings, heard, world


def relayed(jump_s: int, **more: Any) -> list[dict[str, Any]]:
    """Lines a relay stamped as well; the device's clock jumps in the middle."""
    return [
        heard(at * 60 + (jump_s if at >= 50 else 0), received=START + timedelta(seconds=at * 60), **more)
        for at in range(100)
    ]


def counted(jump_s: int, step: int = 1) -> list[dict[str, Any]]:
    """Lines the device counts; its clock jumps in the middle."""
    return [
        heard(at * 60 + (jump_s if at >= 50 else 0), sequence=100 + at * step, origin=f"a.log:{at}")
        for at in range(100)
    ]


@pytest.mark.parametrize(
    ("rows", "jump"),
    [
        pytest.param(relayed(425), 425, id="ahead"),
        pytest.param(relayed(-425), -425, id="back"),
        pytest.param(relayed(20), None, id="a correction"),
        pytest.param(relayed(3_600, time_quality="zone_assumed"), None, id="summer time"),
        pytest.param(relayed(3_600), 3_600, id="an hour in a stamp with its zone"),
        pytest.param(counted(-900), -840, id="time goes back, the count goes on"),
        pytest.param(counted(-900, step=7), None, id="another stream's numbers in between"),
        pytest.param(counted(0), None, id="a clock"),
    ],
)
def test_a_step_that_lasts_is_found(rows: list[dict[str, Any]], jump: int | None) -> None:
    assert [f.details["jump_s"] for f in findings(ANALYTIC, world(heard=rows))] == ([] if jump is None else [jump])


def test_one_late_line_is_no_step() -> None:
    rows = relayed(0)
    rows[50] = {**rows[50], "at": rows[50]["at"] - 900}
    assert findings(ANALYTIC, world(heard=rows)) == []
