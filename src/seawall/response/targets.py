"""`response.toml`: which systems may be changed, how they are reached, and the bounds nothing goes beyond."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from seawall.errors import InputError
from seawall.model.settings import Secret
from seawall.model.site import Site, lies_in, read_toml
from seawall.model.validation import validated

NAME: Final = "response.toml"


@dataclass(frozen=True)
class Limits:
    """How much may be changed."""

    per_hour: int = 20  # actions applied in any hour
    blocks: int = 100  # blocks that stand at a time
    per_incident: int = 50  # actions that stand for one incident
    longest_h: float = 24.0  # hours a block may stay; 24 at most


@dataclass(frozen=True)
class Firewall:
    """A Linux firewall whose own table `seawall` blocks live in."""

    name: str
    command: tuple[str, ...] = ("nft",)  # how nft is reached, e.g. ["ssh", "fw1", "nft"]


@dataclass(frozen=True)
class Bgp:
    """An ExaBGP process of ours, and how the routers it speaks to are asked what they took."""

    name: str
    socket: str  # UNIX socket of our helper in ExaBGP
    local_address: str = ""  # of the session; needed by `respond speaker`
    local_as: int = 0
    neighbor: str = ""
    neighbor_as: int = 0
    router_id: str = ""
    families: tuple[str, ...] = ("ipv4 unicast", "ipv4 flow", "ipv6 flow")  # as ExaBGP calls them
    hold_s: int = 30  # BGP hold time, seconds
    guard: tuple[str, ...] = ()  # networks of your infrastructure behind it; Flowspec rules are written before these
    next_hop: str = "self"  # discard next hop of RTBH, e.g. 192.0.2.1
    check: tuple[
        str, ...
    ] = ()  # prints FRR's answer to a show command put last, e.g. ["vtysh", "-c"]; empty: not asked
    customers: bool = False  # whether customers' traffic passes here: then a named legal basis is needed
    patience_s: float = 10.0  # how long the router may take


@dataclass(frozen=True)
class Group:
    """Devices that may be changed directly; all others get a change package."""

    name: str
    devices: tuple[str, ...]  # as site.toml calls them
    direct: bool = False
    username: str = ""  # an account that may run these commands and no others
    password: str = ""  # env:NAME or file:PATH
    key_file: str = ""  # private SSH key, instead of a password
    host_keys: str = ""  # known_hosts file; an unknown host key is refused
    port: int = 22
    path_networks: tuple[str, ...] = ()  # out-of-band management networks devices are reached in; empty: any address
    confirm_min: int = 5  # minutes until a change that nobody confirmed rolls itself back
    patience_s: float = 30.0


@dataclass(frozen=True)
class Accounts:
    """A store of accounts."""

    name: str
    kind: Literal["freeradius", "ldap"]
    file: str = ""  # freeradius: the users file (mods-config/files/authorize)
    reload: tuple[str, ...] = ()  # freeradius: makes it read the file again
    check: tuple[str, ...] = ()  # freeradius: says whether its configuration is good
    url: str = ""  # ldap
    base: str = ""  # ldap: where people stand
    user: str = ""  # ldap: whom we bind as
    password: str = ""  # env:NAME or file:PATH
    attribute: str = "uid"  # ldap: names the account
    patience_s: float = 10.0


@dataclass(frozen=True)
class Freeze:
    """A time in which no router is changed."""

    start: datetime  # with its zone
    end: datetime  # with its zone
    devices: tuple[str, ...] = ()  # empty = all
    why: str = ""


@dataclass(frozen=True)
class Targets:
    """Everything `response.toml` may say. `Targets()` reaches nothing: every change is then a package."""

    legal_basis: str = ""  # under which customers' traffic may be blocked; empty: never
    hours: float = 4.0  # how long a block stays unless somebody says otherwise
    safelist: tuple[str, ...] = ()  # never cut off, beside what site.toml protects
    emergency: tuple[str, ...] = ()  # emergency-call paths
    infrastructure: tuple[str, ...] = ()  # more networks of your own that a rule may guard
    break_glass: tuple[str, ...] = ()  # accounts that are never disabled
    limits: Limits = field(default_factory=Limits)
    firewalls: tuple[Firewall, ...] = ()
    bgp: tuple[Bgp, ...] = ()
    groups: tuple[Group, ...] = ()
    accounts: tuple[Accounts, ...] = ()
    freezes: tuple[Freeze, ...] = ()

    def group(self, device: str, site: Site) -> Group | None:
        """The group a device is changed through directly; None: only by a package."""
        name = site.device_names.get(device.lower(), device)
        for group in self.groups:
            if group.direct and name in {site.device_names.get(d.lower(), d) for d in group.devices}:
                return group
        return None

    def peers(self) -> tuple[str, ...]:
        """Both ends of our own BGP sessions, and where discarded routes point: cut off, every block of ours goes."""
        ends = (end for b in self.bgp for end in (b.neighbor, b.local_address, b.next_hop))
        return tuple(dict.fromkeys(end for end in ends if end not in ("", "self")))

    def frozen(self, device: str, at: datetime) -> Freeze | None:
        """The freeze a device is under."""
        names = {device, device.partition(".")[0]}
        now = (f for f in self.freezes if f.start <= at <= f.end)
        return next((f for f in now if not f.devices or names & set(f.devices)), None)


def load_targets(path: Path) -> Targets:
    """Read response.toml; a file that is not there reaches nothing.

    Raises:
        InputError: it is damaged, names an unknown key, calls two systems alike, or sets a bound beyond the hard one.
    """
    if not path.exists():
        return Targets()
    targets = validated(Targets, read_toml(path), where=str(path))
    names = [f.name for f in targets.firewalls] + [b.name for b in targets.bgp] + [a.name for a in targets.accounts]
    if len(set(names)) != len(names):
        raise InputError("two systems have the same name", where=str(path), mend="give each a name of its own")
    if not 0 < targets.hours <= targets.limits.longest_h <= 24:
        raise InputError("hours: a block stays at most `limits.longest_h`, and that at most 24", where=str(path))
    if any(not f.start.tzinfo or not f.end.tzinfo for f in targets.freezes):
        raise InputError("freezes: times need a zone", where=str(path), mend="write 2026-11-22T01:00:00Z")
    for reference in (*(g.password for g in targets.groups), *(a.password for a in targets.accounts)):
        if reference and not reference.startswith(("env:", "file:")):
            raise InputError("a password in clear", where=str(path), mend="write env:NAME or file:PATH")
    return targets


def secret(reference: str) -> str:
    """What a reference means; empty for none. Raises InputError if it leads nowhere."""
    return Secret(reference).reveal() if reference else ""


def path_to(device: str, group: Group, site: Site) -> str:
    """The address a device is changed at: one in the group's out-of-band networks.

    Raises:
        InputError: it has none there, or the site file does not know it.
    """
    known = next((d for d in site.devices if d.name == site.device_names.get(device.lower())), None)
    fitting = (
        [a for a in known.addresses if not group.path_networks or lies_in(a, group.path_networks)] if known else []
    )
    if not fitting:
        raise InputError(
            f"no address of {device} lies in the networks it may be changed over",
            where=NAME,
            mend="add its out-of-band address to site.toml, or hand the change over as a package",
        )
    return fitting[0]
