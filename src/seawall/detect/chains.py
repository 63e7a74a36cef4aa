"""Chains: what detectors noticed one after another on one device, told as the one thing it is.

Single steps of published intrusions are daily work or near it; their order is not. A chain names behaviours step by
step, each with its alternatives, and the time from the first to the last. The windows slide: nothing is cut at an
hour. Clocks differ, so a step may stand ninety seconds before the one it follows, and a window is that much longer.

Matches at the lowest severity are no steps, unless a chain says so: every backup copies files. A device is known by
its name in the site file, else by the first label of the name it logs under; an address is a device's if the site
file or the evidence says so. Steps arrive in any order, and what is found does not depend on it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from seawall.detect import vocabulary
from seawall.detect.base import About, Match
from seawall.model.entities import Entity
from seawall.model.severity import Severity
from seawall.model.site import Site

SKEW: Final = timedelta(seconds=90)
MOST_STEPS: Final = 20_000  # matches held per device; later ones are left out, and the finding says so
MOST_ACTORS: Final = 10
_IN_FILE: Final = "the device of "
MOST_OWNED: Final = 200_000
_ADDRESS: Final = r"(?:^|\s)(?:ip|ipv4|ipv6|inet|inet6) address ([0-9a-f]*[.:][0-9a-f.:]+)"


@dataclass(frozen=True, slots=True)
class Chain:
    """Behaviours one after another (or, `ordered=False`, side by side) on one device."""

    about: About
    steps: tuple[frozenset[str], ...]  # behaviours, any of which is the step
    within: timedelta  # from the first step to the last
    ordered: bool = True
    least: Severity = Severity.LOW  # of a match that is a step
    opens: Severity = Severity.LOW  # of a match that is the first step
    closes: Severity = Severity.LOW  # of a match that is the last one


def _chain(
    number: str,
    name: str,
    title: str,
    *steps: str,
    hours: float,
    severity: Severity,
    attack: str,
    **more: bool | Severity,
) -> Chain:
    within = timedelta(hours=hours)
    about = About(
        id=f"chain.{name}",
        title=title,
        severity=severity,
        confidence=90 if severity is Severity.CRITICAL else 80,
        needs=(),
        attack=(vocabulary.versioned(attack),),
        tags=(f"chain:{number}",),
        why="{device}: {steps}",
        gap=within + SKEW,
    )
    return Chain(about, tuple(frozenset(step.split()) for step in steps), within, **more)  # type: ignore[arg-type]


# "Chains worth one alert each" of the knowledge base; CH-4 is `lateral.loopback_walk`: its steps share an address.
ALL: Final[tuple[Chain, ...]] = (
    _chain(
        *("CH-1", "webui_takeover", "Web interface taken over", "A-01 A-05", "A-02 A-03 P-01", "A-04 E-01"),
        hours=1,
        severity=Severity.CRITICAL,
        attack="T1190",
    ),
    _chain(
        *("CH-2", "credential_tap", "Traffic of the AAA server captured and carried off", "C-01", "C-02", "X-01"),
        hours=24,
        severity=Severity.CRITICAL,
        attack="T1040",
        opens=Severity.CRITICAL,  # a capture of AAA traffic, not any capture
    ),
    _chain(
        *("CH-2", "capture_carried_off", "Capture made and carried off", "C-01 C-05 K-03", "X-01"),
        hours=24,
        severity=Severity.HIGH,
        attack="T1040",
        closes=Severity.MEDIUM,  # the nightly backup of a configuration carries no capture off
    ),
    _chain(
        *("CH-3", "quiet_door", "Door opened, used and closed again", "P-08 P-09", "A-11 L-01 A-03", "D-01 D-08"),
        hours=0.25,
        severity=Severity.CRITICAL,
        attack="T1562.013",
    ),
    _chain(
        *(
            "CH-5",
            "container_sortie",
            "Container started, used and removed",
            "E-01",
            "N-01 L-02 E-02 E-03 E-09",
            "E-04",
        ),
        hours=24,
        severity=Severity.CRITICAL,
        attack="T1610",
    ),
    _chain(
        *("CH-6", "aaa_captured", "AAA pointed elsewhere, and asked there", "C-06 C-07", "N-01 P-15 D-04"),
        hours=24,
        severity=Severity.HIGH,
        attack="T1556.004",
    ),
    _chain(
        *("CH-7", "smart_install_theft", "Configuration taken through Smart Install", "R-03", "A-09", "X-01 X-02"),
        hours=1 / 6,
        severity=Severity.CRITICAL,
        attack="T1602.002",
    ),
    _chain(
        *("CH-8", "blind_device", "Device blinded, then entered", "D-02 D-03 D-04 D-10", "A-17 A-11 L-01 A-03"),
        hours=4,
        severity=Severity.HIGH,
        attack="T1562",
        least=Severity.MEDIUM,
    ),
    _chain(
        *("CH-9", "tunnel_out", "Tunnel, route and traffic agree", "P-10 P-11", "P-12", "N-02 X-05 X-07"),
        hours=24,
        severity=Severity.HIGH,
        attack="T1572",
        ordered=False,
    ),
    _chain(
        *("CH-10", "provider_pivot", "Entered over a provider's link", "A-17 L-05", "A-11"),
        hours=1,
        severity=Severity.HIGH,
        attack="T1199",
    ),
    _chain(
        *("CH-11", "intercept_misuse", "Jump host, then the intercept system", "L-07", "K-05 K-06 K-07"),
        hours=24,
        severity=Severity.CRITICAL,
        attack="T1213",
        least=Severity.INFORMATIONAL,
    ),
    _chain(
        *("CH-12", "core_sleeper", "Sleeper on a core node woken", "P-22 P-23 D-15", "N-09 K-13"),
        hours=24 * 30,
        severity=Severity.CRITICAL,
        attack="T1205.002",
    ),
)
_STEPS: Final = frozenset(behaviour for chain in ALL for step in chain.steps for behaviour in step)


def owners_of(views: Mapping[str, Any], site: Site) -> dict[str, str]:
    """Which device an address belongs to: the site file's word, else that of commands that set it in the evidence."""
    owners: dict[str, str] = {}
    if "commands" in views:
        commands = views["commands"]
        told = commands.filter(commands.device.notnull() & commands.command.contains(" address "))
        told = told.select(owner=told.device, address=told.command.lower().re_extract(_ADDRESS, 1))
        set_here = told.filter(told.address != "").distinct().limit(MOST_OWNED).to_pyarrow().to_pylist()
        owners = {row["address"]: row["owner"] for row in sorted(set_here, key=lambda row: row["owner"])}
    return owners | site.device_names


