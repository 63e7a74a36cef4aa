"""Rules: what is asked, whether it can be answered, how loud each is, and what it must and must not match."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from seawall import detect, pipeline
from seawall.console.exports import csv_answer
from seawall.console.pages.frame import PageNumber, Viewer, paged, show
from seawall.console.problems import missing
from seawall.console.reading import Reading, Slow, reading_of
from seawall.detect import rules as rule_files
from seawall.detect.base import About
from seawall.detect.rules import RuleStatus
from seawall.detect.samples import ENDING
from seawall.detect.sigma.correlation.linking import Linked
from seawall.state import paging

router = APIRouter(include_in_schema=False)
_MAX_BYTES: Final = 400_000  # of a rule's file that is shown
_MAX_SAMPLES: Final = 60


@router.get("/rules")
def rules(
    request: Request, _: Viewer, page: PageNumber = 1, q: str = "", order: str = "", export: str = ""
) -> Response:
    """Every detector."""
    reading = reading_of(request)
    about = list(catalogue(reading))
    made = reading.kept("per detector", "incidents", lambda: paging.per_detector(reading.desk.state))
    words = q.lower()[:200]
    chosen = [one for one in about if not words or any(words in text.lower() for text in _texts(one))]
    if order == "noise":
        chosen.sort(key=lambda one: (-made.get(one.id, 0), -one.severity, one.title))
    else:
        chosen.sort(key=lambda one: (-one.severity, one.title))
    states = states_of(reading)
    said = {state.rule.about.id: state.said for state in states.value or ()}
    if export:
        rows = (
            (a.id, a.severity.word, a.title, made.get(a.id, 0), said.get(a.id, ""), " ".join(a.attack)) for a in chosen
        )
        return csv_answer("rules", ("id", "severity", "title", "findings", "trouble", "attack"), rows)
    pager = paged(request, page, len(chosen))
    ruleset = reading.rules()
    return show(
        request,
        "rules",
        topics="incidents slow",
        rows=chosen[pager.begin : pager.end],
        pager=pager,
        made=made,
        most=max(made.values(), default=1),
        said=said,
        states=states,
        account=ruleset.account,
        complaints=ruleset.complaints[:20],
        asked={"q": q, "order": order},
    )


def _texts(one: About) -> tuple[str, ...]:
    return (one.id, one.title, *one.attack, *one.tags)


def catalogue(reading: Reading) -> tuple[About, ...]:
    """Every detector that can make a finding."""
    return reading.kept("catalogue", "settings", lambda: detect.catalogue(reading.rules()))


def states_of(reading: Reading) -> Slow[tuple[RuleStatus, ...]]:
    """How each rule stands with the evidence there is; worked out aside."""
    return reading.slow(
        "rule states", ("lake", "settings"), lambda: pipeline.rules_in(reading.lake(), reading.rules()), wait_s=0.1
    )


@router.get("/rules/{name}")
def rule(request: Request, _: Viewer, name: str) -> Response:
    """One detector: what it asks, needs and may mistake, and its samples."""
    reading = reading_of(request)
    ruleset = reading.rules()
    held = (*ruleset.asking, *ruleset.not_applicable)
    known = {one.id: one for one in (*catalogue(reading), *(one.about for one in held))}
    about = known.get(name) or next((a for key, a in known.items() if len(name) >= 8 and key.startswith(name)), None)
    if about is None:
        raise missing("no detector has that id")
    asking = next((one for one in held if one.about.id == about.id), None)
    meta = (asking.correlation if isinstance(asking, Linked) else asking) if asking else None
    states = states_of(reading)
    found, total = paging.some_findings(reading.desk.state, paging.FindingsAsked(detector=about.id, limit=15))
    text, samples = _file(getattr(meta, "where", ""))
    return show(
        request,
        "rule",
        topics="incidents slow",
        about=about,
        meta=meta.meta if meta else None,
        where=str(getattr(meta, "where", "")),
        said=next((s.said for s in states.value or () if s.rule.about.id == about.id), ""),
        findings=found,
        total=total,
        text=text,
        samples=samples,
    )


def _file(where: str) -> tuple[str, list[dict[str, Any]]]:
    """The text of a rule of ours, and its samples; nothing of files that lie elsewhere."""
    name = where.partition("#")[0].rpartition(":")[0] if ":" in where else where
    places = [rule_files.BUILTIN / part for part in (name, where) if part]
    places += list(rule_files.BUILTIN.rglob(Path(name or where).name)) if (name or where) else []
    root = rule_files.BUILTIN.resolve()
    for place in places:
        if place.is_file() and place.resolve().is_relative_to(root):
            text = place.read_bytes()[:_MAX_BYTES].decode("utf-8", "replace")
            beside = place.with_suffix("").with_suffix(ENDING)
            lines = beside.read_text("utf-8", "replace").splitlines() if beside.is_file() else []
            return text, [json.loads(line) for line in lines[:_MAX_SAMPLES] if line.strip()]
    return "", []
