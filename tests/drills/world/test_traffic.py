from __future__ import annotations

from seawall.drills.world import build
from seawall.drills.world.machines import daily_noise
from seawall.drills.world.traffic import daily_traffic

WORLD = build(4)


def test_everyday_traffic_never_meets_those_the_intruders_are_drawn_from() -> None:
    met = {address for act in daily_traffic(WORLD) for address in (act.source, act.detail["to"])}
    met |= {deed.act.source for deed in daily_noise(WORLD)}
    assert met.isdisjoint(WORLD.strangers)
    assert not met.isdisjoint(WORLD.scanners)


def test_a_longer_week_begins_with_the_same_days_of_people() -> None:
    short, long = build(4, days=3), build(4, days=5)
    assert short.nodes == long.nodes
    assert short.workers == long.workers