@dataclass
class Chains:
    """Takes matches in any order, then gives those that make chains."""

    owners: Mapping[str, str] = field(default_factory=dict)  # address → device
    chains: tuple[Chain, ...] = ALL
    _held: dict[str, list[Match]] = field(default_factory=lambda: defaultdict(list))
    _full: set[str] = field(default_factory=set)

    def add(self, match: Match) -> None:
        """Take one match; those that are no step of any chain are let go."""
        if match.time is None or not _STEPS.intersection(match.about.behaviours):
            return
        for device in self._devices(match):
            if len(self._held[device]) < MOST_STEPS:
                self._held[device].append(match)
            else:
                self._full.add(device)

    def _devices(self, match: Match) -> set[str]:
        """The devices a match is about: those it names as target, else those its addresses belong to."""
        named = {e.value for e in match.entities if e.type == "device" and e.role == "target"}
        if not named and any(e.role == "actor" for e in match.entities):  # a record that names no device, of one file
            return {f"{_IN_FILE}{match.origin.rpartition(':')[0]}"}
        addresses = {e.value for e in match.entities if e.type == "ip"} if not named else set()
        named |= {self.owners.get(address.lower(), address) for address in addresses}
        return {_short(self.owners.get(name.lower(), name)) for name in named}

    def matches(self) -> Iterator[Match]:
        """Every match that is part of a chain, told again as the chain's."""
        for device, held in sorted(self._held.items()):
            held.sort(key=lambda m: (m.time, m.event_id, m.about.id))
            for chain in self.chains:
                rows = [m for m in held if m.about.severity >= chain.least]
                for instance in _instances(chain, rows):
                    yield from self._told(chain, device, instance)

    def _told(self, chain: Chain, device: str, instance: list[Match]) -> Iterator[Match]:
        actors = sorted({e for m in instance for e in m.entities if e.role in ("actor", "source")})[:MOST_ACTORS]
        targets = set() if device.startswith(_IN_FILE) else {Entity("device", device, "target")}
        entities = tuple(sorted({*targets, *actors}))
        wanted = frozenset().union(*chain.steps)
        first: dict[str, datetime] = {}
        for match in instance:
            for behaviour in wanted.intersection(match.about.behaviours):
                first.setdefault(behaviour, match.time)  # type: ignore[arg-type]
        steps = ", ".join(f"{b} at {t:%H:%M:%S}" for b, t in sorted(first.items(), key=lambda kv: (kv[1], kv[0])))
        details = {"device": device, "steps": steps, "chain": chain.about.tags[0].partition(":")[2]}
        if device in self._full:
            details["left_out"] = f"steps beyond {MOST_STEPS:,} on this device"
        for match in {m.event_id: m for m in reversed(instance)}.values():
            yield replace(match, about=chain.about, entities=entities, details=details)


