"""A file per device: what to enter, in comments why and at what risk."""

from __future__ import annotations

from pathlib import Path

from seawall.model.audit import Status
from seawall.reporting.audit_mending import write_remediation
from tests.reporting.audits import MIXED, verdict


def test_commands_stand_bare_and_everything_else_is_a_comment(tmp_path: Path) -> None:
    write_remediation(tmp_path / "mend", [verdict()])
    lines = (tmp_path / "mend" / "pe1.mend.txt").read_text().splitlines()
    assert [line for line in lines if not line.startswith("!")] == ["line vty 0 4", " transport input ssh"]
    assert any(line.startswith("! RISK: Make sure SSH works first.") for line in lines)


def test_names_of_devices_cannot_leave_the_folder(tmp_path: Path) -> None:
    written = write_remediation(tmp_path, [*MIXED, verdict(device="../../etc/passwd"), verdict(device="..")])
    assert len(written) == 4
    assert all(path.parent == tmp_path for path in written)


def test_a_device_with_nothing_to_mend_has_no_file(tmp_path: Path) -> None:
    assert write_remediation(tmp_path, [verdict(status=Status.PASS)]) == []
