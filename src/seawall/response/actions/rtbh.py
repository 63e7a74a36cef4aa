"""Discard everything to one address at every router that listens (RFC 5635, RFC 7999), never beyond our own network."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from seawall.errors import InputError
from seawall.response.addresses import network
from seawall.response.base import Kind, Written

COMMUNITIES: Final = "[ 65535:666 no-export ]"  # BLACKHOLE, and NO_EXPORT always
_NEXT_HOP: Final = re.compile(r"self|[0-9A-Fa-f.:]{3,45}")


def _write(values: Mapping[str, str], lasts_s: int) -> Written:  # noqa: ARG001 - BGP has no timer: ours withdraws
    wanted, hop = network(values["address"]), values.get("next_hop", "self")
    if wanted.prefixlen != wanted.max_prefixlen:
        raise InputError(f"{wanted} is no single address; routers take black holes for those only (RFC 7999, 3.3)")
    if not _NEXT_HOP.fullmatch(hop):
        raise InputError(f"{hop!r} is no next hop", mend="write `self` or an address")
    return Written(
        do=f"announce route {wanted} next-hop {hop} community {COMMUNITIES}\n",
        undo=f"withdraw route {wanted} next-hop {hop}\n",
        verify=f"the router's table holds {wanted} with blackhole and no-export",
    )


KIND: Final = Kind("rtbh", "Discard an address by BGP", "block", "bgp", ("address",), _write, 71)
