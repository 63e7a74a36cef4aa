"""Addresses to listen on, as settings write them: `192.0.2.1:514`, `[2001:db8::1]:514`, `*:514` for all."""

from __future__ import annotations

import ipaddress
from typing import NamedTuple

from seawall.errors import InputError


class Address(NamedTuple):
    """An address and port; an empty host means all addresses, of IPv4 and IPv6."""

    host: str
    port: int

    def __str__(self) -> str:
        host = self.host or "*"
        return f"[{host}]:{self.port}" if ":" in host else f"{host}:{self.port}"

    @property
    def on_loopback(self) -> bool:
        """Whether only this host reaches it."""
        return bool(self.host) and ipaddress.ip_address(self.host).is_loopback


def parse_address(text: str, *, key: str) -> Address:
    """An address as written under `key`.

    Raises:
        InputError: it is none; names are refused, because what they mean may change under a running service.
    """
    host, colon, port = text.rpartition(":")
    bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    try:
        if not colon or not 0 <= int(port) <= 65_535 or (":" in host and bare == host):
            raise ValueError
        return Address("" if bare == "*" else str(ipaddress.ip_address(bare)), int(port))
    except ValueError:
        raise InputError(
            f"{key}: {text!r} is no address to listen on",
            where="seawall.toml",
            mend='write "192.0.2.1:514", "[2001:db8::1]:514", or "*:514" for all addresses',
        ) from None
