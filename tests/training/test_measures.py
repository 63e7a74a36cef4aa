"""Discrimination, and who may be shown."""

from __future__ import annotations

from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.training.measures import OTHERS, SMALLEST_GROUP, discrimination, of_answers, shown_groups
from seawall.training.play import Outcome


def test_who_calls_everything_an_attack_tells_nothing_apart() -> None:
    told = discrimination(50, 50, 50, 50)
    assert told.d_prime == pytest.approx(0)
    assert told.criterion is not None
    assert told.criterion < -1


def test_the_figures_are_those_of_signal_detection_theory() -> None:
    z = NormalDist().inv_cdf
    told = discrimination(99, 84, 99, 15)  # (n + 0.5) / 100
    assert told.d_prime == pytest.approx(z(0.845) - z(0.155))
    assert told.criterion == pytest.approx(0, abs=1e-9)
    assert discrimination(0, 0, 5, 1).d_prime is None
    assert discrimination(5, 5, 0, 0).criterion is None


def test_spam_called_an_attack_is_a_false_alarm_and_an_attack_called_spam_a_miss() -> None:
    def judged(truth: str, given_: str) -> Outcome:
        return Outcome("l", "i", "t", "practice", truth, given_, truth == given_, 1)

    told = of_answers([judged("spam", "phish"), judged("wanted", "spam"), judged("phish", "spam"),
                       Outcome("l", "q", "t", "question", "right", "wrong", False, 1)])  # fmt: skip
    assert (told.attacks, told.hits, told.genuine, told.false_alarms) == (1, 0, 2, 1)


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.integers(0, 30)))
def test_no_group_under_ten_is_shown_nor_found_by_subtraction(sizes: dict[str, int]) -> None:
    members = {name: [(name, n) for n in range(size)] for name, size in sizes.items()}
    shown = shown_groups(members)
    whole = sum(sizes.values())
    assert all(len(people) >= SMALLEST_GROUP for people in shown.values())
    left = whole - sum(map(len, shown.values()))
    assert left == 0 or (left < SMALLEST_GROUP and not shown)
    for name, people in shown.items():
        if name != OTHERS:
            assert people == members[name]
