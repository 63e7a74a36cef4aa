"""What is lost on the way, and clocks that are wrong."""

from __future__ import annotations

from datetime import timedelta

import pytest

from seawall.drills.conditions import Conditions, Loss, Skew, read_loss, read_skew
from seawall.drills.world import build
from seawall.errors import UsageError

WORLD = build(7)
EDGE, PE = WORLD.role("edge")[0], WORLD.role("pe")[0]


def test_a_whole_loss_takes_one_telemetry_of_one_role() -> None:
    off = Conditions(losses=(Loss("accounting", "edge"),))
    assert off.lost(1, "accounting", EDGE, 1)
    assert not off.lost(1, "log", EDGE, 1)
    assert not off.lost(1, "accounting", PE, 1)


def test_a_share_is_lost_about_so_often_and_the_same_every_time() -> None:
    some = Conditions(losses=(Loss("log", "all", 0.3),))
    lost = [some.lost(5, "log", EDGE, n) for n in range(2000)]
    assert 500 < sum(lost) < 700
    assert lost == [some.lost(5, "log", EDGE, n) for n in range(2000)]


def test_clock_errors_add_up() -> None:
    wrong = Conditions(skews=(Skew("edge", 90), Skew("all", -30)))
    assert wrong.skew(EDGE) == timedelta(seconds=60)
    assert wrong.skew(PE) == timedelta(seconds=-30)


def test_the_command_line_reads_them() -> None:
    assert read_loss("accounting@edge") == Loss("accounting", "edge", 1.0)
    assert read_loss("log=0.2") == Loss("log", "all", 0.2)
    assert read_skew("pe=-30") == Skew("pe", -30.0)


@pytest.mark.parametrize("text", ["paper@edge", "log@pe=2", "log@pe=x", ""])
def test_no_such_loss_says_how_to_write_one(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_loss(text)
    assert "TELEMETRY@ROLE" in (caught.value.mend or "")


@pytest.mark.parametrize("text", ["edge", "=5", "edge=soon"])
def test_no_such_clock_error_says_how_to_write_one(text: str) -> None:
    with pytest.raises(UsageError):
        read_skew(text)
