"""An incident: findings that belong together, and why we think so."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from seawall.errors import InputError
from seawall.model.entities import Entity
from seawall.model.finding import time_of, time_or_null, utc_text
from seawall.model.severity import Severity

INCIDENT_SCHEMA: Final = 2


@dataclass(frozen=True, slots=True)
class Join:
    """Why two findings are thought to be one story."""

    left: str  # finding id
    right: str  # finding id
    because: str  # "both name account cisco_support, 14 min apart"
    strength: int  # 0 to 100


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the story, e.g. persistence, with the findings that show it."""

    name: str  # our stage word: initial access, execution, persistence, ...
    first: datetime  # earliest event of the stage
    last: datetime  # latest event of the stage
    findings: tuple[str, ...]  # ids


@dataclass(frozen=True, slots=True)
class Hop:
    """One step from machine to machine. Times are UTC."""

    time: datetime
    source: str  # device left, or the address somebody came from where no device owns it
    target: str  # device reached
    account: str  # empty where nobody is named
    finding: str  # id of the finding that shows it
    confidence: int  # 0 to 100
    because: str  # why we say so


@dataclass(frozen=True, slots=True)
class Foothold:
    """Where it began, as far as the evidence shows. Times are UTC."""

    device: str  # patient zero
    time: datetime  # of the first act there
    source: str  # address outside it came from; empty where none is known
    account: str  # first account of the intruder; empty where none is known
    finding: str  # id of the finding that shows it
    confidence: int  # 0 to 100
    because: str  # why, and what speaks against it


@dataclass(frozen=True, slots=True)
class Incident:
    """Findings that share devices, accounts, addresses or sessions close in time. Times are UTC."""

    id: str  # 32 hex digits; stays while its earliest finding stays
    title: str  # one line
    severity: Severity  # how bad it is if true
    confidence: int  # 0 to 100
    first: datetime  # earliest event
    last: datetime  # latest event
    entities: tuple[Entity, ...]  # everyone and everything its findings name
    findings: tuple[str, ...]  # ids, in order of time
    stages: tuple[Stage, ...]  # in order of time
    joins: tuple[Join, ...]  # why they are thought to be one story
    storyline: tuple[str, ...]  # plain-English sentences, in order of time
    grounds: str = ""  # why its severity is what it is
    foothold: Foothold | None = None  # patient zero and the first act there; None where nothing shows one
    hops: tuple[Hop, ...] = ()  # from machine to machine, in order of time
    notes: tuple[str, ...] = ()  # what joining left out: names too common to join by, what people decided
    suppressed_until: datetime | None = None  # people decided to see it no more until then
    schema: int = INCIDENT_SCHEMA  # shape of the JSON line


def incident_id(first_finding_id: str) -> str:
    """The name an incident keeps while its earliest finding stays the same: 32 hex digits."""
    return hashlib.sha256(b"incident\x00" + first_finding_id.encode()).hexdigest()[:32]


def incident_to_dict(incident: Incident) -> dict[str, Any]:
    """The JSON line of an incident, fields in a fixed order."""
    return {
        "id": incident.id,
        "schema": incident.schema,
        "title": incident.title,
        "severity": incident.severity.word,
        "confidence": incident.confidence,
        "first": time_or_null(incident.first),
        "last": time_or_null(incident.last),
        "entities": [{"type": e.type, "value": e.value, "role": e.role} for e in incident.entities],
        "findings": list(incident.findings),
        "stages": [
            {"name": s.name, "first": time_or_null(s.first), "last": time_or_null(s.last), "findings": list(s.findings)}
            for s in incident.stages
        ],
        "joins": [
            {"left": j.left, "right": j.right, "because": j.because, "strength": j.strength} for j in incident.joins
        ],
        "storyline": list(incident.storyline),
        "grounds": incident.grounds,
        "foothold": None
        if incident.foothold is None
        else {**asdict(incident.foothold), "time": time_or_null(incident.foothold.time)},
        "hops": [{**asdict(hop), "time": time_or_null(hop.time)} for hop in incident.hops],
        "notes": list(incident.notes),
        "suppressed_until": utc_text(incident.suppressed_until) if incident.suppressed_until else None,
    }


def incident_from_dict(raw: Mapping[str, Any]) -> Incident:
    """An incident read back from its JSON line. Raises KeyError or ValueError if it is not one."""
    moment = time_of
    return Incident(
        id=raw["id"],
        schema=raw["schema"],
        title=raw["title"],
        severity=Severity.from_word(raw["severity"]),
        confidence=raw["confidence"],
        first=moment(raw["first"]),
        last=moment(raw["last"]),
        entities=tuple(Entity(**e) for e in raw["entities"]),
        findings=tuple(raw["findings"]),
        stages=tuple(
            Stage(s["name"], moment(s["first"]), moment(s["last"]), tuple(s["findings"])) for s in raw["stages"]
        ),
        joins=tuple(Join(j["left"], j["right"], j["because"], j["strength"]) for j in raw["joins"]),
        storyline=tuple(raw["storyline"]),
        grounds=raw.get("grounds", ""),
        foothold=Foothold(**{**began, "time": moment(began["time"])}) if (began := raw.get("foothold")) else None,
        hops=tuple(Hop(**{**hop, "time": moment(hop["time"])}) for hop in raw.get("hops", ())),
        notes=tuple(raw.get("notes", ())),
        suppressed_until=moment(until) if (until := raw.get("suppressed_until")) else None,
    )


def one_incident(known: Sequence[Incident], wanted: str) -> Incident:
    """The incident whose id begins so. Raises InputError where none does, or several do."""
    named = [incident for incident in known if incident.id.startswith(wanted.lower())] if wanted else []
    if len(named) != 1:
        what = "no incident has that id" if not named else f"{len(named)} incidents start with that id"
        raise InputError(what, where=wanted, mend="list them with: seawall incidents list")
    return named[0]
