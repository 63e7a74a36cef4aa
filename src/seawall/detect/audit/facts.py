"""What a fleet's configurations agree on: from where devices are managed, and which servers they trust.

A fact that most devices state is proposed for the site file. One that a single device of many states is an outlier:
somebody's slip, a forgotten server, or the one an intruder put there; a finding tells of it.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from seawall.detect import vocabulary
from seawall.detect.audit.changes import rules
from seawall.detect.audit.changes.doors import reach_of
from seawall.detect.audit.changes.snapshots import Snapshot
from seawall.detect.audit.changes.targets import hosts
from seawall.detect.audit.entries import Entry
from seawall.detect.audit.places import address_of, is_public, within
from seawall.model.behaviours import BEHAVIOURS
from seawall.model.entities import Entity
from seawall.model.finding import UNTIMED, Evidence, Finding, finding_id
from seawall.model.severity import Severity

SERVERS: Final[Mapping[str, str]] = {  # key of the site file → the effect whose patterns find its servers
    "aaa_servers": "aaa-servers",
    "syslog_servers": "log-hosts",
    "nms_servers": "traps",
    "ntp_servers": "ntp",
    "dns_servers": "dns",
}
KEYS: Final = ("management_networks", "jump_hosts", *SERVERS)
ENOUGH: Final = 4  # devices that must state something before one that differs is an outlier
_HALF: Final = 0.5  # of the devices that state something make a majority
_REGION: Final = 0.2  # of them, and three at least, make a region's
_RARE: Final = 0.1  # of them at most make an outlier
_WORTH: Final[Mapping[str, tuple[Severity, Severity, str]]] = {  # public, private, behaviour
    "management_networks": (Severity.HIGH, Severity.MEDIUM, "P-08"),
    "jump_hosts": (Severity.HIGH, Severity.LOW, "P-08"),
    "aaa_servers": (Severity.HIGH, Severity.MEDIUM, "C-06"),
    "syslog_servers": (Severity.MEDIUM, Severity.LOW, "D-02"),
    "nms_servers": (Severity.MEDIUM, Severity.LOW, "D-02"),
    "ntp_servers": (Severity.LOW, Severity.LOW, "D-13"),
    "dns_servers": (Severity.MEDIUM, Severity.LOW, "D-13"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One value, and how many devices state it."""

    key: str  # of the site file
    value: str  # address or network
    devices: int  # that state it
    of: int  # devices that state anything of the kind
    proposed: bool
    outlier: bool


@dataclass(frozen=True, slots=True)
class _Seen:
    """Where a device states something."""

    when: datetime | None
    origin: str  # file and line
    event_id: str
    path: str
    text: str


