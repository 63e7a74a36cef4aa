"""The fleet's state as one HTML page that reads offline: a score per device and check, and the trend over snapshots."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from markupsafe import Markup

from seawall import __version__
from seawall.model.audit import Status, Verdict
from seawall.reporting import html
from seawall.reporting.audit_score import Snapshot, Tally, by_check, latest, snapshots_of

MAX_DEVICES: Final = 2_000  # rows of the table; the rest is counted
MAX_TOLD: Final = 300  # devices whose failures are told one by one
MAX_LINES: Final = 5
_WIDTH, _HEIGHT = 160, 32  # of a trend, in pixels


@dataclass(frozen=True, slots=True)
class Trend:
    """A device over its snapshots."""

    device: str
    snapshots: tuple[Snapshot, ...]
    points: str  # for a polyline of `_WIDTH` x `_HEIGHT`


def render_audit(verdicts: Iterable[Verdict], now: datetime) -> str:
    """The page as text. Every text from a configuration is escaped and made visible."""
    snapshots = snapshots_of(verdicts)
    newest = latest(snapshots)
    fleet = Tally()
    for snapshot in newest:
        for verdict in snapshot.verdicts:
            fleet.add(verdict)
    checks = sorted(by_check(newest).values(), key=lambda pair: (-pair[1].lost, -pair[0].severity, pair[0].check))
    worst_first = sorted(newest, key=lambda s: (s.tally.score if s.tally.score is not None else 101, s.device))
    style = html.style()
    return (
        html.environment()
        .get_template("audit.html.jinja")
        .render(
            style=Markup(style),  # noqa: S704 - our own file, no evidence in it
            style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
            fleet=fleet,
            devices=worst_first,
            checks=checks,
            trends=_trends(snapshots),
            now=now,
            fails=Status.FAIL,
            unknown=Status.UNKNOWN,
            limits={"devices": MAX_DEVICES, "told": MAX_TOLD, "lines": MAX_LINES},
            width=_WIDTH,
            height=_HEIGHT,
            version=__version__,
        )
    )


def _trends(snapshots: Sequence[Snapshot]) -> list[Trend]:
    """Devices with several dated snapshots."""
    held: dict[str, list[Snapshot]] = {}
    for snapshot in snapshots:
        if snapshot.taken is not None:
            held.setdefault(snapshot.device, []).append(snapshot)
    return [Trend(device, tuple(these), _points(these)) for device, these in held.items() if len(these) > 1]


def _points(snapshots: Sequence[Snapshot]) -> str:
    moments = [s.taken.timestamp() for s in snapshots if s.taken is not None]
    first, span = moments[0], max(1.0, moments[-1] - moments[0])
    across = (2 + (_WIDTH - 4) * (moment - first) / span for moment in moments)
    down = (_HEIGHT - 2 - (_HEIGHT - 4) * (snapshot.tally.score or 0) / 100 for snapshot in snapshots)
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across, down, strict=True))
