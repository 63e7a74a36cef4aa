"""What is installed: required parts first, and everything missing says what it would bring and how to get it."""

from __future__ import annotations

from pathlib import Path

import pytest

from seawall.cli import installed


def test_required_parts_come_first_and_are_there_where_tests_run() -> None:
    required = [part.required for part in installed.parts()]
    assert required == sorted(required, reverse=True)
    assert all(part.found and part.version for part in installed.parts() if part.required)


def test_a_program_is_found_only_on_the_path_and_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not any(part.found for part in installed.parts() if not part.required)
    tool = tmp_path / "tmux"
    tool.write_text("#!/bin/sh\n")
    assert not next(p for p in installed.parts() if p.name == "tmux").found, "not executable: no program"
    tool.chmod(0o755)
    assert next(p for p in installed.parts() if p.name == "tmux").found
    assert all("apt install" in part.mend for part in installed.parts() if not part.required)


def test_a_missing_library_is_told_with_its_use_and_its_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installed, "_LIBRARIES", (("no-such-library-here", "dreams"),))
    missing = next(part for part in installed.parts() if part.name == "no-such-library-here")
    assert (missing.found, missing.required) == (False, True)
    assert "dreams" in missing.mend
    assert "make setup" in missing.mend
