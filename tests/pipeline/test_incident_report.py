from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from seawall.incidents import build
from seawall.ledger import Draft, open_ledger
from seawall.ledger.checkpoint import open_checkpoint
from seawall.ledger.merkle import leaf_hash
from seawall.model.case import Case, open_case
from seawall.model.clock import FixedClock
from seawall.model.finding import Evidence
from seawall.model.settings import Settings
from seawall.model.site import Site
from seawall.pipeline import case_state
from seawall.pipeline.incident_report import exhibits, incident_page
from seawall.reporting.duties.load import load
from seawall.reporting.proof import finding_draft
from tests.incidents.stories import intrusion

CLOCK = FixedClock(datetime(2026, 11, 24, tzinfo=UTC))
STORY = intrusion()
DIGEST = sha256(b"x").hexdigest()


def made(folder: Path, *, exercise: str | None = None, known: int | None = None) -> tuple[Case, str]:
    """A case with the intrusion in it; the ledger holds its first `known` findings."""
    findings = [replace(finding, exercise=exercise) for finding in STORY]
    case = open_case(folder / "case", CLOCK)
    built = build(findings)
    with case_state(case, Settings()) as state, open_ledger(case, clock=CLOCK) as ledger:
        state.save_findings(findings)
        state.save_incidents(built)
        ledger.append_all([finding_draft(finding) for finding in findings[:known]])
    return case, built[0].id


def test_each_finding_stands_with_the_entry_that_holds_it_under_a_signed_checkpoint(tmp_path: Path) -> None:
    case, name = made(tmp_path, known=3)
    page = incident_page(case, CLOCK, name[:8], held=load(), site=Site(), ruleset=None)
    proven = [one for one in page.proofs if one.index is not None]
    assert 0 < len(proven) <= 3 < len(page.proofs)
    with open_ledger(case, clock=CLOCK) as ledger:
        for one in proven:
            assert one.index is not None
            assert leaf_hash(ledger.entry(one.index).raw).hex() == one.leaf
            assert ledger.entry(one.index).body["sha256"] == one.sha256
        checkpoint, _ = open_checkpoint(page.checkpoint.encode(), ledger.verifier(), where="report")
        assert checkpoint.size == ledger.size


def test_a_drill_is_reported_as_one_without_a_board(tmp_path: Path) -> None:
    case, name = made(tmp_path, exercise="s-1")
    page = incident_page(case, CLOCK, name, held=load(), site=Site(), ruleset=None)
    assert (page.exercise, list(page.rows)) == ("s-1", [])
    assert len(page.findings) == len(page.incident.findings)


def test_evidence_is_listed_by_file_with_digest_and_place(tmp_path: Path) -> None:
    case, _ = made(tmp_path, known=0)
    origins = ["a.zip!/b.log:12", "a.zip!/b.log:13", "x.evtx#7", "strange:1:2", "never seen.log:3"]
    evidence = tuple(Evidence(f"{n:032x}", origin, "") for n, origin in enumerate(origins))
    finding = replace(STORY[0], evidence=evidence)
    digests = [("a.zip!/b.log", DIGEST), ("x.evtx", "ab" * 32), ("strange:1", "cd" * 32)]
    with open_ledger(case, clock=CLOCK) as ledger:
        receipt = ledger.append_all([Draft("file", {"sha256": DIGEST}, {"sha256": DIGEST})])[0]
        listed = {one.origin: one for one in exhibits([finding], digests, ledger)}
    assert set(listed) == {"a.zip!/b.log", "x.evtx", "strange:1", "never seen.log"}
    assert (listed["a.zip!/b.log"].sha256, listed["a.zip!/b.log"].index) == (DIGEST, receipt.index)
    assert (listed["never seen.log"].sha256, listed["never seen.log"].index) == ("", None)
