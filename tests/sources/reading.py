"""Small helpers of the source tests: read bytes or a file whole, and look at what came out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pyarrow as pa

from seawall import sources
from seawall.model.events import BY_NAME, arrow_schema
from seawall.sources.base import Chunk, Evidence, Reading, Reject, Source
from seawall.sources.opening import evidence_from_bytes, open_evidence
from seawall.sources.years import SurveyedYears

READING = Reading(SurveyedYears(date(2026, 11, 22)))


@dataclass
class Result:
    """Everything a source gave."""

    tables: dict[str, pa.Table] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)
    rejected: int = 0
    read_bytes: int = 0
    notes: list[str] = field(default_factory=list)

    def rows(self, kind: str) -> list[dict[str, object]]:
        return self.tables[kind].to_pylist() if kind in self.tables else []

    def counts(self) -> dict[str, int]:
        return {kind: table.num_rows for kind, table in self.tables.items()}

    def take(self, chunk: Chunk) -> None:
        for kind, table in chunk.tables.items():
            check_schema(kind, table)
            parts = [self.tables[kind], table] if kind in self.tables else [table]
            self.tables[kind] = pa.concat_tables(parts, promote_options="default")
        self.rejects += chunk.rejects
        self.rejected += chunk.rejected
        self.read_bytes += chunk.read_bytes
        self.notes += chunk.notes


def check_schema(kind: str, table: pa.Table) -> None:
    """A table has its kind's columns, in order; open-ended kinds may append text."""
    wanted = arrow_schema(kind)
    assert table.schema.names[: len(wanted)] == wanted.names
    assert [f.type for f in table.schema][: len(wanted)] == wanted.types
    extra = list(table.schema)[len(wanted) :]
    assert all(f.type == pa.string() for f in extra)
    assert BY_NAME[kind].open_ended or not extra
    names = [name.lower() for name in table.schema.names]
    assert len(set(names)) == len(names), "columns that differ in case only"
    assert table.column("event_id").null_count == 0
    assert table.column("time_quality").null_count == 0
    assert table.column("origin").null_count == 0


def read_bytes(source: Source, content: bytes, origin: str = "sample.log") -> Result:
    return read_evidence(source, evidence_from_bytes(content, origin))


def read_path(path: Path, source: Source | None = None) -> Result:
    evidence = open_evidence(path, path.name)
    assert isinstance(evidence, Evidence), evidence
    found = source or sources.recognise(evidence)
    assert found is not None, f"{path}: {sources.why_unknown(evidence)}"
    return read_evidence(found, evidence)


def read_evidence(source: Source, evidence: Evidence) -> Result:
    result = Result()
    for chunk in sources.read(source, evidence, READING):
        result.take(chunk)
    for reject in result.rejects:
        assert re.fullmatch(r"[^\x00-\x1f\x7f]+", reject.what), "a reject is one printable line"
    return result
