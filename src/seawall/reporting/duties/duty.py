"""A duty to tell somebody, as `content/duties/*.yml` states it: dated, with its source and with what is unsure of it.

No law stands in code. Counsel edits the files, or lays own ones over them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

Status = Literal[
    "in_force", "by_agreement", "adopted_not_effective", "enacted_not_in_force", "proposed", "bill", "unclear",
    "rescinded",
]  # fmt: skip
Audience = Literal["authority", "customers", "public", "agency", "internal"]
BINDING: Final = frozenset({"in_force", "by_agreement"})  # of others nothing is ever overdue
STATUS_WORDS: Final[dict[str, str]] = {
    "in_force": "in force",
    "by_agreement": "by agreement",
    "adopted_not_effective": "adopted, not shown to be in effect",
    "enacted_not_in_force": "enacted, not in force",
    "proposed": "proposed",
    "bill": "a bill",
    "unclear": "unclear",
    "rescinded": "rescinded",
}


@dataclass(frozen=True)
class Deadline:
    """How long somebody has. Exactly one of the amounts is given.

    Hours run through nights and weekends, in elapsed time. Days, months and business days are counted on the calendar
    of the duty's zone, the day of the start left out.
    """

    hours: int | None = None
    days: int | None = None  # calendar days
    months: int | None = None  # calendar months; where the month has no such day, its last day
    business_days: int | None = None  # needs `calendar`
    yearly: str | None = None  # MM-DD of the year after the one the clock started in
    calendar: str = ""  # name of a calendar, for business days
    until: str = ""  # `moment`, `end_of_day` or HH:MM of the last day; default end_of_day, for months the moment

    @property
    def amounts(self) -> list[str]:
        """Names of the amounts that are given."""
        named = ("hours", "days", "months", "business_days", "yearly")
        return [name for name in named if getattr(self, name) is not None]

    @property
    def text(self) -> str:
        """`72 h`, `7 business days (US-federal)`, `1 month`, `every year by 02-01`."""
        if self.hours is not None:
            return f"{self.hours} h"
        if self.yearly is not None:
            return f"every year by {self.yearly}"
        for amount, noun in ((self.days, "day"), (self.months, "month"), (self.business_days, "business day")):
            if amount is not None:
                of = f" ({self.calendar})" if noun == "business day" else ""
                return f"{amount} {noun}{'' if amount == 1 else 's'}{of}"
        return ""


@dataclass(frozen=True)
class Duty:
    """One duty of one text of a law."""

    id: str  # us.fcc.64_2011.2007
    jurisdiction: str  # US, EU, UK, Australia …
    title: str
    trigger: str  # the event, in the law's sense
    recipients: tuple[str, ...]
    start: str  # a start of `starts`, or `sent DUTY`: the clock starts when that one was sent
    status: Status
    as_of: str  # when somebody last looked, 2026-11
    source: str
    audience: Audience = "authority"
    deadline: Deadline | None = None  # none: the law has no number
    earliest: Deadline | None = None  # not before that long after the start
    target: Deadline | None = None  # our own aim where the law has no number, or guidance has one
    zone: str = "UTC"  # IANA name; days are counted and deadlines shown in it
    since: date | None = None  # first day of the text in force, in its zone; none = open
    ends: date | None = None  # first day on which it is no longer
    supersedes: tuple[str, ...] = ()  # duties that end on the day this one is in force
    applies_if: str = ""  # a fact of the sheet that says yes or no
    fields: tuple[str, ...] = ()  # names of `fields`, in the order of the notice
    shows_intercepts: bool = False  # the agency's own notice: the one that may name its warrant
    unsure: tuple[str, ...] = ()  # what nobody has read in the law itself, or what is open
    note: str = ""

    @property
    def binding(self) -> bool:
        """Whether its time can be overdue; of other texts it is only a reason to prepare and ask counsel."""
        return self.status in BINDING

    @property
    def clock(self) -> str:
        """What starts the clock: a start, or the duty whose sending does."""
        return self.start.partition(" ")[2] if self.start.startswith("sent ") else self.start

    @property
    def follows(self) -> str:
        """The duty whose sending starts this clock, if one does."""
        return self.clock if self.start.startswith("sent ") else ""

    @property
    def time_text(self) -> str:
        """How long there is, in words."""
        if self.deadline:
            return self.deadline.text
        if self.earliest:
            return f"not before {self.earliest.text}"
        return f"no number in the law; aim: {self.target.text}" if self.target else "no number in the law"


@dataclass(frozen=True)
class Calendar:
    """Which days are business days somewhere."""

    country: str  # ISO code `holidays` knows
    subdivision: str = ""
    closed: tuple[date, ...] = ()  # further days on which the office is closed
    open: tuple[date, ...] = ()  # days counted as business days all the same
    weekend: tuple[int, ...] = (5, 6)  # Monday is 0
    source: str = ""


@dataclass(frozen=True)
class Question:
    """One field of a notice."""

    label: str
    ask: str  # what to write, and who knows it
    fill: str = ""  # what fills it from the incident; nothing: only a person can
    contact: bool = False  # may hold telephone numbers


@dataclass(frozen=True)
class Duties:
    """Everything the content says."""

    duties: dict[str, Duty] = field(default_factory=dict)
    starts: dict[str, str] = field(default_factory=dict)  # start → the question somebody decides
    calendars: dict[str, Calendar] = field(default_factory=dict)
    fields: dict[str, Question] = field(default_factory=dict)
    jurisdictions: dict[str, tuple[str, ...]] = field(default_factory=dict)  # jurisdiction → ISO codes of its countries
