"""Detectors and coverage as tables, pages and lines."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TextIO

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from seawall.detect.base import About
from seawall.detect.explaining import MAX_EVENTS, MAX_ROWS, Explained
from seawall.detect.rules import RuleSet, RuleStatus
from seawall.detect.sigma.correlation.linking import Linked
from seawall.detect.sigma.correlation.tell import asked, measure
from seawall.detect.sigma.rule import Rule
from seawall.detect.visibility import NETWORK
from seawall.errors import InputError
from seawall.model.coverage import Coverage
from seawall.reporting.navigator import layer
from seawall.reporting.terminal import COLOUR, Hanging, console_for
from seawall.reporting.text import and_list, safe_terminal, short_host
from seawall.reporting.view import blindness, by_device

MOST_DEVICES: Final = 200  # rows of the table for people


def to_dict(about: About) -> dict[str, Any]:
    """The JSON line of a detector."""
    return {
        "id": about.id,
        "title": about.title,
        "severity": about.severity.word,
        "confidence": about.confidence,
        "attack": list(about.attack),
        "tags": list(about.tags),
        "needs": [{"view": n.view, "columns": list(n.columns), "setting": n.setting} for n in about.needs],
        "learned": about.learned,
    }


def coverage_to_dict(entry: Coverage) -> dict[str, Any]:
    """The JSON line of one device and behaviour."""
    return {
        "device": entry.device,
        "behaviour": entry.behaviour,
        "visibility": entry.visibility,
        "observable": entry.observable,
        "why": entry.why,
        "setting": entry.setting,
        "platform": entry.platform or None,
        "fix": list(entry.fix),
        "price": entry.price or None,
    }


def catalogue_table(detectors: Sequence[About]) -> RenderableType:
    """Detectors one a row."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
    table.add_column("Id", no_wrap=True, width=12)
    table.add_column("Severity", no_wrap=True, width=13)
    table.add_column("What it notices", ratio=1, overflow="fold")
    table.add_column("Behaviours", overflow="fold", max_width=18)
    for about in detectors:
        table.add_row(
            Text(safe_terminal(about.id if "." in about.id else about.id[:8]), overflow="ellipsis"),
            Text(about.severity.word, style=COLOUR[about.severity]),
            Text(safe_terminal(about.title), overflow="fold"),
            ", ".join(tag.partition(":")[2] for tag in about.tags if tag.startswith("behaviour:")),
        )
    return table


def rule_page(about: About, asking: Rule | Linked | None) -> RenderableType:
    """One detector whole."""
    return Group(*_page(about, asking))


def _page(about: About, asking: Rule | Linked | None) -> Iterator[RenderableType]:
    rule = asking.correlation if isinstance(asking, Linked) else asking
    badge = (f"{about.severity.word.upper()}  ", COLOUR[about.severity])
    yield Text.assemble(badge, (safe_terminal(about.title), "bold"))
    yield Hanging(f"id {about.id}, confidence {about.confidence} of 100")
    if rule and rule.meta.description:
        yield Hanging(rule.meta.description)
    for label, values in (
        ("behaviours and tags", about.tags),
        ("ATT&CK", about.attack),
        ("reads", [f"{n.view} ({', '.join(n.columns)})" for n in about.needs]),
        ("asks", _question(asking)),
        ("filters", asking.filters if isinstance(asking, Rule) else ()),
        ("needs on the device", sorted({n.setting for n in about.needs if n.setting})),
        ("may be mistaken by", rule.meta.falsepositives if rule else ()),
        ("references", rule.meta.references if rule else ()),
        ("author", (rule.meta.author,) if rule and rule.meta.author else ()),
        ("licence", (rule.meta.licence,) if rule and rule.meta.licence else ()),
        ("file", (rule.where,) if rule else ()),
    ):
        for value in values:
            yield Hanging(value, bullet=f"  {label}: ")


def _question(asking: Rule | Linked | None) -> list[str]:
    """A correlation's question in a sentence, then the rules it speaks of."""
    if not isinstance(asking, Linked):
        return [f"events of {asking.logsource}"] if asking and asking.logsource else []
    correlation = asking.correlation
    span = correlation.question.span // 1_000_000
    by = f" for each {and_list(list(correlation.group_by), 8)}" if correlation.group_by else ""
    rules = [f"{step.about.title} ({step.about.id})" for step in asking.steps]
    return [f"{measure(correlation)}: {asked(correlation)}, within {span} s{by}", *rules]


def write_coverage(covered: Sequence[Coverage], form: str, output: Path | None, *, name: str) -> None:
    """Coverage in the form asked for, to standard output or whole to a file.

    Raises:
        InputError: the file cannot be written.
    """
    with _opened(output) as out:
        if form == "table":
            console_for(out).print(coverage_view(covered))
        elif form == "navigator":
            out.write(json.dumps(layer(covered, name=name), indent=1, ensure_ascii=False) + "\n")
        else:
            for entry in covered:
                out.write(json.dumps(coverage_to_dict(entry), ensure_ascii=False) + "\n")


@contextmanager
def _opened(output: Path | None) -> Iterator[TextIO]:
    if output is None:
        yield sys.stdout
        return
    try:
        with output.open("w", encoding="utf-8") as out:
            yield out
    except OSError as error:
        raise InputError(
            f"coverage cannot be written: {error.strerror or error}",
            where=str(output),
            mend="choose a folder that exists and that you may write to",
        ) from error


