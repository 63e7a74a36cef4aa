"""The carrier's own world, from `site.toml`: with it findings are exact, without it they are learned.

Every table of the file is a list of small records; unknown keys are refused with their place, so that a typing
slip never silently widens what is trusted.
"""

from __future__ import annotations

import ipaddress
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from seawall.errors import InputError

MAX_TOML_BYTES: Final = 16 << 20
MANAGEMENT_ROLES: Final = frozenset({"jump-host", "nms", "ems", "backup", "automation"})
"""Roles of machines that rightly log in to devices; every other device is one an intruder may walk from."""


def lies_in(address: str, networks: Iterable[str]) -> bool:
    """Whether an address lies in one of the networks; false for what is no address or no network."""
    for network in networks:
        try:
            if ipaddress.ip_address(address) in ipaddress.ip_network(network, strict=False):
                return True
        except ValueError:
            continue
    return False


@dataclass(frozen=True)
class Device:
    """A device of the carrier."""

    name: str  # as you call it; findings use this spelling
    role: str = ""  # pe, p, edge, core-switch, mediation, jump-host, aaa …
    platform: str = ""  # ios, iosxr, nxos, junos, eos, sros, vrp …
    site: str = ""  # place it stands in
    scope: str = ""  # VRF or site in which its addresses are meaningful
    addresses: tuple[str, ...] = ()  # interface and exporter addresses
    aliases: tuple[str, ...] = ()  # other names it logs under
    crown_jewel: bool = False  # intercept mediation, call records, HLR/HSS, billing


@dataclass(frozen=True)
class Person:
    """An account the carrier knows."""

    account: str  # login name; compared without case
    kind: str = "person"  # person, automation, vendor
    from_addresses: tuple[str, ...] = ()  # networks or addresses it works from; empty = any jump host


@dataclass(frozen=True)
class ChangeWindow:
    """A time in which changes are expected."""

    start: datetime  # with its zone
    end: datetime  # with its zone
    devices: tuple[str, ...] = ()  # empty = all
    accounts: tuple[str, ...] = ()  # empty = all known accounts
    ticket: str = ""  # your own number for it


@dataclass(frozen=True)
class ApprovedEnd:
    """A tunnel, mirror or delivery end that is meant to be there."""

    address: str  # one address
    purpose: str = ""  # what it is for


@dataclass(frozen=True)
class Agency:
    """A law-enforcement agency and where its product is delivered."""

    name: str  # as you call it
    delivery: tuple[str, ...] = ()  # addresses product is delivered to


@dataclass(frozen=True)
class MailSite:
    """What is known of your own mail: reported messages are judged with it."""

    own_domains: tuple[str, ...] = ()  # domains your people write from, e.g. velmora.example
    brands: tuple[str, ...] = ()  # names a lure would borrow from you; default: the first words of own_domains
    partners: tuple[str, ...] = ()  # domains that rightly write to you: vendors, carriers, agencies, services
    trusted_relays: tuple[str, ...] = ()  # your gateways, as Authentication-Results name them: mx1.velmora.example
    keys: str = ""  # file of TXT records (DKIM keys, SPF, DMARC), beside site.toml unless absolute


