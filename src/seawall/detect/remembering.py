"""A lake whose parts are asked once: what a rule or an indicator noticed in a part is kept for the next hunt.

A rule that looks at one event at a time says of a part today what it said yesterday. So for each view there is a file
that holds which questions were asked of which parts, and the rows they noticed. The next hunt asks a known question
only of parts it was not asked of, a new one of everything, and takes the rest from the file. What comes out is what
asking everything would give: matches go on into findings, correlations and chains as always, and those are made anew.

A file is not trusted, and everything is asked again, where the site names devices differently, the program or its
libraries changed, or a column changed its type. Parts that were rewritten (merged, or cut by retention) are new parts:
what they say again replaces what was kept, and what retention took goes. Views whose rows depend on other rows are
asked whole each time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from seawall.detect.memories import Memory, Writing, load
from seawall.detect.noticing import RULE, Noticing
from seawall.detect.sigma import rulecache
from seawall.detect.sigma.plan import Group, Plan
from seawall.detect.tables import Task
from seawall.disk.durable import Disk
from seawall.engine import lake as engine
from seawall.engine import views
from seawall.engine.lake import Lake
from seawall.engine.manifest import Manifest
from seawall.model.site import Site

# Views in which a row depends on others: a command stands in the section an earlier one opened.
OVER_TIME: Final = frozenset({"commands", "sessions", "conversations", "devices"})
ONCE_WITH_SURICATA: Final = frozenset({"flows", "dns"})  # it writes some things twice, and a view holds them once
_OVER: Final[Mapping[str, tuple[str, ...]]] = {view.name: view.over for view in views.VIEWS}


@dataclass(frozen=True, slots=True)
class Spared:
    """Progress: what of a view was taken from earlier hunts, and what was asked, and why."""

    view: str
    asking: str  # "rules" or "indicators"
    known: int = 0  # questions asked of new parts only
    asked: int = 0  # questions asked of everything
    parts: int = 0  # of the view, that the known ones were spared
    new_parts: int = 0  # of the view, that they were asked of
    why: str = ""  # everything was asked of everything; empty if not

    @property
    def said(self) -> str:
        """One line for a person."""
        if self.why:
            return f"{self.view}: {self.asked:,} {self.asking} asked over everything: {self.why}"
        known = (
            f"{self.known:,} {self.asking} asked of {self.new_parts:,} new parts; {self.parts:,} seen before skipped"
        )
        return f"{self.view}: {known}" + (f"; {self.asked:,} new over everything" if self.asked else "")


class Remembering:
    """A lake (`Tables`) that asks each part once, as far as that gives the same answers.

    `folder` holds the files, one for each view and asker. `again` asks everything, and keeps the answers. `recent` is
    the portion of the lake that questions over time are put to; all of it if there is none.
    """

    def __init__(self, lake: Lake, folder: Path, *, again: bool = False, recent: Lake | None = None) -> None:
        self._lake = lake
        self._recent = recent or lake
        self._folder = folder
        self._again = again
        self._disk = Disk()
        self._portions: dict[frozenset[str], Lake] = {}
        self._told: list[Spared] = []

    def news(self) -> list[Spared]:
        """What was spared since this was last asked."""
        told, self._told = self._told, []
        return told

    def ibis(self, site: Site = Site()) -> Any:  # noqa: B008 - immutable
        """The lake's own: analytics are questions over time."""
        return self._recent.ibis(site)

    def batches(
        self,
        view: str,
        *,
        columns: Sequence[str] | None = None,
        site: Site = Site(),  # noqa: B008
        rows: int = 100_000,
    ) -> Iterator[pa.RecordBatch]:
        """The lake's own."""
        yield from self._lake.batches(view, columns=columns, site=site, rows=rows)

    def mapped(
        self,
        view: str,
        task: Task,
        *,
        columns: Sequence[str],
        site: Site = Site(),  # noqa: B008
        rows: int = 100_000,
    ) -> Iterator[tuple[int, pa.RecordBatch]]:
        """What the task makes of each batch, or made of it in an earlier hunt; in no particular order."""
        snapshot = self._lake.hold()
        kinds = _OVER.get(view, (view,))
        held = [part for part in snapshot.parts if part.kind in kinds]
        if not isinstance(task, Noticing) or task.since is not None or not held:
            yield from self._recent.mapped(view, task, columns=columns, site=site, rows=rows)
            return
        if view in OVER_TIME or (view in ONCE_WITH_SURICATA and snapshot.of_kind("suricata")):
            why = "its rows depend on one another"
            self._told.append(Spared(view, task.asking, asked=len(keys_of(task.plan)), why=why))
            yield from self._recent.mapped(view, task, columns=columns, site=site, rows=rows)
            return
        yield from _Asking(self, view, task, columns, site, rows, snapshot).answers()

    def _part_of(self, snapshot: Manifest, names: frozenset[str]) -> Lake:
        if names not in self._portions:
            self._portions[names] = self._lake.portion(snapshot, names)
        return self._portions[names]


