from __future__ import annotations

import random
from typing import Any

import pytest

from seawall.detect.analytics.numbers_missing import ANALYTIC
from tests.detect.worlds import findings, heard, world


def counted(numbers: list[int], **more: Any) -> list[dict[str, Any]]:
    return [heard(at * 10, sequence=n, origin=f"pe1.log:{at + 1}", **more) for at, n in enumerate(numbers)]


RUN = list(range(1_000, 1_400))


@pytest.mark.parametrize(
    ("numbers", "found"),
    [
        pytest.param([n for n in RUN if not 1_200 <= n < 1_230], 1, id="thirty gone"),
        pytest.param(RUN, 0, id="complete"),
        pytest.param([n for n in RUN if n % 50], 0, id="a few lost on the way"),
        pytest.param([n for n in RUN if n % 20 < 10], 0, id="always holes: filtered before it came here"),
        pytest.param([*RUN, *range(1, 300)], 0, id="a reload starts again"),
        pytest.param([*RUN[:50], *range(9_000, 9_050)], 0, id="too few lines to say what is usual"),
        pytest.param([*RUN[:200], *RUN[190:]], 0, id="ten lines twice"),
    ],
)
def test_a_hole_in_a_dense_count_is_found(numbers: list[int], found: int) -> None:
    assert len(findings(ANALYTIC, world(heard=counted(numbers)))) == found


def test_order_of_arrival_does_not_matter_and_late_lines_fill_their_places() -> None:
    rows = counted(RUN)
    chance = random.Random(7)
    late = [{**row, "at": row["at"] + chance.choice((0, 0, 0, 30))} for row in rows]
    chance.shuffle(late)
    assert findings(ANALYTIC, world(heard=late)) == []


def test_the_hole_is_told_with_its_size() -> None:
    lake = world(heard=counted([n for n in RUN if not 1_200 <= n < 1_230]))
    (finding,) = findings(ANALYTIC, lake)
    assert finding.details["lost"] == 30
    assert finding.why.startswith("30 messages of pe1 are missing in its own count")


def test_two_logs_of_one_device_have_counts_of_their_own() -> None:
    one = counted(RUN)
    two = [heard(at * 10 + 5, sequence=80_000 + at, origin=f"relay.log:{at + 1}") for at in range(400)]
    assert findings(ANALYTIC, world(heard=[*one, *two])) == []
