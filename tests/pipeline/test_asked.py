from __future__ import annotations

from pathlib import Path

import pytest

from seawall.errors import InputError
from tests.pipeline.hunting import hunt, line


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
