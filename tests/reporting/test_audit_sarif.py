"""SARIF 2.1.0 as code-scanning pages read it."""

from __future__ import annotations

import json

from seawall.reporting.audit_sarif import to_sarif
from tests.reporting.audits import MIXED


def test_failures_and_unknown_are_results_that_name_rule_place_and_line() -> None:
    log = json.loads(json.dumps(to_sarif(MIXED)))
    run = log["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert log["version"] == "2.1.0"
    assert [(r["ruleId"], r["kind"], r["level"]) for r in run["results"]] == [
        ("MGT-02", "fail", "error"),
        ("MGT-05", "open", "none"),
        ("MGT-02", "fail", "error"),
    ]
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in run["results"])
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == ("pe1.cfg", 12)
    assert run["results"][2]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "zip!/a%20b.cfg"
