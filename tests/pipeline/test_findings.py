from __future__ import annotations

from pathlib import Path

import pytest

from seawall import pipeline
from seawall.errors import InputError
from seawall.model.case import open_case
from tests.pipeline.hunting import CLOCK, hunt, line


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


def test_a_finding_is_called_by_the_first_letters_of_its_id_in_either_case(tmp_path: Path) -> None:
    (tmp_path / "x.log").write_text(line(10, "clear logging"))
    (finding,) = hunt(tmp_path / "case", [tmp_path / "x.log"]).findings
    case = open_case(tmp_path / "case", CLOCK)
    assert pipeline.one_finding(case, finding.id[:8].upper()).id == finding.id
    with pytest.raises(InputError, match="no finding has that id"):
        pipeline.one_finding(case, "zz")
