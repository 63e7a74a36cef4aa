"""Nothing seen is not nothing there: per device and behaviour, could it have been seen at all?

A behaviour is *seen* on a device if a finding says so; *not seen* if a detector of it had events from that device
to look at; and *could not be seen* otherwise, with the setting that would change that. It is *partly* observable where
some of what its detectors need is missing: configuration lines without exec commands, logins without commands.
Behaviours that only show in traffic are told once, for the network.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import ibis

from seawall.detect import remedies, vocabulary
from seawall.detect.base import About, Need
from seawall.detect.tables import Tables, view_columns
from seawall.detect.traffic.oriented import SAMPLED_ABOVE
from seawall.model.coverage import Coverage, Observable, Visibility
from seawall.model.finding import Finding
from seawall.model.site import Site

NETWORK: Final = "network"  # stands in for the device where the evidence is traffic
MAX_DEVICES: Final = 100_000

# Views whose events belong to one device, and what makes a device send them.
_BY_DEVICE: Final[dict[str, str]] = {
    "commands": "aaa accounting commands 15 default start-stop group tacacs+ (or archive / log config / notify syslog)",
    "logins": "login on-success log, login on-failure log",
    "config_changes": "logging trap informational",
    "syslog": "logging host <collector>",
    "tacacs": "aaa accounting commands 15 default start-stop group tacacs+",
    "windows": "forward the Security, System and Sysmon logs",
    "heard": "logging host <collector>, logging trap informational",
}
# What nobody changes a configuration with: one of these tells that exec commands arrive, not configuration lines alone.
_EXEC: Final = r"^(show|display|ping|traceroute|tracert|ssh|telnet|dir|copy|clear|admin display|terminal|write|debug) ?"
_TRAFFIC: Final[dict[str, str]] = {
    "flows": "NetFlow or IPFIX from peering and management ports, or a Zeek sensor there",
    "dns": "a Zeek sensor before the resolvers",
    "http": "the access logs of the management web servers, or a Zeek sensor before them",
    "zeek_http": "a Zeek sensor before the management web servers",
}


# What people call the views.
_WORDS: Final[dict[str, str]] = {
    "config_changes": "configuration changes",
    "config_lines": "configurations",
    "dns": "DNS exchanges",
    "tacacs": "TACACS+ records",
    "windows": "Windows events",
    "auditd": "audit events",
    "http": "HTTP requests",
    "heard": "records at all",
    "db_audit": "database audit",
    "accesses": "accesses to data",
    "web": "web server logs",
    "zeek_http": "HTTP requests",
    "zeek_ssl": "TLS handshakes",
}


def _words(views: Iterable[str], between: str = ", ") -> str:
    return between.join(_WORDS.get(view, view) for view in views)


@dataclass(frozen=True)
class Seen:
    """Which devices each view has events of."""

    devices: Mapping[str, frozenset[str]]  # view → devices
    platforms: Mapping[str, str]  # device → platform its records show, else the site file's
    exec_devices: frozenset[str]  # whose exec commands arrive, not configuration lines alone
    traffic: frozenset[str]  # traffic views that hold anything
    sampled: str = ""  # what must be said of sampled flows: beats and waits cannot be told from them
    all_sampled: bool = False

    @property
    def all_devices(self) -> list[str]:
        """Every device any view names, sorted."""
        return sorted(frozenset().union(*self.devices.values())) if self.devices else []


def coverage(
    lake: Tables,
    detectors: Iterable[About],
    findings: Iterable[Finding],
    site: Site = Site(),  # noqa: B008
) -> list[Coverage]:
    """For every device and behaviour some detector knows: seen, not seen, or could not be seen."""
    noted = list(findings)
    by_behaviour: dict[str, list[About]] = {}
    for about in detectors:
        for behaviour in about.behaviours:
            by_behaviour.setdefault(behaviour, []).append(about)
    seen = _seen(
        lake, site, {need.view for abouts in by_behaviour.values() for about in abouts for need in about.needs}
    )
    found = {
        (entity.value.lower(), behaviour)
        for finding in noted
        for entity in finding.entities
        if entity.type == "device"
        for behaviour in finding.behaviours
    }
    noticed = {behaviour for finding in noted for behaviour in finding.behaviours}
    devices = sorted({*seen.all_devices, *(device.name for device in site.devices)})
    told: list[Coverage] = []
    for behaviour, abouts in sorted(by_behaviour.items()):
        needs = [need for about in abouts for need in about.needs]
        local = [need for need in needs if need.view in _BY_DEVICE]
        if local:
            for device in devices:
                here = _applying(behaviour, local, device, seen)
                if here or (device.lower(), behaviour) in found:
                    told.append(_for_device(device, behaviour, here or local, seen, found))
        if any(need.view not in _BY_DEVICE for need in needs):
            told.append(_for_network(behaviour, needs, seen, noticed))
    return told


def undetected(detectors: Iterable[About]) -> list[Coverage]:
    """Behaviours that no detector of ours looks for, each with where it would show."""
    known = {behaviour for about in detectors for behaviour in about.behaviours}
    return [
        Coverage(
            NETWORK,
            one.id,
            "could not be seen",
            f"no detector reads where it shows: {one.telemetry}",
            observable="not observable",
            looked_for=False,
        )
        for one in vocabulary.behaviours().values()
        if one.id not in known
    ]


def _applying(behaviour: str, needs: Sequence[Need], device: str, seen: Seen) -> tuple[Need, ...]:
    """Of a behaviour's needs, those that mean something on a device; none if it cannot happen there at all.

    What only Windows shows cannot happen on a router, and what needs a router's commands not on Windows.
    """
    platform = remedies.family(seen.platforms.get(device, ""))
    if device in seen.devices.get("windows", frozenset()):
        platform = "windows"
    return _needs_on(platform, behaviour, tuple(needs))


@lru_cache(maxsize=4_096)
def _needs_on(platform: str, behaviour: str, needs: tuple[Need, ...]) -> tuple[Need, ...]:
    one = vocabulary.behaviours().get(behaviour)
    if one is not None and not one.happens_on(platform):
        return ()
    of_windows = tuple(need for need in needs if need.view == "windows")
    if platform == "windows":
        return of_windows or tuple(need for need in needs if need.view in ("logins", "heard"))
    return tuple(need for need in needs if need not in of_windows)


def _seen(lake: Tables, site: Site, needed: Collection[str]) -> Seen:
    """What arrives. Only views that some detector needs are asked: others (sessions) are long to put together."""
    backend = lake.ibis(site)
    present = view_columns(backend)
    devices: dict[str, frozenset[str]] = {}
    for view in _BY_DEVICE:
        if view in present:
            devices[view] = frozenset(site.device_names.get(n.lower(), n) for n in _devices(backend.table(view), view))
    traffic = frozenset(
        view for view in present if view in needed and view not in _BY_DEVICE and _holds_rows(backend.table(view))
    )
    sampled, every = _sampled(backend.table("flows")) if "flows" in traffic else ("", False)
    platforms, executing = _platforms(backend, present, site), _exec_devices(backend, present, site)
    return Seen(devices, platforms, executing, traffic, sampled, every)


def _sampled(flows: Any) -> tuple[str, bool]:
    """What is said of flows sampled so that intervals mean nothing, and whether all are."""
    many = (flows.sampling.fill_null(1) > SAMPLED_ABOVE).sum()
    found = flows.aggregate(total=flows.count(), many=many, worst=flows.sampling.max()).to_pyarrow().to_pylist()[0]
    if not found["many"]:
        return "", False
    told = f"{found['many']:,} of {found['total']:,} flows are sampled, up to 1:{found['worst']}"
    return f"{told}; beats and durations cannot be told from them", found["many"] == found["total"]


def _platforms(backend: Any, present: Mapping[str, Sequence[str]], site: Site) -> dict[str, str]:
    """The platform of each device: what its records show, and what the site file says where they show none."""
    told = {device.name: device.platform for device in site.devices if device.platform}
    if "devices" in present:
        table = backend.table("devices")
        rows = table.filter(table.platform.notnull()).select("device", "platform").limit(MAX_DEVICES).to_pyarrow()
        told = {**told, **{row["device"]: row["platform"] for row in rows.to_pylist()}}
    return told


def _exec_devices(backend: Any, present: Mapping[str, Sequence[str]], site: Site) -> frozenset[str]:
    if "commands" not in present:
        return frozenset()
    table = backend.table("commands")
    return frozenset(site.device_names.get(n.lower(), n) for n in _devices(_typed(table), "commands"))


def _typed(table: Any) -> Any:
    return table.filter(table.command.notnull() & table.command.re_search(_EXEC))


def _devices(table: Any, view: str) -> list[str]:
    columns = ("Computer",) if view == "windows" else ("device", "observer")
    named = [table[column] for column in columns if column in table.columns]
    if not named:
        return []
    distinct = table.select(name=ibis.coalesce(*named)).distinct().limit(MAX_DEVICES).to_pyarrow()
    return [name for name in distinct["name"].to_pylist() if name]


def _holds_rows(table: Any) -> bool:
    return bool(table.limit(1).count().to_pyarrow().as_py())


def _for_device(
    device: str, behaviour: str, needs: Sequence[Need], seen: Seen, found: set[tuple[str, str]]
) -> Coverage:
    platform = seen.platforms.get(device, "")
    has = tuple(view for view, devices in seen.devices.items() if device in devices)
    if "syslog" in has and "config_changes" not in has:
        has = (*has, "config_changes")  # they come by the same log: none came, so none was made
    ground = _ground(tuple(needs), has, platform, exec_seen=device in seen.exec_devices)
    visibility, observable, why = ground.visibility, ground.observable, ground.why
    if (device.lower(), behaviour) in found:
        visibility = "seen"
        why = f"{why}; a finding names it" if observable == "partly" else "a finding names it"
        observable = "partly" if observable == "partly" else "observable"
    return Coverage(device, behaviour, visibility, why, ground.setting, observable, ground.fix, ground.price, platform)


@dataclass(frozen=True, slots=True)
class _Ground:
    """What can be said of every device that sends the same, on the same platform."""

    visibility: Visibility
    observable: Observable
    why: str
    setting: str | None
    fix: tuple[str, ...]
    price: str


@lru_cache(maxsize=65_536)
def _ground(needs: tuple[Need, ...], has: tuple[str, ...], platform: str, *, exec_seen: bool) -> _Ground:
    views = sorted({need.view for need in needs})
    could = [view for view in views if view in has]
    missing = [need for need in needs if need.view not in has]
    half = [
        need for need in needs
        if need.view == "commands" and "commands" in has and not exec_seen
        and remedies.telemetry_of(need) == "exec_commands"
    ]  # fmt: skip
    if could and not missing and not half:
        return _Ground("not seen", "observable", f"this device's {_words(could)} were looked at", None, (), "")
    lacking = [*missing, *half]
    setting, fix, price = _mend(lacking, platform)
    if could:
        lacks = [f"no {_words(sorted({need.view for need in missing}), ' and ')} from this device"] if missing else []
        lacks += ["only configuration lines of this device's commands arrive"] if half else []
        why = f"{' and '.join(lacks)}; its {_words(could)} were looked at"
        return _Ground("not seen", "partly", why, setting, fix, price)
    told = f"it sends {_words(has)}" if has else "nothing from this device was read"
    why = f"no {_words(views, ' or ')} from this device; {told}"
    return _Ground("could not be seen", "not observable", why, setting, fix, price)


def _mend(needs: Sequence[Need], platform: str) -> tuple[str, tuple[str, ...], str]:
    """What would change it: on one line, as lines of the platform, and their price."""
    wanted = dict.fromkeys(remedies.telemetry_of(need) for need in needs)
    known = [one for name in wanted if (one := remedies.remedy(name, platform)) is not None]
    if known:
        lines = tuple(dict.fromkeys(line for one in known for line in one.lines))
        prices = list(dict.fromkeys(one.price for one in known))
        return " / ".join(line.strip() for line in lines), lines, "; ".join(prices)
    setting = next((need.setting for need in needs if need.setting), "") or _BY_DEVICE.get(needs[0].view, "")
    return setting, (), "not known for this platform" if platform else "platform not known"


def _for_network(behaviour: str, needs: Sequence[Need], seen: Seen, noticed: set[str]) -> Coverage:
    views = sorted({need.view for need in needs if need.view not in _BY_DEVICE})
    could = [view for view in views if view in seen.traffic]
    if behaviour in noticed:
        return Coverage(NETWORK, behaviour, "seen", "a finding names it")
    timed = [need for need in needs if need.unsampled]
    if timed and seen.all_sampled and all(need.unsampled for need in needs if need.view in seen.traffic):
        return Coverage(NETWORK, behaviour, "could not be seen", seen.sampled, timed[0].setting, "not observable")
    if could and len(could) == len(views):
        doubt = f"; {seen.sampled}" if timed and seen.sampled else ""
        return Coverage(NETWORK, behaviour, "not seen", f"{_words(could)} were looked at{doubt}")
    lacking = [view for view in views if view not in could]
    setting = next((_TRAFFIC[view] for view in lacking if view in _TRAFFIC), "a sensor that sees this traffic")
    remedy = next(
        (one for view in lacking if (one := remedies.remedy(remedies.telemetry_of(Need(view, ())), remedies.NETWORK))),
        None,
    )
    fix, price = (remedy.lines, remedy.price) if remedy else ((), "")
    if could:
        why = f"{_words(could)} were looked at; there is no {_words(lacking, ' or ')}"
        return Coverage(NETWORK, behaviour, "not seen", why, setting, "partly", fix, price)
    why = f"no {_words(views, ' or ')} to look at"
    return Coverage(NETWORK, behaviour, "could not be seen", why, setting, "not observable", fix, price)
