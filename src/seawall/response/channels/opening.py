"""Which door an action goes through."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from seawall.model.action import Action
from seawall.model.site import Site
from seawall.response.actions import kind_of
from seawall.response.channels import Channel
from seawall.response.channels.nft import NftChannel
from seawall.response.targets import Targets


def opener(targets: Targets, site: Site) -> Callable[[Action], Channel | None]:
    """The door of each action; None where it is only handed over."""

    def door(action: Action) -> Channel | None:
        return _door(kind_of(action.kind).door, action.target, targets, site)

    return door


def _door(door: str, target: str, targets: Targets, site: Site) -> Channel | None:  # noqa: ARG001
    if door == "nft":
        return next((NftChannel(f) for f in targets.firewalls if f.name == target), None)
    return None


def block_channels(targets: Targets) -> Iterator[tuple[str, Channel]]:
    """Every door blocks go through: what the kill switch clears, and a restart compares."""
    yield from ((firewall.name, NftChannel(firewall)) for firewall in targets.firewalls)
