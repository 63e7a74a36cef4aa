"""Addresses: IPv4 and IPv6 (one, a prefix, or a range) and link-layer addresses in every spelling."""

from __future__ import annotations

import ipaddress
import re
from typing import Final

from seawall.vault.identifiers.base import Identifier, NotNormalError

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_PADDED: Final = re.compile(r"(?<![\d.])(\d{3})\.(\d{3})\.(\d{3})\.(\d{3})(?![\d.])")
_HEX: Final = re.compile(r"[0-9a-f]+")


def read_ip(text: str, country: str) -> Identifier:  # noqa: ARG001 - one signature for all forms
    """An address, a prefix (`/24` or a mask behind it), or `first-last`. IPv4 mapped into IPv6 is the IPv4 address."""
    bare = re.sub(r"^\s*ip(?:v[46])?(?:addr(?:ess)?|cidr)?\s*[:=]\s*(?=[\da-f\[])", "", text.strip().lower())
    bare = _PADDED.sub(lambda f: ".".join(str(int(octet)) for octet in f.groups()), bare)  # fixed width, never octal
    bare = bare.replace("[", "").replace("]", "")
    first, dash, last = bare.partition("-")
    try:
        if dash:
            return _range(_address(first), _address(last))
        host, slash, mask = (part.strip() for part in re.sub(r"\s+", "/", bare).partition("/"))
        host = host.partition("%")[0]
        return _prefix(ipaddress.ip_network(f"{host}/{mask}" if slash else host, strict=False))
    except (ValueError, TypeError):
        raise NotNormalError("not an IP address or prefix") from None


def _address(text: str) -> _Address:
    address = ipaddress.ip_address(text.strip().partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address


def _range(first: _Address, last: _Address) -> Identifier:
    if first.version != last.version or int(first) > int(last):
        raise NotNormalError("a range whose end lies before its start")
    networks = _summary(first, last)
    if len(networks) == 1:
        return _prefix(networks[0])
    return Identifier(f"ipv{first.version}", f"{first}-{last}", f"{int(last) - int(first) + 1} addresses")


def _summary(first: _Address, last: _Address) -> list[_Network]:
    """The fewest prefixes from first to last, both of one family."""
    if isinstance(first, ipaddress.IPv4Address) and isinstance(last, ipaddress.IPv4Address):
        return list(ipaddress.summarize_address_range(first, last))
    if isinstance(first, ipaddress.IPv6Address) and isinstance(last, ipaddress.IPv6Address):
        return list(ipaddress.summarize_address_range(first, last))
    raise NotNormalError("a range between two address families")


def _prefix(network: _Network) -> Identifier:
    mapped = getattr(network.network_address, "ipv4_mapped", None)
    if mapped is not None and network.prefixlen >= 96:
        network = ipaddress.IPv4Network((mapped, network.prefixlen - 96), strict=False)
    return Identifier(f"ipv{network.version}", str(network), f"/{network.prefixlen}")


def blocks(value: str) -> list[str]:
    """The fewest prefixes that cover a canonical value, as `hex/length`."""
    first, dash, last = value.partition("-")
    if not dash:
        networks: list[_Network] = [ipaddress.ip_network(value)]
    else:
        networks = _summary(ipaddress.ip_address(first), ipaddress.ip_address(last))
    return [f"{int(network.network_address):x}/{network.prefixlen}" for network in networks]


def ancestors(block: str, bits: int) -> list[str]:
    """Every wider prefix around a block of an address family of so many bits, the whole family last."""
    number, _, length = block.partition("/")
    value = int(number, 16)
    return [f"{value >> (bits - short) << (bits - short):x}/{short}" for short in range(int(length) - 1, -1, -1)]


def read_mac(text: str, country: str) -> Identifier:  # noqa: ARG001
    """A link-layer address: `00:1a:2b:3c:4d:5e`, dashes, Cisco's dots, bare, zeros left out between colons.

    An EUI-64 with FF-FE in its middle is the 48-bit address it was made from (IEEE, guidelines for EUI).
    """
    bare = re.sub(r"^\s*(?:mac|eui-?(?:48|64))(?:addr(?:ess)?)?\s*[:=]\s*", "", text.strip().lower())
    bare = bare.removeprefix("0x")
    parts = re.split(r"[:\-]", bare)
    if len(parts) in (6, 8) and all(1 <= len(part) <= 2 for part in parts):
        digits = "".join(part.zfill(2) for part in parts)
    else:
        digits = re.sub(r"[\s:.\-]", "", bare)
    if len(digits) not in (12, 16) or not _HEX.fullmatch(digits):
        raise NotNormalError("a link-layer address has 12 or 16 hex digits")
    if len(digits) == 16 and digits[6:10] == "fffe":
        digits = digits[:6] + digits[10:]
    return Identifier("mac" if len(digits) == 12 else "eui64", digits)
