"""What people decide about incidents: signed, kept in the ledger, holding for a time, and undone by time alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from seawall import incidents
from seawall.errors import UsageError
from seawall.ledger import Ledger, open_ledger
from seawall.model.case import Case
from seawall.model.clock import Clock, FixedClock
from seawall.model.compartment import may_leave
from seawall.model.decision import Decision, Kind
from seawall.model.finding import utc_text
from seawall.model.incident import Incident
from seawall.model.site import Site
from seawall.people.changes import read_register
from seawall.people.decisions import Desk, Taken, begin, signed_by
from seawall.people.keys import PrivateKey
from seawall.pipeline.cases import case_settings, case_state

KINDS: Final[tuple[Kind, ...]] = ("merge", "split", "suppress")
LONGEST: Final = timedelta(days=366)
FOLDER: Final = "decisions"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody decides."""

    kind: Kind
    findings: tuple[str, ...]  # ids; see `model.decision.Decision`
    until: datetime  # UTC
    person: str  # id in people.toml
    purpose: str


def decided(case: Case, ledger: Ledger, now: datetime) -> list[Decision]:
    """The decisions of a case that hold at a moment. A file altered or slipped in decides nothing."""
    if not (case.folder / FOLDER).is_dir():
        return []
    desk = _desk(case, ledger, FixedClock(now))
    made = [_plain(kind, taken) for kind in KINDS for taken in desk.taken(f"incident.{kind}")]
    return [one for one in made if one.holds(now)]


def decide(case: Case, wanted: Wanted, key: PrivateKey, clock: Clock, site: Site) -> tuple[Incident, ...]:
    """Sign a decision, keep it, and build the case's incidents anew; returns them.

    Raises:
        UsageError: it ends in the past, or later than a year from now.
        InputError: the signature does not count.
    """
    now = clock.now()
    if not now < wanted.until <= now + LONGEST:
        raise UsageError("a decision holds until a time within a year from now", mend="give --until 2026-12-31")
    values = {"findings": ",".join(wanted.findings), "until": utc_text(wanted.until)}
    with open_ledger(case, clock=clock) as ledger:
        decision = begin(f"incident.{wanted.kind}", values, wanted.person, wanted.purpose)
        decision = signed_by(decision, case.uuid, wanted.person, key, now)
        _desk(case, ledger, clock).take(decision)
        ledger.publish()
        return rejoined(case, site, decided(case, ledger, now))


def rejoined(case: Case, site: Site, decisions: Sequence[Decision]) -> tuple[Incident, ...]:
    """The incidents of everything a case found, built anew and kept."""
    settings = case_settings(case)
    with case_state(case, settings) as state:
        found = may_leave(state.findings())
        built = tuple(incidents.build(found, join_hours=settings.hunt.join_hours, site=site, decisions=decisions))
        state.save_incidents(built)
    return built


def _desk(case: Case, ledger: Ledger, clock: Clock) -> Desk:
    register = read_register(case.people_file, ledger)
    return Desk(case.uuid, Path(case.folder) / FOLDER, register, ledger, clock)


def _plain(kind: Kind, taken: Taken) -> Decision:
    values = taken.decision.values
    return Decision(
        id=f"incident.{kind}:{taken.decision.name}",
        kind=kind,
        findings=tuple(str(values["findings"]).split(",")),
        person=taken.decision.requester,
        made=taken.at,
        expires=datetime.fromisoformat(str(values["until"])),
        digest=taken.decision.digest,
    )
