"""Who may administer intercepts, from where, how and when: what `policy.json` holds the audit trail against."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from fnmatch import fnmatchcase
from typing import Any, Final

from seawall.detect.oversight.hours import (
    Shift,
    Span,
    folded,
    read_moment,
    read_shift,
    read_spans,
    read_zone,
    same_system,
)

READERS: Final = ("readonly", "read-only", "auditor")  # in the name of a role that changes nothing
ANNOUNCED_BEFORE: Final = timedelta(days=1)  # how far from its date an announced change of delivery may be made
ANNOUNCED_AFTER: Final = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Admin:
    """One entry of `admins`."""

    user: str  # folded
    role: str
    shift: Shift | None  # None: its hours cannot be read, and are not judged
    until: datetime | None = None  # UTC
    peers: tuple[str, ...] = ()
    interactive: bool | None = None
    requests: tuple[str, ...] = ()  # folded patterns; empty: any
    bulk: bool | None = None  # whether it may read whole lists; None: the policy does not say
    reads_per_hour: int | None = None


@dataclass(frozen=True, slots=True)
class Function:
    """A management or mediation function that may speak to elements."""

    name: str  # folded
    peers: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()  # folded common names; empty: not judged


@dataclass(frozen=True, slots=True)
class AgencyChange:
    """An announced change of an agency's delivery."""

    agency: str  # folded
    effective: datetime | None
    notice: str


@dataclass(frozen=True, slots=True)
class Staff:
    """The policy, as far as it concerns people and functions."""

    admins: Mapping[str, tuple[Admin, ...]] = field(default_factory=dict)  # by folded user; several shifts of one
    functions: Mapping[str, tuple[Function, ...]] = field(default_factory=dict)
    on_call: tuple[Span, ...] = ()
    audits: tuple[Span, ...] = ()
    maintenance: tuple[Span, ...] = ()
    changes: tuple[AgencyChange, ...] = ()
    agencies: frozenset[str] = frozenset()  # folded
    skew: timedelta = timedelta(0)
    reads_per_minute: int = 30
    distinct_per_day: int = 50
    mass_count: int = 10
    mass_window: timedelta = timedelta(minutes=10)
    silence: Mapping[str, timedelta] = field(default_factory=dict)  # folded system → longest silence of its log
    bulk_said: bool = False  # whether the policy says of anybody if he may read whole lists
    doubts: tuple[str, ...] = ()  # what could not be understood
    stated: frozenset[str] = frozenset()  # names of lists the policy has: without `admins` nobody is unexpected

    def on_duty(self, user: str, at: datetime) -> bool:
        """Whether the on-call list makes a user's work at that moment legitimate."""
        return any(span.name == folded(user) and span.holds(at, self.skew) for span in self.on_call)

    def maintained(self, system: str, at: datetime) -> bool:
        """Whether work on a system was announced for that moment."""
        return any(
            span.on(system) and (span.name in ("", "*") or same_system(span.name, system)) and span.holds(at, self.skew)
            for span in self.maintenance
        )

    def audited(self, names: Iterable[str], system: str, at: datetime) -> bool:
        """Whether a read was announced."""
        known = {folded(name) for name in names if name}
        return any(s.on(system) and (not s.name or s.name in known) and s.holds(at, self.skew) for s in self.audits)

    def announced(self, agency: str, at: datetime) -> bool:
        """Whether a change of an agency's delivery near that moment was announced."""
        return any(
            change.agency == folded(agency)
            and (change.effective is None or -ANNOUNCED_BEFORE <= at - change.effective <= ANNOUNCED_AFTER)
            for change in self.changes
        )


