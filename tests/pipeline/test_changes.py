"""Two files, two folders, dated snapshots, git histories; and the same changes in a hunt."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from seawall.errors import InputError
from seawall.model.finding import Finding
from seawall.model.severity import Severity
from seawall.model.site import Site
from seawall.pipeline.changes import changes
from tests.detect.audit.changes.bench import base
from tests.pipeline.hunting import hunt
from tests.sources.test_git_history import Repo

PE1, BNG1 = base("iosxe"), base("junos")
WITH_USER = PE1.replace("username breakglass", "username svc privilege 15 secret 9 $9$x$y\nusername breakglass")
RE_POINTED = BNG1.replace("10.20.0.11 secret", "198.51.100.77 secret")
NIGHT = int(datetime(2026, 11, 3, 2, tzinfo=UTC).timestamp())
DAY = 86_400


def found(*paths: Path) -> list[Finding]:
    return [f for told in changes(paths, Site()) for f in told.findings if f.severity >= Severity.MEDIUM]


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_two_files_are_compared(tmp_path: Path) -> None:
    before, after = written(tmp_path / "a/pe1.cfg", PE1), written(tmp_path / "b/pe1.cfg", WITH_USER)
    (finding,) = found(before, after)
    assert finding.detector == "change.user"
    number = 1 + [line.startswith("username svc") for line in WITH_USER.split("\n")].index(True)
    assert finding.evidence[0].origin == f"b/pe1.cfg:{number}"


def test_devices_of_two_folders_are_paired_by_name_and_strays_are_said(tmp_path: Path) -> None:
    written(tmp_path / "a/one.cfg", PE1)
    written(tmp_path / "b/other-name.cfg", WITH_USER)
    written(tmp_path / "b/bng1.conf", BNG1)
    steps = list(changes((tmp_path / "a", tmp_path / "b"), Site()))
    assert [f.subject for told in steps for f in told.findings] == ["pe1"]
    assert any("bng1 is only in" in note for told in steps for note in told.notes)


def test_a_renamed_device_is_compared_as_one(tmp_path: Path) -> None:
    before = written(tmp_path / "pe1.cfg", PE1)
    after = written(tmp_path / "pe2.cfg", WITH_USER.replace("hostname pe1", "hostname pe2"))
    steps = list(changes((before, after), Site()))
    assert "called pe2 now" in steps[0].notes[0]
    assert [f.detector for told in steps for f in told.findings] == ["change.user"]


def test_a_file_that_is_no_configuration_is_refused_with_the_way_out(tmp_path: Path) -> None:
    before, after = written(tmp_path / "pe1.cfg", PE1), tmp_path / "after.docx"
    after.write_bytes(b"PK\x03\x04" + bytes(500))
    with pytest.raises(InputError):
        list(changes((before, after), Site()))


def test_dated_snapshots_are_compared_in_the_order_of_their_dates(tmp_path: Path) -> None:
    written(tmp_path / "2026-11-03/pe1.cfg", PE1)
    written(tmp_path / "2026-11-01/pe1.cfg", PE1.replace("cost 10", "cost 20"))
    written(tmp_path / "2026-11-02/pe1.cfg", WITH_USER)
    assert [f.detector for f in found(tmp_path)] == ["change.user", "change.short-lived"]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    repo = Repo(tmp_path / "configs")
    repo.commit(NIGHT, **{"core/pe1": PE1, "edge/bng1": BNG1})
    repo.commit(NIGHT + DAY, **{"core/pe1": WITH_USER})
    repo.commit(NIGHT + 2 * DAY, **{"core/pe1": PE1, "edge/bng1": RE_POINTED})
    return tmp_path / "configs"


def test_a_git_history_tells_who_committed_and_what_came_back(repository: Path) -> None:
    findings = found(repository)
    assert sorted(f.detector for f in findings) == ["change.aaa-server", "change.short-lived", "change.user"]
    user = next(f for f in findings if f.detector == "change.user")
    assert user.details["committed_by"] == "ops@noc.example"
    assert user.details["commit_message"] == "update"
    assert user.evidence[0].origin.startswith("configs!/2026-11-04T02-00-00-")
    assert user.first == datetime(2026, 11, 3, 2, tzinfo=UTC)
    assert user.last == datetime(2026, 11, 4, 2, tzinfo=UTC)


def test_a_hunt_finds_the_changes_of_a_history_and_joins_them_with_the_logs_of_their_time(
    repository: Path, tmp_path: Path
) -> None:
    logged = (
        "<189>41: pe1: 000041: Nov  3 2026 22:10:00.000 UTC: %PARSER-5-CFGLOG_LOGGEDCMD: User:noc-anna  "
        "logged command:username svc privilege 15 secret * \n"
    )
    log = written(tmp_path / "pe1.log", logged)
    hunted = hunt(tmp_path / "case", [repository, log])
    told = {f.detector: f for f in hunted.findings if f.detector.startswith("change.")}
    assert set(told) == {"change.user", "change.aaa-server"}  # what came back to the letter is in a lake once
    direct = next(f for f in found(repository) if f.detector == "change.user")
    assert [e.event_id for e in told["change.user"].evidence] == [e.event_id for e in direct.evidence]
    assert told["change.user"].id == direct.id
    (incident,) = (i for i in hunted.incidents if told["change.user"].id in i.findings)
    others = [f for f in hunted.findings if f.id in incident.findings and not f.detector.startswith("change.")]
    assert [f.subject for f in others] == ["pe1"] * len(others) != []


def test_a_second_hunt_with_the_next_snapshot_sees_the_change(tmp_path: Path) -> None:
    written(tmp_path / "monday/pe1-2026-11-02.cfg", PE1)
    written(tmp_path / "tuesday/pe1-2026-11-03.cfg", WITH_USER)
    assert hunt(tmp_path / "case", [tmp_path / "monday"]).findings == ()
    (finding,) = hunt(tmp_path / "case", [tmp_path / "tuesday"]).findings
    assert finding.detector == "change.user"
