"""Rows of a query come out whole, typed as documented, and harmless in a terminal and a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest

from seawall.cli import rows

Captured = pytest.CaptureFixture[bytes]


def write(out: Captured, table: pa.Table, form: str, limit: int = 0) -> tuple[str, str]:
    rows.write(table.to_reader(max_chunksize=2), form, limit)
    printed, told = out.readouterr()
    return printed.decode(), told.decode()


def one(out: Captured, value: Any, form: str, type_: pa.DataType | None = None) -> str:
    return write(out, pa.table({"v": pa.array([value], type_)}), form)[0]


def test_csv_shown_in_a_terminal_cannot_drive_it(capfdbinary: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = "\x1b[2Jeve\u202e"
    assert hostile in one(capfdbinary, hostile, "csv")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert not {"\x1b", "\u202e"} & set(one(capfdbinary, hostile, "csv"))


FIVE = pa.table({"n": [1, 2, 3, 4, 5]})


@pytest.mark.parametrize(("limit", "count", "stopped"), [(0, 5, False), (5, 5, False), (4, 4, True), (1, 1, True)])
@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_a_limit_is_kept_exactly_and_said_only_when_rows_were_left(
    capfdbinary: Captured, form: str, limit: int, count: int, stopped: bool
) -> None:
    printed, told = write(capfdbinary, FIVE, form, limit)
    assert len(printed.splitlines()) - (form == "csv") == count
    assert ("stopped after" in told) is stopped


def test_ids_are_hex_and_times_are_utc_text(capfdbinary: Captured) -> None:
    assert json.loads(one(capfdbinary, b"\x00\xff", "jsonl")) == {"v": "00ff"}
    moment = datetime(2026, 11, 21, 22, 0, 0, 5, tzinfo=UTC)
    for zone in ("UTC", "Asia/Kolkata"):
        said = json.loads(one(capfdbinary, moment, "jsonl", pa.timestamp("us", zone)))
        assert said == {"v": "2026-11-21T22:00:00.000005Z"}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_spreadsheet_is_given_no_formula_and_a_program_the_text_as_it_was(capfdbinary: Captured, text: str) -> None:
    (_, (cell,)) = csv.reader(io.StringIO(one(capfdbinary, text, "csv"), newline=""))
    assert cell == f"'{text}"
    assert json.loads(one(capfdbinary, text, "jsonl")) == {"v": text}


def test_a_negative_number_is_a_number(capfdbinary: Captured) -> None:
    assert one(capfdbinary, -5, "csv") == "v\n-5\n"


def test_text_with_commas_quotes_and_line_ends_is_one_cell(capfdbinary: Captured) -> None:
    text = 'a,"b"\nc\r=1+1'  # a carriage return outside quotes would start a row, with a formula in it
    assert list(csv.reader(io.StringIO(one(capfdbinary, text, "csv"), newline=""))) == [["v"], [text]]


def test_a_terminal_is_given_no_control_characters_in_cells_or_names(capfdbinary: Captured) -> None:
    printed, told = write(capfdbinary, pa.table({"a\x1b[31m": ["[bold]x\x1b[2J\u202e", None]}), "table")
    assert "\x1b" not in printed
    assert "\u202e" not in printed
    assert "[bold]x" in printed
    assert told == "2 rows\n"


def test_no_rows_are_an_empty_answer_in_every_form(capfdbinary: Captured) -> None:
    none = FIVE.slice(0, 0)
    assert write(capfdbinary, none, "jsonl") == ("", "")
    assert write(capfdbinary, none, "csv") == ("n\n", "")
    assert write(capfdbinary, none, "table")[1] == "0 rows\n"
