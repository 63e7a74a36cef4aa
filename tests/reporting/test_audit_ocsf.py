"""OCSF Compliance Findings."""

from __future__ import annotations

from seawall.reporting.audit_ocsf import verdict_to_ocsf
from tests.reporting.audits import APRIL, MARCH, MIXED, verdict


def test_a_verdict_is_a_compliance_finding_with_its_status() -> None:
    told = [verdict_to_ocsf(v, APRIL) for v in MIXED]
    assert {t["type_uid"] for t in told} == {200301}
    assert [t["compliance"]["status_id"] for t in told] == [3, 1, 2, 0, 3]
    assert told[0]["time"] == int(APRIL.timestamp() * 1000)
    assert verdict_to_ocsf(verdict(taken=MARCH), APRIL)["time"] == int(MARCH.timestamp() * 1000)
