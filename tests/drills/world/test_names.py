"""Invented names stay invented, and every kind of router they list has a writer that knows its habits."""

from __future__ import annotations

from seawall.drills.render import LOGS, cisco_ios, eos, iosxr, junos, nxos, sros, vrp
from seawall.drills.world import names
from seawall.drills.world.machines import NOTICES

HEADERS = {
    "ios": cisco_ios.HEADERS,
    "iosxr": iosxr.HEADERS,
    "junos": junos.HEADERS,
    "nxos": nxos.HEADERS,
    "eos": eos.HEADERS,
    "sros": sros.HEADERS,
    "vrp": vrp.HEADERS,
}


def test_every_header_habit_is_one_its_writer_knows() -> None:
    for role, platform, count, habits, ports in names.ROUTERS:
        assert platform in LOGS, role
        assert platform in NOTICES, role
        assert set(habits) <= set(HEADERS[platform]), role
        assert count >= 1
        assert ports


def test_every_header_habit_there_is_appears_in_a_world() -> None:
    used = {habit for _, _, count, habits, _ in names.ROUTERS for habit in habits[:count]}
    assert used == {header for headers in HEADERS.values() for header in headers}


def test_servers_share_neither_names_nor_addresses() -> None:
    for column in (0, 3):
        values = [server[column] for server in names.SERVERS]
        assert len(set(values)) == len(values)


def test_no_two_names_to_draw_from_are_the_same() -> None:
    for given in (names.CARRIERS, names.SITES, names.GIVEN, names.FAMILY):
        assert len(set(given)) == len(given)
