"""Reads back what a writer wrote, through the very door evidence comes in at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from seawall import sources
from seawall.drills.acts import Act
from seawall.drills.render.sender import Sender
from seawall.model.clock import FixedClock
from seawall.sources import discover
from seawall.sources.base import Evidence, Reading

AT = datetime(2026, 11, 9, 3, 14, 5, 678_000, UTC)
CLOCK = FixedClock(datetime(2026, 12, 1, tzinfo=UTC))


def read_back(folder: Path, name: str, lines: Sequence[str], source: str) -> dict[str, list[dict[str, Any]]]:
    """Rows by event kind, in order of the file; fails if the file is not known for what it is, or a line refused."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    rows: dict[str, list[dict[str, Any]]] = {}
    for evidence in discover.find([folder]):
        assert isinstance(evidence, Evidence), evidence
        found = sources.recognise(evidence)
        assert found is not None, f"{evidence.origin} is not recognised"
        assert found.name == source
        for chunk in found.read(evidence, Reading(discover.survey([folder], CLOCK), CLOCK)):
            assert not chunk.rejected, chunk.rejects
            for kind, table in chunk.tables.items():
                rows.setdefault(kind, []).extend(table.to_pylist())
    return rows


def act(doing: str, **values: Any) -> Act:
    """An act of r.novak's on edge1, from a jump host, at `AT`."""
    detail = {"to": "10.9.10.1", **values.pop("detail", {})}
    given = {"account": "r.novak", "source": "10.9.20.15", "line": 2, **values}
    return Act(AT, "edge1-hav.halden.example.net", doing, detail=detail, **given)


def sender(header: str) -> Sender:
    return Sender("edge1-hav", "10.9.10.1", header, 4100, 4093)
