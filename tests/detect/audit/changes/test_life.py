"""Two intruder's changes hidden in operator life: both found, nothing else high, and the story can be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from seawall.model.severity import Severity
from seawall.model.site import Site
from seawall.pipeline.changes import changes
from tests.detect.audit.changes.life import write


@pytest.mark.parametrize(
    ("seed", "count"),
    [(1, 30), *(pytest.param(seed, 200, marks=pytest.mark.soak) for seed in range(2, 8))],
)
def test_both_hidden_changes_are_found_and_nothing_else_is_high(tmp_path: Path, seed: int, count: int) -> None:
    written = write(tmp_path / "configs.git", seed, count)
    findings = [f for told in changes((tmp_path / "configs.git",), Site()) for f in told.findings]
    high = [f for f in findings if f.severity >= Severity.HIGH]
    assert sorted(f.detector for f in high) == ["change.short-lived", "change.tunnel", "change.user"]
    assert [f.why for f in findings if f.severity is Severity.MEDIUM] == []
    assert {f.last for f in high} == {night.when for night in written if night.hidden}