@dataclass(frozen=True)
class Site:
    """What a carrier knows of itself. `Site()` knows nothing, and says so by `known` being false."""

    name: str = ""  # the carrier's own
    country: str = ""  # where national numbers are dialled: ISO code or calling code, e.g. NZ or 64
    devices: tuple[Device, ...] = ()
    people: tuple[Person, ...] = ()
    own_networks: tuple[str, ...] = ()  # your address space; inside and outside are told by it
    outer_networks: tuple[str, ...] = ()  # customers', peers' and roaming partners' side of your own space
    outer_interfaces: tuple[str, ...] = ()  # interfaces to them: exporter:interface (index or name), e.g. pe1:xe-0/0/1
    management_networks: tuple[str, ...] = ()  # networks administrators work from, e.g. 10.20.0.0/16
    jump_hosts: tuple[str, ...] = ()  # addresses or networks of jump hosts
    aaa_servers: tuple[str, ...] = ()  # addresses of TACACS+ and RADIUS servers
    nms_servers: tuple[str, ...] = ()  # addresses of network management
    syslog_servers: tuple[str, ...] = ()  # addresses logs are sent to
    ntp_servers: tuple[str, ...] = ()  # addresses devices take their time from
    dns_servers: tuple[str, ...] = ()  # addresses devices ask for names
    known_servers: tuple[str, ...] = ()  # outside, rightly called by your hosts: licence, mirror, partner
    change_windows: tuple[ChangeWindow, ...] = ()
    tunnel_ends: tuple[ApprovedEnd, ...] = ()
    mirror_ends: tuple[ApprovedEnd, ...] = ()
    agencies: tuple[Agency, ...] = ()
    change_channels: tuple[str, ...] = field(default=())  # approved ways of change: ssh, netconf, webui …
    mail: MailSite = field(default_factory=MailSite)

    @property
    def known(self) -> bool:
        """Whether a site file said anything."""
        return bool(self.devices or self.people or self.jump_hosts or self.management_networks)

    @cached_property
    def device_names(self) -> dict[str, str]:
        """Every spelling a device goes by (name, short name, alias, address; lower case) → its name."""
        names: dict[str, str] = {}
        for device in self.devices:
            spellings = (device.name, device.name.partition(".")[0], *device.aliases, *device.addresses)
            for spelling in spellings:
                names.setdefault(spelling.lower(), device.name)
        return names

    @cached_property
    def _trusted_sources(self) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
        return tuple(ipaddress.ip_network(n, strict=False) for n in (*self.jump_hosts, *self.management_networks))

    def is_trusted_source(self, address: str) -> bool:
        """Whether an address is a jump host or in a management network; false for what is no address."""
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(found in network for network in self._trusted_sources if network.version == found.version)

    def is_usual(self, person: Person, address: str) -> bool:
        """Whether a person works from an address: by their own list if they have one, else by the trusted places."""
        if not person.from_addresses:
            return self.is_trusted_source(address)
        return lies_in(address, person.from_addresses)

    def person(self, account: str) -> Person | None:
        """The person or automation behind an account name, compared without case."""
        return next((p for p in self.people if p.account.lower() == account.lower()), None)

    def change_window(self, device: str, account: str, at: datetime) -> ChangeWindow | None:
        """The change window in which `account` may change `device` at that moment."""
        return next(
            (
                w
                for w in self.change_windows
                if w.start <= at <= w.end
                and (not w.devices or device in w.devices)
                and (not w.accounts or account in w.accounts)
            ),
            None,
        )


def load_site(path: Path) -> Site:
    """Read `site.toml`.

    Raises:
        InputError: the file cannot be read, is not TOML, or holds an unknown key or a wrong value.
    """
    return site_from_dict(read_toml(path), where=str(path))


def site_from_dict(raw: dict[str, Any], *, where: str = "site.toml") -> Site:
    """A site from the tables of its file. Raises InputError naming the key that is wrong."""
    from seawall.model.validation import validated

    site = validated(Site, raw, where=where)
    for place in ("own_networks", "outer_networks", "management_networks", "jump_hosts", "known_servers"):
        values: tuple[str, ...] = getattr(site, place)
        for value in values:
            try:
                ipaddress.ip_network(value, strict=False)
            except ValueError as error:
                raise InputError(
                    f"{place}: {error}", where=where, mend="write an address or a network such as 10.0.0.0/24"
                ) from None
    for window in site.change_windows:
        if window.start.tzinfo is None or window.end.tzinfo is None:
            raise InputError(
                "change_windows: times need a zone",
                where=where,
                mend="write 2026-11-22T01:00:00Z, not 2026-11-22T01:00:00",
            )
    return site


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a TOML file. Raises InputError saying line and column."""
    try:
        if not path.is_file() or path.stat().st_size > MAX_TOML_BYTES:
            raise InputError("no file of at most 16 MiB", where=str(path), mend="name a TOML file of your own")
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except RecursionError as error:
        raise InputError("nested too deeply", where=str(path), mend="see docs/reference for every key") from error
    except OSError as error:
        raise InputError(
            error.strerror or str(error), where=str(path), mend="check the path and its permissions"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(str(error), where=str(path), mend="mend the TOML at the place named") from error
