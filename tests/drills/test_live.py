"""A small month: read without a reject, quiet under every detector."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from seawall import pipeline
from seawall.drills.live import write_life
from seawall.errors import InputError
from seawall.model.case import open_case
from seawall.model.clock import FixedClock
from seawall.model.severity import Severity
from seawall.model.site import load_site

SEED = 11


def _digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_three_days_of_twelve_routers_are_read_whole_and_raise_no_alarm(tmp_path: Path) -> None:
    folder = tmp_path / "life"
    days = list(write_life(folder, SEED, days=3, devices=12, traffic=False))
    site = load_site(tmp_path / "life.site.toml")
    clock = FixedClock(datetime(2026, 11, 19, tzinfo=UTC))
    case = open_case(tmp_path / "case", clock, create=True)
    request = pipeline.HuntRequest(case=case, paths=(folder,), site=site, clock=clock, jobs=1)
    hunted = next(step for step in pipeline.hunt(request) if isinstance(step, pipeline.Hunted))
    assert sum(record.events for record in hunted.records) == sum(day.lines for day in days)
    assert [record.origin for record in hunted.records if record.rejected] == []
    assert [finding.title for finding in hunted.findings if finding.severity >= Severity.HIGH] == []
    assert [incident.title for incident in hunted.incidents if incident.severity >= Severity.HIGH] == []


def test_one_seed_writes_the_same_bytes_and_no_folder_twice(tmp_path: Path) -> None:
    for name in ("a", "b"):
        list(write_life(tmp_path / name, SEED, days=2, devices=4))
    assert _digests(tmp_path / "a") == _digests(tmp_path / "b")
    with pytest.raises(InputError, match="not empty"):
        list(write_life(tmp_path / "a", SEED, days=1, devices=4))
