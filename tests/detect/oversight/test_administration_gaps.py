"""Taps only the trail saw, taps removed together, and what the trail leaves out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from seawall.detect.oversight.administration_gaps import (
    Counted,
    Known,
    Standing,
    log_silences,
    mass_deactivations,
    short_lived,
    unlogged_changes,
)
from seawall.detect.oversight.deeds import Deed
from seawall.detect.oversight.staff import read_staff
from tests.detect.oversight.deeds_said import POLICY, at, deed, x1

STAFF = read_staff(POLICY)


def known(
    ordered: str = "", stands: Standing = "gone", *, ended: bool = False, orders: bool = True, listed: float = 1
) -> Known:
    names = ordered.split()
    return Known(
        named=lambda d: d.tap in names,
        ordered=lambda d: d.tap in names,
        ended=lambda _: ended,
        stands=lambda _: stands,
        orders=orders,
        listed=lambda _: listed,
    )


GONE = "DeactivateTask"


@pytest.mark.parametrize(
    ("records", "what", "kinds"),
    [
        pytest.param([x1("11T03:00", tap="a"), x1("11T03:07", GONE, tap="a")], known(), ["SHORT"], id="seven-minutes"),
        pytest.param([x1("11T03:00", tap="a")], known(), ["SHORT"], id="gone-without-a-record"),
        pytest.param([x1("11T03:00", tap="a")], known(stands="unknown"), ["TAP"], id="no-report-of-that-system"),
        pytest.param([x1("11T03:00", tap="a")], known(stands="there"), [], id="the-report-still-shows-it"),
        pytest.param([x1("11T03:00", tap="a"), x1("11T03:07", GONE, tap="a")], known("a"), [], id="ordered"),
        pytest.param([x1("11T03:00", tap="a", refused=True)], known(), [], id="refused"),
        pytest.param([x1("11T03:00", "CreateDestination")], known(), [], id="no-tap"),
        pytest.param([x1("11T03:00", tap="a")], known(orders=False), [], id="no-registry"),
        pytest.param([x1(f"11T0{n}:00", tap="a") for n in (3, 4)], known(), ["SHORT"], id="told-once"),
        pytest.param(
            [x1("11T03:00", tap="a"), x1("11T03:07", GONE, tap="a")],
            known(listed=0.1),
            ["SHORT"],
            id="brief-though-few-orders-list-such-names",
        ),
        pytest.param(
            [x1("01T03:00", tap="a"), x1("11T03:07", GONE, tap="a")],
            known(listed=0.1),
            [],
            id="long-and-few-orders-list-such-names",
        ),
        pytest.param(
            [x1("11T03:00", tap="a"), x1("11T03:07", GONE, tap="a")],
            known(listed=0),
            [],
            id="no-order-lists-such-names",
        ),
    ],
)
def test_a_tap_between_two_polls_is_noticed(records: list[Deed], what: Known, kinds: list[str]) -> None:
    assert [one.kind.partition("_")[0] for one in short_lived(records, what)] == kinds


def removals(count: int, step_s: int, **more: Any) -> list[Deed]:
    times = (at("11T10:00") + timedelta(seconds=step_s * n) for n in range(count))
    return [x1(time, GONE, tap=f"t{n}", **more) for n, time in enumerate(times)]


@pytest.mark.parametrize(
    ("records", "what", "found"),
    [
        pytest.param(removals(4, 10), known(), 1, id="four-within-a-minute"),
        pytest.param(removals(3, 10), known(), 0, id="three"),
        pytest.param(removals(4, 200), known(), 0, id="four-over-ten-minutes"),
        pytest.param(removals(4, 10), known(ended=True), 0, id="their-orders-ended"),
        pytest.param(removals(4, 10, refused=True), known(), 0, id="refused"),
        pytest.param([x1("11T10:00", "DeactivateAllTasks")], known(), 1, id="all-at-a-stroke"),
        pytest.param([x1("11T10:00", "RemoveAllDestinations", refused=True)], known(), 1, id="tried"),
        pytest.param([x1("12T03:00", "DeactivateAllTasks")], known(), 0, id="announced"),
    ],
)
def test_a_mass_deactivation_is_noticed(records: list[Deed], what: Known, found: int) -> None:
    assert [one.kind for one in mass_deactivations(records, STAFF, what)] == ["MASS_DEACTIVATION"] * found


@pytest.mark.parametrize(
    ("times", "now", "found"),
    [
        pytest.param(["10T00:00", "10T20:00", "11T20:00"], "11T21:00", 0, id="within-a-day"),
        pytest.param(["10T00:00", "11T02:00"], "11T03:00", 1, id="more-than-a-day"),
        pytest.param(["10T00:00"], "11T02:00", 1, id="until-now"),
        pytest.param(["11T12:00", "12T14:00"], "12T15:00", 0, id="six-hours-of-it-announced"),
        pytest.param(["09T00:00", "12T14:00"], "12T15:00", 1, id="too-long-before-the-announced-part"),
    ],
)
def test_a_silence_longer_than_allowed_is_noticed(times: list[str], now: str, found: int) -> None:
    assert [one.kind for one in log_silences([x1(t) for t in times], STAFF, at(now))] == ["LOG_GAP"] * found


def test_a_log_that_was_not_handed_over_is_said() -> None:
    assert not list(log_silences([], STAFF, at("12T01:00"))), "no trail at all is said elsewhere"
    assert not list(log_silences([deed("10T00:00", system="smf-1")], STAFF, at("10T01:00"))), "within what is allowed"
    (found,) = log_silences([deed(t, system="smf-1") for t in ("08T00:00", "10T00:00")], STAFF, at("10T01:00"))
    assert found.systems == ("amf-1",)
    assert "no record" in found.why


@pytest.mark.parametrize(
    ("records", "counted", "found"),
    [
        pytest.param([("10", "ActivateTask"), ("11", "ModifyTask")], (1, "11T00:00"), 0, id="explained"),
        pytest.param([("10", "ActivateTask"), ("11", "ModifyTask")], (3, "12T00:00"), 1, id="two-more"),
        pytest.param([("10", "ActivateTask")], (0, "10T00:00"), 0, id="never-changed"),
        pytest.param([("10", "ModifyTask"), ("11", "ModifyTask")], (5, "11T00:01"), 0, id="older-than-the-trail"),
        pytest.param([("10", "ModifyTask")], (5, "12T00:00"), 1, id="a-change-now-that-no-record-tells"),
        pytest.param([("10", "ActivateTask"), ("11", "ModifyTask"), ("12", "ActivateTask")], (0, "12T00:00"), 0,
                     id="counts-from-the-last-activation"),
        pytest.param([], (4, "12T00:00"), 0, id="no-trail-of-that-system"),
    ],
)  # fmt: skip
def test_changes_the_element_counted_must_be_in_the_trail(
    records: list[tuple[str, str]], counted: tuple[int, str], found: int
) -> None:
    deeds = [x1(f"{day}T00:00", request, tap="a") for day, request in records]
    told = list(unlogged_changes(deeds, [Counted("AMF-1", "a", counted[0], at(counted[1]))], STAFF))
    assert [one.kind for one in told] == ["LOG_GAP"] * found
