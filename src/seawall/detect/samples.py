"""A rule's own proof: events it must match, and look-alikes it must let pass, in `<rule>.samples.jsonl` beside it.

A line is `{"match": true, "why": "…", "event": {column: value}}`, with `"view"` only where a rule reads several. A
correlation's line has `"events": [{"view": "logins", "time": "2026-11-21T22:00:00Z", column: value}, …]` instead.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from seawall.detect.rules import BUILTIN, RuleSet, load
from seawall.detect.runner import asked_of, run
from seawall.detect.sigma.correlation.linking import Linked
from seawall.detect.sigma.kernel import match
from seawall.detect.sigma.options import Options
from seawall.detect.sigma.rule import Rule
from seawall.detect.tables import InMemory
from seawall.engine.views import BY_NAME as VIEWS
from seawall.errors import RuleError
from seawall.model.events import BY_NAME as KINDS
from seawall.model.events import arrow_type, event_id

ENDING: Final = ".samples.jsonl"
MAX_EVENTS: Final = 10_000  # of one sample of a correlation
MAX_SAMPLES_BYTES: Final = 4 << 20
_TIME: Final = datetime(2026, 11, 21, 22, tzinfo=UTC)  # for samples that name none

__all__ = ["BUILTIN", "ENDING", "Sample", "judge", "samples_of"]


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample, judged."""

    where: str  # file and line
    why: str
    match: bool  # what it should do
    right: bool  # whether it did


def judge(paths: Sequence[Path], options: Options = Options()) -> Iterator[Sample | RuleError]:  # noqa: B008
    """Every sample of every rule below `paths`, judged by the kernel that hunts; what cannot be judged as its error.

    A broken rule or samples file never stops the rest. Raises RuleError only for a path that cannot be read at all.
    """
    ruleset = load(paths, builtin=False, options=options)
    yield from ruleset.broken
    asking: list[Rule | Linked] = [*ruleset.rules, *ruleset.correlations]
    for one in asking:
        file = _beside(one, paths)
        if file is not None:
            try:
                yield from samples_of(one, file, ruleset)
            except RuleError as error:
                yield error


def _beside(one: Rule | Linked, paths: Sequence[Path]) -> Path | None:
    """The samples file of a rule read from one of `paths`; of files of one name, by its id."""
    places = [(path if path.is_dir() else path.parent) / one.origin for path in paths]
    held = [place for place in places if place.with_suffix("").with_suffix(ENDING).is_file()]
    if len(held) > 1:
        held = [place for place in held if one.about.id in place.read_text("utf-8", "replace")] or held
    return held[0].with_suffix("").with_suffix(ENDING) if held else None


def samples_of(rule: Rule | Linked, file: Path, ruleset: RuleSet = RuleSet()) -> Iterator[Sample]:  # noqa: B008
    """The samples of one rule, judged; of a correlation's, those with `events`, with the rules of `ruleset`.

    Raises RuleError naming the line that is no sample.
    """
    for number, line in enumerate(_lines(file), start=1):
        if not line.strip():
            continue
        where = f"{file.name}:{number}"
        try:
            raw = json.loads(line)
            should, why = raw["match"], raw["why"]
            if not isinstance(should, bool):
                raise TypeError(f"match is true or false, not {should!r}")
            if ("events" in raw) is isinstance(rule, Rule):
                continue  # of another document of the same file
            if isinstance(rule, Rule):
                hit = _matches(rule, raw["event"], raw.get("view"), where)
            else:
                hit = _correlates(rule, raw["events"], ruleset)
        except (LookupError, ValueError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
            raise RuleError(
                f"no sample: {error}",
                where=where,
                mend='write {"match": true, "why": "…", "event": {"column": "value"}}',
            ) from error
        yield Sample(where, str(why), should, hit is should)


def _lines(file: Path) -> Sequence[str]:
    try:
        if file.stat().st_size > MAX_SAMPLES_BYTES:
            raise RuleError("more than 4 MiB of samples", where=str(file), mend="keep the telling ones")
        return file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise RuleError(f"samples cannot be read: {error}", where=str(file), mend="check the file") from error


def _matches(rule: Rule, event: Mapping[str, Any], view: str | None, where: str) -> bool:
    asked = [one for one in asked_of([rule]) if view in (None, one.view)]
    if not asked:
        raise RuleError(f"the rule does not read {view}", where=where, mend="name one of the views it reads")
    return any(match(sample_table(one.view, event).to_batches()[0], one.plan).num_rows for one in asked)


def _correlates(linked: Linked, events: Sequence[Mapping[str, Any]], ruleset: RuleSet) -> bool:
    """Whether a correlation finds anything in a handful of events, through the whole hunt."""
    if not 0 < len(events) <= MAX_EVENTS:
        raise ValueError(f"1 to {MAX_EVENTS} events, not {len(events)}")
    tables: dict[str, list[pa.Table]] = {}
    for number, told in enumerate(events):
        event = {name: value for name, value in told.items() if name != "view"}
        event["event_id"] = event_id(told["view"], "", repr(sorted(told.items())).encode(), number)
        tables.setdefault(told["view"], []).append(sample_table(told["view"], event))
    lake = InMemory({view: pa.concat_tables(held, promote_options="default") for view, held in tables.items()})
    loud = replace(ruleset, silenced=ruleset.silenced - {linked.about.id})
    return any(finding.detector == linked.about.id for finding in run(lake, loud))


def sample_table(view: str, event: Mapping[str, Any]) -> pa.Table:
    """One event of a view or kind as a table; columns left out are null, further ones are text.

    Raises:
        ValueError: it names a column the view does not have, and the view takes no further ones.
    """
    columns = VIEWS[view].columns if view in VIEWS else KINDS[view].all_columns
    types = {column.name: arrow_type(column.type) for column in columns}
    further = sorted(set(event) - set(types))
    if further and (view in VIEWS or not KINDS[view].open_ended):
        raise ValueError(f"{view} has no column {further[0]}")
    types.update(dict.fromkeys(further, pa.string()))
    row = {"time": _TIME, "origin": "sample", "event_id": event_id(view, "", repr(sorted(event.items())).encode())}
    event = {name: _moment(value) if pa.types.is_timestamp(types[name]) else value for name, value in event.items()}
    return pa.Table.from_pylist([{**row, **event}], schema=pa.schema(list(types.items())))


def _moment(value: Any) -> Any:
    """A time as JSON writes it, in UTC where it names no zone."""
    if not isinstance(value, str):
        return value
    moment = datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
