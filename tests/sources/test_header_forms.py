"""Header forms of many vendors, written from their published grammars by someone who had not seen the reader."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from seawall.model.clock import FixedClock
from seawall.sources import discover, read, recognise
from seawall.sources.base import Evidence, Reading

FORMS = Path(__file__).parents[1] / "evidence" / "header_forms.jsonl"
ROWS = [json.loads(line) for line in FORMS.read_text(encoding="utf-8").splitlines()]


def row_of(raw: str, file_year: int, folder: Path) -> dict[str, Any]:
    (folder / "device.log").write_text(raw + "\n", encoding="utf-8")
    clock = FixedClock(datetime(file_year, 12, 31, 23, 59, 59, tzinfo=UTC))
    (evidence,) = discover.find([folder])
    assert isinstance(evidence, Evidence)
    source = recognise(evidence)
    assert source is not None
    assert source.name == "syslog"
    chunks = read(source, evidence, Reading(years=discover.survey([folder], clock), clock=clock))
    tables = [chunk.tables["syslog"] for chunk in chunks if "syslog" in chunk.tables]  # others may stand inside
    (row,) = [row for table in tables for row in table.to_pylist()]
    return row


def allowed(form: dict[str, Any], field: str) -> list[Any]:
    also = form.get(f"{field}_also_ok") or []
    return [form["expect"][field], *(also if isinstance(also, list) else [also])]


@pytest.mark.parametrize("form", ROWS, ids=[f"{n}: {form['note']}" for n, form in enumerate(ROWS, 1)])
def test_a_header_is_read_as_its_vendor_wrote_it(form: dict[str, Any], tmp_path: Path) -> None:
    row = row_of(form["raw"], form["file_year"], tmp_path)
    times = [text and datetime.fromisoformat(text.replace("Z", "+00:00")) for text in allowed(form, "time")]
    assert row["time"] in times
    assert (row["observer"] or "") in allowed(form, "observer")
    if not form.get("mnemonic_unspecified"):
        assert row["mnemonic"] in allowed(form, "mnemonic")
    if not form.get("severity_unspecified"):
        assert row["severity"] in allowed(form, "severity")
