"""What a detector is: a question put to events, answered with matches that become findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from seawall.model.entities import Entity
from seawall.model.severity import Severity

DEFAULT_GAP: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Need:
    """What a detector must be given to be able to see."""

    view: str  # e.g. "commands"
    columns: tuple[str, ...]
    setting: str = ""  # configuration that makes devices send it, e.g. "aaa accounting commands 15 ..."


@dataclass(frozen=True, slots=True)
class About:
    """What is said of a detector, and of every finding it makes."""

    id: str  # Sigma rule id; analytic `area.name`
    title: str
    severity: Severity
    confidence: int  # 0 to 100
    needs: tuple[Need, ...]
    attack: tuple[str, ...] = ()  # "T1136.001@18"
    tags: tuple[str, ...] = ()  # "behaviour:P-01"
    why: str = "{title}"  # sentence with `{column}` places filled from `details` and the event
    gap: timedelta = DEFAULT_GAP
    learned: bool = False
    engine: Literal["lake", "local"] = "lake"


@dataclass(frozen=True, slots=True)
class Match:
    """One event (or one event's part in a pattern over time) that a detector noticed."""

    about: About
    event_id: bytes
    time: datetime | None  # UTC
    origin: str
    excerpt: str
    entities: tuple[Entity, ...]
    details: Mapping[str, Any] = field(default_factory=dict)
