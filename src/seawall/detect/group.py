"""Matches → findings: what one detector noticed about the same entities, close in time, is told once.

Matches of one detector with the same entities no further apart than the detector's `gap` are one finding. Matches
without a time cannot be near anything and form one finding of their own per detector and entities. The result does
not depend on the order or the batches in which matches arrive: they are laid down in a DuckDB file of our own,
which sorts on disk when memory is short.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Final

import orjson
import pyarrow as pa

from seawall.detect import baseline
from seawall.detect.base import About, Match
from seawall.detect.spool import Spool
from seawall.model.entities import Entity
from seawall.model.finding import MAX_EVIDENCE, UNTIMED, Evidence, Finding, finding_id

MAX_EXCERPT: Final = 500
_MICROSECOND: Final = timedelta(microseconds=1)

_SCHEMA: Final = pa.schema(
    [
        ("detector", pa.int32()),
        ("entities", pa.string()),
        ("event", pa.binary()),
        ("t", pa.int64()),
        ("origin", pa.string()),
        ("excerpt", pa.string()),
        ("details", pa.string()),
    ]
)

# Gaps and islands. One event counts once per detector and entities, whichever way it came.
_ISLANDS: Final = """
WITH once AS (
  SELECT * FROM matches
  QUALIFY row_number() OVER (PARTITION BY detector, entities, event ORDER BY t, origin, excerpt, details) = 1
), stepped AS (
  SELECT once.*, CASE WHEN t - lag(t) OVER w > gaps.gap THEN 1 ELSE 0 END AS step
  FROM once JOIN gaps USING (detector)
  WINDOW w AS (PARTITION BY detector, entities, t IS NULL ORDER BY t, event)
), numbered AS (
  SELECT * EXCLUDE (step), t IS NULL AS untimed,
         sum(step) OVER (PARTITION BY detector, entities, t IS NULL ORDER BY t, event
                         ROWS UNBOUNDED PRECEDING) AS island
  FROM stepped
), ranked AS (
  SELECT *, row_number() OVER (PARTITION BY detector, entities, untimed, island ORDER BY t, event) AS place,
         count(*) OVER (PARTITION BY detector, entities, untimed, island) AS total,
         min(t) OVER (PARTITION BY detector, entities, untimed, island) AS first_t,
         max(t) OVER (PARTITION BY detector, entities, untimed, island) AS last_t
  FROM numbered
)
SELECT detector, entities, untimed, island, place, total, first_t, last_t, event, origin, excerpt, details
FROM ranked WHERE place <= ?
ORDER BY coalesce(first_t, 0), detector, entities, untimed, island, place
"""


class Grouping:
    """Collects matches, then gives findings. Use as a context manager: its file goes when it closes."""

    def __init__(self) -> None:
        self._spool = Spool(matches=_SCHEMA)
        self._about: list[About] = []
        self._numbers: dict[About, int] = {}

    def __enter__(self) -> Grouping:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._spool.close()

    def add(self, match: Match) -> None:
        """Take one match."""
        number = self._numbers.get(match.about)
        if number is None:
            number = self._numbers[match.about] = len(self._about)
            self._about.append(match.about)
        entities = orjson.dumps([(e.type, e.value, e.role) for e in sorted(set(match.entities))]).decode()
        moment = None if match.time is None else (match.time - UNTIMED) // _MICROSECOND
        self._spool.add(
            "matches",
            (
                number,
                entities,
                match.event_id,
                moment,
                match.origin,
                match.excerpt[:MAX_EXCERPT],
                json.dumps(dict(match.details), default=str, sort_keys=True),
            ),
        )

    def findings(self) -> Iterator[Finding]:
        """Every finding, sorted by (first, id)."""
        gaps = pa.table(
            {
                "detector": pa.array(range(len(self._about)), pa.int32()),
                "gap": pa.array([about.gap // _MICROSECOND for about in self._about], pa.int64()),
            }
        )
        self._spool.register("gaps", gaps)
        batches = self._spool.batches(_ISLANDS, MAX_EVIDENCE)
        yield from by_start(self._assembled(row for batch in batches for row in batch.to_pylist()))

    def _assembled(self, rows: Iterable[dict[str, Any]]) -> Iterator[Finding]:
        """Rows in order, gathered into findings."""
        held: list[dict[str, Any]] = []
        for row in rows:
            if row["place"] == 1 and held:
                yield _finding(self._about[held[0]["detector"]], held)
                held = []
            held.append(row)
        if held:
            yield _finding(self._about[held[0]["detector"]], held)


def by_start(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Findings that come by `first`, in order of (first, id)."""
    same_start: list[Finding] = []
    for finding in findings:
        if same_start and finding.first != same_start[0].first:
            yield from sorted(same_start, key=lambda f: f.id)
            same_start.clear()
        same_start.append(finding)
    yield from sorted(same_start, key=lambda f: f.id)


def group(matches: Iterable[Match]) -> list[Finding]:
    """Findings of all matches, sorted by (first, id)."""
    with Grouping() as grouping:
        for match in matches:
            grouping.add(match)
        return list(grouping.findings())


def _finding(about: About, rows: list[dict[str, Any]]) -> Finding:
    """One island of matches as a finding; its details are those of the first event."""
    head = rows[0]
    entities = tuple(Entity(*parts) for parts in json.loads(head["entities"]))
    details = json.loads(head["details"])
    if head["first_t"] is None:
        details["time_unknown"] = True
    confidence, learned, ground = baseline.judged(about.confidence, details, learned=about.learned)
    return Finding(
        id=finding_id(about.id, entities, head["event"].hex()),
        detector=about.id,
        title=about.title,
        severity=about.severity,
        confidence=confidence,
        first=_moment(head["first_t"]),
        last=_moment(head["last_t"]),
        count=head["total"],
        entities=entities,
        why=f"{sentence(about, {**details, 'count': head['total']})}{'. ' if ground else ''}{ground}",
        subject=subject_line(entities),
        evidence=tuple(Evidence(row["event"].hex(), row["origin"] or "", row["excerpt"] or "") for row in rows),
        evidence_total=head["total"],
        learned=learned,
        details=details,
        attack=about.attack,
        tags=about.tags,
    )


def _moment(microseconds: int | None) -> datetime:
    return UNTIMED if microseconds is None else UNTIMED + timedelta(microseconds=microseconds)


def sentence(about: About, facts: Mapping[str, Any]) -> str:
    """The reason, with `{column}` places filled; a place without a fact reads "unknown"."""
    known = {"title": about.title, **facts}
    return re.sub(r"\{(\w+)\}", lambda place: str(known.get(place[1], f"unknown {place[1]}")), about.why or "{title}")


def subject_line(entities: Iterable[Entity]) -> str:
    """The one thing a finding is shown under: its device, else what was acted on, else who acted."""
    order = {"target": 0, "object": 1, "actor": 2, "source": 3, "via": 4}
    ranked = sorted(entities, key=lambda e: (e.type != "device", order[e.role], e))
    return ranked[0].value if ranked else ""


def replacing(finding: Finding, earlier: Iterable[Finding]) -> Finding:
    """The finding, saying which earlier one it makes obsolete: the same story, now with an earlier, late event.

    `earlier` are findings that were told before; those of another `whose` do not count. Of several, the first is named.
    """
    for old in sorted(earlier, key=lambda f: (f.first, f.id)):
        if old.whose == finding.whose and old.id != finding.id and finding.first <= old.first <= finding.last:
            return dataclasses.replace(finding, replaces=old.id)
    return finding
