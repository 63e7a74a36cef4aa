"""How an audit came out in figures: a score per device and check, and how it went over snapshots.

A score is the weight of what passes over the weight of what passes or fails, 0 to 100; severities weigh 10, 5, 2, 1
and 0. Unknown counts for neither side and is told beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from seawall.model.audit import Status, Verdict
from seawall.model.severity import Severity

WEIGHT: Final[dict[Severity, int]] = {
    Severity.CRITICAL: 10,
    Severity.HIGH: 5,
    Severity.MEDIUM: 2,
    Severity.LOW: 1,
    Severity.INFORMATIONAL: 0,
}


@dataclass(slots=True)
class Tally:
    """How checks came out."""

    passed: int = 0
    failed: int = 0
    unknown: int = 0
    worst: dict[Severity, int] = field(default_factory=dict)  # failures by severity
    won: int = 0
    lost: int = 0

    @property
    def score(self) -> int | None:
        """0 to 100; None if nothing was decided."""
        return round(100 * self.won / (self.won + self.lost)) if self.won + self.lost else None

    def add(self, verdict: Verdict) -> None:
        """Count one verdict."""
        weight = WEIGHT[verdict.severity]
        match verdict.status:
            case Status.PASS:
                self.passed += 1
                self.won += weight
            case Status.FAIL:
                self.failed += 1
                self.lost += weight
                self.worst[verdict.severity] = self.worst.get(verdict.severity, 0) + 1
            case Status.UNKNOWN:
                self.unknown += 1


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One configuration of a device."""

    device: str
    file: str
    taken: datetime | None
    platform: str
    version: str
    tally: Tally
    verdicts: tuple[Verdict, ...]


def snapshots_of(verdicts: Iterable[Verdict]) -> list[Snapshot]:
    """The configurations that were judged, by device, then date, then file."""
    held: dict[tuple[str, str], list[Verdict]] = {}
    for verdict in verdicts:
        held.setdefault((verdict.device or verdict.file, verdict.file), []).append(verdict)
    found = []
    for (device, file), these in held.items():
        tally = Tally()
        for verdict in these:
            tally.add(verdict)
        one = these[0]
        found.append(Snapshot(device, file, one.taken, one.platform, one.version, tally, tuple(these)))
    return sorted(found, key=lambda s: (s.device.lower(), s.taken.timestamp() if s.taken else 0.0, s.file))


def latest(snapshots: Sequence[Snapshot]) -> list[Snapshot]:
    """The newest snapshot of each device."""
    newest: dict[str, Snapshot] = {}
    for snapshot in snapshots:
        newest[snapshot.device] = snapshot
    return list(newest.values())


def by_check(snapshots: Iterable[Snapshot]) -> dict[str, tuple[Verdict, Tally]]:
    """Per check: a verdict to take its title and severity from, and how the devices came out."""
    found: dict[str, tuple[Verdict, Tally]] = {}
    for snapshot in snapshots:
        for verdict in snapshot.verdicts:
            found.setdefault(verdict.check, (verdict, Tally()))[1].add(verdict)
    return found
