"""What machines say by themselves: inside the world's days, never by a person, and alike for one seed."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from random import Random

from seawall.drills.world import build
from seawall.drills.world.machines import daily_noise, moments

WORLD = build(7)
NOISE = list(daily_noise(WORLD))
START = datetime.combine(WORLD.starts, time(), UTC)
END = START + timedelta(days=WORLD.days)


def test_one_seed_makes_one_noise() -> None:
    assert list(daily_noise(build(7))) == NOISE


def test_noise_stays_inside_the_worlds_days_apart_from_what_comes_back_up() -> None:
    assert all(START <= deed.act.time < END + timedelta(seconds=90) for deed in NOISE)


def test_a_machine_acts_under_no_account_and_on_a_device_there_is() -> None:
    assert {deed.act.account for deed in NOISE} == {""}
    assert {deed.act.device for deed in NOISE} <= {node.name for node in WORLD.nodes}


def test_whatever_goes_down_comes_up_again_later() -> None:
    open_: dict[tuple[str, str], list[datetime]] = {}
    for deed in NOISE:
        what = deed.act.detail.get("interface") or deed.act.detail.get("peer", "")
        if deed.act.detail.get("state") == "down":
            open_.setdefault((deed.act.device, what), []).append(deed.act.time)
        elif deed.act.detail.get("state") == "up":
            assert open_[deed.act.device, what].pop() < deed.act.time
    assert not any(open_.values())


def test_the_only_labelled_noise_is_a_twin_and_scanners_are_no_intruders() -> None:
    assert {deed.label.kind for deed in NOISE if deed.label} == {"twin"}
    assert {deed.act.source for deed in NOISE}.isdisjoint(WORLD.strangers)


def test_no_place_is_left_unfilled_in_what_devices_say() -> None:
    assert not [deed.act.detail["text"] for deed in NOISE if "{" in deed.act.detail.get("text", "")]


def test_as_many_moments_as_asked_for() -> None:
    assert len(list(moments(WORLD, Random(1), 500))) == 500
    assert list(moments(WORLD, Random(1), 0)) == []
