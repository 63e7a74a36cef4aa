"""Actions one after another: what does not happen stops the rest, and what is not ours to do stops nothing."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from seawall.pipeline.acting import apply_in_order, read_back, take_back
from seawall.response.execute import Outcome
from seawall.response.steps import Step

PLAN: Any = SimpleNamespace(id="51ab")


def action(id_: str, lasting: str = "block") -> Any:
    return SimpleNamespace(id=id_, lasting=lasting)


def opened(*, fails: str = "", no_way: str = "") -> tuple[Any, list[str]]:
    """Hands that write down what they touched."""
    touched: list[str] = []

    def act(_plan: Any, one: Any) -> Outcome:
        touched.append(one.id)
        return Outcome(one, None if one.id == fails else Step.VERIFIED, "said")

    hands = SimpleNamespace(
        channel=lambda one: None if one.id == no_way else object(),
        apply=act,
        undo=act,
        verify=lambda one: act(PLAN, one),
    )
    return SimpleNamespace(hands=hands), touched


def test_the_first_that_does_not_happen_stops_the_rest_and_each_is_told() -> None:
    it, touched = opened(fails="b")
    done = list(apply_in_order(it, PLAN, [action("a"), action("b"), action("c"), action("d", "ask")]))
    assert touched == ["a", "b"]
    assert [(one.action.id, one.left, one.failed) for one in done] == [
        ("a", "", False),
        ("b", "", True),
        ("c", "stopped", False),
        ("d", "person", False),
    ]


def test_a_persons_deed_and_one_without_a_direct_way_stop_nothing() -> None:
    it, touched = opened(no_way="b")
    done = list(apply_in_order(it, PLAN, [action("a", "ask"), action("b"), action("c")]))
    assert touched == ["c"]
    assert [one.left for one in done] == ["person", "package", ""]


def test_taking_back_begins_with_the_last() -> None:
    it, touched = opened()
    assert len(list(take_back(it, PLAN, [action("a"), action("b", "ask"), action("c")]))) == 2
    assert touched == ["c", "a"]


def test_reading_back_says_what_flows_say(monkeypatch: pytest.MonkeyPatch) -> None:
    it, _ = opened()
    monkeypatch.setattr("seawall.pipeline.acting.goes_on", lambda _opened, one: f"flows of {one.id}")
    assert [one.more for one in read_back(it, [action("a"), action("b", "ask")])] == ["flows of a"]
