"""The picture of who went where: from which addresses, as whom, on which devices, towards what.

Only geometry is computed here; the template draws it. Four columns, each in order of first sight; what does not fit is
counted, the least first. Shapes tell kinds apart without colour. Lengths are in units of the drawing's `viewBox`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from typing import Final

from seawall.model.entities import Entity
from seawall.model.finding import UNTIMED, Finding
from seawall.model.severity import Severity
from seawall.model.site import Site
from seawall.reporting.text import brief, short_host

WIDTH: Final = 1080
TOP: Final = 40
ROW: Final = 40
BOX: Final = 28  # height of a box
WIDE: Final = 196  # width of a box
COLUMNS: Final = ("from", "as", "on", "towards")
HEADS: Final = {"from": "From", "as": "As", "on": "On, in order", "towards": "Towards"}
X: Final = {"from": 8, "as": 282, "on": 556, "towards": 876}
MOST: Final = 12  # boxes in a column
MOST_EDGES: Final = 80
LABEL: Final = 25  # characters
_COMES: Final = frozenset({"source", "actor"})
_PLACES: Final = frozenset({"device", "system"})


@dataclass(frozen=True, slots=True)
class Node:
    """A box."""

    x: float
    y: float  # of its middle
    kind: str  # type of entity: its shape
    label: str
    title: str
    number: int  # order of first sight among devices; 0 elsewhere
    jewel: bool


@dataclass(frozen=True, slots=True)
class Edge:
    """A line from box to box, or an arc between two devices."""

    path: str  # of an SVG `d`
    width: float
    severity: str
    title: str


@dataclass(frozen=True, slots=True)
class Graph:
    """A drawing."""

    height: float
    heads: tuple[tuple[float, str], ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    left_out: str  # what did not fit, in words; empty where all did


Key = tuple[str, str, str]  # column, type, name


_NEVER: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(slots=True)
class _Seen:
    first: datetime = _NEVER
    weight: int = 0
    worst: Severity = Severity.INFORMATIONAL
    count: int = 0
    numbers: list[int] = field(default_factory=list)

    def add(self, finding: Finding, number: int) -> None:
        if finding.first != UNTIMED:
            self.first = min(self.first, finding.first)
        self.weight += 1 + 2 * int(finding.severity)
        self.worst = max(self.worst, finding.severity)
        self.count += 1
        self.numbers.append(number)


def draw(findings: Sequence[Finding], site: Site) -> Graph | None:
    """The graph of an incident's findings, in order of time; None where they name fewer than two things."""
    nodes: dict[Key, _Seen] = {}
    edges: dict[tuple[Key, Key], _Seen] = {}
    for number, finding in enumerate(findings, start=1):
        keys = {_key(entity, site) for entity in finding.entities}
        for key in keys:
            nodes.setdefault(key, _Seen()).add(finding, number)
        for pair in _pairs(finding, keys, site):
            edges.setdefault(pair, _Seen()).add(finding, number)
    if len(nodes) < 2:
        return None
    shown, left_out = _shown(nodes)
    placed = _place(shown, nodes, site)
    kept = sorted((p for p in edges if p[0] in placed and p[1] in placed), key=lambda p: (-edges[p].weight, p))
    lines = tuple(_edge(placed[a], placed[b], edges[a, b]) for a, b in reversed(kept[:MOST_EDGES]))
    if len(kept) > MOST_EDGES:
        left_out.append(f"{len(kept) - MOST_EDGES} lines")
    tallest = max(len(keys) for keys in shown.values())
    heads = tuple((X[column] + WIDE / 2, HEADS[column]) for column in COLUMNS if shown[column])
    return Graph(TOP + ROW * tallest + 12, heads, tuple(placed.values()), lines, ", ".join(left_out))


def _key(entity: Entity, site: Site) -> Key:
    """Column, type and name of a thing; an address of a known device is that device."""
    if entity.type in _PLACES or (entity.type == "ip" and entity.value.lower() in site.device_names):
        name = site.device_names.get(entity.value.lower(), entity.value)
        return "on", "device", short_host(name)
    if entity.type in ("account", "session", "mailbox"):
        return "as", entity.type, entity.value
    if entity.type == "ip" and entity.role in _COMES:
        return "from", "ip", entity.value
    return "towards", entity.type, entity.value


def _pairs(finding: Finding, keys: Iterable[Key], site: Site) -> Iterable[tuple[Key, Key]]:
    """Which boxes a finding joins: along the columns, empty ones left out; and from device to device."""
    columns = [sorted(key for key in keys if key[0] == column) for column in COLUMNS]
    used = [column for column in columns if column]
    for left, right in pairwise(used):
        yield from ((a, b) for a in left for b in right)
    came = {_key(e, site) for e in finding.entities if e.role in (*_COMES, "via")}
    devices = columns[COLUMNS.index("on")]
    yield from ((a, b) for a in devices if a in came for b in devices if b not in came)


def _shown(nodes: dict[Key, _Seen]) -> tuple[dict[str, list[Key]], list[str]]:
    """The boxes of each column, in order of first sight, and what was left out."""
    shown: dict[str, list[Key]] = {}
    left_out = []
    for column in COLUMNS:
        ranked = sorted((k for k in nodes if k[0] == column), key=lambda k: (-nodes[k].weight, nodes[k].first, k))
        shown[column] = sorted(ranked[:MOST], key=lambda k: (nodes[k].first, k))
        if len(ranked) > MOST:
            left_out.append(f"{len(ranked) - MOST} more under “{HEADS[column].partition(',')[0]}”")
    return shown, left_out


def _place(shown: dict[str, list[Key]], nodes: dict[Key, _Seen], site: Site) -> dict[Key, Node]:
    tallest = max(len(keys) for keys in shown.values())
    jewels = {short_host(device.name) for device in site.devices if device.crown_jewel}
    placed = {}
    for column, keys in shown.items():
        top = TOP + ROW * (tallest - len(keys)) / 2
        for number, key in enumerate(keys):
            seen = nodes[key]
            when = f"{seen.first:%Y-%m-%d %H:%M} UTC" if seen.first.year < datetime.max.year else "time unknown"
            title = f"{brief(key[2])}: {key[1]}, first {when}, findings {_numbers(seen.numbers)}"
            label = brief(key[2], LABEL - 4 if column == "on" else LABEL)
            order = number + 1 if column == "on" else 0
            jewel = column == "on" and key[2] in jewels
            placed[key] = Node(X[column], top + ROW * (number + 0.5), key[1], label, title, order, jewel)
    return placed


def _edge(a: Node, b: Node, seen: _Seen) -> Edge:
    width = round(1.2 + min(3.0, math.log2(seen.count)), 1)
    title = f"{a.label} to {b.label}: findings {_numbers(seen.numbers)}"
    if a.x == b.x:  # device to device: an arc on the right
        x, bulge = a.x + WIDE, 24 + min(70.0, abs(a.y - b.y) / 3)
        path = f"M{x},{a.y + 5} C{x + bulge},{a.y + 5} {x + bulge},{b.y - 5} {x},{b.y - 5}"
        return Edge(path, width, seen.worst.word, title)
    start, end = a.x + WIDE, b.x
    bend = (end - start) / 2
    path = f"M{start},{a.y} C{start + bend},{a.y} {end - bend},{b.y} {end},{b.y}"
    return Edge(path, width, seen.worst.word, title)


def _numbers(numbers: Sequence[int]) -> str:
    shown = ", ".join(str(number) for number in sorted(set(numbers))[:12])
    return shown + (" …" if len(set(numbers)) > 12 else "")
