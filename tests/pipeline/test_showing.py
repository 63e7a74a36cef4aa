from __future__ import annotations

from pathlib import Path

from seawall import pipeline
from seawall.model.case import open_case
from tests.pipeline.hunting import CLOCK, hunt, line


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


def test_bad_lines_of_an_indicator_list_are_told_with_the_hunt(tmp_path: Path) -> None:
    (tmp_path / "iocs.csv").write_text("indicator,type\n192.0.2.1,ip\nnonsense,ip\n")
    (tmp_path / "edge.log").write_text(line(10, "clear logging"))
    hunted = hunt(tmp_path / "case", [tmp_path / "edge.log"], indicators=(tmp_path / "iocs.csv",))
    assert [reject.where for reject in hunted.rejects] == ["iocs.csv:3"]
    assert hunted.files[0].faulty
    request = pipeline.HuntRequest(case=open_case(tmp_path / "case", CLOCK), clock=CLOCK)
    assert pipeline.view(request, hunted).rejected_total == 1
