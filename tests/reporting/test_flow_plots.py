"""Drawings of flows: every bar stands inside, says its figure, and nothing is left out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from seawall.reporting.flow_plots import BOTTOM, HEIGHT, WIDTH, Shape, plots

BEGIN = datetime(2026, 11, 20, tzinfo=UTC)
END = BEGIN + timedelta(days=2)
octets = st.lists(st.integers(0, 10**15), min_size=1, max_size=48)
waits = st.lists(st.integers(0, 10**7), max_size=60)


@given(octets, waits)
def test_bars_stand_inside_and_every_wait_is_in_one(octets: list[int], waits: list[int]) -> None:
    made = plots(Shape(BEGIN, END, tuple(octets), tuple(waits)))
    assert len(made) == (len(waits) >= 4) + (sum(octets) > 0)
    for plot in made:
        for bar in plot.bars:
            assert bar.x >= 0
            assert bar.x + bar.width <= WIDTH
            assert 0 <= bar.y <= bar.y + bar.height <= HEIGHT - BOTTOM + 0.1
    if len(waits) >= 4:
        assert sum(int(bar.title.rpartition(" ")[2]) for bar in made[0].bars) == len(waits)


def test_a_beat_is_one_high_bar_in_the_middle_of_its_plot() -> None:
    (plot,) = plots(Shape(BEGIN, END, (0,), (600,) * 30 + (1_200, 6_000)))
    assert plot.caption == "Waits between calls: 32, the middle one 10 min"
    assert max(plot.bars, key=lambda bar: bar.height).title.endswith(": 30")
    assert plot.labels[1][2] == "30 min and more (1)"
