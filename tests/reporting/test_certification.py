"""A certification in plain text."""

from __future__ import annotations

from typing import Any

from seawall.reporting.certification import text_of

ONE: dict[str, Any] = {
    "cert_id": "c" * 32, "order": "W-1", "liid": None, "system": "amf-1", "taps": ["x-1", "x-2"], "circuits": [],
    "numbers": [{"type": "msisdn", "commitment": "g" * 64}], "enabled_at": None, "disabled_at": None, "type": "FISA",
    "officer_presenting": "L", "authorization_signer": "H", "responsible_employee": None, "policy_version": None,
    "signature": None, "missing": ["enabled_at: no record tells when it was enabled"],
}  # fmt: skip


def test_facts_missing_facts_and_what_must_be_reported_are_told() -> None:
    found = {"title": "Tap delivers elsewhere", "warrant": ["W-1"], "tap": ["x-1"]}
    document = {
        "agency": "A",
        "as_of": None,
        "certifications": [ONE],
        "findings": [found],
        "no_interception_found": ["W-2"],
    }
    lines = list(text_of(document))
    assert "  taps: x-1, x-2" in lines
    assert f"  numbers: msisdn {'g' * 64}" in lines
    assert "  MISSING  enabled_at: no record tells when it was enabled" in lines
    assert "  Tap delivers elsewhere: warrant W-1; tap x-1" in lines
    assert any("W-2" in line for line in lines)
    assert not any(line.startswith("  LIID") for line in lines)


def test_nothing_to_report_is_said() -> None:
    document = {"agency": "A", "as_of": "x", "certifications": [], "findings": [], "no_interception_found": []}
    assert "Nothing to be reported was found in what was handed over." in list(text_of(document))
