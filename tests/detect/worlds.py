"""Small worlds for analytics: commands and logins as short lines, with everything a view needs around them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from seawall.detect.base import Analytic, Match
from seawall.detect.group import group
from seawall.detect.tables import InMemory, Tables
from seawall.model.finding import Finding
from seawall.model.site import Site
from tests.detect.events import table


def typed(*lines: tuple[float, str], user: str = "ops1", device: str = "pe1", **more: Any) -> list[dict[str, Any]]:
    """Commands of one account on one device; each line is (seconds, normalised command)."""
    return [
        {"at": at, "user": user, "device": device, "observer": device, "command": c, "command_raw": c, "raw": c, **more}
        for at, c in lines
    ]


def login(at: float, device: str, src_ip: str, user: str = "ops1", **more: Any) -> dict[str, Any]:
    """A successful login."""
    good = {"outcome": "success", "activity": "login"}
    return {"at": at, "device": device, "observer": device, "user": user, "src_ip": src_ip, **good, **more}


def world(
    commands: Sequence[dict[str, Any]] = (), logins: Sequence[dict[str, Any]] = (), **more: Sequence[dict[str, Any]]
) -> InMemory:
    """A lake that holds these rows."""
    kinds = {"commands": commands, "logins": logins, **more}
    return InMemory({name: table(name, rows) for name, rows in kinds.items()})


def asked(analytic: Analytic, lake: Tables, site: Site = Site()) -> list[Match]:  # noqa: B008 - immutable
    """What an analytic says of a world."""
    backend = lake.ibis(site)
    views = {name: backend.table(name) for name in backend.list_tables()}
    return list(analytic.matches(views, site, None))


def findings(analytic: Analytic, lake: Tables, site: Site = Site()) -> list[Finding]:  # noqa: B008
    """What an analytic says of a world, grouped."""
    return group(asked(analytic, lake, site))


def lines_of(matches: Sequence[Match]) -> list[str]:
    """The excerpts, in order of time."""
    return [m.excerpt for m in sorted(matches, key=lambda m: (m.time is None, m.time))]


def heard(at: float, device: str = "pe1", kind: str = "syslog", **more: Any) -> dict[str, Any]:
    """A sign of life."""
    told = {"time_quality": "exact", "raw": f"{device} {at:g}", **more}
    return {"at": at, "device": device, "observer": device, "kind": kind, **told}


def beats(hours: float, device: str, *, every_s: int = 300, start_h: float = 0.0, **more: Any) -> list[dict[str, Any]]:
    """Signs of life at an even beat, from one hour to another."""
    return [heard(at, device, **more) for at in range(int(start_h * 3600), int(hours * 3600), every_s)]
