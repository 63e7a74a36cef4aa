from __future__ import annotations

from datetime import UTC, datetime, timedelta

from seawall.drills.render import LOGS
from seawall.drills.seeds import stream
from seawall.drills.world import build
from seawall.drills.world.life import carrier
from seawall.drills.world.maintenance import MAINTENANCE, change_of, tickets

WORLD = carrier(3, days=30, devices=60)


def test_every_platform_of_the_network_has_announced_work() -> None:
    platforms = {node.platform for node in WORLD.nodes if node.loopback}
    assert platforms == {change.platform for change in MAINTENANCE.values()}
    assert platforms <= set(LOGS)


def test_tickets_name_devices_that_can_carry_them_out_and_lie_in_the_month() -> None:
    begin = datetime.combine(WORLD.starts, datetime.min.time(), UTC)
    for ticket in WORLD.tickets:
        change = change_of(ticket)
        assert WORLD.node(ticket.device).platform == change.platform
        assert begin <= ticket.start < ticket.end < begin + timedelta(days=WORLD.days, hours=24)
        assert next(w for w in WORLD.workers if w.account == ticket.account).kind == change.by


def test_weekends_are_quieter_and_one_night_rotates_the_break_glass_account_everywhere() -> None:
    rotated = [ticket for ticket in WORLD.tickets if ticket.change == "rotated"]
    assert {ticket.device for ticket in rotated} == {node.name for node in WORLD.platform("ios")}
    assert len({(ticket.number, ticket.start, ticket.account) for ticket in rotated}) == 1
    others = [ticket for ticket in WORLD.tickets if ticket.change != "rotated"]
    at_weekends = sum(ticket.start.weekday() >= 5 for ticket in others)
    assert 0 < at_weekends < len(others) / 4


def test_one_seed_announces_the_same_work() -> None:
    world = build(3, days=5)
    assert tickets(world, stream(3, "x")) == tickets(world, stream(3, "x"))
    assert tickets(world, stream(3, "x")) != tickets(world, stream(4, "x"))
