"""The fleet page: scores, trend, and nothing that runs."""

from __future__ import annotations

from seawall.model.audit import Status
from seawall.reporting.audit_html import render_audit
from tests.reporting.audits import APRIL, MARCH, MIXED, verdict


def test_the_page_shows_scores_and_escapes_what_configurations_say() -> None:
    page = render_audit(MIXED, APRIL)
    assert "<script" not in page
    assert "default-src 'none'" in page
    assert "MGT-02" in page
    assert "transport input telnet" in page
    assert "Over time" not in page


def test_dated_snapshots_of_a_device_become_a_trend() -> None:
    page = render_audit(
        [
            verdict(file="2026-03-01/pe1.cfg", taken=MARCH),
            verdict(status=Status.PASS, file="2026-04-01/pe1.cfg", taken=APRIL),
        ],
        APRIL,
    )
    assert "Over time" in page
    assert 'points="2.0,30.0 158.0,2.0"' in page  # from 0 to 100
