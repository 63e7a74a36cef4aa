"""Which addresses are network equipment, and which hosts rightly manage it: from the site file, else learned.

Learned: a *manager* is an inside host that polls three or more others by SNMP for an hour or more and is answered, or
that had management sessions with three or more pieces of equipment, with each on two days; its /24 is the management
network. *Equipment* is what managers poll, what speaks BGP or LDP inside or
answers Smart Install, and who exports flows; a /24 of which five
addresses or more, and a third of all seen, are equipment, is a network of equipment.

Both are patterns of text in the end, so that one look at the flows serves a whole question.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from weakref import WeakKeyDictionary

import ibis

from seawall.detect.traffic import places
from seawall.model.site import Site

MANAGEMENT: Final = (22, 23, 80, 161, 443, 830, 4786, 6513, 8443, 57722)
MOST: Final = 20_000  # addresses of a learned role; beyond, the record is no carrier's inside
SPOKEN: Final = 100  # octets a server said, from which on it speaks a protocol: a few resets are no speech
_NET: Final = r"^([0-9]+\.[0-9]+\.[0-9]+\.)[0-9]+$"


@dataclass(frozen=True)
class Roles:
    """Patterns of addresses."""

    equipment: str
    managers: str
    ours: str
    learned: bool

    def is_equipment(self, address: Any) -> Any:
        """Whether an address column is network equipment."""
        return address.lower().re_search(self.equipment)

    def is_manager(self, address: Any) -> Any:
        """Whether an address column may manage equipment."""
        return address.lower().re_search(self.managers)

    def is_ours(self, address: Any) -> Any:
        """Whether an address column is ours."""
        return address.lower().re_search(self.ours)


_LEARNED: Final[WeakKeyDictionary[Any, dict[Site, Roles]]] = WeakKeyDictionary()  # a back end is one snapshot


def roles(rows: Any, site: Site) -> Roles:
    """The roles in these oriented flows, which are all flows of their back end; asked once for each."""
    held = _LEARNED.setdefault(rows._find_backend(), {})
    if site not in held:
        held[site] = _roles(rows, site)
    return held[site]


def _roles(rows: Any, site: Site) -> Roles:
    ours = places.ours(site)
    machines = places.equipment(site)
    if machines:
        known = (*places.managers(site), *site.aaa_servers, *site.syslog_servers)
        return Roles(places.pattern_of(machines), places.pattern_of(known), ours, learned=False)
    pollers, polled = _polls(rows, ours)
    speakers = _speakers(rows, ours)
    equipment = {*polled, *speakers}
    networks = _networks(rows, equipment) if equipment else set()
    managers = set(pollers) | set(places.managers(site)) | set(site.aaa_servers)
    if equipment:
        pattern = places.pattern_of([*equipment, *networks])
        managers |= _steady(rows, pattern)
    wide = {_net(address) for address in managers} - networks - {""}
    return Roles(places.pattern_of([*equipment, *networks]), places.pattern_of([*managers, *wide]), ours, learned=True)


def _listed(table: Any, column: str) -> list[str]:
    found = table.select(column).distinct().order_by(column).limit(MOST).to_pyarrow()
    return [value for value in found.column(0).to_pylist() if value]


def _polls(rows: Any, ours: str) -> tuple[list[str], list[str]]:
    asked = rows.filter((rows.port == 161) & rows.client.lower().re_search(ours) & rows.server.lower().re_search(ours))
    asked = asked.group_by("client", "server").aggregate(
        answered=ibis.ifelse(asked.answered, 1, 0).max(), first=asked.seconds.min(), last=asked.seconds.max()
    )
    asked = asked.filter((asked.answered == 1) & (asked["last"] - asked["first"] >= 3_600))
    several = asked.group_by("client").aggregate(polled=asked.server.nunique())
    kept = asked.semi_join(several.filter(several.polled >= 3), "client")
    return _listed(kept, "client"), _listed(kept, "server")


def _speakers(rows: Any, ours: str) -> list[str]:
    """Both ends of routing protocols inside, what answers Smart Install, and exporters of others' flows."""
    spoken = rows.filter((rows.port.isin([179, 646]) | ((rows.port == 4786) & (rows.proto == "tcp"))) & rows.answered)
    spoken = spoken.filter(spoken.server.lower().re_search(ours))
    told = spoken.group_by("client", "server", "port").aggregate(said=spoken.got.fill_null(0).sum())
    told = told.filter(told.said >= SPOKEN)
    routing = told.filter((told.port != 4786) & told.client.lower().re_search(ours))
    switches = told.filter(told.port == 4786)
    ends = ibis.union(
        routing.select(address=routing.client),
        routing.select(address=routing.server),
        switches.select(address=switches.server),
        _exporters(rows),
    )
    return _listed(ends.filter(ends.address.re_search(r"^[0-9a-fA-F.:]+$")), "address")


def _exporters(rows: Any) -> Any:
    """Who exports flows that mostly pass through it; a host that tells of its own calls is a probe, no equipment."""
    told = rows.filter(rows.exporter.notnull())
    own = ibis.ifelse((told.client == told.exporter) | (told.server == told.exporter), 1.0, 0.0)
    by = told.group_by("exporter").aggregate(own=own.mean())
    return by.filter(by.own <= 0.5).select(address=by.exporter)


def _networks(rows: Any, equipment: set[str]) -> set[str]:
    counted: dict[str, int] = {}
    for address in equipment:
        counted[_net(address)] = counted.get(_net(address), 0) + 1
    wanted = sorted(net for net, count in counted.items() if net and count >= 5)
    if not wanted:
        return set()
    answering = rows.filter(rows.answered | rows.turned)
    ends = ibis.union(answering.select(address=answering.client), answering.select(address=answering.server)).distinct()
    ends = ends.mutate(net=ends.address.re_extract(_NET, 1))
    seen = (
        ends.filter(ends.net.isin([net.removesuffix("0/24") for net in wanted]))
        .group_by("net")
        .aggregate(n=ibis._.count())
    )
    totals = {row["net"] + "0/24": row["n"] for row in seen.to_pyarrow().to_pylist()}
    return {net for net in wanted if counted[net] * 3 >= totals.get(net, 0)}


def _steady(rows: Any, equipment: str) -> set[str]:
    """Inside hosts with management sessions to three pieces of equipment or more, to each on two days or more."""
    sessions = rows.filter(rows.port.isin(MANAGEMENT) & rows.answered & rows.server.lower().re_search(equipment))
    sessions = sessions.filter(~sessions.client.lower().re_search(equipment))
    by = sessions.group_by("client", "server").aggregate(days=(sessions.seconds // 86_400).nunique())
    steady = by.filter(by.days >= 2).group_by("client").aggregate(servers=ibis._.count())
    return set(_listed(steady.filter(steady.servers >= 3), "client"))


def _net(address: str) -> str:
    parts = address.split(".")
    return ".".join(parts[:3]) + ".0/24" if len(parts) == 4 else ""