def _instances(chain: Chain, rows: list[Match]) -> Iterator[list[Match]]:
    """Each time the chain holds: all matches of its steps from its first event to its last."""
    by_step = [[m for m in rows if step.intersection(m.about.behaviours)] for step in chain.steps]
    by_step[0] = [m for m in by_step[0] if m.about.severity >= chain.opens]
    by_step[-1] = [m for m in by_step[-1] if m.about.severity >= chain.closes]
    if not all(by_step):
        return
    wanted = frozenset().union(*chain.steps)
    after: datetime | None = None
    for start in by_step[0] if chain.ordered else sorted((m for s in by_step for m in s), key=_when):
        if after is not None and _when(start) <= after:
            continue
        span = _ordered(by_step, start, chain.within) if chain.ordered else _side_by_side(by_step, start, chain.within)
        if span is None:
            continue
        begin, end = span
        part = rows[bisect_left(rows, begin, key=_when) : bisect_right(rows, end, key=_when)]
        yield [m for m in part if wanted.intersection(m.about.behaviours)]
        after = end


def _ordered(by_step: list[list[Match]], start: Match, within: timedelta) -> tuple[datetime, datetime] | None:
    """From the first step to the last, taking the earliest of each; None if the chain does not hold from here."""
    used, now, times = {start.event_id}, _when(start), [_when(start)]
    for step in by_step[1:]:
        place = bisect_left(step, now - SKEW, key=_when)
        fitting = next((m for m in step[place : place + len(used) + 50] if m.event_id not in used), None)
        if fitting is None or _when(fitting) > times[0] + within + SKEW:
            return None
        used.add(fitting.event_id)
        now = _when(fitting)
        times.append(now)
    return min(times), max(times)


def _side_by_side(by_step: list[list[Match]], start: Match, within: timedelta) -> tuple[datetime, datetime] | None:
    begin = _when(start)
    limit = begin + within + SKEW
    ends = []
    for step in by_step:
        first, behind = bisect_left(step, begin, key=_when), bisect_right(step, limit, key=_when)
        if first == behind:
            return None
        ends.append(_when(step[behind - 1]))
    return begin, max(ends)


def _when(match: Match) -> datetime:
    assert match.time is not None
    return match.time


def _short(name: str) -> str:
    """The first label of a host name, lower case; an address stays whole."""
    lowered = name.lower()
    label = lowered.partition(".")[0]
    return lowered if ":" in lowered or not label or label.isdigit() else label
