"""The overview: what needs me now, how the sources are, what could not be seen, how loud it is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from seawall.console.access import Who
from seawall.console.pages.frame import Viewer, show
from seawall.console.pages.incidents import Row, rows
from seawall.console.plots import Drawn, days
from seawall.console.reading import Reading, Slow, reading_of
from seawall.engine.records import FileRecord
from seawall.model.coverage import Coverage
from seawall.model.severity import Severity
from seawall.pipeline import devices, in_view
from seawall.response.steps import stand_of
from seawall.state import paging

router = APIRouter(include_in_schema=False)
_SOON: Final = timedelta(hours=2)
_LISTED: Final = 12


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that waits for a person."""

    urgent: str  # severity word: how it is marked
    what: str
    why: str
    link: str
    at: datetime | None = None  # when it began to wait, or until when it can


@dataclass(frozen=True, slots=True)
class Sources:
    """How what Seawall hears is."""

    heard: list[devices.Heard]
    files: int
    rejected: int
    events: int
    newest: datetime | None
    worst: list[FileRecord]  # files with the most rejected records

    @property
    def late(self) -> list[devices.Heard]:
        """Devices silent far longer than their habit."""
        return [one for one in self.heard if one.state == "late"]


@router.get("/")
def overview(request: Request, who: Viewer) -> Response:
    """What needs me now."""
    reading = reading_of(request)
    every = rows(reading)
    open_ = [row for row in every if not row.hidden and row.standing.state not in ("closed",)]
    sources = sources_of(reading, wait_s=0.1)
    covered = coverage_of(reading, wait_s=0.1)
    return show(
        request,
        "overview",
        topics="incidents casework lake responses slow",
        needs=needs_of(reading, who, open_),
        rows=open_[:_LISTED],
        open=len(open_),
        grave=sum(row.it.severity >= Severity.HIGH for row in open_),
        untaken=sum(not row.standing.owner for row in open_),
        waiting=reading.waiting(),
        standing=standing_blocks(reading),
        sources=sources,
        covered=covered,
        shares=shares(covered.value) if covered.value else None,
        noise=noise(reading),
        histogram=histogram(reading),
        now=reading.desk.clock.now(),
    )


def needs_of(reading: Reading, who: Who, open_: list[Row]) -> list[Need]:
    """What waits for this person, the most pressing first."""
    found = [
        Need(row.it.severity.word, row.it.title, "nobody has it", f"/incidents/{row.it.id}", row.it.last)
        for row in open_
        if row.it.severity >= Severity.HIGH and not row.standing.owner and row.standing.state != "contained"
    ][:6]
    found += [
        Need(row.it.severity.word, row.it.title, f"yours, {row.standing.state}", f"/incidents/{row.it.id}", row.it.last)
        for row in open_
        if row.standing.owner == who.id and row.standing.state != "contained"
    ][:6]
    for plan in reading.plans()[:50]:
        if (unsigned := reading.unsigned(plan)) and who.has("approver") and plan.requester != who.id:
            signed = min(len(reading.tally(plan, action).approvers) for action in unsigned)
            why = f"waits for signatures, {signed} so far"
            found.append(Need("high", plan.title, why, f"/responses/{plan.id}", None))
        elif who.has("responder") and (ready := _ready(reading, plan)):
            found.append(Need("high", plan.title, f"signed: {ready} to apply", f"/responses/{plan.id}", None))
    now = reading.desk.clock.now()
    for plan_id, title, expires in standing_blocks(reading):
        if expires is not None and expires - now < _SOON:
            found.append(Need("medium", title, "this block ends soon", f"/responses/{plan_id}", expires))
    return found


def _ready(reading: Reading, plan: Any) -> int:
    """How many actions of a plan are signed and were never tried."""
    if plan.exercise or not plan.requester:
        return 0
    acts = [action for action in plan.actions if action.lasting != "ask"]
    return sum(stand_of(reading.desk.ledger, a.id) is None and reading.signed(plan, a) for a in acts)


def standing_blocks(reading: Reading) -> list[tuple[str, str, datetime | None]]:
    """What of ours may be on a target now: plan, title, and when it ends."""
    found = []
    for plan in reading.plans():
        for action in plan.actions:
            stand = stand_of(reading.desk.ledger, action.id)
            if stand is not None and stand.stands:
                found.append((plan.id, f"{action.kind} on {action.target}", stand.expires))
    return found


def sources_of(reading: Reading, *, wait_s: float = 0.0) -> Slow[Sources]:
    """How what Seawall hears is; worked out aside."""

    def work() -> Sources:
        lake = reading.lake()
        files = lake.files()
        heard = devices.heard(lake, reading.site())
        worst = sorted((f for f in files if f.rejected), key=lambda f: -f.rejected)[:5]
        newest = max((f.last for f in files if f.last), default=None)
        rejected, events = sum(f.rejected for f in files), sum(f.events for f in files)
        return Sources(heard, len(files), rejected, events, newest, worst)

    return reading.slow("sources", ("lake", "settings"), work, wait_s=wait_s)


def coverage_of(reading: Reading, *, wait_s: float = 0.0) -> Slow[list[Coverage]]:
    """What could, and what could not, have been seen; worked out aside."""

    def work() -> list[Coverage]:
        return list(in_view(reading.lake(), reading.rules(), reading.desk.state.findings(), reading.site()))

    return reading.slow("coverage", ("incidents", "lake", "settings"), work, wait_s=wait_s)


def kind_of(entry: Coverage) -> str:
    """A cell of the matrix, in one word."""
    if entry.visibility == "seen":
        return "seen"
    if not entry.looked_for:
        return "unlooked"
    if entry.observable == "partly":
        return "partly"
    if entry.visibility == "could not be seen" or entry.observable == "not observable":
        return "could-not"
    return "not-seen"


def shares(covered: list[Coverage]) -> dict[str, float]:
    """How the pairs of device and behaviour fall, as shares of all."""
    counted = Counter(kind_of(entry) for entry in covered)
    total = max(1, len(covered))
    return {kind: counted[kind] / total for kind in ("seen", "not-seen", "partly", "could-not", "unlooked")}


def noise(reading: Reading) -> dict[str, Any]:
    """Who makes the most findings, and how many of them join no incident."""
    known = reading.known()

    def work() -> dict[str, Any]:
        made = paging.per_detector(reading.desk.state)
        joined = sum(len(one.findings) for one in known.incidents)
        total = sum(made.values())
        titles = {about.id: about.title for about in _catalogue(reading)}
        loud = sorted(made.items(), key=lambda pair: -pair[1])[:6]
        return {
            "total": total,
            "joined": min(joined, total),
            "loud": [(name, titles.get(name, name), number) for name, number in loud],
        }

    return reading.kept("noise", "incidents", work)


def _catalogue(reading: Reading) -> Any:
    from seawall import detect

    return reading.kept("catalogue", "settings", lambda: detect.catalogue(reading.rules()))


def histogram(reading: Reading) -> Drawn | None:
    """Findings per day."""
    return reading.kept("per day", "incidents", lambda: days(paging.per_day(reading.desk.state), "finding"))
