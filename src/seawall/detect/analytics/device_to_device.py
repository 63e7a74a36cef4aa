"""A login on one device from an address of another: people come from jump hosts, intruders walk from router to router.

Addresses of devices are known from their configurations, from interface addresses set in commands (from the moment
they were set), from the site file, from the address a device gives its AAA server, and from the address somebody
reached it at, where it tells that. An address that the site calls a jump host or a management network does not count,
unless a device has just given it to itself: intruders borrow an address of the management network to walk on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import ibis

from seawall.detect import subjects, vocabulary
from seawall.detect.base import About, Analytic, Need
from seawall.model.severity import Severity
from seawall.model.site import MANAGEMENT_ROLES, Site

# `ip address 192.0.2.1 255.255.255.255`, `ipv4 address ...`, `... family inet address 192.0.2.1/32`, VRP and EOS alike.
_ADDRESS: Final = r"(?:^|\s)(?:ip|ipv4|ipv6|inet|inet6) address ([0-9a-f]*[.:][0-9a-f.:]+)"
# What a command says it comes from is an address of the device itself.
_SOURCE: Final = r"^(?:ssh|telnet|stelnet|ping|traceroute)\b.* source(?:-address)? ([0-9a-f]*[.:][0-9a-f.:]+)"
_TYPED_AT: Final = r"LocalIp=([0-9]{1,3}(?:\.[0-9]{1,3}){3})"
_BARE: Final = r"^address ([0-9a-f]*[.:][0-9a-f.:]+)"  # Junos and SR OS, inside an interface
_LITERAL: Final = r"^[0-9a-f]*[.:][0-9a-f.:]+$"
_ALWAYS: Final = datetime(1970, 1, 1, tzinfo=UTC)


def question(views: Mapping[str, Any], site: Site) -> Any:
    """Successful logins whose source is an address of another device; `owner` is that device."""
    logins = views["logins"]
    good = logins.filter(logins.src_ip.notnull() & logins.device.notnull() & logins.time.notnull())
    good = good.filter((good.outcome == "success") & (good.activity == "login"))
    walked = [_known_to_the_site(good, site), _known_from_evidence(good, views)]
    joined = ibis.union(*(rows for rows in walked if rows is not None))
    borrowed = set(_sources(joined.filter(joined.borrowed)))
    trusted = [source for source in _trusted(joined, site) if source not in borrowed]
    if trusted:
        joined = joined.filter(joined.src_ip.notin(trusted))
    # An address two devices share (a virtual gateway) gives one row per login, with the first owner by name.
    place = ibis.row_number().over(ibis.window(group_by="event_id", order_by="owner"))
    numbered = joined.mutate(place=place)
    return numbered.filter(numbered.place == 0).drop("place", "borrowed")


def _known_from_evidence(good: Any, views: Mapping[str, Any]) -> Any:
    """Logins from addresses that evidence gives another device, from the moment that is known."""
    owned = _owned(views)
    owned = owned.group_by(["owner", "address"]).aggregate(since=owned.since.min(), borrowed=owned.borrowed.max())
    joined = good.join(owned, good.src_ip.lower() == owned.address)
    joined = joined.filter((joined.owner.lower() != joined.device.lower()) & (joined.since <= joined.time))
    return joined.mutate(borrowed=joined.borrowed == 1).select(*good.columns, "owner", "borrowed")


def _known_to_the_site(good: Any, site: Site) -> Any:
    """Logins from addresses the site file gives another device; None if there are none."""
    owners = {address.lower(): device.name for device in site.devices for address in device.addresses}
    if not owners:
        return None
    sources = {source for source in _sources(good) if source.lower() in owners}
    if not sources:
        return None
    cases = tuple((good.src_ip == source, owners[source.lower()]) for source in sorted(sources))
    named = good.mutate(owner=ibis.cases(*cases, else_=None), borrowed=ibis.literal(False))
    return named.filter(named.owner.notnull() & (named.owner.lower() != named.device.lower()))


def _owned(views: Mapping[str, Any]) -> Any:
    """Which device owns which address, and since when that is known: columns owner, address, since, borrowed.

    `borrowed` is 1 where a command in the evidence gave the device this address.
    """
    commands = views["commands"]
    told = commands.filter(commands.device.notnull() & commands.time.notnull() & commands.command.notnull())
    set_here = told.select(owner=told.device, address=told.command.lower().re_extract(_ADDRESS, 1), since=told.time)
    set_here = set_here.mutate(borrowed=ibis.literal(1))
    named = told.select(owner=told.device, address=told.command.lower().re_extract(_SOURCE, 1), since=told.time)
    named = named.mutate(borrowed=ibis.literal(0))
    observed = told.select(owner=told.device, address=told.observer.lower(), since=told.time)
    observed = observed.mutate(borrowed=ibis.literal(0))
    parts = [set_here.filter(set_here.address != ""), observed.filter(observed.address.re_search(_LITERAL))]
    parts.append(named.filter(named.address != ""))
    # Where somebody came in, or typed, is an address of the device itself: Junos and VRP 8 tell it.
    typed = told.select(owner=told.device, address=told.raw.re_extract(_TYPED_AT, 1), since=told.time)
    parts.append(typed.filter(typed.address != "").mutate(borrowed=ibis.literal(0)))
    came = views["logins"].filter(lambda row: row.device.notnull() & row.time.notnull() & row.dst_ip.notnull())
    came = came.filter(came.kind == "syslog")
    entered = came.select(owner=came.device, address=came.dst_ip.lower(), since=came.time)
    parts.append(entered.filter(entered.address.re_search(_LITERAL)).mutate(borrowed=ibis.literal(0)))
    if "config_lines" in views:
        lines = views["config_lines"]
        text = lines.text.lower()
        inside = ibis.ifelse(lines.section.lower().re_search("interface"), text.re_extract(_BARE, 1), "")
        found = ibis.coalesce(text.re_extract(_ADDRESS, 1).nullif(""), inside)
        always = ibis.literal(_ALWAYS, type=told.time.type())
        configured = lines.select(owner=ibis.coalesce(lines.device, lines.observer), address=found, since=always)
        configured = configured.mutate(borrowed=ibis.literal(0))
        parts.append(configured.filter(configured.owner.notnull() & (configured.address != "")))
    return ibis.union(*parts)


def _trusted(logins: Any, site: Site) -> list[str]:
    """Sources the site trusts, unless they are addresses of its network devices. As short as the findings."""
    if not site.known:
        return []
    walked = (device for device in site.devices if device.role not in MANAGEMENT_ROLES)
    owned = {address.lower() for device in walked for address in device.addresses}
    return [source for source in _sources(logins) if site.is_trusted_source(source) and source.lower() not in owned]


def _sources(logins: Any) -> list[str]:
    """The different sources of some logins."""
    found: list[str] = logins.select("src_ip").distinct().to_pyarrow()["src_ip"].to_pylist()
    return found


_LOGINS: Final = subjects.BY_VIEW["logins"]

ANALYTIC: Final = Analytic(
    about=About(
        id="lateral.device_to_device",
        title="Login from another network device",
        severity=Severity.HIGH,
        confidence=75,
        needs=(
            Need("logins", ("time", "device", "src_ip", "outcome"), "login on-success log"),
            Need("commands", ("device", "command"), "archive / log config / logging enable / notify syslog"),
        ),
        attack=(vocabulary.versioned("T1021.004"),),
        tags=("behaviour:L-01",),
        why="{user} logged in to {device} from {src_ip}, an address of {owner}",
    ),
    subject=replace(
        _LOGINS,
        entities=(*_LOGINS.entities, subjects.Naming(("owner",), "device", "via")),
        details=(*_LOGINS.details, "owner"),
    ),
    question=question,
)
