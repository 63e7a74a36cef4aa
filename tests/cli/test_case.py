from __future__ import annotations

import stat
import tomllib
from pathlib import Path

import pytest

from seawall.model.settings import Settings, load_settings
from seawall.model.site import Site, load_site
from tests.cli.conftest import Seawall


def test_init_writes_examples_that_load_and_change_nothing(seawall: Seawall, tmp_path: Path) -> None:
    ran = seawall("init", "--case", "mine")
    assert ran.code == 0
    assert load_site(tmp_path / "mine" / "site.toml") == Site()
    assert load_settings(tmp_path / "mine" / "seawall.toml") == Settings()


def test_every_example_key_is_a_real_key(seawall: Seawall, tmp_path: Path) -> None:
    seawall("init", "--case", "mine")
    for name, load in (("site.toml", load_site), ("seawall.toml", load_settings)):
        text = (tmp_path / "mine" / name).read_text()
        spoken = "\n".join(line.removeprefix("# ") if _is_code(line) else line for line in text.splitlines())
        assert tomllib.loads(spoken), name
        (tmp_path / name).write_text(spoken)
        load(tmp_path / name)


def _is_code(line: str) -> bool:
    body = line.removeprefix("# ")
    return line.startswith("# ") and (body.startswith("[[") or " = " in body.split("#")[0])


def test_init_keeps_what_is_there(seawall: Seawall, tmp_path: Path) -> None:
    seawall("init", "--case", "mine")
    (tmp_path / "mine" / "site.toml").write_text('name = "kept"\n')
    seawall("init", "--case", "mine")
    assert load_site(tmp_path / "mine" / "site.toml").name == "kept"


def test_a_case_is_for_its_owner_alone(seawall: Seawall, evidence: Path, tmp_path: Path) -> None:
    seawall("hunt", evidence, "--report", "r.html")
    for path in (tmp_path / "case", *(tmp_path / "case").rglob("*"), tmp_path / "r.html"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_doctor_names_what_is_there_and_what_would_help(seawall: Seawall) -> None:
    ran = seawall("doctor")
    assert ran.code == 0
    assert "duckdb" in ran.out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(seawall: Seawall, shell: str) -> None:
    assert "_SEAWALL_COMPLETE" in seawall("completion", shell).out
