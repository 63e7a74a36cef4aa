"""Devices, one device from every side, and the coverage matrix."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from seawall.console.exports import csv_answer
from seawall.console.pages.frame import PageNumber, Viewer, paged, show
from seawall.console.pages.overview import coverage_of, kind_of, shares, sources_of
from seawall.console.problems import missing
from seawall.console.reading import Reading, reading_of
from seawall.model.audit import Verdict
from seawall.model.behaviours import BEHAVIOURS, STAGES
from seawall.model.coverage import Coverage
from seawall.pipeline import devices as pipes
from seawall.reporting.view import blindness
from seawall.state import paging

router = APIRouter(include_in_schema=False)
TABS: Final = (("", "Findings"), ("configuration", "Configuration"), ("checks", "Checks"), ("coverage", "Coverage"))
WORDS: Final = {
    "seen": "seen",
    "not-seen": "not seen, and would have been",
    "partly": "partly observable",
    "could-not": "could not be seen",
    "unlooked": "nobody looks for it",
}
_ROWS: Final = 120  # devices of one page of the matrix


@router.get("/devices")
def devices(
    request: Request, _: Viewer, page: PageNumber = 1, q: str = "", state: str = "", export: str = ""
) -> Response:
    """Every device that was heard."""
    reading = reading_of(request)
    sources = sources_of(reading, wait_s=0.15)
    heard = sources.value.heard if sources.value else []
    words = q.lower()[:200]
    chosen = [
        one
        for one in heard
        if (not state or one.state == state)
        and (not words or any(words in name.lower() for name in (one.device, one.platform, one.role)))
    ]
    if export:
        columns = ("device", "platform", "role", "first", "last", "events", "state")
        return csv_answer("devices", columns, ([getattr(one, name) for name in columns] for one in chosen))
    pager = paged(request, page, len(chosen))
    told = Counter(
        name for it in reading.known().incidents for name in {e.value for e in it.entities if e.type == "device"}
    )
    return show(
        request,
        "devices",
        topics="lake incidents slow",
        sources=sources,
        rows=chosen[pager.begin : pager.end],
        pager=pager,
        incidents=told,
        jewels=_jewels(reading),
        asked={"q": q, "state": state},
        heard=len(heard),
    )


def _jewels(reading: Reading) -> dict[str, str]:
    found: dict[str, str] = {}
    for device in reading.site().devices:
        if device.crown_jewel:
            found |= dict.fromkeys((device.name, *device.aliases), device.role or "crown jewel")
    return found


@router.get("/devices/{name:path}")
def device(request: Request, _: Viewer, name: str, tab: str = "") -> Response:
    """One device."""
    reading = reading_of(request)
    if tab not in dict(TABS):
        raise missing("a device has no such page")
    sources = sources_of(reading, wait_s=1.0)
    heard = next((one for one in sources.value.heard if one.device == name), None) if sources.value else None
    covered = coverage_of(reading, wait_s=0.1)
    mine = [entry for entry in covered.value or () if entry.device == name]
    found, total = paging.some_findings(reading.desk.state, paging.FindingsAsked(text=name, limit=60))
    known = [one for one in found if any(e.value == name for e in one.entities)]
    if heard is None and not mine and not known and sources.value is not None:
        raise missing("no evidence of this case names that device")
    values: dict[str, Any] = {}
    if tab in ("configuration", "checks"):
        held = reading.slow(("config", name), ("lake",), lambda: pipes.configuration(reading.lake(), name), wait_s=2.0)
        values["held"] = held
        if tab == "checks" and held.value is not None:
            laid = held.value

            def judge() -> list[Verdict]:
                return pipes.judged(laid, reading.site())

            values["verdicts"] = reading.slow(("checks", name), ("lake", "settings"), judge, wait_s=2.0)
    incidents = [it for it in reading.known().incidents if any(e.value == name for e in it.entities)]
    return show(
        request,
        "device",
        topics="lake incidents slow",
        name=name,
        heard=heard,
        covered=covered,
        mine=sorted(mine, key=lambda entry: entry.behaviour),
        counted=Counter(kind_of(entry) for entry in mine),
        kind_of=kind_of,
        words=WORDS,
        findings=known,
        more=max(0, total - len(found)),
        incidents=incidents,
        jewel=_jewels(reading).get(name, ""),
        tab=tab,
        tabs=TABS,
        behaviours=BEHAVIOURS,
        **values,
    )


@router.get("/coverage")
def coverage(request: Request, _: Viewer, page: PageNumber = 1, export: str = "") -> Response:
    """The matrix: each device, each behaviour, and what was or could have been seen."""
    reading = reading_of(request)
    covered = coverage_of(reading, wait_s=0.2)
    entries = covered.value or []
    if export:
        columns = ("device", "behaviour", "visibility", "observable", "why", "setting", "fix", "price")
        return csv_answer("coverage", columns, ([getattr(one, name) for name in columns] for one in entries))
    table = matrix(entries)
    names = sorted(table, key=lambda name: (name != "network", name))
    pager = paged(request, page, len(names), _ROWS)
    known = [one for one in BEHAVIOURS if any(one in row for row in table.values())]
    stages = [(stage, sum(BEHAVIOURS[one].stage == stage for one in known)) for stage in STAGES]
    return show(
        request,
        "coverage",
        topics="lake incidents slow",
        covered=covered,
        names=names[pager.begin : pager.end],
        table=table,
        columns=sorted(known, key=lambda one: (STAGES.index(BEHAVIOURS[one].stage), one)),
        stages=[(stage, number) for stage, number in stages if number],
        behaviours=BEHAVIOURS,
        kind_of=kind_of,
        words=WORDS,
        shares=shares(entries) if entries else None,
        pager=pager,
        limits={"rows": 60, "cell": 6},
        blind=reading.kept("blind", "lake", lambda: blindness(entries))[:60] if covered.fresh else [],
    )


def matrix(entries: list[Coverage]) -> dict[str, dict[str, Coverage]]:
    """Device → behaviour → what is said of it."""
    found: dict[str, dict[str, Coverage]] = {}
    for entry in entries:
        found.setdefault(entry.device, {})[entry.behaviour] = entry
    return found
