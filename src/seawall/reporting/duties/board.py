"""The status board: for one incident and every duty, whether its clock runs, until when, and what to do.

A text that is not in force never makes anything overdue: it says *prepare*, with the same time. A clock starts only by
what a person stated, never by a finding.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from seawall.model.finding import utc_text
from seawall.reporting.duties.deadlines import due, opens, zone_of
from seawall.reporting.duties.duty import STATUS_WORDS, Duties, Duty
from seawall.reporting.duties.statements import EVERY, Statement, facts, latest

ORDER: Final = (
    "overdue", "due", "silent", "wait", "may be sent", "aim passed", "aim", "open", "prepare", "waiting", "sent late",
    "sent too early", "sent", "not in force then", "does not apply", "rescinded",
)  # fmt: skip
QUIET: Final = frozenset({"not in force then", "does not apply", "rescinded"})
_NO: Final = frozenset({"no", "false", "0", "none"})
_YES: Final = frozenset({"yes", "true", "1"})


@dataclass(frozen=True, slots=True)
class Row:
    """One duty as it stands for one incident. Times are UTC."""

    duty: Duty
    state: str  # one of ORDER
    said: str  # why, and what to do; one sentence or two
    start: Statement | None = None
    due: datetime | None = None  # of the law, of our own aim, or when the time of waiting ends
    sent: Statement | None = None
    silence: Statement | None = None

    @property
    def due_local(self) -> str:
        """The time in the zone of the law, with its offset; empty where there is none."""
        return self.due.astimezone(zone_of(self.duty.zone)).strftime("%a %Y-%m-%d %H:%M:%S %Z") if self.due else ""


def board(held: Duties, statements: Sequence[Statement], now: datetime, which: Iterable[str] = ()) -> list[Row]:
    """One row for each duty of the jurisdictions `which` (none: all), the most pressing first."""
    wanted = set(which)
    duties = [d for d in held.duties.values() if not wanted or d.jurisdiction in wanted or d.jurisdiction == "any"]
    rows = [_row(duty, held, statements, now) for duty in duties]
    return sorted(rows, key=lambda row: (ORDER.index(row.state), utc_text(row.due) if row.due else "~", row.duty.id))


def row_to_dict(row: Row, incident: str, fields: dict[str, str | None]) -> dict[str, Any]:
    """The JSON line of a row."""
    duty, start = row.duty, row.start
    named = start.name if start else duty.start
    return {
        "duty": duty.id,
        "incident": incident,
        "jurisdiction": duty.jurisdiction,
        "title": duty.title,
        "status": duty.status,
        "state": row.state,
        "said": row.said,
        "start": {"kind": named, "at": utc_text(start.at), "by": start.by} if start else None,
        "waits_for": None if start else duty.start,
        "due_at": utc_text(row.due) if row.due else None,
        "due_local": row.due_local or None,
        "due_basis": "law" if duty.deadline else "earliest" if duty.earliest else "aim" if duty.target else None,
        "recipients": list(duty.recipients),
        "fields": fields,
        "silence_until": utc_text(row.silence.at) if row.silence else None,
        "sent": utc_text(row.sent.at) if row.sent else None,
        "unsure": list(duty.unsure),
        "as_of": duty.as_of,
        "source": duty.source,
        "log_index": start.index if start else None,
    }


def _row(duty: Duty, held: Duties, statements: Sequence[Statement], now: datetime) -> Row:
    start = latest(statements, "sent", duty.follows) if duty.follows else latest(statements, "start", duty.clock)
    sent = latest(statements, "sent", duty.id)
    applies, condition = _applies(duty, statements)
    if duty.status == "rescinded":
        return Row(duty, "rescinded", duty.note or "No deadline follows from it.", start)
    if not applies:
        return Row(duty, "does not apply", condition, start, sent=sent)
    if start is None:
        return Row(duty, "waiting", _join(_waits(duty, held), condition), sent=sent)
    if duty.binding and (outside := _outside(duty, start)):
        return Row(duty, "not in force then", outside, start, sent=sent)
    moment = _moment(duty, start, held)
    silence = _silence(duty, statements, now)
    state, said = _state(duty, moment, sent, silence, now)
    return Row(duty, state, _join(said, condition, _doubt(duty)), start, moment, sent, silence)


def _applies(duty: Duty, statements: Sequence[Statement]) -> tuple[bool, str]:
    """Whether a duty applies as far as anybody said, and what to say of that."""
    if not duty.applies_if:
        return True, ""
    said = facts(statements).get(duty.applies_if)
    words = duty.applies_if.replace("_", " ")
    if said is None or (value := said.value.strip().lower()) not in _NO | _YES:
        return True, f"Only if: {words}. Nobody has said: seawall report fact ID {duty.applies_if}=yes or =no."
    return value in _YES, f"{words}: {said.value} (stated by {said.by or 'somebody not named'})."


def _waits(duty: Duty, held: Duties) -> str:
    if duty.follows:
        return f"Starts when {duty.follows} is sent."
    return f"Nobody has recorded: {held.starts[duty.clock]}"


def _outside(duty: Duty, start: Statement) -> str:
    day = start.at.astimezone(zone_of(duty.zone)).date()
    if duty.since is not None and day < duty.since:
        return f"In force from {duty.since}; this clock started on {day}."
    if duty.ends is not None and day >= duty.ends:
        return f"In force until {duty.ends}; this clock started on {day}."
    return ""


def _moment(duty: Duty, start: Statement, held: Duties) -> datetime | None:
    if duty.earliest:
        return opens(duty.earliest, start.at, duty.zone, held.calendars)
    amount = duty.deadline or duty.target
    return due(amount, start.at, duty.zone, held.calendars) if amount else None


def _silence(duty: Duty, statements: Sequence[Statement], now: datetime) -> Statement | None:
    """The order that silences a duty now. Reports to authorities are never silenced."""
    if duty.audience not in ("customers", "public"):
        return None
    orders = [one for name in (EVERY, duty.id) if (one := latest(statements, "silence", name)) and one.at > now]
    return max(orders, key=lambda one: one.at, default=None)


def _state(
    duty: Duty, moment: datetime | None, sent: Statement | None, silence: Statement | None, now: datetime
) -> tuple[str, str]:
    if sent is not None:
        return _sent(duty, moment, sent)
    if not duty.binding:
        status = STATUS_WORDS[duty.status]
        by = "prepare it by this time, and" if moment else "its time is not known:"
        return "prepare", f"{status[0].upper()}{status[1:]}: {by} ask counsel."
    if silence is not None:
        return "silent", f"Silence until {utc_text(silence.at)}, ordered by {silence.by or 'somebody not named'}."
    if moment is None:
        return "open", "The law has no number, and no aim of ours is set: ask counsel."
    if duty.earliest:
        if now < moment:
            return "wait", "Not before this time, unless the agency agreed."
        return "may be sent", "The time of waiting is over; the agency may have asked for more."
    late = now > moment
    if duty.deadline:
        return ("overdue", "Its time is over: send what is known now.") if late else ("due", "The clock runs.")
    return ("aim passed" if late else "aim"), "The law has no number; this is our own aim or guidance."


def _sent(duty: Duty, moment: datetime | None, sent: Statement) -> tuple[str, str]:
    when = f"Sent {utc_text(sent.at)}"
    if duty.earliest and moment is not None and sent.at < moment:
        return "sent too early", f"{when}, before the time of waiting was over."
    if duty.deadline and duty.binding and moment is not None and sent.at > moment:
        return "sent late", f"{when}, after its time was over."
    return "sent", f"{when}."


def _doubt(duty: Duty) -> str:
    return f"Unsure: {'; '.join(duty.unsure)}." if duty.unsure else ""


def _join(*parts: str) -> str:
    return " ".join(part for part in parts if part)
