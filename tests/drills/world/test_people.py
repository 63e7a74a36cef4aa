from __future__ import annotations

from tomllib import loads

from seawall.drills.world import build
from seawall.drills.world.changes import CHANGES
from seawall.drills.world.people import daily_work
from seawall.model.site import Site, site_from_dict

WORLD = build(4)
DEEDS = list(daily_work(WORLD))
SITE: Site = site_from_dict(loads(WORLD.site_toml()))


def test_every_planned_change_happens_within_its_window() -> None:
    planned = [deed for deed in DEEDS if deed.label and deed.label.stage in CHANGES]
    assert {deed.label.stage for deed in planned if deed.label} == set(CHANGES)
    for deed in planned:
        assert SITE.change_window(deed.act.device, deed.act.account, deed.act.time), deed


def test_honest_people_come_from_where_the_site_says() -> None:
    jump_hosts = {n.name for n in WORLD.role("jump-host")}
    for deed in DEEDS:
        if deed.act.doing == "login" and deed.act.device not in jump_hosts:
            assert SITE.is_trusted_source(deed.act.source), deed


def test_the_running_configuration_of_every_ios_router_is_fetched_each_night() -> None:
    fetched = {
        (deed.act.device, deed.act.time.date())
        for deed in DEEDS if deed.act.account == "svc-backup" and deed.act.command == "show running-config"
    }  # fmt: skip
    assert len(fetched) >= len(WORLD.platform("ios")) * WORLD.days
