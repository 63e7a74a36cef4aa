"""Addresses as they stand in a rendered change: every spelling of one, so that none slips past the safelist."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from typing import Final

from seawall.errors import InputError

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_V4: Final = r"\d{1,3}(?:\.\d{1,3}){3}"
_LITERAL: Final = re.compile(
    rf"(?<![\w.:])(?:(?P<v6>(?:[0-9A-Fa-f]{{0,4}}:){{2,7}}(?:{_V4}|[0-9A-Fa-f]{{0,4}}))|(?P<v4>{_V4}))"
    rf"(?:/(?P<length>\d{{1,3}})|[ \t]+(?:mask[ \t]+)?(?P<mask>{_V4}))?(?![\w:]|\.\d)"
)
_MAPPED: Final = ipaddress.IPv6Network("::ffff:0:0/96")
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_SIXTOFOUR: Final = ipaddress.IPv6Network("2002::/16")


def network(text: str) -> Network:
    """One address or network, exactly as it must be written in a change.

    Raises:
        InputError: it is none, names an IPv6 zone, or has bits set behind its length.
    """
    plain = text.strip()
    if "%" in plain:
        raise InputError(f"{plain!r} names a zone, which means another thing on each machine", mend="give the address")
    try:
        found = ipaddress.ip_network(plain)
    except ValueError as error:
        raise InputError(
            f"{plain!r} is no address or network: {error}", mend="write 198.51.100.7 or 198.51.100.0/24"
        ) from None
    return _plain(found)


def literals(text: str) -> Iterator[Network]:
    """Every address and network a text names: with length, netmask or wildcard, host bits set or not, v4 inside v6."""
    for found in _LITERAL.finditer(text):
        address, length, mask = found["v6"] or found["v4"], found["length"], found["mask"]
        if found["v4"] and mask and (bits := _bits(mask)) is not None:
            yield from _network(f"{address}/{bits}")
            continue
        yield from _network(f"{address}/{length}" if length else address)
        if mask:  # a second address, no mask
            yield from _network(mask)


def overlaps(left: Network, right: Network) -> bool:
    """Whether two networks share an address, in either direction of containment."""
    if isinstance(left, ipaddress.IPv4Network):
        return isinstance(right, ipaddress.IPv4Network) and left.overlaps(right)
    return isinstance(right, ipaddress.IPv6Network) and left.overlaps(right)


def inside(small: Network, big: Network) -> bool:
    """Whether all of one network lies in the other."""
    if isinstance(small, ipaddress.IPv4Network):
        return isinstance(big, ipaddress.IPv4Network) and small.subnet_of(big)
    return isinstance(big, ipaddress.IPv6Network) and small.subnet_of(big)


def _network(text: str) -> Iterator[Network]:
    try:
        found = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return
    yield found
    plain = _plain(found)
    if plain != found:
        yield plain


def _plain(found: Network) -> Network:
    """The IPv4 network that an IPv6 spelling means; else itself."""
    if isinstance(found, ipaddress.IPv6Network):
        for prefix in (_MAPPED, _NAT64):
            if found.subnet_of(prefix):
                return ipaddress.IPv4Network((int(found.network_address) & 0xFFFFFFFF, found.prefixlen - 96))
        if found.subnet_of(_SIXTOFOUR) and found.prefixlen >= 48:
            return ipaddress.IPv4Network((int(found.network_address) >> 80 & 0xFFFFFFFF, 32))
    return found


def _bits(mask: str) -> int | None:
    """The length a netmask or a wildcard stands for; None for an address that is neither."""
    try:
        value = int(ipaddress.IPv4Address(mask))
    except ValueError:
        return None
    for bits in range(33):
        net = (0xFFFFFFFF << (32 - bits)) & 0xFFFFFFFF
        if value in (net, ~net & 0xFFFFFFFF):
            return bits
    return None
