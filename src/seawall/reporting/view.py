"""A case as people read it: the model's values, gathered for the report and the terminal. It computes, never draws."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Final, Protocol

from seawall.model.assessment import Assessment
from seawall.model.coverage import Coverage
from seawall.model.finding import Finding
from seawall.model.incident import Incident
from seawall.model.severity import Severity
from seawall.reporting.flow_plots import Shape
from seawall.reporting.handovers import Custody

UNLOOKED: Final = "no detector of ours reads where it shows: endpoints, signalling, file hashes …"
NETWORK: Final = "network"  # as coverage names what shows in traffic
MOST_REASONS: Final = 2


class RejectLike(Protocol):
    """A record that could not be read."""

    @property
    def where(self) -> str:
        """Its origin."""
        ...

    @property
    def what(self) -> str:
        """What was wrong, one line."""
        ...


class FileLike(Protocol):
    """A file that was read; `engine.records.FileRecord` is one."""

    @property
    def origin(self) -> str:
        """Path relative to the PATH given."""
        ...

    @property
    def format(self) -> str:
        """Name of the source that read it."""
        ...

    @property
    def events(self) -> int:
        """Events in it."""
        ...

    @property
    def rejected(self) -> int:
        """Records refused."""
        ...

    @property
    def first(self) -> datetime | None:
        """Time of its first event, UTC."""
        ...

    @property
    def last(self) -> datetime | None:
        """Time of its last event, UTC."""
        ...

    @property
    def bytes(self) -> int:
        """Size, decompressed."""
        ...

    @property
    def notes(self) -> tuple[str, ...]:
        """Clock doubts and the like."""
        ...


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to be said about one place: a reject, a refused input, a broken rule."""

    where: str
    what: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Blindness:
    """One setting that is missing, with the devices and behaviours it hides; not each behaviour on each device."""

    why: str
    setting: str
    devices: tuple[str, ...]
    behaviours: tuple[str, ...]
    pairs: int  # of device and behaviour
    fix: tuple[str, ...] = ()  # the setting as lines of one platform, where its lines are known
    price: str = ""  # CPU, lock-out, secret leak
    platform: str = ""


@dataclass(frozen=True, slots=True)
class DeviceCoverage:
    """One device's behaviours, counted by how far they can be observed."""

    device: str
    platform: str
    counts: Counter[str]  # observable, partly, not observable → behaviours
    seen: int


@dataclass(frozen=True)
class CaseView:
    """Everything a report says. All times UTC; lists may be shortened by readers, totals never are."""

    title: str
    generated_at: datetime
    incidents: Sequence[Incident] = ()
    findings: Sequence[Finding] = ()
    coverage: Sequence[Coverage] = ()
    assessments: Sequence[Assessment] = ()  # one for each crown jewel of the site file
    files: Sequence[FileLike] = ()
    custody: Custody = field(default_factory=Custody)
    rejects: Sequence[RejectLike] = ()  # the ones kept
    rejected_total: int = 0
    refused: Sequence[Note] = ()  # inputs recognised or found, and not read: why, and how to mend it
    clock_doubts: Sequence[str] = ()
    broken_rules: Sequence[Note] = ()
    rules_with_unknown_fields: Sequence[Note] = ()
    rules_loaded: int = 0
    site_known: bool = False
    exercise: str | None = None
    engine: str = "duckdb"
    shapes: Mapping[str, Shape] = field(default_factory=dict)  # finding about flows → what is drawn of it
    versions: Mapping[str, str] = field(default_factory=dict)  # part → version, as printed under "methods"

    @cached_property
    def by_id(self) -> dict[str, Finding]:
        """Findings by id."""
        return {finding.id: finding for finding in self.findings}

    @cached_property
    def learned(self) -> int:
        """How many findings rest on a learned baseline."""
        return sum(finding.learned for finding in self.findings)

    @property
    def events(self) -> int:
        """Events read in all."""
        return sum(f.events for f in self.files)

    @property
    def bytes(self) -> int:
        """Decompressed bytes read in all."""
        return sum(f.bytes for f in self.files)

    @cached_property
    def span(self) -> tuple[datetime, datetime] | None:
        """First and last event time over all files; None when no file holds a dated event."""
        firsts = [f.first for f in self.files if f.first]
        lasts = [f.last for f in self.files if f.last]
        return (min(firsts), max(lasts)) if firsts and lasts else None

    @cached_property
    def severities(self) -> dict[Severity, int]:
        """Incidents per severity, worst first, only those there are."""
        worst_first = sorted(Severity, reverse=True)
        counts = {s: sum(i.severity is s for i in self.incidents) for s in worst_first}
        return {s: n for s, n in counts.items() if n}

    @cached_property
    def loose(self) -> list[Finding]:
        """Findings in no incident, in order of time."""
        taken = {f for incident in self.incidents for f in incident.findings}
        return sorted((f for f in self.findings if f.id not in taken), key=lambda f: (f.first, f.id))

    @cached_property
    def seen_behaviours(self) -> int:
        """How many distinct behaviours findings show."""
        return len({b for f in self.findings for b in f.behaviours})

    @cached_property
    def blind(self) -> list[Blindness]:
        """What could not be seen, one entry for each reason, those that hide most first."""
        return blindness(self.coverage)

    @cached_property
    def observed(self) -> list[tuple[DeviceCoverage, tuple[str, ...]]]:
        """How far behaviours can be observed, the blindest first: devices that are alike are one entry, with names."""
        alike: dict[tuple[object, ...], list[DeviceCoverage]] = {}
        for row in by_device(self.coverage):
            key = (row.platform, row.device == NETWORK, tuple(sorted(row.counts.items())))
            alike.setdefault(key, []).append(row)
        return [(rows[0], tuple(row.device for row in rows)) for rows in alike.values()]

    def findings_of(self, incident: Incident) -> list[Finding]:
        """The findings of an incident that this view holds, in order of time."""
        return [self.by_id[name] for name in incident.findings if name in self.by_id]


