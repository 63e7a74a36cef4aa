"""The exercise's site file says what a well-kept inventory would, and nothing of who the intruder is."""

from __future__ import annotations

import tomllib
from dataclasses import replace

from seawall.drills.world import build
from seawall.drills.world.site_file import site_toml
from seawall.model.site import site_from_dict

WORLD = build(7)


def test_every_ticket_is_a_window_for_its_own_account_and_device_only() -> None:
    site = site_from_dict(tomllib.loads(site_toml(WORLD)))
    ticket = WORLD.tickets[0]
    middle = ticket.start + (ticket.end - ticket.start) / 2
    assert site.change_window(ticket.device, ticket.account, middle) is not None
    assert site.change_window(ticket.device, "somebody.else", middle) is None
    assert site.change_window(ticket.device, ticket.account, ticket.start.replace(year=2001)) is None


def test_it_betrays_no_stranger_and_no_scanner() -> None:
    text = site_toml(WORLD)
    assert not [address for address in (*WORLD.strangers, *WORLD.scanners) if f'"{address}"' in text]


def test_crown_jewels_are_marked_as_in_the_world() -> None:
    site = site_from_dict(tomllib.loads(site_toml(WORLD)))
    marked = {device.name for device in site.devices if device.crown_jewel}
    assert marked == {node.name for node in WORLD.nodes if node.crown_jewel}
    assert marked


def test_a_name_with_quotes_and_line_ends_cannot_break_out_of_its_value() -> None:
    odd = replace(WORLD, name='Sea "side"\n[[people]]\naccount = "mallory"\\')
    site = site_from_dict(tomllib.loads(site_toml(odd)))
    assert site.name == f"{odd.name} (exercise)"
    assert site.person("mallory") is None
