"""Where intercept product may go: mediation functions, agencies with their announced changes, what orders name."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from seawall.detect.oversight.facts import FOREVER, Order, World
from seawall.detect.oversight.naming import key
from seawall.detect.oversight.world import moment


@lru_cache(maxsize=16_384)
def split(raw: str) -> tuple[str, str]:
    """Host and port of `192.0.2.1:443`, `[2001:db8::1]:443`, `host`; an IPv4 address mapped into IPv6 is IPv4."""
    text = raw.strip().lower()
    if text.startswith("["):
        host, _, rest = text[1:].partition("]")
        port = rest.lstrip(":")
    elif text.count(":") == 1:
        host, _, port = text.partition(":")
    else:
        host, port = text, ""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
        mapped = getattr(address, "ipv4_mapped", None)
        host = str(mapped or address)
    except ValueError:
        host = host.rstrip(".")
    return host, port if port != "0" else ""


@dataclass(frozen=True, slots=True)
class Place:
    """An address somebody announced."""

    owner: str  # id of a mediation function or an agency
    agency: str  # the agency it belongs to; empty for a mediation function that serves several
    port: str = ""  # empty: any
    start: int = -FOREVER
    end: int = FOREVER
    network: str = ""


@dataclass(slots=True)
class Known:
    """Every announced address by host."""

    hosts: dict[str, list[Place]] = field(default_factory=dict)
    networks: list[tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, Place]] = field(default_factory=list)
    mediation: dict[str, list[tuple[str, str]]] = field(default_factory=dict)  # id → host, port

    def places(self, raw: str, when: int, *, skew: int = 0) -> list[Place]:
        """Who announced this address for this moment."""
        host, port = split(raw)
        found = [
            p
            for p in self.hosts.get(host, ())
            if (not p.port or not port or p.port == port) and p.start - skew <= when <= p.end + skew
        ]
        if not found and self.networks:
            try:
                address = ipaddress.ip_address(host)
            except ValueError:
                return []
            found = [p for network, p in self.networks if address in network]
        return found

    def add(self, raw: object, place: Place) -> None:
        """Take an address, an address with a port, or a prefix."""
        if raw is None or isinstance(raw, dict | list) or not str(raw).strip():
            return
        text = str(raw).strip()
        if "/" in text:
            try:
                self.networks.append((ipaddress.ip_network(text, strict=False), place))
            except ValueError:
                return
            return
        host, port = split(text)
        self.hosts.setdefault(host, []).append(
            Place(place.owner, place.agency, place.port or port, place.start, place.end)
        )


def known(world: World) -> Known:
    """What policy and orders announce, made once."""
    if "addresses" not in world.cache:
        made = Known()
        _agencies(world.policy, made)
        _mediation(world.policy, made)
        for order in world.orders:
            for raw in order.delivery:
                host, port = split(raw)
                said = any(p.agency == order.agency and p.port in ("", port) for p in made.hosts.get(host, ()))
                if not said and not _moved(world.policy, host):
                    made.add(raw, Place(order.agency, order.agency))
        world.cache["addresses"] = made
    found: Known = world.cache["addresses"]
    return found


def _moved(policy: Mapping[str, Any], host: str) -> bool:
    """Whether an announced change took this address out of use: an order written before it does not keep it."""
    return any(split(str(change.get("old") or ""))[0] == host for change in dicts(policy.get("delivery_changes")))


def dicts(raw: Any) -> Iterator[Mapping[str, Any]]:
    """The objects of a list of the policy; of an object its values."""
    if isinstance(raw, Mapping):
        raw = list(raw.values())
    return (one for one in raw if isinstance(one, Mapping)) if isinstance(raw, list) else iter(())


def _agencies(policy: Mapping[str, Any], made: Known) -> None:
    changes = list(dicts(policy.get("delivery_changes")))
    for agency in dicts(policy.get("agencies")):
        name = str(agency.get("agencyid") or agency.get("agency_id") or "")
        for leg in ("hi2", "hi3"):
            host, port = agency.get(f"{leg}address") or agency.get(leg), str(agency.get(f"{leg}port") or "")
            if host is None:
                continue
            own = [
                c
                for c in changes
                if key(str(c.get("agencyid") or "")) == key(name)
                and str(c.get("field") or "").lower() in (f"{leg}address", leg, "address", "")
            ]
            start = -FOREVER
            for change in own:
                effective = moment(change.get("effective"))
                if effective is None:
                    continue
                if _same(change.get("new"), host, port):
                    start = max(start, effective)
                elif _same(change.get("old"), host, port):  # the policy was not brought up to date
                    made.add(
                        change.get("new"), Place(name, name, "" if ":" in str(change.get("new")) else port, effective)
                    )
                if change.get("old"):
                    made.add(change["old"], Place(name, name, "" if ":" in str(change["old"]) else port, end=effective))
            ended = [
                e for c in own if _same(c.get("old"), host, port) and (e := moment(c.get("effective"))) is not None
            ]
            made.add(host, Place(name, name, port, start, min(ended, default=FOREVER)))
            _ports(own, leg, host, name, made)


def _ports(changes: list[Mapping[str, Any]], leg: str, host: object, name: str, made: Known) -> None:
    for change in changes:
        if str(change.get("field") or "").lower() == f"{leg}port":
            effective = moment(change.get("effective"))
            made.add(host, Place(name, name, str(change.get("new") or ""), effective or -FOREVER))
            made.add(host, Place(name, name, str(change.get("old") or ""), end=effective or FOREVER))


def _same(raw: object, host: object, port: str) -> bool:
    if not raw:
        return False
    one, own = split(str(raw))
    return one == split(str(host))[0] and own in ("", port)


def _mediation(policy: Mapping[str, Any], made: Known) -> None:
    agencies = [str(a.get("agencyid") or "") for a in dicts(policy.get("agencies"))]
    for one in dicts(policy.get("mediation")):
        name = str(one.get("id") if one.get("id") is not None else "")
        serves = str(one.get("agencyid") or one.get("agency") or "")
        serves = serves or next((a for a in agencies if a and key(name).endswith(key(a))), "")
        raw = one.get("addr") or one.get("address") or one.get("addresses")
        for address in raw if isinstance(raw, list) else [raw]:
            port = str(one.get("port") or "")
            made.add(address, Place(name, serves, port))
            if address:
                made.mediation.setdefault(key(name), []).append(split(str(address)))


def mediation_of(order: Order, world: World) -> set[str]:
    """Hosts of the mediation function an order goes through, and of those that stand in for it."""
    kept: dict[str, set[str]] = world.cache.setdefault("mediation_of", {})
    if order.mediator not in kept:
        kept[order.mediator] = _mediation_of(order.mediator, world)
    return kept[order.mediator]


def _mediation_of(mediator: str, world: World) -> set[str]:
    made = known(world)
    ids = {key(mediator)} if mediator else set()
    for one in dicts(world.policy.get("mediation")):
        spare = one.get("redundant_for")
        named = {key(str(s)) for s in (spare if isinstance(spare, list) else [spare]) if s is not None}
        if ids & named:
            ids.add(key(str(one.get("id"))))
        elif key(str(one.get("id"))) in ids:
            ids |= named
    return {host for name in ids for host, _ in made.mediation.get(name, ())}
