"""The values a carrier is made of. All frozen: two worlds of one seed are equal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Node:
    """A device or server of the carrier."""

    name: str  # full name below example.net
    short: str  # what it calls itself in its logs
    role: str  # edge, pe, core, dc, leaf, agg, access, jump-host, aaa, nms, syslog, backup, mediation, cdr-store …
    platform: str  # ios, iosxr, junos, nxos, eos, sros, vrp, linux, windows
    site: str
    management: str  # address it is reached and does AAA from
    loopback: str = ""  # router id; empty for servers
    public: str = ""  # documentation address it has towards the Internet
    header: str = ""  # how its log lines begin; see render.headers
    ports: tuple[str, ...] = ()  # interface names
    crown_jewel: bool = False

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every address it has, management first."""
        return tuple(a for a in (self.management, self.loopback, self.public) if a)


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody, or something, that logs in."""

    account: str
    kind: str  # engineer, noc, automation, vendor, intercept
    sources: tuple[str, ...]  # addresses it comes from, as devices see them
    hours: tuple[int, int]  # UTC hours it works, from and to
    weekdays: tuple[int, ...]  # 0 = Monday
    sessions_a_day: int


@dataclass(frozen=True, slots=True)
class Ticket:
    """A planned change: who may do what, where, when."""

    number: str
    change: str  # a key of changes.CHANGES
    device: str
    account: str
    source: str
    start: datetime  # UTC
    end: datetime  # UTC


@dataclass(frozen=True, slots=True)
class World:
    """A carrier for `days` days from `starts` (UTC midnight)."""

    seed: int
    name: str
    domain: str
    starts: date
    days: int
    sites: tuple[str, ...]
    nodes: tuple[Node, ...]
    workers: tuple[Worker, ...]
    tickets: tuple[Ticket, ...]
    management_network: str
    customers: tuple[str, ...]  # public addresses of customers' routers
    peers: tuple[str, ...]  # public addresses of other networks' routers
    scanners: tuple[str, ...]  # public addresses that knock everywhere, every day
    strangers: tuple[str, ...]  # public addresses nobody here has heard of; intruders come from them

    def role(self, role: str) -> tuple[Node, ...]:
        """All nodes of a role, in order of name."""
        return tuple(n for n in self.nodes if n.role == role)

    def platform(self, *platforms: str) -> tuple[Node, ...]:
        """All nodes of the platforms named, in order of name."""
        return tuple(n for n in self.nodes if n.platform in platforms)

    def node(self, name: str) -> Node:
        """The node called `name`, in full or short. Raises KeyError if there is none."""
        for node in self.nodes:
            if name in (node.name, node.short):
                return node
        raise KeyError(name)

    def kind(self, kind: str) -> tuple[Worker, ...]:
        """All workers of a kind, in order of account."""
        return tuple(w for w in self.workers if w.kind == kind)

    def site_toml(self) -> str:
        """The carrier's own `site.toml`, as `seawall.model.site.load_site` reads it."""
        from seawall.drills.world.site_file import site_toml

        return site_toml(self)
