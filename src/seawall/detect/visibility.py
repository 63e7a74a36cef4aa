"""Nothing seen is not nothing there: per device and behaviour, could it have been seen at all?

A behaviour is *seen* on a device if a finding says so; *not seen* if a detector of it had events from that device
to look at; and *could not be seen* otherwise, with the setting that would change that. Behaviours that only show
in traffic are told once, for the network.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import ibis

from seawall.detect.base import About, Need
from seawall.detect.tables import Tables, view_columns
from seawall.model.coverage import Coverage
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
}
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
    traffic: frozenset[str]  # traffic views that hold anything

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
    seen = _seen(lake, site)
    found = {
        (entity.value.lower(), behaviour)
        for finding in noted
        for entity in finding.entities
        if entity.type == "device"
        for behaviour in finding.behaviours
    }
    noticed = {behaviour for finding in noted for behaviour in finding.behaviours}
    devices = sorted({*seen.all_devices, *(device.name for device in site.devices)})
    platforms = {device.name: device.platform for device in site.devices}
    told: list[Coverage] = []
    for behaviour, abouts in sorted(by_behaviour.items()):
        needs = [need for about in abouts for need in about.needs]
        local = [need for need in needs if need.view in _BY_DEVICE]
        if local:
            those = [device for device in devices if _applies(device, local, seen, platforms)]
            told += [_for_device(device, behaviour, local, seen, found) for device in those]
        if any(need.view not in _BY_DEVICE for need in needs):
            told.append(_for_network(behaviour, needs, seen, noticed))
    return told


def _applies(device: str, needs: Sequence[Need], seen: Seen, platforms: Mapping[str, str]) -> bool:
    """Whether a behaviour can happen on a device at all: what only Windows shows cannot happen on a router."""
    if {need.view for need in needs} != {"windows"}:
        return True
    return device in seen.devices.get("windows", frozenset()) or platforms.get(device) == "windows"


def _seen(lake: Tables, site: Site) -> Seen:
    backend = lake.ibis(site)
    present = view_columns(backend)
    devices: dict[str, frozenset[str]] = {}
    for view in _BY_DEVICE:
        if view in present:
            devices[view] = frozenset(site.device_names.get(n.lower(), n) for n in _devices(backend.table(view), view))
    traffic = frozenset(
        view for view in present if view not in _BY_DEVICE and view != "devices" and _holds_rows(backend.table(view))
    )
    return Seen(devices, traffic)


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
    if (device.lower(), behaviour) in found:
        return Coverage(device, behaviour, "seen", "a finding names it")
    views = sorted({need.view for need in needs})
    could = [view for view in views if device in seen.devices.get(view, frozenset())]
    if could:
        return Coverage(device, behaviour, "not seen", f"this device's {_words(could)} were looked at")
    setting = next((need.setting for need in needs if need.setting), "") or _BY_DEVICE[views[0]]
    other = [view for view, devices in seen.devices.items() if device in devices]
    has = f"it sends {_words(other)}" if other else "nothing from this device was read"
    return Coverage(
        device, behaviour, "could not be seen", f"no {_words(views, ' or ')} from this device; {has}", setting
    )


def _for_network(behaviour: str, needs: Sequence[Need], seen: Seen, noticed: set[str]) -> Coverage:
    if behaviour in noticed:
        return Coverage(NETWORK, behaviour, "seen", "a finding names it")
    views = sorted({need.view for need in needs if need.view not in _BY_DEVICE})
    could = [view for view in views if view in seen.traffic]
    if could:
        return Coverage(NETWORK, behaviour, "not seen", f"{_words(could)} were looked at")
    setting = next((_TRAFFIC[view] for view in views if view in _TRAFFIC), "a sensor that sees this traffic")
    return Coverage(NETWORK, behaviour, "could not be seen", f"no {_words(views, ' or ')} to look at", setting)
