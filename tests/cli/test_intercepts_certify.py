"""Certifications on the command line: one agency on the screen, or a file for each."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Seawall
from tests.pipeline.exports_said import ORDERED, ORDERED_NUMBER, ROGUE, ROGUE_NUMBER, write_exports


def test_an_agency_s_certifications_are_printed_and_written(seawall: Seawall, tmp_path: Path) -> None:
    write_exports(tmp_path / "exports")
    shown = seawall("intercepts", "certify", "exports", "--agency", "agency-sealed")
    assert shown.code == 0, shown.err
    for fact in ("Det. L.", "J. H.", "jdoe", "2026-03-02T10:00:00", "MISSING  signature", ORDERED):
        assert fact in shown.out
    assert seawall("intercepts", "certify", "exports", "--out", "certs").code == 0
    carrier = json.loads((tmp_path / "certs" / "carrier.json").read_text())
    assert [one["taps"] for one in carrier["without_authorization"]] == [[ROGUE]]
    (agency,) = (tmp_path / "certs").glob("agency-*.json")
    written = "".join(file.read_text() for file in (tmp_path / "certs").iterdir())
    assert ROGUE not in agency.read_text(), "an interception without an order is nobody's but the carrier's"
    assert not any(clear in shown.out + written for clear in (ORDERED_NUMBER, ROGUE_NUMBER))
    assert seawall("intercepts", "certify", "exports", "--out", "certs").code == 3, "nothing is overwritten"


def test_what_is_asked_must_be_clear(seawall: Seawall, tmp_path: Path) -> None:
    write_exports(tmp_path / "exports")
    assert seawall("intercepts", "certify", "exports").code == 2
    assert seawall("intercepts", "certify", "exports", "--agency", "A", "--as", "jdoe").code == 2
    assert seawall("intercepts", "certify", "exports", "--agency", "NOBODY").code == 3
