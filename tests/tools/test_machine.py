from __future__ import annotations

import subprocess
from pathlib import Path

from tools import machine


def _git(folder: Path, *words: str) -> None:
    subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@example.net", *words], cwd=folder, check=True)


def test_a_changed_checkout_is_marked_but_a_new_page_of_evidence_is_not(tmp_path: Path) -> None:
    _git(tmp_path, "init", "--quiet")
    (tmp_path / "code.py").write_text("1")
    _git(tmp_path, "add", ".")
    _git(tmp_path, "commit", "--quiet", "--message", "one")
    clean = machine.commit(tmp_path)
    (tmp_path / "docs/evidence").mkdir(parents=True)
    (tmp_path / "docs/evidence/fuzz.md").write_text("figures")
    assert machine.commit(tmp_path) == clean
    (tmp_path / "code.py").write_text("2")
    assert machine.commit(tmp_path) == clean + "+"


def test_outside_git_the_commit_is_unknown(tmp_path: Path) -> None:
    assert machine.commit(tmp_path) == "unknown"


def test_a_figure_knows_its_machine(tmp_path: Path) -> None:
    assert list(machine.describe(tmp_path)) == ["commit", "date", "processor", "memory", "system"]
