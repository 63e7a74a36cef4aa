"""Scores weigh severities, and unknown counts for neither side."""

from __future__ import annotations

from seawall.model.audit import Status
from seawall.model.severity import Severity
from seawall.reporting.audit_score import Tally, latest, snapshots_of
from tests.reporting.audits import APRIL, MARCH, verdict


def test_a_score_is_the_weight_of_what_passes() -> None:
    tally = Tally()
    tally.add(verdict(status=Status.PASS, severity=Severity.HIGH))  # 5
    tally.add(verdict(status=Status.FAIL, severity=Severity.CRITICAL))  # 10
    tally.add(verdict(status=Status.UNKNOWN, severity=Severity.CRITICAL))
    assert (tally.score, tally.failed, tally.unknown) == (33, 1, 1)
    assert Tally().score is None


def test_the_newest_snapshot_speaks_for_a_device() -> None:
    old = verdict(file="2026-03-01/pe1.cfg", taken=MARCH)
    new = verdict(status=Status.PASS, file="2026-04-01/pe1.cfg", taken=APRIL)
    snapshots = snapshots_of([new, old])
    assert [s.taken for s in snapshots] == [MARCH, APRIL]
    assert [s.file for s in latest(snapshots)] == ["2026-04-01/pe1.cfg"]