@dataclass
class _Asking:
    """One view, one task: what is known, what is asked, and the file written anew."""

    of: Remembering
    view: str
    task: Noticing
    columns: Sequence[str]
    site: Site
    rows: int
    snapshot: Manifest

    def answers(self) -> Iterator[tuple[int, pa.RecordBatch]]:
        """Every row noticed: by new questions anywhere, by known ones in new parts, and what is kept."""
        lake, path = self.of._lake, self.of._folder / f"{self.task.asking}-{self.view}.parquet"
        keys = keys_of(self.task.plan)
        schema = lake.ibis(self.site).table(self.view).schema().to_pyarrow()
        now = Memory(
            basis=basis(self.site),
            generation=self.snapshot.generation,
            drops=len(self.snapshot.drops),
            parts=frozenset(f"{part.name}:{part.rows}:{part.bytes}" for part in self.snapshot.parts),
            keys=tuple(keys[number] for number in sorted(keys)),
            kept=self.task.kept,
            types={field.name: str(field.type) for field in schema},
        )
        before, why = (None, "as asked for") if self.of._again else load(path, now)
        known = frozenset(before.keys) & frozenset(now.keys) if before is not None else frozenset()
        numbers = {number for number, key in keys.items() if key in known}
        unseen = now.parts - before.parts if before is not None else now.parts
        self._tell(len(keys), len(numbers), unseen, why)
        with Writing(path, now, sorted(keys), self.of._disk) as out:
            for count, batch in self._asked(lake, keys.keys() - numbers):
                out.add(batch)
                yield count, batch
            told_again: list[pa.Array] = []
            if numbers and before is not None:
                names = frozenset(name.split(":")[0] for name in unseen)
                kinds = _OVER.get(self.view, (self.view,))
                if any(part.name in names for part in self.snapshot.parts if part.kind in kinds):
                    for count, batch in self._asked(self.of._part_of(self.snapshot, names), numbers):
                        out.add(batch)
                        if before.parts - now.parts:  # rewritten parts say again what is kept
                            told_again.append(batch.column("event_id"))
                        yield count, batch
                places = {before.keys.index(keys[number]): number for number in numbers}
                for batch in self._kept(before, places, told_again, schema):
                    out.add(batch)
                    yield 0, batch
            if lake.manifest().generation == self.snapshot.generation:  # else nobody knows what was asked of what
                out.finish()

    def _tell(self, questions: int, known: int, unseen: frozenset[str], why: str) -> None:
        kinds = _OVER.get(self.view, (self.view,))
        fresh = {name.split(":")[0] for name in unseen}
        mine = [part.name in fresh for part in self.snapshot.parts if part.kind in kinds]
        told = Spared(self.view, self.task.asking, known, questions - known, mine.count(False), sum(mine))
        self.of._told.append(told if known else replace(told, why=why or "new"))

    def _asked(self, lake: Lake, numbers: set[int]) -> Iterator[tuple[int, pa.RecordBatch]]:
        """What some of the questions notice in a lake."""
        if not numbers:
            return
        groups = (
            Group(group.guard, tuple(rule for rule in group.rules if rule[0] in numbers))
            for group in self.task.plan.groups
        )
        task = replace(self.task, plan=Plan(tuple(group for group in groups if group.rules)))
        yield from lake.mapped(self.view, task, columns=self.columns, site=self.site, rows=self.rows)

    def _kept(
        self, before: Memory, places: Mapping[int, int], told_again: Sequence[pa.Array], schema: pa.Schema
    ) -> Iterator[pa.RecordBatch]:
        """The rows earlier hunts noticed, of questions still asked, without what is told again or gone."""
        replaced = pa.concat_arrays(told_again) if told_again else None
        alive = self._alive(before) if len(self.snapshot.drops) != before.drops else None
        numbers = pa.array([places.get(at) for at in range(len(before.keys))], pa.int32())
        for batch in before.rows():
            rules = numbers.take(batch.column(RULE))
            stays = pc.is_valid(rules)
            if replaced is not None:
                stays = pc.and_(stays, pc.invert(pc.is_in(batch.column("event_id"), replaced)))
            if alive is not None:
                stays = pc.and_(stays, pc.is_in(batch.column("event_id"), alive))
            names = batch.schema.names
            made = [rules] + [
                batch.column(name) if name in names else pa.nulls(batch.num_rows, schema.field(name).type)
                for name in self.task.kept
            ]
            kept = pa.RecordBatch.from_arrays(made, names=[RULE, *self.task.kept]).filter(stays)
            if kept.num_rows:
                yield kept

    def _alive(self, before: Memory) -> pa.Array:
        """Ids of the events kept that the lake still holds: retention has dropped some since."""
        ids = [batch.column("event_id") for batch in before.rows(["event_id"])]
        if not ids:
            return pa.array([], pa.binary())
        wanted = pa.concat_arrays(ids)
        there = [pa.array([], wanted.type)]
        for batch in self.of._lake.batches(self.view, columns=["event_id"], site=self.site):
            column = batch.column(0).cast(wanted.type)
            there.append(column.filter(pc.is_in(column, wanted)))
        return pa.concat_arrays(there)


def keys_of(plan: Plan) -> dict[int, str]:
    """Number of a question in a plan → digest of all that it asks; questions alike are told apart by their order."""
    found: dict[int, str] = {}
    seen: dict[str, int] = {}
    for group in plan.groups:
        guard = repr(group.guard)
        for number, condition in group.rules:
            digest = hashlib.sha256(f"{guard}\0{condition!r}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
            seen[digest] = seen.get(digest, 0) + 1
            found[number] = f"{digest}.{seen[digest]}"
    return found


def basis(site: Site) -> str:
    """A digest of what decides a row of a view, and whether a question notices it, beside the evidence."""
    tables = [table.to_pylist() for table in views.site_tables(site).values()]
    return hashlib.sha256(f"{_code()}\0{tables!r}".encode("utf-8", "surrogatepass")).hexdigest()


@lru_cache(maxsize=1)
def _code() -> str:
    """The program that lays out views and judges rules, and the engine below it."""
    digest = hashlib.sha256(rulecache.code().encode())
    for path in sorted(Path(engine.__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    digest.update(version("duckdb").encode())
    return digest.hexdigest()
