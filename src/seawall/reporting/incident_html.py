"""The report of one incident: one HTML file to read, print and hand on, and its pictures as SVG files.

It says what happened, what was reached and what cannot be known, who must be told by when, and by which digests and
ledger entries every piece of evidence can be checked. Nothing in it is fetched and nothing runs.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from typing import Final

from markupsafe import Markup

from seawall import __version__
from seawall.model.assessment import Statement as Assessed
from seawall.model.attack import ATTACK_VERSION
from seawall.model.finding import Finding
from seawall.model.incident import Incident
from seawall.model.site import Site
from seawall.reporting import graph, html, tactics, timeline
from seawall.reporting.duties.board import QUIET, Row
from seawall.reporting.duties.statements import Statement
from seawall.reporting.statement import answer_lines, gap_line, outflow_lines
from seawall.reporting.text import visible

MAX_FILES: Final = 400  # rows of the list of evidence
MAX_PROOFS: Final = 600
MAX_GAPS: Final = 40
MAX_MARKING: Final = 200  # characters of counsel's marking on each sheet


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A file some evidence stands in."""

    origin: str
    sha256: str  # empty where the lake knows no digest
    findings: tuple[int, ...]  # numbers in the table of findings
    index: int | None  # of its entry in the ledger


@dataclass(frozen=True, slots=True)
class Proven:
    """A finding as the ledger holds it."""

    number: int
    finding: str  # id
    sha256: str  # of its canonical JSON
    index: int | None
    leaf: str  # hash of the entry, hex


@dataclass(frozen=True, slots=True)
class IncidentPage:
    """Everything the report of one incident says."""

    incident: Incident
    findings: Sequence[Finding]  # in order of time
    site: Site
    made: datetime  # UTC
    case: str  # title of the case
    privilege: str = ""  # counsel's marking, on every page
    exercise: str = ""  # drill session, where nothing of it is real
    assessed: Assessed | None = None
    rows: Sequence[Row] = ()  # of the board
    statements: Sequence[Statement] = ()
    exhibits: Sequence[Exhibit] = ()
    proofs: Sequence[Proven] = ()
    checkpoint: str = ""  # the ledger's signed note
    witnesses: Sequence[str] = field(default_factory=tuple)


def render_incident(page: IncidentPage) -> str:
    """The report as HTML text."""
    style = html.style() + _every_page(page)
    started = [one for one in page.statements if one.kind in ("start", "sent", "silence")]
    shown = [row for row in page.rows if row.state not in QUIET and row.state != "waiting"]
    waiting: dict[str, list[str]] = {}
    for row in page.rows:
        if row.state == "waiting":
            waiting.setdefault(row.duty.start, []).append(row.duty.id)
    template = html.environment().get_template("incident.html.jinja")
    return template.render(
        page=page,
        chapter=_chapter(page),
        graph=graph.draw(page.findings, page.site),
        style=Markup(style),  # noqa: S704 - our own file; words of counsel stand in it as numbers of characters
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        started=started,
        shown=shown,
        waiting=waiting,
        lines=answer_lines,
        gap_line=gap_line,
        outflows=list(outflow_lines(page.assessed)) if page.assessed else [],
        answer_marks=_MARKS,
        limits=html.LIMITS | {"exhibits": MAX_FILES, "proofs": MAX_PROOFS, "gaps": MAX_GAPS},
        version=__version__,
        attack_version=ATTACK_VERSION,
    )


def _every_page(page: IncidentPage) -> str:
    """What paper shows on each sheet: counsel's marking above, the incident and the sheet's number below."""
    above = _css_text(visible(page.privilege, MAX_MARKING).upper())
    below = _css_text(f"Incident {page.incident.id[:8]}{', an exercise' if page.exercise else ''}, page ")
    font = "font: 650 7.5pt system-ui, sans-serif; letter-spacing: .06em; color: #14181f;"
    return (
        f"@page {{ @top-center {{ content: {above}; {font} }} "
        f"@bottom-center {{ content: {below} counter(page); font: 7.5pt system-ui, sans-serif; color: #4d5663; }} }}\n"
    )


def _css_text(text: str) -> str:
    """A string of CSS whose every odd character is its number, so that no text can end it."""
    return '"' + "".join(c if c.isascii() and c.isalnum() else f"\\{ord(c):x} " for c in text) + '"'


def pictures(page: IncidentPage) -> Mapping[str, str]:
    """The timeline and the graph as SVG files of their own, by name; those there is something to draw of."""
    numbers = _numbers(page.findings)
    drawings = {
        "timeline": timeline.draw(page.incident, page.findings, numbers),
        "graph": graph.draw(page.findings, page.site),
    }
    template = html.environment().get_template("picture.svg.jinja")
    return {
        f"{name}.svg": template.render(name=name, drawing=drawing, incident=page.incident, privilege=page.privilege)
        for name, drawing in drawings.items()
        if drawing is not None
    }


_MARKS: Final = {"reached": "●", "tried": "◐", "cannot be known": "?", "no evidence": "○"}


def _chapter(page: IncidentPage) -> html.Chapter:
    numbers = _numbers(page.findings)
    beats = [html.beat_of(sentence) for sentence in page.incident.storyline]
    drawing = timeline.draw(page.incident, page.findings, numbers)
    here = replace(page.incident, storyline=())
    return html.Chapter(here, 1, beats, list(page.findings), numbers, drawing, tactics.strip(list(page.findings)), {})


def _numbers(findings: Sequence[Finding]) -> dict[str, int]:
    return dict(zip((finding.id for finding in findings), count(1), strict=False))
