"""Whether an address a device is told to trust is ours: the site file says, else only the plainly wrong shows."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from seawall.detect.audit.base import Outcome
from seawall.detect.audit.device import Device
from seawall.detect.audit.entries import Entry
from seawall.model.audit import Status
from seawall.model.site import Site

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_INSIDE: Final = tuple(
    ipaddress.ip_network(text)
    for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
                 "fc00::/7", "fe80::/10", "::1/128", "0.0.0.0/32", "::/128", "255.255.255.255/32", "224.0.0.0/4")
)  # fmt: skip


def address_of(text: str) -> Address | None:
    """The address a word is, without its port or quotes; None if it is none."""
    word = text.strip("\"'[];,")
    for one in (word, word.partition("/")[0], word.rpartition(":")[0]):
        try:
            return ipaddress.ip_address(one)
        except ValueError:
            continue
    return None


def is_public(address: Address) -> bool:
    """Whether an address can be reached from the Internet; documentation addresses stand for such."""
    return not any(address in network for network in _INSIDE if network.version == address.version)


def known_places(site: Site, key: str) -> tuple[Network, ...]:
    """The networks and addresses the site file lists under `key` (several keys: joined by `+`)."""
    held: list[str] = []
    for one in key.split("+"):
        match one:
            case "mirror_ends" | "tunnel_ends":
                held += [end.address for end in getattr(site, one)]
            case "agencies":
                held += [address for agency in site.agencies for address in agency.delivery]
            case "crown_jewels":
                held += [a for device in site.devices if device.crown_jewel for a in device.addresses]
            case "":
                continue
            case _:
                held += getattr(site, one)
    return tuple(network for text in held if (network := _network(text)) is not None)


def _network(text: str) -> Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def within(address: Address, networks: Iterable[Network]) -> bool:
    """Whether an address lies in one of the networks."""
    return any(address in network for network in networks if network.version == address.version)


def judge_addresses(
    device: Device,
    found: Sequence[tuple[Entry, re.Match[str]]],
    key: str,
    values: Mapping[str, str],
    near: Sequence[Network] = (),
) -> Outcome:
    """Fail for addresses that are not ours, unknown where no list says which are, else pass.

    Without a list in the site file an address in one of the `near` networks passes, a public one fails, and one of a
    private range could be anybody's of ours.
    """
    listed = known_places(device.site, key)
    wrong: list[tuple[Entry, str]] = []
    open_: list[Entry] = []
    for entry, match in found:
        address = address_of(match["a"])
        if address is None:
            open_.append(entry)
        elif listed and not within(address, listed):
            wrong.append((entry, match["a"]))
        elif not listed and not within(address, near):
            if is_public(address):
                wrong.append((entry, match["a"]))
            else:
                open_.append(entry)
    names = key.replace("+", " or ") or "site file"
    if wrong:
        told = ", ".join(dict.fromkeys(word for _, word in wrong[:5]))
        reason = f"not among {names} of the site file" if listed else "a public address, and no site file lists it"
        said = tuple({**values, "line": entry.path, "a": word} for entry, word in wrong)
        return Outcome(Status.FAIL, tuple(e for e, _ in wrong), f"{told}: {reason}", values=said)
    if open_:
        return Outcome(Status.UNKNOWN, tuple(open_), f"list the right ones under {names} in site.toml (--site)")
    return Outcome(Status.PASS, tuple(entry for entry, _ in found[:5]))