@dataclass
class Facts:
    """What the latest configuration of each device states. The configurations themselves are not kept."""

    _latest: dict[str, tuple[datetime | None, dict[tuple[str, str], _Seen]]] = field(default_factory=dict)

    def add(self, snapshot: Snapshot) -> None:
        """Take what one device states; what an older snapshot of it stated is dropped."""
        name, when = snapshot.name or snapshot.origin, snapshot.time
        held = self._latest.get(name)
        if held is not None and held[0] is not None and when is not None and when < held[0]:
            return
        stated: dict[tuple[str, str], _Seen] = {}
        for key, value, entry in _stated(snapshot):
            place = f"{snapshot.origin}:{entry.number}"
            seen = _Seen(when, place, snapshot.event_id(entry).hex(), entry.path, entry.text)
            stated.setdefault((key, value), seen)
        self._latest[name] = (when, stated)

    @property
    def devices(self) -> int:
        """How many devices were taken."""
        return len(self._latest)

    def _said(self) -> dict[str, dict[str, dict[str, _Seen]]]:
        """Key → value → device → where."""
        found: dict[str, dict[str, dict[str, _Seen]]] = {}
        for device, (_, stated) in sorted(self._latest.items()):
            for (key, value), seen in stated.items():
                found.setdefault(key, {}).setdefault(value, {})[device] = seen
        return found

    def all(self) -> Iterator[Fact]:
        """Every value, by key, the most often stated first."""
        said = self._said()
        for key in KEYS:
            values = said.get(key, {})
            fleet = len({device for devices in values.values() for device in devices})
            for value, devices in sorted(values.items(), key=lambda pair: (-len(pair[1]), pair[0])):
                count = len(devices)
                most = count >= fleet * _HALF or (count >= 3 and count >= fleet * _REGION)
                proposed = most and (count >= 2 or fleet == 1)
                outlier = not proposed and fleet >= ENOUGH and count <= max(1.0, fleet * _RARE)
                yield Fact(key, value, count, fleet, proposed, outlier)

    def outliers(self, known: Mapping[str, Iterable[str]]) -> Iterator[Finding]:
        """Findings for values that hardly a device states, unless the site file lists them (`known`, by key)."""
        facts, said = list(self.all()), self._said()
        for fact in facts:
            agreed = [one.value for one in facts if one.key == fact.key and one.proposed]
            listed = [*known.get(fact.key, ()), *agreed]
            if fact.key in ("management_networks", "jump_hosts"):
                listed += [*known.get("management_networks", ()), *known.get("nms_servers", ())]
                listed += [one.value for one in facts if one.key == "management_networks" and one.proposed]
            if fact.outlier and agreed and not _listed(fact.value, listed):
                for device, seen in sorted(said[fact.key][fact.value].items()):
                    yield _finding(fact, device, seen, agreed)


def _listed(value: str, listed: Iterable[str]) -> bool:
    try:
        network = ipaddress.ip_network(value, strict=False)
    except ValueError:
        return value in set(listed)
    networks = [ipaddress.ip_network(one, strict=False) for one in listed if _is_network(one)]
    return within(network.network_address, networks) and within(network.broadcast_address, networks)


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def _stated(snapshot: Snapshot) -> Iterator[tuple[str, str, Entry]]:
    for permits in reach_of(snapshot.device).values():
        for permit in permits:
            if permit.source is not None and not permit.source.is_loopback:
                single = permit.source.num_addresses == 1
                value = str(permit.source.network_address) if single else str(permit.source)
                yield ("jump_hosts" if single else "management_networks"), value, permit.entry
    held = {rule.id: rule for rule in rules.builtin()}
    for key, name in SERVERS.items():
        for value, entry in hosts(held[name], snapshot).items():
            if address_of(value) is not None:
                yield key, value, entry


def _finding(fact: Fact, device: str, seen: _Seen, agreed: list[str]) -> Finding:
    address = address_of(fact.value.partition("/")[0])
    public, private, behaviour = _WORTH[fact.key]
    entities = (Entity("device", device, "target"), *((Entity("ip", str(address), "object"),) if address else ()))
    detector = f"fleet.{fact.key.replace('_', '-')}"
    when = seen.when or UNTIMED
    most = ", ".join(agreed[:4])
    return Finding(
        id=finding_id(detector, entities, seen.event_id),
        detector=detector,
        title=f"Device states what no other does: {fact.key.replace('_', ' ')}",
        severity=public if address is not None and is_public(address) else private,
        confidence=55,
        learned=True,
        first=when,
        last=when,
        count=fact.devices,
        entities=tuple(sorted(entities)),
        why=f"{fact.value} on {device}: stated by {fact.devices} of {fact.of} devices; most state {most}",
        subject=device,
        evidence=(Evidence(seen.event_id, seen.origin, seen.text[:500]),),
        evidence_total=1,
        details={
            "device": device,
            "after": [seen.path],
            "fact": fact.key,
            "value": fact.value,
            "devices": fact.devices,
            "of": fact.of,
            "after_file": seen.origin.rpartition(":")[0],
        },
        attack=(vocabulary.versioned(BEHAVIOURS[behaviour].technique),),
        tags=(f"behaviour:{behaviour}",),
    )
