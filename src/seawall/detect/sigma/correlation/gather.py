"""The matches of rules that correlations speak of, held on disk until all are there; then the findings.

Nothing depends on the order in which matches arrive: they are sorted by group and time first. Memory holds one run
of one group at a time (`runs`), never the text of its matches.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from types import TracebackType
from typing import Any, Final

import orjson
import pyarrow as pa

from seawall.detect.base import Match
from seawall.detect.group import by_start
from seawall.detect.sigma.correlation.evaluate import Episode, Matches, Window, episodes, windows
from seawall.detect.sigma.correlation.linking import Linked
from seawall.detect.sigma.correlation.rule import NUMERIC, TEMPORAL, number_of
from seawall.detect.sigma.correlation.runs import joined, runs_of
from seawall.detect.sigma.correlation.tell import Told, finding_of
from seawall.detect.spool import Spool
from seawall.model.finding import MAX_EVIDENCE, UNTIMED, Finding

MAX_EXCERPT: Final = 500
_MICROSECOND: Final = timedelta(microseconds=1)
_MAX_DEPTH: Final = 100  # correlations upon correlations

PARTS: Final = pa.schema(
    [
        ("correlation", pa.int32()),
        ("step", pa.int32()),
        ("key", pa.string()),  # values of the group-by fields, JSON
        ("t", pa.int64()),  # microseconds since 1970
        ("unit", pa.binary()),  # what counts once: the event, or the answer of another correlation
        ("value", pa.string()),
        ("event", pa.binary()),
        ("origin", pa.string()),
        ("excerpt", pa.string()),
        ("entities", pa.string()),
        ("inner", pa.int32()),  # for answers of another correlation: which one, its group, and the time it rests on
        ("inner_key", pa.string()),
        ("inner_from", pa.int64()),
        ("inner_to", pa.int64()),
    ]
)
_EPISODES: Final = pa.schema(
    [
        ("episode", pa.int64()),
        ("correlation", pa.int32()),
        ("key", pa.string()),
        ("t_from", pa.int64()),
        ("t_to", pa.int64()),
        ("figure", pa.string()),
        ("moments", pa.int64()),
    ]
)

# The windows that answers of other correlations rest on, one level further down.
_DEEPER: Final = """
INSERT INTO ranges
SELECT DISTINCT r.episode, p.inner, p.inner_key, p.inner_from, p.inner_to, r.level + 1
FROM ranges r JOIN parts p ON p.correlation = r.correlation AND p.key = r.key AND p.t BETWEEN r.t_from AND r.t_to
WHERE r.level = ? AND p.inner IS NOT NULL
"""
# The first events of every episode. What is read of an event is looked up for those alone.
_EVIDENCE: Final = """
WITH told AS (
  SELECT rowid AS row, correlation, key, t, step, event, hash(origin, excerpt) AS look
  FROM parts p WHERE p.inner IS NULL
), reached AS (
  SELECT e.episode, p.* FROM told p ASOF JOIN episodes e
    ON p.correlation = e.correlation AND p.key = e.key AND p.t >= e.t_from
  WHERE p.t <= e.t_to
  UNION ALL
  SELECT r.episode, p.* FROM told p JOIN ranges r
    ON p.correlation = r.correlation AND p.key = r.key AND p.t BETWEEN r.t_from AND r.t_to
  WHERE r.level > 0
), once AS (
  SELECT episode, row, t, event FROM reached
  QUALIFY row_number() OVER (PARTITION BY episode, event ORDER BY correlation, step, look) = 1
), whole AS (
  SELECT episode, count(*) AS total, min(t) AS first_t, max(t) AS last_t FROM once GROUP BY episode
), placed AS (
  SELECT episode, row, row_number() OVER (PARTITION BY episode ORDER BY t, event) AS place FROM once
  QUALIFY place <= ?
)
SELECT w.episode, e.correlation AS asked, e.key AS asked_key, e.figure, e.moments, place, total, first_t, last_t,
       p.correlation, p.step, p.event, p.origin, p.excerpt, p.entities
FROM placed w JOIN whole USING (episode) JOIN episodes e USING (episode) JOIN parts p ON p.rowid = w.row
ORDER BY first_t, w.episode, place
"""


@dataclass(frozen=True, slots=True)
class Part:
    """One match of a step's rule, with what a correlation groups and counts by."""

    correlation: int  # its place among those linked
    step: int
    group: tuple[str, ...]
    value: str | None
    match: Match


