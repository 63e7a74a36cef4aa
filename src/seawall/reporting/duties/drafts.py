"""A draft of one notice: its fields filled from the incident and from what people stated, the rest named.

A draft with empty fields, marked as not known, is better than a late report. No field is filled by guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from textwrap import fill as wrapped
from typing import Any, Final

from seawall.errors import InputError
from seawall.model.finding import utc_text
from seawall.reporting.duties import filling
from seawall.reporting.duties.board import Row
from seawall.reporting.duties.duty import STATUS_WORDS, Duties, Duty
from seawall.reporting.duties.filling import Sheet
from seawall.reporting.duties.secrecy import leaks
from seawall.reporting.duties.statements import Statement, facts
from seawall.reporting.text import moment_text, visible

UNKNOWN: Final = "not known at this time"
PAGE: Final = 92  # columns of the text


@dataclass(frozen=True, slots=True)
class Answer:
    """One field of a notice."""

    name: str
    label: str
    ask: str
    text: str  # empty: nobody knows it yet
    basis: str  # "incident", "stated by …", or empty
    places: tuple[int, ...]  # entries of the ledger it rests on


@dataclass(frozen=True, slots=True)
class Notice:
    """A draft."""

    row: Row
    answers: tuple[Answer, ...]
    made_at: datetime
    agency: str = ""
    exercise: str = ""

    @property
    def duty(self) -> Duty:
        """The duty it answers."""
        return self.row.duty

    @property
    def unfilled(self) -> tuple[Answer, ...]:
        """Fields nobody knows yet."""
        return tuple(answer for answer in self.answers if not answer.text)


def draft(
    row: Row,
    held: Duties,
    sheet: Sheet,
    statements: Sequence[Statement],
    now: datetime,
    *,
    secrets: Iterable[str] = (),
    agency: str = "",
    exercise: str = "",
) -> Notice:
    """The draft of a row's duty. `secrets`: values nobody but their own agency may read.

    Raises:
        InputError: a field holds, or seems to hold, a target, LIID or warrant number its reader must not see.
    """
    said = facts(statements)
    answers = tuple(_answer(name, held, sheet, said, row) for name in row.duty.fields)
    contacts = [name for name in row.duty.fields if held.fields[name].contact]
    texts = {answer.name: answer.text for answer in answers if answer.text}
    if row.duty.shows_intercepts:
        found = [leak for leak in leaks(texts, secrets, texts) if leak.what.endswith("of this case")]
    else:
        found = leaks(texts, secrets, contacts)
    if found:
        where = "; ".join(f"{leak.field} holds {leak.what}" for leak in found)
        raise InputError(
            f"this draft is refused: {where}",
            where=row.duty.id,
            mend=f'write "{filling.ASSISTANCE}" instead, and state the field again: seawall report fact',
        )
    return Notice(row, answers, now, agency, exercise)


def _answer(name: str, held: Duties, sheet: Sheet, said: Mapping[str, Statement], row: Row) -> Answer:
    question = held.fields[name]
    if name in said:  # what a person states outranks what the evidence says
        one = said[name]
        places: tuple[int, ...] = (one.index,) if one.index is not None else ()
        return Answer(name, question.label, question.ask, one.value, f"stated by {one.by or 'somebody'}", places)
    if not question.fill:
        return Answer(name, question.label, question.ask, "", "", ())
    text, used = filling.fill(question.fill, sheet, row.start)
    places = tuple(sorted({sheet.places[one] for one in used if one in sheet.places}))
    if question.fill == "started" and row.start is not None and row.start.index is not None:
        places = (row.start.index,)
    return Answer(name, question.label, question.ask, text, "incident" if text else "", places)


def notice_text(notice: Notice) -> str:
    """The draft as plain text for people to finish."""
    return "\n".join(_lines(notice)) + "\n"


def _lines(notice: Notice) -> Iterable[str]:
    duty, row = notice.duty, notice.row
    if notice.exercise:
        yield f"EXERCISE EXERCISE EXERCISE (session {visible(notice.exercise)}): not to be sent"
        yield ""
    yield f"DRAFT: {duty.title}"
    to = ", ".join(duty.recipients) + (f": {visible(notice.agency)}" if notice.agency else "")
    yield f"To: {to}"
    yield f"Duty: {duty.id}, {duty.source}; {STATUS_WORDS[duty.status]}, as of {duty.as_of}"
    yield f"Time: {duty.time_text}" + (f"; {row.due_local}" if row.due else "") + f" ({row.state})"
    if not duty.binding:
        yield "This text is not in force: prepare, and ask counsel before anything is sent."
    for doubt in duty.unsure:
        yield f"Unsure: {doubt}."
    if duty.note:
        yield wrapped(duty.note, PAGE)
    yield ""
    for number, answer in enumerate(notice.answers, start=1):
        yield f"{number}. {answer.label}"
        words = visible(answer.text, 8_000) if answer.text else f"[{UNKNOWN.upper()}: {answer.ask}]"
        yield wrapped(words, PAGE, initial_indent="   ", subsequent_indent="   ", break_on_hyphens=False)
        yield ""
    missing = ", ".join(answer.name for answer in notice.unfilled)
    yield f"Not filled: {missing}" if missing else "Every field is filled. A person reads it before it is sent."
    places = sorted({place for answer in notice.answers for place in answer.places})
    if places:
        yield wrapped(f"Rests on ledger entries: {_ranges(places)}", PAGE)
    yield f"Drafted {moment_text(notice.made_at)} UTC from facts of the case. Not legal advice; nothing was sent."


def notice_to_dict(notice: Notice) -> dict[str, Any]:
    """The draft as a JSON line."""
    duty, row = notice.duty, notice.row
    return {
        "duty": duty.id,
        "status": duty.status,
        "state": row.state,
        "title": duty.title,
        "recipients": list(duty.recipients),
        "agency": notice.agency or None,
        "exercise": notice.exercise or None,
        "start": {"kind": row.start.name, "at": utc_text(row.start.at), "by": row.start.by} if row.start else None,
        "due_at": utc_text(row.due) if row.due else None,
        "unsure": list(duty.unsure),
        "fields": {answer.name: answer.text or None for answer in notice.answers},
        "basis": {answer.name: answer.basis for answer in notice.answers if answer.text},
        "rests_on": {answer.name: list(answer.places) for answer in notice.answers if answer.places},
        "unfilled": {answer.name: answer.ask for answer in notice.unfilled},
        "drafted": utc_text(notice.made_at),
        "log_index": row.start.index if row.start else None,
    }


def _ranges(places: Sequence[int]) -> str:
    """`3, 7 to 12, 40`."""
    runs: list[list[int]] = []
    for place in places:
        if runs and place == runs[-1][1] + 1:
            runs[-1][1] = place
        else:
            runs.append([place, place])
    return ", ".join(str(a) if a == b else f"{a} to {b}" for a, b in runs)
