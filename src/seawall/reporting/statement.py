"""The honest statement for people: one page for a board, one annex for engineers, from the same facts.

The board's page says what is known in plain words; the annex holds every access, gap and doubt behind it. Neither says
"not affected": there is no such answer.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from typing import Final

from markupsafe import Markup
from rich.console import Group, RenderableType
from rich.text import Text

from seawall import __version__
from seawall.model.assessment import QUESTIONS, Answer, Assessment, Gap, Statement
from seawall.reporting import html
from seawall.reporting.terminal import QUIET, Hanging
from seawall.reporting.text import and_list, count_text, moment_text, safe_terminal, size_text

MOST_LINES: Final = 8  # of a list on the screen
BOARD_SUBJECTS: Final = 12  # one page holds no more; the rest is counted, and stands in the annex
BOARD_LINES: Final = 5
ANNEX_ROWS: Final = 2_000
STYLE: Final[dict[Answer, str]] = {
    "reached": "bold red",
    "tried": "yellow",
    "cannot be known": "bold magenta",
    "no evidence": "green",
}
MEANINGS: Final[dict[Answer, str]] = {
    "reached": "There is evidence that somebody who should not have been there was there.",
    "tried": "There is evidence of tries, and a success would have shown.",
    "cannot be known": "Evidence that would answer is missing. This is not a sign that nothing happened.",
    "no evidence": "Nothing was found, and we could look the whole time. It is the strongest thing silence can say.",
}


def statement_view(told: Statement) -> RenderableType:
    """The statement on a terminal."""
    return Group(*_lines(told))


def _lines(told: Statement) -> Iterator[RenderableType]:
    if told.privilege:
        yield Text(safe_terminal(told.privilege), style="bold")
    yield Text(QUESTIONS[told.claim], style="bold")
    yield Hanging(told.sentence)
    yield Hanging(f"{_period(told)}; {count_text(len(told.incidents), 'incident')} in it.", style=QUIET)
    for one in told.answers:
        head = Text.assemble("\n", (one.answer.upper(), STYLE[one.answer]), "  ", (safe_terminal(one.subject), "bold"))
        yield head
        yield from (Hanging(line, bullet="  ") for line in answer_lines(one))
    yield from _part("What left", [*outflow_lines(told)])
    yield from _part("Where nobody could look", [gap_line(gap) for gap in told.blind])
    yield from _part("How far the logs can be trusted", [f"{i.topic}: {i.text}" for i in told.integrity])
    yield from _part("How far back", [told.retention])
    yield from _part("What would settle it", [f"{s.evidence}: {s.how}" for s in told.settles])


def _part(title: str, lines: Sequence[str]) -> Iterator[RenderableType]:
    if lines:
        yield Text(f"\n{title}", style="bold")
        yield from (Hanging(line, bullet="  • ") for line in lines[:MOST_LINES])
        if len(lines) > MOST_LINES:
            yield Text(f"  … and {len(lines) - MOST_LINES:,} more; --annex FILE lists them all", style=QUIET)


def answer_lines(one: Assessment) -> list[str]:
    """What stands below one answer, in sentences."""
    lines = [f"{one.why}."]
    if one.first is not None and one.last is not None and one.answer in ("reached", "tried"):
        lines.append(f"first sign {moment_text(one.first)} UTC, last {moment_text(one.last)} UTC")
    if one.explained or one.unexplained:
        lines.append(
            f"{count_text(one.explained + one.unexplained, 'access', 'accesses')}: {one.explained:,} explained, "
            f"{one.unexplained:,} not"
        )
    if one.outflows:
        octets = sum(out.bytes for out in one.outflows)
        lines.append(f"{size_text(octets)} left it for {count_text(len(one.outflows), 'address', 'addresses')} outside")
    return lines


def outflow_lines(told: Statement) -> Iterator[str]:
    """What left, one line for each way; said also where nothing could be counted."""
    if not told.flows_seen:
        yield "cannot be known: no flow record of the period"
    elif not told.outflows:
        yield "no flow record shows anything leaving crown jewels, or going to addresses of the incidents"
    for out in told.outflows:
        yield (
            f"{size_text(out.bytes)} from {out.device} ({out.source}) to {out.target}, "
            f"{moment_text(out.first)} to {moment_text(out.last)} UTC"
        )


def gap_line(gap: Gap) -> str:
    """A gap in one line."""
    who = "everything" if gap.device == "*" else gap.device
    return f"{who}, {gap.telemetry}, {moment_text(gap.first)} to {moment_text(gap.last)} UTC: {gap.why}"


def _period(told: Statement) -> str:
    return f"{moment_text(told.first)} to {moment_text(told.last)} UTC"


def render_board(told: Statement) -> str:
    """One page for a board, as HTML text."""
    return _render("board.html.jinja", told, BOARD_LINES)


def render_annex(told: Statement) -> str:
    """The annex for engineers, as HTML text: every access, gap and doubt."""
    return _render("annex.html.jinja", told, ANNEX_ROWS)


def _render(template: str, told: Statement, rows: int) -> str:
    style = html.style()
    return (
        html.environment()
        .get_template(template)
        .render(
            told=told,
            question=QUESTIONS[told.claim],
            meanings=[(answer, text) for answer, text in MEANINGS.items() if told.by(answer)],
            subjects=BOARD_SUBJECTS,
            rows=rows,
            lines=answer_lines,
            gap_line=gap_line,
            outflows=list(outflow_lines(told)),
            names=and_list,
            style=Markup(style),  # noqa: S704 - our own file, no evidence in it
            style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
            version=__version__,
        )
    )
