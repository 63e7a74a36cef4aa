"""Detectors and coverage as tables, pages and lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from seawall.detect.base import About
from seawall.detect.sigma.rule import Rule
from seawall.model.coverage import Coverage
from seawall.reporting.terminal import COLOUR, Hanging
from seawall.reporting.text import and_list, safe_terminal
from seawall.reporting.view import blindness


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
        "why": entry.why,
        "setting": entry.setting,
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


def rule_page(about: About, rule: Rule | None) -> RenderableType:
    """One detector whole."""
    return Group(*_page(about, rule))


def _page(about: About, rule: Rule | None) -> Iterator[RenderableType]:
    badge = (f"{about.severity.word.upper()}  ", COLOUR[about.severity])
    yield Text.assemble(badge, (safe_terminal(about.title), "bold"))
    yield Hanging(f"id {about.id}, confidence {about.confidence} of 100")
    if rule and rule.meta.description:
        yield Hanging(rule.meta.description)
    for label, values in (
        ("behaviours and tags", about.tags),
        ("ATT&CK", about.attack),
        ("reads", [f"{n.view} ({', '.join(n.columns)})" for n in about.needs]),
        ("needs on the device", sorted({n.setting for n in about.needs if n.setting})),
        ("may be mistaken by", rule.meta.falsepositives if rule else ()),
        ("references", rule.meta.references if rule else ()),
        ("file", (rule.origin,) if rule else ()),
    ):
        for value in values:
            yield Hanging(value, bullet=f"  {label}: ")


def coverage_view(covered: Sequence[Coverage]) -> RenderableType:
    """Coverage as people read it: a line per device, then each reason for not seeing, with its mend."""
    return Group(*_coverage(covered))


def _coverage(covered: Sequence[Coverage]) -> Iterator[RenderableType]:
    if not covered:
        yield Text("no device is known yet: nothing was ingested that names one")
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("Device", "Seen", "Not seen", "Could not be seen"):
        table.add_column(name, justify="left" if name == "Device" else "right", overflow="fold")
    counts: dict[str, Counter[str]] = {}
    for entry in covered:
        counts.setdefault(entry.device, Counter())[entry.visibility] += 1
    for device, count in sorted(counts.items()):
        row = (str(count[state]) for state in ("seen", "not seen", "could not be seen"))
        table.add_row(Text(safe_terminal(device), overflow="fold"), *row)
    yield table
    yield Text("Behaviours that could not be seen, and what would change that", style="bold")
    for blind in blindness(covered):
        yield Hanging(
            f"{blind.why}: {and_list(list(blind.behaviours), 8)} on {and_list(list(blind.devices), 5)}", "  • "
        )
        if blind.setting:
            yield Hanging(blind.setting, bullet="      would change it: ")
