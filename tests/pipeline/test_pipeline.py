from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from seawall import pipeline
from seawall.engine.lake import Lake
from seawall.model.settings import LakeSettings, Settings
from tests.pipeline.hunting import CLOCK, hunt, line


def test_a_copy_of_the_evidence_adds_no_event(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.log").write_text(line(1, "show version") + line(1, "show version"))
    first = hunt(tmp_path / "case", [tmp_path / "a"])
    assert sum(report.new for report in first.files) == 2, "identical lines of one file are two events"
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    (tmp_path / "b" / "x.log").write_text((tmp_path / "b" / "x.log").read_text() + line(2, "show clock"))
    assert sum(report.new for report in hunt(tmp_path / "case", [tmp_path / "b"]).files) == 1


@pytest.mark.parametrize(("hold", "left"), [(False, 0), (True, 1)], ids=["retention", "legal-hold"])
def test_events_older_than_the_settings_keep_are_dropped_unless_a_legal_hold_says_no(
    tmp_path: Path, hold: bool, left: int
) -> None:
    (tmp_path / "x.log").write_text(line(1, "show version").replace("2026", "2025"))
    lake = Lake(tmp_path / "lake", clock=CLOCK)
    settings = Settings(lake=LakeSettings(retention_days=90, legal_hold=hold))
    for _ in pipeline.ingest([tmp_path / "x.log"], lake, settings, CLOCK):
        pass
    assert lake.kinds().get("syslog", 0) == left


def test_a_table_nobody_knew_is_read_once_a_mapping_is_given(tmp_path: Path) -> None:
    (tmp_path / "export.csv").write_text("when,who,what\n2026-11-21T22:00:00Z,eve,show run\n")
    (tmp_path / "m.toml").write_text(
        '[[map]]\nname = "export"\nhas = ["when", "who"]\n[map.time]\ncolumn = "when"\n'
        '[map.fields]\nuser = "who"\ncommand_raw = "what"\n'
    )
    before = hunt(tmp_path / "case", [tmp_path / "export.csv"])
    assert "mapping file" in before.files[0].skipped
    assert before.files[0].proposal.startswith("[[map]]")
    settings = Settings(maps=(str(tmp_path / "m.toml"),))
    after = hunt(tmp_path / "case", [tmp_path / "export.csv"], settings=settings)
    assert (after.files[0].events, after.files[0].format) == (1, "Mapped: export")