def by_device(coverage: Iterable[Coverage]) -> list[DeviceCoverage]:
    """How far each device's behaviours can be observed, the blindest first."""
    rows: dict[str, DeviceCoverage] = {}
    for entry in coverage:
        row = rows.get(entry.device) or DeviceCoverage(entry.device, entry.platform, Counter(), 0)
        row.counts[entry.observable] += 1
        rows[entry.device] = replace(row, seen=row.seen + 1) if entry.visibility == "seen" else row
    return sorted(rows.values(), key=lambda row: (-row.counts["not observable"], -row.counts["partly"], row.device))


def blindness(coverage: Iterable[Coverage]) -> list[Blindness]:
    """What could not be seen or only in part, by the setting that would change it; those that hide most first.

    Where no setting is known, reasons stand alone. What a reason says of one device only ("; it sends syslog") is left
    out, and counts are of pairs, since a device may hide fewer behaviours than its neighbour.
    """
    hidden: dict[tuple[str, str], list[Coverage]] = {}
    for entry in coverage:
        if entry.observable != "observable" or entry.visibility == "could not be seen":
            setting = entry.setting or ""
            general = _general(entry.why) if entry.looked_for else UNLOOKED
            hidden.setdefault((setting, "" if setting else general), []).append(entry)
    found = [_blindness(setting, entries) for (setting, _), entries in hidden.items()]
    return sorted(found, key=lambda b: (-b.pairs, b.why, b.setting))


def _blindness(setting: str, entries: Sequence[Coverage]) -> Blindness:
    devices = tuple(sorted({entry.device for entry in entries}))
    behaviours = tuple(sorted({entry.behaviour for entry in entries}))
    pairs = len({(entry.device, entry.behaviour) for entry in entries})
    note = f" ({pairs:,} pairs)" if pairs < len(devices) * len(behaviours) else ""
    one = entries[0]
    platform = one.platform if all(entry.platform == one.platform for entry in entries) else ""
    return Blindness(_reasons(entries) + note, setting, devices, behaviours, pairs, one.fix, one.price, platform)


def _reasons(entries: Sequence[Coverage]) -> str:
    """The reasons that share a setting, the most frequent first; a few, and how many more."""
    if not any(entry.looked_for for entry in entries):
        return UNLOOKED
    counts = Counter(_general(entry.why) for entry in entries)
    ranked = sorted(counts, key=lambda why: (-counts[why], why))
    left = len(ranked) - MOST_REASONS
    more = f"; and {left} more {'reason' if left == 1 else 'reasons'}" if left > 0 else ""
    return "; ".join(ranked[:MOST_REASONS]) + more


def _general(why: str) -> str:
    """A reason without what it says of one device only."""
    return why.partition("; ")[0].replace("this device's", "these devices'").replace("this device", "these devices")
