from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from seawall import pipeline
from seawall.engine.lake import Lake
from seawall.errors import InputError
from seawall.model.case import open_case
from seawall.model.clock import FixedClock
from seawall.model.settings import LakeSettings, Settings

CLOCK = FixedClock(datetime(2026, 11, 22, 12, tzinfo=UTC))


def line(minute: int, command: str) -> str:
    return (
        f"<189>{minute}: edge7: 0000{minute:02d}: Nov 21 2026 22:{minute:02d}:00.000 UTC: "
        f"%HA_EM-6-LOG: catchall: {command}\n"
    )


def hunt(folder: Path, paths: Iterable[Path], **more: object) -> pipeline.Hunted:
    request = pipeline.HuntRequest(case=open_case(folder, CLOCK), paths=tuple(paths), clock=CLOCK, **more)  # type: ignore[arg-type]
    return next(step for step in pipeline.hunt(request) if isinstance(step, pipeline.Hunted))


def test_late_evidence_replaces_the_finding_it_grows_out_of(tmp_path: Path) -> None:
    early, late = tmp_path / "early.log", tmp_path / "late.log"
    early.write_text(line(10, "clear logging"))
    late.write_text(line(40, "clear logging"))
    (old,) = (f for f in hunt(tmp_path / "case", [late]).findings if "D-01" in f.behaviours)
    grown = hunt(tmp_path / "case", [early])
    (new,) = (f for f in grown.findings if "D-01" in f.behaviours)
    assert new.replaces == old.id
    assert new.count == 2
    assert new.id not in (old.id,)


def test_the_order_in_which_evidence_comes_changes_nothing(tmp_path: Path) -> None:
    files = [tmp_path / f"{n}.log" for n in range(3)]
    for number, file in enumerate(files):
        file.write_text("".join(line(number * 10 + k, c) for k, c in enumerate(("clear logging", "guestshell enable"))))
    forth = hunt(tmp_path / "forth", files)
    for file in reversed(files):
        back = hunt(tmp_path / "back", [file])
    assert [f.id for f in back.findings] == [f.id for f in forth.findings]
    assert [i.id for i in back.incidents] == [i.id for i in forth.incidents]


def test_a_copy_of_the_evidence_adds_no_event(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.log").write_text(line(1, "show version") + line(1, "show version"))
    first = hunt(tmp_path / "case", [tmp_path / "a"])
    assert sum(report.new for report in first.files) == 2, "identical lines of one file are two events"
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    (tmp_path / "b" / "x.log").write_text((tmp_path / "b" / "x.log").read_text() + line(2, "show clock"))
    assert sum(report.new for report in hunt(tmp_path / "case", [tmp_path / "b"]).files) == 1


def test_rejects_are_counted_once_however_often_the_folder_is_hunted(tmp_path: Path) -> None:
    (tmp_path / "e").mkdir()
    (tmp_path / "e" / "x.log").write_text(line(1, "show version") + "not a log line at all\n" + line(2, "exit"))
    (tmp_path / "e" / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0JFIF\0")
    views = []
    for _ in range(2):
        request = pipeline.HuntRequest(case=open_case(tmp_path / "case", CLOCK), paths=(tmp_path / "e",), clock=CLOCK)
        hunted = next(step for step in pipeline.hunt(request) if isinstance(step, pipeline.Hunted))
        views.append(pipeline.view(request, hunted))
    first, second = views
    assert first.rejected_total == second.rejected_total == 1
    assert [n.where for n in first.refused] == [n.where for n in second.refused] == ["photo.jpg"]
    assert len(first.rejects) == len(second.rejects) == 1


def test_a_list_of_indicators_that_is_none_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "x.log").write_text(line(1, "show version"))
    (tmp_path / "list.csv").write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match="holds no indicator"):
        hunt(tmp_path / "case", [tmp_path / "x.log"], indicators=(tmp_path / "list.csv",))
    assert not any((tmp_path / "case" / "lake").rglob("*.parquet"))


def test_an_indicator_list_beside_the_evidence_is_matched(tmp_path: Path) -> None:
    (tmp_path / "x.log").write_text(
        "<189>1: edge7: 000001: Nov 21 2026 22:01:20.701 UTC: %SEC_LOGIN-5-LOGIN_SUCCESS: Login Success "
        "[user: a.lind] [Source: 203.0.113.77] [localport: 22] at 22:01:20 UTC Sat Nov 21 2026\n"
    )
    (tmp_path / "list.csv").write_text("indicator,type,confidence\n203.0.113.77,ipv4,high\n")
    found = hunt(tmp_path / "case", [tmp_path / "x.log"], indicators=(tmp_path / "list.csv",)).findings
    assert any(f.detector.startswith("indicator.") for f in found)


def test_state_stays_in_the_case_unless_the_settings_say_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = open_case(tmp_path / "case", CLOCK)
    assert pipeline.state_url(case, Settings()) == case.state_url
    (case.folder / "seawall.toml").write_text('[state]\nurl = "env:SEAWALL_TEST_STATE"\n')
    monkeypatch.setenv("SEAWALL_TEST_STATE", "sqlite:////tmp/elsewhere.db")
    assert pipeline.state_url(case, pipeline.case_settings(case)) == "sqlite:////tmp/elsewhere.db"


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


def test_bad_lines_of_an_indicator_list_are_told_with_the_hunt(tmp_path: Path) -> None:
    (tmp_path / "iocs.csv").write_text("indicator,type\n192.0.2.1,ip\nnonsense,ip\n")
    (tmp_path / "edge.log").write_text(line(10, "clear logging"))
    hunted = hunt(tmp_path / "case", [tmp_path / "edge.log"], indicators=(tmp_path / "iocs.csv",))
    assert [reject.where for reject in hunted.rejects] == ["iocs.csv:3"]
    assert hunted.files[0].faulty
    request = pipeline.HuntRequest(case=open_case(tmp_path / "case", CLOCK), clock=CLOCK)
    assert pipeline.view(request, hunted).rejected_total == 1


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
