"""Devices of a case: who was heard, since when and until when, and what a device's latest configuration lets happen.

The lake holds every line of a configuration with its secrets masked, so checks that read a secret itself cannot be
answered from it: they say unknown, with what would decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from seawall.detect.audit.load import builtin
from seawall.detect.audit.runner import audit_bytes
from seawall.engine.lake import Lake
from seawall.model.audit import Status, Verdict
from seawall.model.site import Site

MOST_LINES: Final = 50_000  # of one configuration
MOST_DEVICES: Final = 20_000
_DEEP: Final = frozenset({"junos", "sros", "fortios", "panos"})  # platforms that indent by four
_QUIET_FACTOR: Final = 20  # times its mean gap: then a device is late
_LEAST_QUIET: Final = timedelta(hours=2)
_STEADY: Final = 50  # events from which on a mean gap means something


@dataclass(frozen=True, slots=True)
class Heard:
    """One device as the evidence has it. Times are UTC."""

    device: str
    platform: str
    role: str
    first: datetime | None
    last: datetime | None
    events: int
    state: str  # heard, late, once

    @property
    def gap(self) -> timedelta | None:
        """Mean time between its events; none where it has too few to tell."""
        if self.first is None or self.last is None or self.events < _STEADY:
            return None
        return (self.last - self.first) / (self.events - 1)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a configuration; secrets are masked."""

    number: int
    text: str
    event_id: str


@dataclass(frozen=True, slots=True)
class Configuration:
    """The latest configuration of a device that the lake holds."""

    device: str
    platform: str
    origin: str  # file
    taken: datetime | None  # UTC
    snapshot: str  # SHA-256 of what was read
    lines: tuple[Line, ...]
    cut: bool  # whether there are more lines than are shown
    snapshots: int  # different ones the lake holds

    @property
    def content(self) -> bytes:
        """The configuration laid out again, as its device would have written it but for the secrets."""
        text = [""] * max((line.number for line in self.lines), default=0)
        for line in self.lines:
            text[line.number - 1] = line.text
        return "\n".join([*text, ""]).encode("utf-8", "surrogatepass")


def heard(lake: Lake, site: Site) -> list[Heard]:
    """Every device that said something, by name; late is one that has been silent far longer than its habit.

    The newest event of all evidence is the present: evidence may be old.
    """
    con = lake.connect(site)
    try:
        rows = con.execute(
            f'SELECT device, platform, role, "first", "last", events FROM devices ORDER BY device LIMIT {MOST_DEVICES}'  # noqa: S608
        ).fetchall()
    finally:
        con.close()
    newest = max((row[4] for row in rows if row[4] is not None), default=None)
    found = [Heard(str(r[0]), r[1] or "", r[2] or "", r[3], r[4], int(r[5] or 0), "heard") for r in rows if r[0]]
    return [replace(one, state=_state(one, newest)) for one in found]


def _state(one: Heard, newest: datetime | None) -> str:
    if one.gap is None or newest is None or one.last is None:
        return "once"
    return "late" if newest - one.last > max(one.gap * _QUIET_FACTOR, _LEAST_QUIET) else "heard"


def configuration(lake: Lake, device: str) -> Configuration | None:
    """The latest configuration of a device; None if the lake holds none."""
    if "config_lines" not in lake.kinds():
        return None
    con = lake.connect()
    try:
        held = con.execute(
            "SELECT snapshot, max(coalesce(taken, changed)) AS moment FROM config_lines WHERE device = ? "
            "GROUP BY snapshot ORDER BY moment DESC NULLS LAST, snapshot LIMIT 1000",
            [device],
        ).fetchall()
        if not held:
            return None
        rows = con.execute(
            "SELECT number, depth, text, event_id, origin, platform, taken, changed FROM config_lines "
            "WHERE device = ? AND snapshot = ? ORDER BY number LIMIT ?",
            [device, held[0][0], MOST_LINES + 1],
        ).fetchall()
    finally:
        con.close()
    return _laid_out(device, str(held[0][0]), rows, len(held))


def _laid_out(device: str, snapshot: str, rows: Sequence[Sequence[Any]], snapshots: int) -> Configuration:
    platform = rows[0][5] or ""
    width = 4 if platform in _DEEP else 1
    lines = tuple(Line(int(r[0]), " " * (width * (r[1] or 0)) + (r[2] or ""), r[3].hex()) for r in rows[:MOST_LINES])
    origin = (rows[0][4] or "").rpartition(":")[0]
    return Configuration(
        device, platform, origin, rows[0][6] or rows[0][7], snapshot, lines, len(rows) > MOST_LINES, snapshots
    )


def judged(held: Configuration, site: Site) -> list[Verdict]:
    """Every check's answer on a configuration from the lake, the worst first; not applicable ones left out.

    What reads a secret itself is unknown here, since the lake has none.
    """
    checks = {check.id: check for check in builtin()}
    found = []
    for verdict in audit_bytes(held.content, held.origin, tuple(checks.values()), site).verdicts:
        check = checks.get(verdict.check)
        rule = check.rule_for(verdict.platform) if check else None
        if rule is not None and rule.secrets and verdict.status in (Status.PASS, Status.FAIL):
            why = "the lake holds no secrets: audit the file itself (seawall audit run)"
            verdict = replace(verdict, status=Status.UNKNOWN, why=why)
        if verdict.status is not Status.NA:
            found.append(verdict)
    order = {Status.FAIL: 0, Status.UNKNOWN: 1, Status.PASS: 2}
    return sorted(found, key=lambda one: (order[one.status], -one.severity, one.check))
