"""The report: one HTML file that reads offline, on screen and on paper.

Nothing in it is fetched and nothing runs: no script, one inline style sheet named by its hash in a strict content
policy. Every text passes `visible` and Jinja's escaping, whoever wrote it.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from seawall import __version__
from seawall.errors import InputError
from seawall.model.attack import ATTACK_VERSION
from seawall.model.finding import Finding
from seawall.model.incident import Incident
from seawall.reporting import flow_plots, headline, tactics, text, timeline
from seawall.reporting.view import CaseView

_BEAT: Final = re.compile(
    r"(?:(?P<day>\d{4}-\d\d-\d\d) )?(?P<time>\d\d:\d\d) UTC (?P<place>.{1,80}?): (?P<text>.+)", re.DOTALL
)
_ID: Final = re.compile(r"(?<![\w-])[RAEPDCILKNX]-\d\d(?![\w-])")
_COMMAND: Final = re.compile(r"`([^`]+)`")
MAX_INCIDENTS: Final = 25  # told in full; the rest are a table
MAX_INCIDENT_ROWS: Final = 200
MAX_FINDINGS: Final = 150  # rows of one table
MAX_RAW: Final = 80  # findings of one incident whose raw lines are shown
MAX_LINES: Final = 4  # raw lines of one finding
MAX_JOINS: Final = 100
MAX_HANDOVERS: Final = 12
MAX_ROWS: Final = 100  # rows of every other table
MAX_SHOWN_VALUES: Final = 8  # names listed in one cell


@dataclass(frozen=True, slots=True)
class Beat:
    """One sentence of a storyline, taken apart so that times and places stand under each other."""

    day: str
    time: str
    place: str
    text: str
    kind: str  # "beat", "pause" or "remark"


@dataclass(frozen=True, slots=True)
class Chapter:
    """One incident, prepared for the page."""

    incident: Incident
    number: int
    beats: list[Beat]
    findings: list[Finding]
    numbers: Mapping[str, int]  # finding id → its number in this incident's tables
    timeline: timeline.Timeline | None
    tactics: tuple[tactics.Tactic, ...]
    drawings: Mapping[str, tuple[flow_plots.Plot, ...]]  # finding id → its drawings


def write_report(path: Path, *, case: CaseView) -> None:
    """Write the report of `case` to `path`, whole or not at all.

    Raises:
        InputError: the file cannot be written.
    """
    write_page(path, render_report(case))


def write_page(path: Path, page: str) -> None:
    """Write a page to `path`, whole or not at all.

    Raises:
        InputError: the file cannot be written.
    """
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.", delete=False
        ) as draft:
            draft.write(page)
        os.chmod(draft.name, 0o644 & ~_umask())
        os.replace(draft.name, path)
    except OSError as error:
        raise InputError(
            f"the report cannot be written: {error.strerror or error}",
            where=str(path),
            mend="choose a folder that exists and that you may write to",
        ) from error


def render_report(case: CaseView) -> str:
    """The report of `case` as HTML text."""
    page = environment()
    style_text = style()
    digest = base64.b64encode(hashlib.sha256(style_text.encode()).digest()).decode()
    return page.get_template(
        "report.html.jinja"
    ).render(
        case=case,
        style=Markup(style_text),  # noqa: S704 - our own file, no evidence in it
        style_hash=digest,
        chapters=[_chapter(case, n, i) for n, i in enumerate(case.incidents[:MAX_INCIDENTS], start=1)],
        answer=headline.answer(case),
        touched=headline.touched(case),
        touched_question=headline.TOUCHED,
        answers=headline.ANSWERS,
        doubt=headline.doubt(case),
        basis=headline.basis(case),
        steps=headline.next_steps(case),
        version=__version__,
        attack_version=ATTACK_VERSION,
        limits=LIMITS,
    )


def _chapter(case: CaseView, number: int, incident: Incident) -> Chapter:
    findings = case.findings_of(incident)
    numbers = {finding.id: place for place, finding in enumerate(findings, start=1)}
    drawing = timeline.draw(incident, findings, numbers)
    beats = [beat_of(sentence) for sentence in incident.storyline]
    drawings = {f.id: made for f in findings if f.id in case.shapes and (made := flow_plots.plots(case.shapes[f.id]))}
    return Chapter(incident, number, beats, findings, numbers, drawing, tactics.strip(findings), drawings)


def beat_of(sentence: str) -> Beat:
    """A sentence of a storyline in its parts; one that has no time of its own is a pause or a remark."""
    found = _BEAT.match(sentence)
    if found:
        return Beat(found["day"] or "", found["time"], found["place"], found["text"], "beat")
    return Beat("", "", "", sentence, "pause" if sentence.startswith("Between ") else "remark")


def _with_ids(sentence: str) -> Markup:
    """A sentence as safe markup: commands as code, and behaviour ids that never break across lines."""
    safe = str(escape(text.visible(sentence)))
    marked = _ID.sub(r'<span class="id">\g<0></span>', safe)
    return Markup(_COMMAND.sub(r"<code>\g<1></code>", marked))  # noqa: S704


@cache
def environment() -> Environment:
    """Templates that escape and make visible whatever they show."""
    made = Environment(
        loader=PackageLoader("seawall.reporting"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    made.filters.update(
        moment=text.moment_text,
        span=text.length_text,
        size=text.size_text,
        names=text.and_list,
        short=text.short_host,
        ids=_with_ids,
        brief=text.brief,
    )
    made.globals.update(count=text.count_text, behaviour_text=headline.behaviour_text, place_names=headline.place_names)
    return made


def _shown(value: Any) -> Any:
    """Every text that reaches the page has nothing hidden in it; markup of our own passes."""
    return text.visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def style() -> str:
    """The one style sheet of our pages."""
    return (Path(__file__).parent / "templates" / "report.css").read_text(encoding="utf-8")


def _umask() -> int:
    """The process's umask; there is no way to read it but to set it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


LIMITS: Final[dict[str, int]] = {
    "incidents": MAX_INCIDENTS,
    "incident_rows": MAX_INCIDENT_ROWS,
    "findings": MAX_FINDINGS,
    "raw": MAX_RAW,
    "lines": MAX_LINES,
    "joins": MAX_JOINS,
    "handovers": MAX_HANDOVERS,
    "rows": MAX_ROWS,
    "cell": MAX_SHOWN_VALUES,
}