class Gathered:
    """Collects parts, then gives findings. Use as a context manager: its file goes when it closes."""

    def __init__(self, linked: Sequence[Linked], silenced: frozenset[str]) -> None:
        self._linked = linked
        self._silenced = silenced
        self._spool = Spool(parts=PARTS, episodes=_EPISODES)
        self._episodes = 0
        numbers = {id(one): number for number, one in enumerate(linked)}
        self._outer: dict[int, list[tuple[int, int]]] = {}  # correlation → (one that speaks of it, step)
        for outer, one in enumerate(linked):
            for place, step in enumerate(one.steps):
                if isinstance(step, Linked):
                    self._outer.setdefault(numbers[id(step)], []).append((outer, place))

    def __enter__(self) -> Gathered:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._spool.close()

    def add(self, part: Part) -> None:
        """Take one match. A match without a time lies in no window; one without a number sums to nothing."""
        question = self._linked[part.correlation].correlation.question
        if part.match.time is None or (question.kind in NUMERIC and number_of(part.value or "") is None):
            return
        moment = (part.match.time - UNTIMED) // _MICROSECOND
        match = part.match
        entities = orjson.dumps([(e.type, e.value, e.role) for e in sorted(set(match.entities))]).decode()
        row = (part.correlation, part.step, json.dumps(part.group), moment, match.event_id, part.value)
        told = (match.event_id, match.origin, match.excerpt[:MAX_EXCERPT], entities)
        self._spool.add("parts", (*row, *told, None, None, None, None))

    def findings(self, since: datetime | None = None) -> Iterator[Finding]:
        """Every finding, sorted by (first, id).

        `since` (UTC) leaves out those that ended before it. What began before it and ended after is told whole.
        """
        oldest = None if since is None else (since - UNTIMED) // _MICROSECOND
        for number, linked in enumerate(self._linked):
            for key, run in runs_of(self._spool, number, linked.correlation.question):
                self._judge(number, key, run, oldest)
        self._reach_down()
        batches = self._spool.batches(_EVIDENCE, MAX_EVIDENCE)
        yield from by_start(self._assembled(row for batch in batches for row in batch.to_pylist()))

    def _judge(self, number: int, key: str, run: Matches, oldest: int | None) -> None:
        """Lay down the episodes of a run, and what they are to correlations that speak of this one."""
        linked = self._linked[number]
        question = linked.correlation.question
        told = linked.correlation.about.id not in self._silenced
        growing = any(bound.op in ("gt", "gte") for bound in question.bounds)
        places = self._outer.get(number, ())
        # For counts an episode is one match, at the moment that first completed it; for sequences every moment is.
        counted = [place for place in places if self._linked[place[0]].correlation.question.kind not in TEMPORAL]
        found = self._passing(number, key, run, [place for place in places if place not in counted])
        for episode in episodes(found, low=not growing):
            began, ended = int(run.times[episode.start]), int(run.times[episode.end - 1])
            if told and (oldest is None or ended >= oldest):
                row = (self._episodes, number, key, began, ended, _shown(episode.figure), episode.moments)
                self._spool.add("episodes", row)
                self._episodes += 1
            for outer, step in counted:
                self._pass_on(number, key, run, episode.opened, episode, outer, step)

    def _passing(self, number: int, key: str, run: Matches, places: Sequence[tuple[int, int]]) -> Iterator[Window]:
        """The windows of a run, each made a match of the sequences that speak of it as it goes by."""
        for window in windows(self._linked[number].correlation.question, run):
            for outer, step in places:
                self._pass_on(number, key, run, window, window, outer, step)
            yield window

    def _pass_on(
        self, number: int, key: str, run: Matches, at: Window, whole: Window | Episode, outer: int, step: int
    ) -> None:
        """What one correlation answers becomes a match for another, resting on the matches of `whole`."""
        own, other = self._linked[number].correlation, self._linked[outer]
        values = dict(zip(own.group_by, json.loads(key), strict=True))
        group = [values[name] for name in other.group_fields[step]]
        counted = [values[name] for name in other.value_fields[step]]
        value = joined(counted) if counted else None
        if other.correlation.question.kind in NUMERIC and number_of(value or "") is None:
            return
        began, ended, moment = (int(run.times[row]) for row in (whole.start, whole.end - 1, at.end - 1))
        unit = hashlib.sha256(f"{number} {moment} {key}".encode("utf-8", "surrogatepass")).digest()[:16]
        row = (outer, step, json.dumps(group), moment, unit, value)
        self._spool.add("parts", (*row, unit, "", "", "[]", number, key, began, ended))

    def _reach_down(self) -> None:
        """The ranges of matches each episode rests on, however deep the chain."""
        self._spool.flush()
        base = self._spool.base
        base.execute("CREATE TABLE ranges AS SELECT episode, correlation, key, t_from, t_to, 0 AS level FROM episodes")
        for level in range(_MAX_DEPTH if self._outer else 0):
            if not base.execute(_DEEPER, [level]).fetchone()[0]:  # type: ignore[index]  # INSERT tells how many
                return

    def _assembled(self, rows: Iterable[dict[str, Any]]) -> Iterator[Finding]:
        """Rows in order, gathered into findings."""
        held: list[dict[str, Any]] = []
        for row in rows:
            if row["place"] == 1 and held:
                yield self._finding(held)
                held = []
            held.append(row)
        if held:
            yield self._finding(held)

    def _finding(self, rows: list[dict[str, Any]]) -> Finding:
        head = rows[0]
        linked = self._linked[head["asked"]]
        group = dict(zip(linked.correlation.group_by, json.loads(head["asked_key"]), strict=True))
        return finding_of(linked, Told(group, head["figure"], head["moments"]), rows, self._linked)


def _shown(figure: Fraction) -> str:
    if figure.denominator == 1:
        return str(figure.numerator)
    return f"{float(figure):.6g}"