def coverage_view(covered: Sequence[Coverage]) -> RenderableType:
    """Coverage as people read it: a line per device, then each reason for not seeing, with its mend and price."""
    return Group(*_coverage(covered))


def _coverage(covered: Sequence[Coverage]) -> Iterator[RenderableType]:
    if not any(entry.device != NETWORK for entry in covered):
        yield Text("no device is known yet: nothing was ingested that names one")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("Device", "Platform", "Observable", "Partly", "Not observable", "Seen"):
        table.add_column(heading, justify="left" if heading in ("Device", "Platform") else "right", overflow="fold")
    rows = by_device(covered)
    shorts = Counter(short_host(row.device) for row in rows)
    shown = {row.device: short if shorts[short := short_host(row.device)] == 1 else row.device for row in rows}
    for row in rows[:MOST_DEVICES]:
        counts = (str(row.counts[word]) for word in ("observable", "partly", "not observable"))
        names = (
            Text(safe_terminal(text), overflow="fold")
            for text in (shown[row.device], row.platform or ("sensors" if row.device == NETWORK else "unknown"))
        )
        table.add_row(*names, *counts, str(row.seen))
    yield table
    if len(rows) > MOST_DEVICES:
        yield Text(f"… and {len(rows) - MOST_DEVICES:,} devices more; all of them: --format jsonl")
    yield Text("What could not be seen, or only in part, and what would change that", style="bold")
    for blind in blindness(covered):
        devices = and_list([shown.get(device, device) for device in blind.devices], 5)
        yield Hanging(f"{blind.why}: {and_list(list(blind.behaviours), 8)} on {devices}", "  • ")
        for line in blind.fix or ((blind.setting,) if blind.setting else ()):
            yield Hanging(line, bullet="      would change it: ")
        if blind.price:
            yield Hanging(blind.price, bullet="      price: ")


def detector_to_dict(about: About, asking: Rule | Linked | None) -> dict[str, Any]:
    """The JSON line of a detector; a rule's with who wrote it and where it stands."""
    made = to_dict(about)
    if asking is None:
        return made | {"kind": "analytic"}
    meta = asking.meta if isinstance(asking, Rule) else asking.correlation.meta
    made |= {
        "kind": "rule" if isinstance(asking, Rule) else "correlation",
        "author": meta.author,
        "licence": meta.licence,
        "file": asking.where if isinstance(asking, Rule) else asking.correlation.where,
        "built_in": meta.builtin,
    }
    if isinstance(asking, Rule):
        return made | {"logsource": asking.logsource, "filters": list(asking.filters)}
    return made | {"type": asking.correlation.question.kind.value, "rules": [step.about.id for step in asking.steps]}


def status_lines(states: Sequence[RuleStatus], ruleset: RuleSet) -> Iterator[dict[str, Any]]:
    """A line for each rule: whether it can find anything, and what it lacks."""
    for state in states:
        word = "no events" if state.no_events else "blind to fields" if state.missing else "running"
        yield _state(state.rule.about, state.rule.origin, word) | {"missing": list(state.missing)}
    for rule in ruleset.not_applicable:
        yield _state(rule.about, rule.origin, "not applicable here") | {"logsource": rule.logsource}
    for error in ruleset.broken:
        yield {"id": "", "title": "", "file": error.where, "state": "broken", "what": error.what, "mend": error.mend}


def _state(about: About, origin: str, word: str) -> dict[str, Any]:
    return {"id": about.id, "title": about.title, "file": origin, "state": word}


def explained_to_dict(explained: Explained) -> dict[str, Any]:
    """The JSON line of an explanation."""
    return {
        "finding": explained.finding.id,
        "detector": explained.finding.detector,
        "title": explained.finding.title,
        "author": explained.author,
        "licence": explained.licence,
        "events": [
            {
                "event_id": event.event_id,
                "origin": event.origin,
                "rule": event.rule,
                "title": event.title,
                "patterns": [dataclasses.asdict(reason) for reason in event.reasons],
            }
            for event in explained.events
        ],
        "events_total": explained.finding.evidence_total,
        "not_found": explained.not_found,
    }


def explained_view(explained: Explained) -> RenderableType:
    """An explanation as people read it."""
    return Group(*_explained(explained))


def _explained(explained: Explained) -> Iterator[RenderableType]:
    finding = explained.finding
    yield Text.assemble(
        (f"{finding.severity.word.upper()}  ", COLOUR[finding.severity]), (safe_terminal(finding.title), "bold")
    )
    yield Hanging(f"detector {finding.detector}; {finding.why}")
    for label, value in (("author", explained.author), ("licence", explained.licence)):
        if value:
            yield Hanging(value, bullet=f"  {label}: ")
    for event in explained.events:
        yield Hanging(f"{event.origin} ({event.title})", bullet="  • ")
        for reason in event.reasons:
            shown = "" if reason.field == "any text" else f": {reason.value}"
            words = "is not so that it" if reason.excluded else ""
            yield Hanging(
                f"{reason.field} {words} {reason.says} {reason.pattern}{shown}".replace("  ", " "), bullet="      "
            )
    if explained.not_found:
        yield Hanging(
            f"{explained.not_found} of its events are not in the lake any more (it was looked through up to "
            f"{MAX_ROWS:,} rows), or its rules were not given"
        )
    if explained.finding.evidence_total > MAX_EVENTS:
        yield Hanging(f"only the first {MAX_EVENTS} of its {explained.finding.evidence_total} events are explained")
