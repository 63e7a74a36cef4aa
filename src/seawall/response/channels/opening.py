"""Which door an action goes through."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from seawall.model.action import Action
from seawall.model.site import Site
from seawall.response.actions import kind_of
from seawall.response.channels import Channel
from seawall.response.channels.exabgp import BgpChannel
from seawall.response.channels.ldap import LdapChannel
from seawall.response.channels.nft import NftChannel
from seawall.response.channels.radius import RadiusChannel
from seawall.response.channels.router import RouterChannel
from seawall.response.targets import Targets


def opener(targets: Targets, site: Site) -> Callable[[Action], Channel | None]:
    """The door of each action; None where it is only handed over."""

    def door(action: Action) -> Channel | None:
        if action.kind == "stop_capture" and action.values.get("form", "capture") == "capture":
            return None  # no configuration shows it, so it could not be read back
        return _door(kind_of(action.kind).door, action.target, targets, site)

    return door


def _door(door: str, target: str, targets: Targets, site: Site) -> Channel | None:
    if door == "router":
        group = targets.group(target, site)
        device = next((d for d in site.devices if d.name == site.device_names.get(target.lower())), None)
        return RouterChannel(device.name, device.platform, group, site) if group and device else None
    if door == "accounts":
        store = next((a for a in targets.accounts if a.name == target), None)
        return None if store is None else RadiusChannel(store) if store.kind == "freeradius" else LdapChannel(store)
    if door == "bgp":
        return next((BgpChannel(b) for b in targets.bgp if b.name == target), None)
    if door == "nft":
        return next((NftChannel(f) for f in targets.firewalls if f.name == target), None)
    return None


def block_channels(targets: Targets) -> Iterator[tuple[str, Channel]]:
    """Every door blocks go through: what the kill switch clears, and a restart compares."""
    yield from ((speaker.name, BgpChannel(speaker)) for speaker in targets.bgp)
    yield from ((firewall.name, NftChannel(firewall)) for firewall in targets.firewalls)
