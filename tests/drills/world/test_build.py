from __future__ import annotations

from pathlib import Path

from seawall.drills.world import build
from seawall.model.site import load_site


def test_one_seed_gives_one_world() -> None:
    assert build(4) == build(4)
    assert build(4).nodes != build(5).nodes


def test_the_carrier_can_write_its_own_site_file(tmp_path: Path) -> None:
    world = build(4)
    path = tmp_path / "site.toml"
    path.write_text(world.site_toml(), encoding="utf-8")
    site = load_site(path)
    assert site.known
    assert len(site.devices) == len(world.nodes)
    ticket = world.tickets[0]
    found = site.change_window(ticket.device, ticket.account, ticket.start)
    assert found is not None
    assert found.ticket == ticket.number
    assert all(site.is_trusted_source(source) for worker in world.workers for source in worker.sources)
    assert site.device_names[world.nodes[0].short] == world.nodes[0].name


def test_names_and_addresses_are_each_given_once() -> None:
    world = build(4)
    names = [n.name for n in world.nodes]
    addresses = [a for n in world.nodes for a in n.addresses]
    assert len(set(names)) == len(names)
    assert len(set(addresses)) == len(addresses)
    known = {*addresses, *world.customers, *world.peers, *world.scanners}
    assert set(world.strangers).isdisjoint(known)


def test_every_platform_is_there() -> None:
    platforms = {n.platform for n in build(4).nodes}
    assert platforms == {"ios", "iosxr", "junos", "nxos", "eos", "sros", "vrp", "linux", "windows"}
