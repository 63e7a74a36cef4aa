"""The responder's folder: replay, Zeek, EVTX and configurations in one hunt (needs the third-party samples)."""

from __future__ import annotations

import json
import shutil
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from seawall import detect, pipeline
from seawall.model.case import open_case
from seawall.model.clock import FixedClock
from seawall.model.severity import Severity
from tests.corpus import corpus_path

CLOCK = FixedClock(datetime(2026, 11, 22, 12, tzinfo=UTC))
CONFIGURATIONS = (
    "cisco-iosxe/lv_",
    "cisco-ios/lv_",
    "juniper-junos/lv_",
    "cisco-nxos/lv_",
    "arista-eos/avd_",
)

pytestmark = pytest.mark.corpus


def replay_lines() -> list[dict]:
    path = corpus_path("netdevice-logs", "synthetic-replay-ios-xe.jsonl")
    return [json.loads(line) for line in path.read_text().splitlines()]


def write_replay(folder: Path) -> dict[str, list[dict]]:
    """The replay's syslog and TACACS lines as log files; file name → its lines in order."""
    files: dict[str, list[dict]] = {"syslog.log": [], "tacacs.log": []}
    for line in replay_lines():
        if line["telemetry"] in ("syslog", "tacacs-accounting"):
            files["syslog.log" if line["telemetry"] == "syslog" else "tacacs.log"].append(line)
    folder.mkdir(parents=True)
    for name, lines in files.items():
        (folder / name).write_text("".join(line["raw"] + "\n" for line in lines))
    return files


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("responder") / "evidence"
    write_replay(root / "replay")
    for folder in sorted(corpus_path("network", "slips").iterdir()):
        if folder.is_dir() and any(folder.glob("*.log")):
            shutil.copytree(folder, root / "zeek" / folder.name)
    with tarfile.open(corpus_path("sigma", "evtx-dev.tar.xz")) as archive:
        archive.extractall(root / "evtx", filter="data")
    (root / "configs").mkdir()
    for start in CONFIGURATIONS:
        platform, _, prefix = start.partition("/")
        found = sorted(corpus_path("device-configs", platform).glob(f"{prefix}*"))[0]
        shutil.copy(found, root / "configs" / found.name)
    return root


def hunt(evidence: Path, case_folder: Path) -> pipeline.Hunted:
    case = open_case(case_folder, CLOCK)
    steps = pipeline.hunt(pipeline.HuntRequest(case=case, paths=(evidence,), clock=CLOCK))
    return next(step for step in steps if isinstance(step, pipeline.Hunted))


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("case") / "case"


@pytest.fixture(scope="module")
def hunted(evidence: Path, case: Path) -> pipeline.Hunted:
    return hunt(evidence, case)


def test_every_malicious_line_whose_behaviour_has_a_rule_is_found(evidence: Path, hunted: pipeline.Hunted) -> None:
    covered = {behaviour for about in detect.catalogue(hunted.rules) for behaviour in about.behaviours}
    by_origin: dict[str, set[str]] = {}
    for finding in hunted.findings:
        for item in finding.evidence:
            by_origin.setdefault(item.origin, set()).update(finding.behaviours)
    missed = []
    for name, lines in _files(evidence).items():
        for number, line in enumerate(lines, 1):
            wanted = set(line["behaviours"]) & covered
            if wanted and not wanted & by_origin.get(f"replay/{name}:{number}", set()):
                missed.append((name, number, sorted(wanted), line["raw"]))
    assert not missed
    assert len(covered & {b for line in replay_lines() for b in line["behaviours"]}) >= 12


def _files(evidence: Path) -> dict[str, list[dict]]:
    raw = {line["raw"]: line for line in replay_lines()}
    return {
        path.name: [raw[text] for text in path.read_text().splitlines()]
        for path in sorted((evidence / "replay").iterdir())
    }


def test_benign_lines_raise_nothing_above_low(evidence: Path, hunted: pipeline.Hunted) -> None:
    benign = {
        f"replay/{name}:{number}"
        for name, lines in _files(evidence).items()
        for number, line in enumerate(lines, 1)
        if not line["behaviours"]
    }
    loud = [
        (finding.title, item.origin)
        for finding in hunted.findings
        for item in finding.evidence
        if finding.severity > Severity.LOW and item.origin in benign
    ]
    assert not loud


def test_the_intrusion_is_one_incident(hunted: pipeline.Hunted) -> None:
    with_support = [i for i in hunted.incidents if any(e.value == "cisco_support" for e in i.entities)]
    assert len(with_support) == 1
    assert with_support[0].severity >= Severity.HIGH
    assert len(with_support[0].stages) >= 5


def test_the_same_hunt_twice_adds_nothing(evidence: Path, case: Path, hunted: pipeline.Hunted) -> None:
    again = hunt(evidence, case)
    assert again.new == frozenset()
    assert sum(report.new for report in again.files) == 0
    assert [f.id for f in again.findings] == [f.id for f in hunted.findings]
    assert [i.id for i in again.incidents] == [i.id for i in hunted.incidents]


def test_a_moved_folder_gives_the_same_ids(evidence: Path, hunted: pipeline.Hunted, tmp_path: Path) -> None:
    elsewhere = tmp_path / "some" / "other" / "name"
    shutil.copytree(evidence, elsewhere)
    moved = hunt(elsewhere, tmp_path / "case")
    assert [f.id for f in moved.findings] == [f.id for f in hunted.findings]
    assert [i.id for i in moved.incidents] == [i.id for i in hunted.incidents]


def test_every_file_is_accounted_for(evidence: Path, hunted: pipeline.Hunted) -> None:
    on_disk = {p.relative_to(evidence).as_posix() for p in evidence.rglob("*") if p.is_file()}
    assert {report.origin for report in hunted.files} == on_disk
