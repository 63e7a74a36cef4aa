"""Inside and outside: whose address is it?

Ours are the site's `own_networks`, its management networks and its devices' addresses, and always the private space
(RFC 1918, RFC 6598, RFC 4193, link-local). Networks become patterns on text, because that is what both engines can
ask of an address.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

import ibis

from seawall.model.site import Site

PRIVATE: Final = (
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "100.64.0.0/10",  # RFC 6598, carrier-grade NAT
    "169.254.0.0/16",
    "127.0.0.0/8",
    "fc00::/7",
    "fe80::/10",
)
# Addresses nobody is: groups, broadcasts, the unspecified one.
NOBODY: Final = r"^(22[4-9]\.|23[0-9]\.|255\.255\.255\.255$|0\.0\.0\.0$|ff[0-9a-f]{2}:|::$|.*\.255$)"
_NEVER: Final = r"^\b$"


def pattern_of(networks: Iterable[str]) -> str:
    """A regular expression (RE2 and Java) that addresses of these networks match, as tools write them (RFC 5952).

    Text that is no network is left out: the site file was checked where it was read.
    """
    found = set()
    for text in networks:
        try:
            network = ipaddress.ip_network(text.strip(), strict=False)
        except ValueError:
            continue
        found.update(_ipv4(network) if network.version == 4 else _ipv6(network))
    return f"^(?:{'|'.join(sorted(found))})" if found else _NEVER


def _ipv4(network: Any) -> list[str]:
    octets = str(network.network_address).split(".")
    whole, rest = divmod(network.prefixlen, 8)
    head = r"\.".join(octets[:whole])
    if whole == 4:
        return [head + "$"]
    head += r"\." if head else ""
    if not rest:
        return [head + ("" if head else r"[0-9]+\.")]
    first = int(octets[whole])
    numbers = "|".join(str(n) for n in range(first, first + (1 << (8 - rest))))
    return [f"{head}(?:{numbers})" + (r"\." if whole < 3 else "$")]


def _ipv6(network: Any) -> list[str]:
    """The written beginnings of a network's addresses; a run of zero groups may be shortened to `::`."""
    if network.prefixlen == 128:
        return [f"{network.network_address.compressed}$"]
    groups = [int(group, 16) for group in network.network_address.exploded.split(":")]
    whole, rest = divmod(network.prefixlen, 16)
    left = 8 - whole  # groups after those given whole
    part = _part(groups[whole], rest) if rest else ""
    found = []
    for head in _heads(groups[:whole]):
        if left > 1:
            found.append(head + (part or _GROUP) + ":")
        else:
            found.append(head + (part or _GROUP) + "$")
    given = groups[:whole]
    while given and given[-1] == 0:
        given.pop()
    short = ":".join(f"{group:x}" for group in given)
    # What follows `::` has so few groups that the run of zeros reaches past the groups given whole.
    most = left - 1 if part else left
    if not part or groups[whole] == 0:
        found.append(f"{short}::" + (f"(?:{_GROUP}(?::{_GROUP}){{0,{most - 1}}})?$" if most else "$"))
    if part and len(given) < whole:
        found.append(f"{short}::{part}" + (f"(?::{_GROUP}){{{left - 1}}}$" if left > 1 else "$"))
    return found


def _heads(given: list[int]) -> list[str]:
    """The groups given whole as they may be written: in full, and with a run of zeros between others shortened."""
    written = [f"{group:x}" for group in given]
    found = ["".join(f"{group}:" for group in written)]
    for inner in re.finditer(r"(?<!0)(?:0:){2,}(?=[1-9a-f])", found[0]):
        found.append(f"{found[0][: inner.start()].rstrip(':')}::{found[0][inner.end() :]}")
    return found


_GROUP: Final = "[0-9a-f]{1,4}"


def _part(value: int, bits: int) -> str:
    """A group whose first `bits` bits are given, as it is written without leading zeros."""
    last = value + (1 << (16 - bits)) - 1
    if bits >= 8:
        return "(?:" + "|".join(f"{n:x}" for n in range(value, last + 1)) + ")"
    nibbles = f"{value:04x}"
    whole, rest = divmod(bits, 4)
    head = nibbles[:whole]
    if rest:
        first = int(nibbles[whole], 16)
        head += "[" + "".join(f"{n:x}" for n in range(first, first + (1 << (4 - rest)))) + "]"
        whole += 1
    return head + f"[0-9a-f]{{{4 - whole}}}"


def ours(site: Site) -> str:
    """The pattern of every address that is the carrier's own."""
    devices = (address for device in site.devices for address in device.addresses)
    return pattern_of((*PRIVATE, *site.own_networks, *site.management_networks, *devices))


def is_ours(address: str, site: Site) -> bool:
    """Whether one address is ours, or nobody's."""
    return bool(_compiled(ours(site)).search(address.lower()) or _compiled(NOBODY).search(address.lower()))


@lru_cache(maxsize=16)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def inside(address: Any, site: Site) -> Any:
    """Whether an address column is ours."""
    return address.lower().re_search(ours(site))


def nobody(address: Any) -> Any:
    """Whether an address column is a group, a broadcast or none."""
    return address.lower().re_search(NOBODY)


def managers(site: Site) -> tuple[str, ...]:
    """Networks and addresses from which devices are rightly managed, as the site says."""
    from seawall.model.site import MANAGEMENT_ROLES

    hosts = (a for d in site.devices if d.role in MANAGEMENT_ROLES for a in d.addresses)
    return (*site.jump_hosts, *site.management_networks, *site.nms_servers, *hosts)


def equipment(site: Site) -> tuple[str, ...]:
    """Addresses of network equipment, as the site says: every device that manages no other."""
    from seawall.model.site import MANAGEMENT_ROLES

    return tuple(a for d in site.devices if d.role not in MANAGEMENT_ROLES for a in d.addresses)


def one_of(address: Any, networks: Iterable[str]) -> Any:
    """Whether an address column lies in one of these networks."""
    listed = tuple(networks)
    return address.lower().re_search(pattern_of(listed)) if listed else ibis.literal(False)
