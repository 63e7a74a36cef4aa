"""What a detector is: a question put to events, answered with matches that become findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from seawall.detect import subjects
from seawall.model.entities import Entity
from seawall.model.severity import Severity
from seawall.model.site import Site

DEFAULT_GAP: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Need:
    """What a detector must be given to be able to see."""

    view: str  # e.g. "commands"
    columns: tuple[str, ...]
    setting: str = ""  # configuration that makes devices send it, e.g. "aaa accounting commands 15 ..."
    unsampled: bool = False  # flows of which one packet in so many was looked at are no use


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

    @property
    def behaviours(self) -> tuple[str, ...]:
        """Behaviour ids among the tags, e.g. `P-01`."""
        return tuple(tag.partition(":")[2] for tag in self.tags if tag.startswith("behaviour:"))


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


@dataclass(frozen=True)
class Analytic:
    """A question over time, as an Ibis expression that any engine can run.

    `question` takes the back end's views by name and the site, and returns rows with the columns of `subject`'s
    view (those that exist) plus whatever its details name: one row per event that is evidence, each event once.
    """

    about: About
    subject: subjects.Subject
    question: Callable[[Mapping[str, Any], Site], Any]

    def matches(self, views: Mapping[str, Any], site: Site, since: datetime | None) -> Iterator[Match]:
        """Ask, and tell each row as a match. Rows before `since` are left out after the asking."""
        for batch in self.question(views, site).to_pyarrow_batches():
            for row in batch.to_pylist():
                if since is not None and row["time"] is not None and row["time"] < since:
                    continue
                yield Match(
                    about=self.about,
                    event_id=row["event_id"],
                    time=row["time"],
                    origin=row["origin"] or "",
                    excerpt=subjects.excerpt_of(self.subject, row),
                    entities=subjects.entities_of(self.subject, row, site.device_names),
                    details=subjects.details_of(self.subject, row),
                )
