"""Detectors and coverage as lines and tables: programs get everything, people get it safely."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console, RenderableType

from seawall.cli.catalogue import catalogue_table, coverage_to_dict, coverage_view, rule_page, to_dict, write_coverage
from seawall.detect.base import About, Need
from seawall.errors import InputError
from seawall.model.coverage import Coverage
from seawall.model.severity import Severity
from tests.reporting.hostile import EVERYTHING

ABOUT = About(
    "11111111-1111-4111-8111-111111111111",
    "A device's log is cleared",
    Severity.HIGH,
    80,
    (Need("commands", ("user", "command"), "aaa accounting"), Need("syslog", ("message",), "aaa accounting")),
    attack=("T1070@18",),
    tags=("behaviour:D-01", "area:ios"),
)


def shown(what: RenderableType, width: int = 120) -> str:
    out = io.StringIO()
    Console(file=out, width=width, highlight=False).print(what)
    return out.getvalue()


def test_a_detectors_line_says_all_and_is_json() -> None:
    line = json.loads(json.dumps(to_dict(ABOUT)))
    assert line["severity"] == "high"
    assert [need["view"] for need in line["needs"]] == ["commands", "syslog"]
    assert coverage_to_dict(Coverage("pe1", "D-01", "seen", "why"))["setting"] is None


def test_a_sigma_id_is_shortened_and_an_analytics_name_is_not() -> None:
    named = About("area.name", "x", Severity.LOW, 1, ())
    out = shown(catalogue_table([ABOUT, named]))
    assert "11111111 " in out
    assert "area.name" in out
    assert "D-01" in out
    assert "area:ios" not in out


def test_a_page_says_each_setting_once_and_every_view_it_reads() -> None:
    out = shown(rule_page(ABOUT, None))
    assert out.count("aaa accounting") == 1
    assert "commands (user, command)" in out
    assert "syslog (message)" in out


def test_coverage_counts_per_device_and_says_what_would_change_it() -> None:
    covered = [
        Coverage("pe1", "D-01", "seen", "a finding names it"),
        Coverage(
            "pe1",
            "C-01",
            "could not be seen",
            "no commands from this device",
            "aaa accounting commands 15",
            "not observable",
        ),
        Coverage("pe2", "D-01", "not seen", "looked at"),
    ]
    out = shown(coverage_view(covered))
    rows = [line.split() for line in out.splitlines()]
    assert ["pe1", "unknown", "1", "0", "1", "1"] in rows
    assert ["pe2", "unknown", "1", "0", "0", "0"] in rows
    assert "would change it: aaa accounting commands 15" in out


def test_a_case_without_devices_says_so() -> None:
    assert "no device is known yet" in shown(coverage_view([]))


def test_hostile_titles_and_devices_reach_no_terminal() -> None:
    bad = About(EVERYTHING, EVERYTHING, Severity.LOW, 1, (Need(EVERYTHING, (EVERYTHING,), EVERYTHING),))
    views = [catalogue_table([bad]), rule_page(bad, None)]
    views.append(coverage_view([Coverage(EVERYTHING, EVERYTHING, "could not be seen", EVERYTHING, EVERYTHING)]))
    for view in views:
        assert not set(shown(view)) & set("\x1b\x07\x9b\u202e\u2066\x00\r")


def test_coverage_is_written_whole_in_every_form(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    covered = [
        Coverage("pe1", "D-01", "not seen", "looked at"),
        Coverage("pe\x1b[2J", "C-01", "could not be seen", "none", "x", "not observable", ("line",), "CPU: low", "ios"),
    ]
    lines, layer = tmp_path / "c.jsonl", tmp_path / "layer.json"
    write_coverage(covered, "jsonl", lines, name="n")
    told = [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines()]
    assert [(row["observable"], row["fix"], row["price"]) for row in told] == [
        ("observable", [], None),
        ("not observable", ["line"], "CPU: low"),
    ]
    write_coverage(covered, "navigator", layer, name="n")
    assert json.loads(layer.read_text(encoding="utf-8"))["versions"]["layer"] == "4.5"
    write_coverage(covered, "jsonl", None, name="n")
    assert len(capsys.readouterr().out.splitlines()) == 2
    with pytest.raises(InputError, match="cannot be written"):
        write_coverage(covered, "jsonl", tmp_path / "no" / "folder", name="n")
