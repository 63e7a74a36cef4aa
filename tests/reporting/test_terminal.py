"""The terminal summary: fits 80 columns, says what matters, and obeys no evidence."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from seawall.model.severity import Severity
from seawall.reporting.terminal import console_for, findings_table, summary
from seawall.reporting.text import CLOSE, OPEN
from seawall.reporting.view import CaseView
from tests.incidents.stories import at, device, finding, intrusion
from tests.reporting.cases import case
from tests.reporting.hostile import hostile_case

GOLDEN = Path(__file__).parents[1] / "golden" / "terminal"


def printed(view: CaseView, width: int, *, color: bool | None = False) -> str:
    stream = io.StringIO()
    console = console_for(stream, color=color, width=width)
    console.print(summary(view))
    return stream.getvalue()


@pytest.mark.parametrize("width", [80, 120])
def test_the_summary_reads_as_the_golden_file(width: int) -> None:
    golden = GOLDEN / f"summary-{width}.txt"
    assert printed(case(), width) == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("view", [case(), hostile_case()], ids=["honest", "hostile"])
def test_no_line_is_wider_than_the_terminal(view: CaseView, width: int) -> None:
    assert max(map(len, printed(view, width).splitlines())) <= width


def test_evidence_cannot_steer_the_terminal() -> None:
    text = printed(hostile_case(), 100)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]", text)
    assert f"{OPEN}ESC{CLOSE}" in text


def test_evidence_is_not_read_as_markup() -> None:
    assert "[bold red]markup[/bold red]" in printed(hostile_case(), 2_000)


def test_colour_is_off_with_no_color(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b" not in printed(case(), 80, color=None)


def test_colour_is_off_where_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    assert "\x1b" not in printed(case(), 80, color=None)


def test_an_empty_case_does_not_claim_safety() -> None:
    text = printed(CaseView(title="nothing", generated_at=at("12:00:00")), 80)
    assert "No incident was found." in text
    assert "silence means nothing here" in text


def test_many_incidents_are_counted_where_they_are_not_told() -> None:
    many = [finding(at("00:00:00", day=n), "P-01", device(f"pe{n}")) for n in range(50)]
    text = printed(case(many), 80)
    assert "50 incidents: 50 high." in text
    assert "45 further incidents:" in text
    assert "… and 15 more" in text


def test_the_table_of_findings_says_how_many_it_leaves_out() -> None:
    stream = io.StringIO()
    console_for(stream, color=False, width=80).print(findings_table(intrusion(), limit=4))
    text = stream.getvalue()
    assert "Probe for exposed" in text
    assert f"… and {len(intrusion()) - 4} more" in text
    assert max(map(len, text.splitlines())) <= 80


def test_the_table_prints_an_informational_finding_short() -> None:
    stream = io.StringIO()
    one = [finding(at("00:00:00"), "R-01", device("pe1"), severity=Severity.INFORMATIONAL)]
    console_for(stream, color=False, width=100).print(findings_table(one))
    assert " info " in stream.getvalue()