def read_staff(policy: Mapping[str, Any]) -> Staff:
    """The people's part of a policy, leniently: what is not understood becomes a doubt, never a reason to fail."""
    zone, doubt = read_zone(policy.get("registry_tz"), UTC)
    doubts = [f"registry_tz: {doubt}"] if doubt else []
    admins: dict[str, tuple[Admin, ...]] = {}
    for number, entry in enumerate(_entries(policy, "admins"), 1):
        if user := folded(entry.get("user")):
            admin, doubt = _admin(user, entry, zone)
            admins[user] = (*admins.get(user, ()), admin)
            doubts += [f"admins, entry {number}: {doubt}"] if doubt else []
    functions: dict[str, tuple[Function, ...]] = {}
    for function in _functions(policy):
        functions[function.name] = (*functions.get(function.name, ()), function)
    limits, mass, defaults = _object(policy, "read_limits"), _object(policy, "mass_deactivation"), Staff()
    return Staff(
        admins=admins,
        functions=functions,
        on_call=tuple(read_spans(policy.get("on_call"), "user", zone)),
        audits=tuple(read_spans(policy.get("scheduled_audits"), "user", zone)),
        maintenance=tuple(read_spans(policy.get("maintenance"), "system", zone)),
        changes=tuple(
            AgencyChange(
                folded(e.get("agencyid")), read_moment(e.get("effective"), zone), str(e.get("notice") or "")[:100]
            )
            for e in _entries(policy, "delivery_changes")
        ),
        agencies=frozenset(folded(entry.get("agencyid")) for entry in _entries(policy, "agencies")),
        skew=timedelta(seconds=_whole(policy.get("clock_skew_s")) or 0),
        reads_per_minute=_whole(limits.get("per_minute")) or defaults.reads_per_minute,
        distinct_per_day=_whole(limits.get("distinct_tasks_per_24h")) or defaults.distinct_per_day,
        mass_count=_whole(mass.get("count")) or defaults.mass_count,
        mass_window=timedelta(seconds=_whole(mass.get("window_s")) or defaults.mass_window.total_seconds()),
        silence={
            folded(system): timedelta(seconds=seconds)
            for system, value in _object(policy, "log_max_silence_s").items()
            if (seconds := _whole(value))
        },
        bulk_said=any(isinstance(e.get("bulk_read_allowed"), bool) for e in _entries(policy, "admins")),
        doubts=tuple(doubts),
        stated=frozenset(name for name in ("admins", "admf", "mediation") if _entries(policy, name)),
    )


def _admin(user: str, entry: Mapping[str, Any], zone: tzinfo) -> tuple[Admin, str]:
    shift, doubt = read_shift(entry, zone)
    bulk, interactive = entry.get("bulk_read_allowed"), entry.get("interactive")
    made = Admin(
        user=user,
        role=folded(entry.get("role")),
        shift=shift,
        until=read_moment(entry.get("until"), zone, end=True),
        peers=_texts(entry.get("peers")),
        interactive=interactive if isinstance(interactive, bool) else None,
        requests=tuple(folded(one) for one in _texts(entry.get("allowed_requests"))),
        bulk=bulk if isinstance(bulk, bool) else None,
        reads_per_hour=_whole(entry.get("max_reads_per_hour")),
    )
    return made, doubt


def _functions(policy: Mapping[str, Any]) -> Iterable[Function]:
    for entry in _entries(policy, "admf"):
        names = [folded(entry.get("admfIdentifier") or entry.get("id"))]
        certificates = tuple(common_name(one) for one in _texts(entry.get("cert_cn")))
        yield from (Function(name, _texts(entry.get("peer")), certificates) for name in names if name)
    mediation = _entries(policy, "mediation")
    addresses = tuple(address for entry in mediation for address in _texts(entry.get("addr")))
    for entry in mediation:  # one may provision under the name of another, which it stands in for
        if name := folded(entry.get("id")):
            yield Function(name, addresses if _texts(entry.get("addr")) else ())


def common_name(certificate: str) -> str:
    """The common name in a subject (`CN=admf-1.li, O=…`), or the text itself; folded."""
    found = re.search(r"(?:^|[,/+\s])CN\s*=\s*([^,/+]+)", certificate, re.I)
    return folded(found[1] if found else certificate)


def same_peer(seen: str, allowed: Iterable[str]) -> bool:
    """Whether an address is one of the allowed ones: addresses with or without a port, networks, host names."""
    here = _address(seen)
    for one in allowed:
        if folded(one) == folded(seen):
            return True
        try:
            network = ipaddress.ip_network(one.strip(), strict=False)
        except ValueError:
            if here is not None and here == _address(one):
                return True
            continue
        if here is not None and here in network:
            return True
    return False


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    bare = text.strip()
    if found := re.fullmatch(r"\[([^\]]+)\](?::\d+)?|(\d+(?:\.\d+){3}):\d+", bare):
        bare = found[1] or found[2]
    try:
        address = ipaddress.ip_address(bare)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, ipaddress.IPv6Address) else address


def request_allowed(request: str, patterns: Iterable[str]) -> bool:
    """Whether a request is one of the allowed ones, by name or pattern; `ActivateTask` allows `ActivateTaskRequest`."""
    asked = folded(request)
    bare = asked.removesuffix("request")
    return any(
        fnmatchcase(asked, one) or bare == one.removesuffix("request") or asked.startswith(f"{one} ")
        for one in patterns
    )


def _entries(policy: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    value = policy.get(name)
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _object(policy: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = policy.get(name)
    return value if isinstance(value, Mapping) else {}


def _texts(value: object) -> tuple[str, ...]:
    some = value if isinstance(value, list | tuple) else (value,)
    return tuple(str(one).strip() for one in some if one not in (None, ""))


def _whole(value: object) -> int | None:
    """A whole number above zero, also as text."""
    try:
        number = int(str(value))
    except ValueError:
        return None
    return number if 0 < number < 10**9 else None
