from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from seawall.drills.render import stix
from seawall.errors import InputError
from seawall.sources.listed import read_lists
from tests.sources.reading import READING


def test_lists_of_every_form_come_together_and_their_bad_lines_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("indicator,type\n192.0.2.1,ip\nnonsense,ip\n")
    (tmp_path / "b.json").write_text(stix.write([("domain", "bad.example")], date(2026, 11, 1)))
    (tmp_path / "c.json").write_text(stix.write_misp([("url", "http://bad.example/x")], date(2026, 11, 1)))
    table, reports = read_lists(sorted(tmp_path.iterdir()), READING)
    assert table.column("value").to_pylist() == ["192.0.2.1", "bad.example", "http://bad.example/x"]
    assert [report.rejected for report in reports] == [1, 0, 0]
    assert reports[0].rejects[0].where == "a.csv:3"
    assert reports[0].faulty


def test_a_list_without_an_indicator_says_why(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("indicator,type\nnonsense,ip\n")
    with pytest.raises(InputError, match=r"a\.csv:2"):
        read_lists([tmp_path / "a.csv"], READING)
