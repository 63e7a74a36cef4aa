"""The statement for people: what cannot be known is never left out, and evidence stays inert."""

from __future__ import annotations

import io
from dataclasses import replace

from seawall.model.assessment import Access, Assessment, Gap, Outflow
from seawall.reporting.statement import answer_lines, outflow_lines, render_annex, render_board, statement_view
from seawall.reporting.terminal import console_for
from tests.model.test_assessment import NIGHT, statement

HOSTILE = "<script>alert(1)</script>\x1b[2J"
SEEN = Access(
    NIGHT, "lims1", HOSTILE, "203.0.113.9", "read", "t", 7, None, "", "db.log:1", "e", False, "unknown account"
)
REACHED = Assessment("lims1 (x)", "reached", 90, f"seen there: {HOSTILE}", accesses=(SEEN,), unexplained=1)


def test_pages_escape_what_evidence_says() -> None:
    told = replace(statement(REACHED), privilege=HOSTILE)
    for page in (render_board(told), render_annex(told)):
        assert "<script>" not in page
        assert "\x1b" not in page
    assert "unknown account" in render_annex(told)


def test_the_board_page_counts_what_it_leaves_to_the_annex() -> None:
    many = [Assessment(f"cdr{n}", "cannot be known", 0, "no log") for n in range(40)]
    page = render_board(statement(*many))
    assert "28 more, in the annex" in page
    assert "This is not a sign that nothing happened" in page
    assert "cdr39" in render_annex(statement(*many))


def test_volume_says_when_nothing_could_be_counted() -> None:
    blind = statement(REACHED)
    assert list(outflow_lines(blind)) == ["cannot be known: no flow record of the period"]
    way = Outflow("lims1", "10.9.20.80", "198.51.100.7", 734_000_000, 3, NIGHT, NIGHT)
    seen = replace(blind, flows_seen=True, outflows=(way,))
    assert next(outflow_lines(seen)).startswith("734 MB from lims1 (10.9.20.80) to 198.51.100.7")
    assert any("734 MB left it" in line for line in answer_lines(replace(REACHED, outflows=(way,))))


def test_the_terminal_lists_a_few_gaps_and_counts_the_rest() -> None:
    gaps = tuple(Gap(f"pe{n}", "logins", NIGHT, NIGHT, "no logins of it") for n in range(20))
    out = io.StringIO()
    console_for(out).print(statement_view(replace(statement(REACHED), blind=gaps)))
    assert "and 12 more; --annex FILE lists them all" in out.getvalue()
    assert "\x1b[2J" not in out.getvalue()
