"""Drop everything from and to an address at a Linux firewall, for a time the kernel itself keeps (nft(8), sets)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from seawall.response.addresses import network
from seawall.response.base import COMMENT, Kind, Written

TABLE: Final = "seawall"
BASE: Final = f"""add table inet {TABLE}
add set inet {TABLE} block4 {{ type ipv4_addr; flags interval, timeout; }}
add set inet {TABLE} block6 {{ type ipv6_addr; flags interval, timeout; }}
add chain inet {TABLE} pre {{ type filter hook prerouting priority -300; policy accept; }}
add chain inet {TABLE} out {{ type filter hook output priority -300; policy accept; }}
add rule inet {TABLE} pre ip saddr @block4 counter drop
add rule inet {TABLE} pre ip daddr @block4 counter drop
add rule inet {TABLE} pre ip6 saddr @block6 counter drop
add rule inet {TABLE} pre ip6 daddr @block6 counter drop
add rule inet {TABLE} out ip daddr @block4 counter drop
add rule inet {TABLE} out ip6 daddr @block6 counter drop
"""
"""Our own table, made before the first block and removed behind the last; no other table is ever touched."""


def set_of(address: str) -> str:
    """The set an address belongs into. Raises InputError if it is none."""
    return f"block{network(address).version}"


def _write(values: Mapping[str, str], lasts_s: int) -> Written:
    wanted = network(values["address"])
    into = f"element inet {TABLE} block{wanted.version}"
    return Written(
        do=f'add {into} {{ {wanted} timeout {lasts_s}s comment "{COMMENT}{values["id"]}" }}\n',
        undo=f"delete {into} {{ {wanted} }}\n",
        verify=f"nft list set inet {TABLE} block{wanted.version}: holds {wanted}, comment {COMMENT}{values['id']}",
    )


KIND: Final = Kind("nft_block", "Drop an address at a firewall", "block", "nft", ("address",), _write, 60)
