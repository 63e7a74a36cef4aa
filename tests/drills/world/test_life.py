from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import islice

import pytest

from seawall.drills.acts import DOING, Deed
from seawall.drills.world.life import carrier, live
from seawall.drills.world.model import World
from seawall.model.site import site_from_dict

WORLD = carrier(5, days=30, devices=24)


@pytest.fixture(scope="module")
def month() -> list[tuple[datetime, list[Deed]]]:
    return [(datetime.combine(day, time(), UTC), deeds) for day, deeds in live(WORLD, traffic=False)]


def test_days_follow_each_other_and_hold_what_happened_on_them(month: list[tuple[datetime, list[Deed]]]) -> None:
    assert [day for day, _ in month] == [month[0][0] + timedelta(days=n) for n in range(30)]
    for day, deeds in month:
        times = [deed.act.time for deed in deeds]
        assert times == sorted(times)
        assert day <= times[0] <= times[-1] < day + timedelta(days=1)
        assert {deed.act.doing for deed in deeds} <= set(DOING)


def test_no_day_is_like_another_and_one_seed_gives_the_same(month: list[tuple[datetime, list[Deed]]]) -> None:
    shapes = {tuple(deed.act.time - day for deed in deeds[:200]) for day, deeds in month}
    assert len(shapes) == 30
    (_, again), *_ = islice(live(carrier(5, days=30, devices=24), traffic=False), 1)
    assert again == month[0][1]


def test_announced_work_is_done_inside_its_window(month: list[tuple[datetime, list[Deed]]]) -> None:
    done = {(d.label.stage, d.act.device): d.act.time for _, deeds in month for d in deeds
            if d.label and "(CHG" in d.label.name}  # fmt: skip
    wanted = {(t.change, t.device) for t in WORLD.tickets}
    assert len(wanted & done.keys()) >= len(wanted) * 0.9
    for ticket in WORLD.tickets:
        mine = [d.act.time for _, deeds in month for d in deeds if d.label and f"({ticket.number})" in d.label.name]
        assert all(ticket.start <= moment <= ticket.end for moment in mine)


def test_a_reload_is_a_silence_and_then_a_restart(month: list[tuple[datetime, list[Deed]]]) -> None:
    acts = [deed.act for _, deeds in month for deed in deeds]
    restarts = [act for act in acts if act.doing == "restarted"]
    assert restarts
    for restart in restarts:
        own = [a.time for a in acts if a.device == restart.device and a.doing == "notice" and a.time < restart.time]
        assert own
        assert "RESTART" not in {a.doing for a in acts if a.device == restart.device and a.time == restart.time}


def test_life_has_its_troubles(month: list[tuple[datetime, list[Deed]]]) -> None:
    acts = [deed.act for _, deeds in month for deed in deeds]
    failed = [act for act in acts if act.doing == "login_failed"]
    assert len(failed) > 20
    assert any(act.account.startswith("Summer") for act in failed)
    assert any("username" in act.command and act.account in act.command for act in acts)
    assert any("access-lists" in act.command for act in acts)


def _first_seen(world: World) -> dict[str, datetime]:
    seen: dict[str, datetime] = {}
    for _, deeds in live(world, traffic=False):
        for deed in deeds:
            seen.setdefault(deed.act.device, deed.act.time)
    return seen


def test_new_routers_are_put_in_within_the_month() -> None:
    world = carrier(5, days=4, devices=130)
    begin = datetime.combine(world.starts, time(), UTC)
    new = [name for name, moment in _first_seen(world).items() if moment > begin + timedelta(hours=32)]
    assert len(new) == 2


@pytest.mark.parametrize("devices", [1, 32, 2_000, 10_000])
def test_a_carrier_of_any_size_has_names_and_addresses_of_its_own(devices: int) -> None:
    world = carrier(7, days=1, devices=devices)
    names = [node.name for node in world.nodes]
    addresses = [address for node in world.nodes for address in node.addresses]
    assert len(set(names)) == len(names)
    assert len(set(addresses)) == len(addresses)
    assert abs(sum(bool(n.loopback) for n in world.nodes) - devices) <= max(9, devices * 0.02)


def test_the_site_file_knows_every_ticket() -> None:
    import tomllib

    site = site_from_dict(tomllib.loads(WORLD.site_toml()))
    assert {window.ticket for window in site.change_windows} == {ticket.number for ticket in WORLD.tickets}
