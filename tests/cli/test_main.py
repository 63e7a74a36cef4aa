from __future__ import annotations

import gzip
import os
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest

from seawall.cli.main import COMMANDS, LazyGroup, cli
from seawall.disk.rooms import GROUP, IDS, SPOOL
from tests.cli.conftest import Seawall
from tests.sources.test_unpacking import LINE, tarred


@pytest.mark.parametrize("name", COMMANDS)
def test_the_line_in_the_list_is_the_commands_own(name: str) -> None:
    assert isinstance(cli, LazyGroup)
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    first = " ".join((command.help or "").split("\n\n")[0].split())
    assert first.startswith(COMMANDS[name].summary.rstrip("."))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(seawall: Seawall, name: str) -> None:
    ran = seawall(name, "--help")
    assert ran.code == 0
    assert "Usage:" in ran.out


def test_an_unknown_command_is_a_usage_error(seawall: Seawall) -> None:
    ran = seawall("hnut")
    assert ran.code == 2
    assert "hnut" in ran.err


def test_our_own_fault_is_one_line_without_a_traceback(seawall: Seawall, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: object, **__: object) -> None:
        raise ZeroDivisionError("boom")

    monkeypatch.setattr("seawall.model.case.open_case", break_down)
    ran = seawall("hunt", "--case", "x")
    assert ran.code == 1
    assert "an error of our own: ZeroDivisionError: boom" in ran.err
    assert "Traceback" not in ran.err


def test_no_color_means_no_color(seawall: Seawall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" not in seawall("--no-color", "doctor").out


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_behind_the_output_is_said_and_is_not_our_fault() -> None:
    with open("/dev/full", "w") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "seawall", "rules", "list"], stdout=full, stderr=subprocess.PIPE, timeout=120
        )
    assert ran.returncode == 3
    assert b"cannot write: No space left on device" in ran.stderr
    assert b"our own" not in ran.stderr


def test_sigterm_leaves_no_temporary_folder_behind(tmp_path: Path) -> None:
    temporary, evidence = tmp_path / "tmp", tmp_path / "evidence"
    temporary.mkdir()
    evidence.mkdir()
    for name in ("a.tar.gz", "b.tar.gz"):
        (evidence / name).write_bytes(gzip.compress(tarred(big=LINE * 60_000), 1))
    command = [sys.executable, "-m", "seawall", "ingest", str(evidence), "--explain", "--jobs", "2"]
    with subprocess.Popen(command, env={**os.environ, "TMPDIR": str(temporary)}, stdout=subprocess.DEVNULL) as running:
        ends = time.monotonic() + 60
        while not _rooms(temporary) and running.poll() is None and time.monotonic() < ends:
            os.sched_yield()
        running.terminate()
        assert running.wait(60) in (128 + 15, 0)
    assert _rooms(temporary) == []


def _rooms(temporary: Path) -> list[Path]:
    """Ours alone: `tempfile` itself tries a new folder with a file, which a signal may leave."""
    return [path for prefix in (SPOOL, GROUP, IDS) for path in temporary.glob(f"{prefix}*")]
