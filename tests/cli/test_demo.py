from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Seawall


def test_the_demo_leaves_other_peoples_files_alone(seawall: Seawall, tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "thesis.tex").write_text("mine")
    ran = seawall("demo")
    assert ran.code == 3
    assert "thesis.tex" in ran.err
    assert (tmp_path / "demo" / "thesis.tex").read_text() == "mine"
