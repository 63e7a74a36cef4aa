"""The carrier's `site.toml`: what a well-kept inventory would say about this world."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from seawall.drills.world.model import World

_KINDS = {"engineer": "person", "noc": "person", "intercept": "person", "automation": "automation", "vendor": "vendor"}


def site_toml(world: World) -> str:
    """The file as text; `seawall.model.site.load_site` reads it without complaint."""
    top = {
        "name": f"{world.name} (exercise)",
        "management_networks": [world.management_network],
        "jump_hosts": [n.management for n in world.role("jump-host")],
        "aaa_servers": [n.management for n in world.role("aaa")],
        "nms_servers": [n.management for n in world.role("nms")],
        "syslog_servers": [n.management for n in world.role("syslog")],
        "change_channels": ["ssh", "netconf"],
    }
    parts = [_pairs(top)]
    parts += _tables(
        "devices",
        (
            {
                "name": n.name,
                "role": n.role,
                "platform": n.platform,
                "site": n.site,
                "addresses": list(n.addresses),
                "aliases": [n.short],
                "crown_jewel": n.crown_jewel,
            }
            for n in world.nodes
        ),
    )
    parts += _tables(
        "people",
        ({"account": w.account, "kind": _KINDS[w.kind], "from_addresses": list(w.sources)} for w in world.workers),
    )
    parts += _tables(
        "change_windows",
        (
            {
                "start": t.start.isoformat(),
                "end": t.end.isoformat(),
                "devices": [t.device],
                "accounts": [t.account],
                "ticket": t.number,
            }
            for t in world.tickets
        ),
    )
    parts += _tables("tunnel_ends", ({"address": a, "purpose": "customer access"} for a in world.customers))
    parts += _tables("agencies", ({"name": "Agency North", "delivery": ["192.0.2.240"]},))
    return "\n".join(parts)


def _tables(name: str, rows: Iterable[dict[str, Any]]) -> list[str]:
    return [f"[[{name}]]\n{_pairs(row)}" for row in rows]


def _pairs(values: dict[str, Any]) -> str:
    return "".join(f"{key} = {_value(key, value)}\n" for key, value in values.items())


def _value(key: str, value: bool | str | Sequence[str]) -> str:
    """A TOML value; strings, lists of strings and booleans are written as JSON writes them, times stand bare."""
    return str(value) if key in ("start", "end") else json.dumps(value)
