"""JUnit XML that a build server can read, whatever a device is called."""

from __future__ import annotations

from xml.etree import ElementTree

from seawall.reporting.audit_junit import to_junit
from tests.reporting.audits import MIXED


def test_counts_add_up_and_hostile_names_stay_text() -> None:
    root = ElementTree.fromstring(to_junit(MIXED))  # our own text
    cases = root.findall(".//testcase")
    assert (root.get("tests"), root.get("failures"), root.get("skipped")) == ("5", "2", "2")
    assert len(cases) == 5
    assert len(root.findall(".//failure")) == 2
    assert len(root.findall(".//skipped")) == 2
    assert root.findall(".//script") == []
    assert "pe1.cfg:12: transport input telnet" in (root.findall(".//failure")[-1].text or "") + (
        root.findall(".//failure")[0].text or ""
    )
