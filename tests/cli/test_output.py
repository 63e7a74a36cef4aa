"""Findings for programs: one JSON line each, in every form, whatever their text holds."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from seawall.cli.output import write_findings, write_hunt, write_lines
from seawall.model.finding import finding_from_dict
from tests.incidents.stories import intrusion
from tests.reporting.cases import case

Captured = pytest.CaptureFixture[bytes]


def lines(out: Captured) -> list[dict]:
    return [json.loads(line) for line in out.readouterr().out.splitlines()]


def test_findings_can_be_read_back_from_their_lines(capfdbinary: Captured) -> None:
    write_findings(intrusion(), "jsonl")
    assert [finding_from_dict(line) for line in lines(capfdbinary)] == intrusion()


def test_ocsf_is_one_detection_finding_a_line(capfdbinary: Captured) -> None:
    write_findings(intrusion(), "ocsf")
    found = lines(capfdbinary)
    assert len(found) == len(intrusion())
    assert {line["class_uid"] for line in found} == {2004}


def test_line_ends_inside_a_value_stay_inside_its_line(capfdbinary: Captured) -> None:
    write_lines([{"why": "a\r\nb\u2028c"}, {"at": datetime(2026, 1, 1, tzinfo=UTC)}])
    raw = capfdbinary.readouterr().out
    assert raw.count(b"\n") == 2
    assert json.loads(raw.splitlines()[0]) == {"why": "a\r\nb\u2028c"}


def test_a_hunt_for_programs_prints_its_findings_and_nothing_else(capfdbinary: Captured) -> None:
    view = case()
    write_hunt(view, "jsonl")
    assert [line["id"] for line in lines(capfdbinary)] == [finding.id for finding in view.findings]
    write_hunt(case([]), "jsonl")
    assert capfdbinary.readouterr() == (b"", b"")
