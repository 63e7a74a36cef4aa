"""Indicator lists given beside the evidence: read at once, and every line that could not be used is told."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from seawall.errors import InputError
from seawall.sources import indicators, read, recognise
from seawall.sources.base import Evidence, Reading
from seawall.sources.intake import REJECTS_SHOWN, FileReport
from seawall.sources.opening import open_evidence


def read_lists(paths: Sequence[Path], reading: Reading) -> tuple[pa.Table, list[FileReport]]:
    """The indicators of some lists (CSV, STIX 2, MISP) as one table, and what became of each list.

    Raises:
        InputError: a file cannot be read, or holds not one indicator.
    """
    tables: list[pa.Table] = []
    reports = []
    for path in paths:
        evidence = open_evidence(path, path.name)
        if not isinstance(evidence, Evidence):
            raise InputError(evidence.what, where=str(path))
        found, report = _read(evidence, path, reading)
        tables += found
        reports.append(report)
    return pa.concat_tables(tables, promote_options="default"), reports


def _read(evidence: Evidence, path: Path, reading: Reading) -> tuple[list[pa.Table], FileReport]:
    source = recognise(evidence)
    if source is None or source.kinds != indicators.SOURCE.kinds:
        source = indicators.SOURCE
    chunks = list(read(source, evidence, reading))
    tables = [chunk.tables["indicators"] for chunk in chunks if "indicators" in chunk.tables]
    count = sum(table.num_rows for table in tables)
    rejects = tuple(reject for chunk in chunks for reject in chunk.rejects)
    if not count:
        why = f" ({rejects[0].where}: {rejects[0].what})" if rejects else ""
        raise InputError(
            f"holds no indicator{why}",
            where=str(path),
            mend="give a CSV with a header naming value and type columns, a STIX 2 bundle or a MISP event",
        )
    return tables, FileReport(
        evidence.origin,
        source.title,
        events=count,
        kinds=(("indicators", count),),
        rejected=sum(chunk.rejected for chunk in chunks),
        rejects=rejects[:REJECTS_SHOWN],
        notes=tuple(dict.fromkeys(note for chunk in chunks for note in chunk.notes)),
        stored_bytes=evidence.size or 0,
    )
