"""A rogue tap and the session that set it are one story; honest sessions are not in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from seawall.model.clock import SystemClock
from seawall.model.compartment import compartmented
from seawall.model.finding import Finding
from seawall.pipeline.intercept_story import SESSION, stories, told_in_words
from seawall.pipeline.oversight import reconcile
from seawall.pipeline.soc_evidence import SocEvidence
from tests.pipeline.exports_said import ROGUE, ROGUE_NUMBER, write_exports

SET = datetime(2026, 3, 16, 2, 23, tzinfo=UTC)  # when the trail tells of the rogue tap


def session(minutes: int, device: str, user: str, src_ip: str = "203.0.113.7") -> dict[str, Any]:
    at = SET + timedelta(minutes=minutes)
    number = f"{abs(hash((minutes, device, user))):032x}"[:32]
    return {"event_id": number, "time": at, "end": at + timedelta(minutes=5), "origin": "jump.log:1", "device": device,
            "user": user, "src_ip": src_ip, "service": "ssh", "commands": 3, "path": src_ip}  # fmt: skip


def found(folder: Path) -> list[Finding]:
    return reconcile([write_exports(folder)], SystemClock()).findings


def test_the_session_that_set_the_tap_is_in_its_story(tmp_path: Path) -> None:
    sessions = [
        session(-9, "li-element-9.example.net", "mallory"),  # on the element, under the same account
        session(-12, "jump-1", "EXAMPLE\\mallory"),  # on the way there
        session(-9, "li-element-9", "jdoe") | {"time": SET - timedelta(days=3), "end": SET - timedelta(days=3)},
        session(-9, "pe-4", "somebody", "192.0.2.50"),  # elsewhere, somebody else
    ]
    told = stories(found(tmp_path / "x"), SocEvidence(sessions=sessions))
    (incident, findings), *others = [one for one in told if any(ROGUE in f.why or "mallory" in f.why for f in one[1])]
    kinds = {finding.detector for finding in findings}
    assert {"TAP_WITHOUT_WARRANT", "UNEXPECTED_ADMIN", "OFF_HOURS_CHANGE", SESSION} <= kinds
    assert others == []
    text = " ".join(incident.storyline)
    whys = [finding.why for finding in findings if finding.detector == SESSION]
    assert len(whys) == 2
    assert all("mallory" in why for why in whys)
    assert "jdoe" not in text
    assert "somebody" not in text
    words = "\n".join(told_in_words(incident, findings))
    assert "TAP_WITHOUT_WARRANT" in words
    assert "Why they belong together" in words
    assert ROGUE_NUMBER[2:] not in words
    assert "session of mallory on li-element-9.example.net" in words


def test_without_evidence_of_the_soc_the_findings_still_make_their_story(tmp_path: Path) -> None:
    ((_, findings),) = stories(found(tmp_path / "x"), SocEvidence())
    assert {finding.detector for finding in findings} >= {"TAP_WITHOUT_WARRANT", "UNEXPECTED_ADMIN"}
    assert all(compartmented(finding) for finding in findings)
