from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from seawall.engine.records import FileRecord
from seawall.reporting.record import Run, record_hunt
from tests.incidents.stories import at, intrusion
from tests.ledger.making import opened

RUN = Run(at("12:00:00"), at("12:01:00"), ["bb", "aa"], b"manifest", "0")
FILES = [
    FileRecord(digit * 64, origin, "syslog", 10, 1, None, None, 5)
    for digit, origin in (("0", "logs/anna.lind.log"), ("1", "b.log"))
]


def test_a_second_hunt_adds_nothing_but_that_it_ran(tmp_path: Path) -> None:
    findings = intrusion()
    with opened(tmp_path) as ledger:
        assert record_hunt(ledger, findings, FILES, RUN) == len(findings) + 3
        assert record_hunt(ledger, findings, FILES, RUN) == 1
        kinds = [entry.kind for entry in ledger.entries()]
        assert kinds == ["file", "file", *["finding"] * len(findings), "hunt", "hunt"]
        first, second = ledger.entries(kind="hunt")
        assert first.body == second.body
        assert first.body["findings"] == len(findings)


def test_a_finding_that_grew_is_written_again_beside_its_older_state(tmp_path: Path) -> None:
    finding = intrusion()[0]
    with opened(tmp_path) as ledger:
        record_hunt(ledger, [finding], [], RUN)
        assert record_hunt(ledger, [replace(finding, count=finding.count + 1)], [], RUN) == 2
        older, newer = ledger.find("finding", finding.id)
        assert older.body["sha256"] != newer.body["sha256"]


def test_a_hunt_with_other_rules_lake_or_findings_has_other_digests(tmp_path: Path) -> None:
    findings = intrusion()
    with opened(tmp_path) as ledger:
        for run, found in (
            (RUN, findings),
            (replace(RUN, rules=["aa", "bb"]), findings[::-1]),
            (replace(RUN, rules=["aa"]), findings),
            (replace(RUN, manifest=b"x"), findings),
            (RUN, findings[1:]),
        ):
            record_hunt(ledger, found, FILES, run)
        bodies = [entry.body for entry in ledger.entries(kind="hunt")]
    assert bodies[0] == bodies[1], "order is no matter"
    assert bodies[0]["rules_sha256"] != bodies[2]["rules_sha256"]
    assert bodies[0]["lake_manifest_sha256"] != bodies[3]["lake_manifest_sha256"]
    assert bodies[0]["findings_sha256"] != bodies[4]["findings_sha256"]


CUSTODY: dict[str, Any] = {
    "event_id": b"e1 " * 5 + b"\n", "sha256": "2" * 64, "bytes": 70, "origin": "logs/a.zip", "received": at("11:00:00"),
    "collected_by": "Anna Lind, NOC", "collected_at": at("10:00:00"), "note": "pulled from the syslog server",
}  # fmt: skip


def test_custody_of_a_stored_file_is_written_once_for_each_handing_over_and_names_nobody(tmp_path: Path) -> None:
    again = CUSTODY | {"event_id": b"e2 " * 5 + b"\n", "collected_by": "Bo Ek"}
    with opened(tmp_path) as ledger:
        for rows in ([CUSTODY], [CUSTODY, again], [again]):
            record_hunt(ledger, [], [], RUN, custody=rows)
        first, second = ledger.entries(kind="custody")
        assert first.body["sha256"] == second.body["sha256"] == "2" * 64
        assert first.body["said_sha256"] != second.body["said_sha256"]
        assert first.keys["event"] == CUSTODY["event_id"].hex(), "a lake's id is bytes, among them spaces"
        assert b"Lind" not in first.raw + second.raw


def test_names_of_files_and_people_stay_out(tmp_path: Path) -> None:
    findings = intrusion()
    with opened(tmp_path) as ledger:
        record_hunt(ledger, findings, FILES, RUN)
        raw = b"".join(entry.raw for entry in ledger.entries()).decode()
    assert "anna" not in raw
    assert not any(f'"{entity.value}"' in raw for finding in findings for entity in finding.entities)
