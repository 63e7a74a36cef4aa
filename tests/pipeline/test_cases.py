from __future__ import annotations

from pathlib import Path

import pytest

from seawall import pipeline
from seawall.model.case import open_case
from seawall.model.settings import Settings
from tests.pipeline.hunting import CLOCK


def test_state_stays_in_the_case_unless_the_settings_say_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = open_case(tmp_path / "case", CLOCK)
    assert pipeline.state_url(case, Settings()) == case.state_url
    (case.folder / "seawall.toml").write_text('[state]\nurl = "env:SEAWALL_TEST_STATE"\n')
    monkeypatch.setenv("SEAWALL_TEST_STATE", "sqlite:////tmp/elsewhere.db")
    assert pipeline.state_url(case, pipeline.case_settings(case)) == "sqlite:////tmp/elsewhere.db"
