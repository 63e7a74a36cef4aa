"""The report people read beside a shared bundle: what the bundle says, no more, marked on every page."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

from seawall.reporting import html

MOST: Final = 2_000  # rows of one table


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the page."""

    title: str
    lines: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class SharedPage:
    """The page."""

    title: str
    label: str  # TLP:AMBER
    author: str
    made: str
    parts: tuple[Part, ...]


def render_shared(page: SharedPage) -> str:
    """The page as HTML text: fetches nothing, runs nothing, every text escaped."""
    style = html.style()
    return (
        html.environment()
        .get_template("shared.html.jinja")
        .render(
            page=page,
            style=Markup(style),  # noqa: S704 - our own file
            style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        )
    )


def page_of(objects: Sequence[Mapping[str, Any]], label: str, made: str, actions: bool) -> SharedPage:
    """The page of a bundle's objects: STIX 2.1, already redacted."""
    by_type: dict[str, list[Mapping[str, Any]]] = {}
    for one in objects:
        by_type.setdefault(str(one["type"]), []).append(one)

    def rows(kind: str, *names: str) -> tuple[tuple[str, ...], ...]:
        return tuple(tuple(_cell(one.get(name)) for name in names) for one in by_type.get(kind, ())[:MOST])

    author = next((str(one["name"]) for one in by_type.get("identity", ())), "a carrier")
    title = next((str(one["name"]) for one in by_type.get("report", ())), "Shared intelligence")
    parts = [
        Part(
            f"Incident: {one['name']}",
            (
                f"From {_cell(one.get('created'))} to {_cell(one.get('modified'))}.",
                *str(one.get("description", "")).splitlines(),
            ),
        )
        for one in by_type.get("incident", ())[:50]
    ]
    parts += [
        Part(
            "What to look for",
            head=("Pattern", "Confidence", "From", "Until", "Why"),
            rows=rows("indicator", "pattern", "confidence", "valid_from", "valid_until", "description"),
        ),
        Part(
            "Techniques (MITRE ATT&CK)",
            head=("Id", "Name"),
            rows=tuple((_technique(one), _cell(one.get("name"))) for one in by_type.get("attack-pattern", ())),
        ),
        Part("Findings", head=("Time", "What", "Why"), rows=rows("note", "created", "abstract", "content")),
    ]
    if actions:
        parts.append(Part("What was done", head=("Step", "Why"), rows=rows("course-of-action", "name", "description")))
    parts.append(
        Part(
            "How to check this",
            (
                "SHA256SUMS holds the digest of every file of this package. Each file in proofs/ shows that the digest"
                " of a finding stood in an append-only ledger before this package was made (C2SP tlog-proof); the"
                " finding itself can be shown later without a change going unseen.",
            ),
        )
    )
    return SharedPage(title, label, author, made, tuple(part for part in parts if part.rows or part.lines))


def _technique(one: Mapping[str, Any]) -> str:
    return next((str(r.get("external_id")) for r in one.get("external_references", ()) if isinstance(r, Mapping)), "")


def _cell(value: object) -> str:
    return "" if value is None else str(value)
