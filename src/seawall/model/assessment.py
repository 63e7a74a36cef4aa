"""The honest statement: what was reached, what was tried, what shows no sign although it could have, and the rest.

Nothing here says "not affected". *No evidence* stands only where a look was possible for the whole period; whatever
could not be looked at is *cannot be known*, with the evidence that would settle it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final, Literal

from seawall.model.coverage import Coverage
from seawall.model.finding import UNTIMED, utc_text

Answer = Literal["reached", "tried", "no evidence", "cannot be known"]
Claim = Literal["customer-data", "intercept-data", "configurations", "credentials", "everything"]
ASSESSMENT_SCHEMA: Final = 1
QUESTIONS: Final[dict[Claim, str]] = {
    "customer-data": "Was customer data reached?",
    "intercept-data": "Was wiretap data reached?",
    "configurations": "Were configurations of devices read?",
    "credentials": "Were credentials taken?",
    "everything": "What was reached?",
}
"""What a claim asks, as a question."""
ORDER: Final[dict[Answer, int]] = {"reached": 0, "tried": 1, "cannot be known": 2, "no evidence": 3}


@dataclass(frozen=True, slots=True)
class Access:
    """Somebody at a crown jewel, as a record tells it. Times are UTC."""

    time: datetime
    device: str
    account: str  # empty where the record names nobody
    source: str  # address it came from; empty where the record names none
    action: str  # login, read, export, admin …
    object: str  # table, file, element; empty where the record names none
    rows: int | None  # records concerned, where said
    bytes: int | None  # octets moved, where said
    outcome: str  # success, failure; empty where not said
    origin: str  # where the record stands
    event_id: str
    explained: bool
    because: str  # why it is, or is not, explained


@dataclass(frozen=True, slots=True)
class Outflow:
    """What left a machine for an address outside the carrier's own networks, by flow records."""

    device: str  # crown jewel, or device of the incident
    source: str  # its address
    target: str  # address outside
    bytes: int  # octets sent, sampling counted back where it is known
    flows: int
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which a kind of evidence is missing. `first` and `last` are UTC; device `*` is all of them."""

    device: str
    telemetry: str  # logins, accesses, commands, flows, any record
    first: datetime
    last: datetime
    why: str
    setting: str = ""  # what makes it arrive, on one line


@dataclass(frozen=True, slots=True)
class Settling:
    """Evidence that would settle a question, and how to get it."""

    evidence: str
    how: str
    subjects: tuple[str, ...] = ()  # whose answers it would settle


@dataclass(frozen=True, slots=True)
class Assessment:
    """An answer to "was X reached?", with the ground it stands on."""

    subject: str  # "lims1 (intercept mediation)", "device configurations"
    answer: Answer
    confidence: int  # 0 to 100: how sure the answer is; 0 where it cannot be known
    why: str
    findings: tuple[str, ...] = ()  # ids it rests on, in order of time
    gaps: tuple[Coverage, ...] = ()  # behaviours that could not have been seen there
    claim: Claim = "everything"  # whose data it holds
    device: str = ""  # name in the site file; empty for a fleet
    read: str = ""  # what is known of records being read there
    first: datetime | None = None  # first and last sign of it, where reached or tried
    last: datetime | None = None
    accesses: tuple[Access, ...] = ()  # in order of time, unexplained first kept where there are too many
    explained: int = 0  # accesses in all
    unexplained: int = 0
    outflows: tuple[Outflow, ...] = ()  # the largest first
    blind: tuple[Gap, ...] = ()
    settles: tuple[Settling, ...] = ()


@dataclass(frozen=True, slots=True)
class Integrity:
    """How far the logs can be trusted, point by point."""

    topic: str  # the case's ledger, logs cleared, clocks, rejected records …
    sound: bool | None  # None: not known
    text: str


@dataclass(frozen=True, slots=True)
class Statement:
    """What can honestly be said of a period or an incident, from one set of facts. Times are UTC."""

    claim: Claim
    first: datetime  # of the period asked about
    last: datetime
    incidents: tuple[str, ...]  # ids it looks at
    answers: tuple[Assessment, ...]  # worst first
    sentence: str  # the whole in one sentence
    blind: tuple[Gap, ...]  # periods and devices without telemetry
    outflows: tuple[Outflow, ...]  # from crown jewels and devices of the incidents
    flows_seen: bool  # whether any flow record of the period is there to count volume by
    integrity: tuple[Integrity, ...]
    evidence_first: datetime | None  # the retention edge: nothing older is there
    evidence_last: datetime | None
    retention: str  # what is kept and for how long, in words
    settles: tuple[Settling, ...]
    made: datetime
    privilege: str = ""  # counsel's marking, on every page
    schema: int = ASSESSMENT_SCHEMA

    @property
    def answer(self) -> Answer:
        """The worst answer."""
        return min((a.answer for a in self.answers), key=ORDER.__getitem__, default="cannot be known")

    def by(self, answer: Answer) -> tuple[Assessment, ...]:
        """The subjects with one answer."""
        return tuple(a for a in self.answers if a.answer == answer)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return None if value == UNTIMED else utc_text(value)
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def assessment_to_dict(one: Assessment) -> dict[str, Any]:
    """An answer as plain JSON values."""
    plain: dict[str, Any] = _plain(asdict(one))
    return plain


def statement_to_dict(one: Statement) -> dict[str, Any]:
    """The JSON line of a statement."""
    plain: dict[str, Any] = _plain(asdict(one))
    return {"answer": one.answer, **plain}
