"""Run `seawall` as a person would, without starting a process: the same door, the same exit codes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import chdir, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from seawall.cli.main import run

BORDER_LOG = """\
<189>101: edge7: 000095: Nov 21 2026 21:58:09.020 UTC: %SYS-6-LOGOUT: User a.lind has exited tty session 1(10.20.0.15)
<189>102: edge7: 000096: Nov 21 2026 22:01:06.330 UTC: %SYS-5-CONFIG_P: Configured programmatically by process \
SEP_webui_wsma_http from console as vty_sys on vty4294967295
<189>103: edge7: 000097: Nov 21 2026 22:01:06.350 UTC: %PARSER-5-CFGLOG_LOGGEDCMD: User:vty_sys  logged command:\
username cisco_sys_mgr privilege 15 secret 9 $9$notARealHashButLooksLikeOne
<189>104: edge7: 000098: Nov 21 2026 22:09:41.100 UTC: %HA_EM-6-LOG: catchall: clear logging
"""


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str


Seawall = Callable[..., Ran]


@pytest.fixture
def seawall(
    capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Seawall]:
    """Calls the command line in an empty folder with nothing inherited."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SEAWALL_CASE", raising=False)
    umask = os.umask(0o022)

    def call(*arguments: object) -> Ran:
        capfdbinary.readouterr()
        code = 0
        try:
            run([str(argument) for argument in arguments])
        except SystemExit as leave:
            code = int(leave.code or 0)
        out, err = capfdbinary.readouterr()
        return Ran(code, out.decode(), err.decode())

    yield call
    os.umask(umask)


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    """A small folder: a border router's log with an intrusion in it, and a file nobody knows."""
    return _evidence(tmp_path)


def _evidence(folder: Path) -> Path:
    made = folder / "evidence"
    made.mkdir()
    (made / "edge7.log").write_text(BORDER_LOG)
    (made / "shopping.txt").write_text("milk\neggs\n")
    return made


@pytest.fixture(scope="session")
def _hunted_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder with the small evidence hunted into its case, and what the hunt printed as JSON lines."""
    folder = tmp_path_factory.mktemp("hunted")
    _evidence(folder)
    told = folder / "told.jsonl"
    umask = os.umask(0o022)
    try:
        with chdir(folder), told.open("w", encoding="utf-8") as file, redirect_stdout(file):
            run(["hunt", "evidence", "--format", "jsonl"])
    except SystemExit as leave:
        if leave.code:
            pytest.fail("the hunt that many tests start from failed")
    finally:
        os.umask(umask)
    return folder, told.read_text(encoding="utf-8")


@pytest.fixture
def hunted(_hunted_once: tuple[Path, str], seawall: Seawall, evidence: Path) -> str:
    """What a hunt of the small evidence printed as JSON lines; its case is this test's own, as `./case`."""
    shutil.copytree(_hunted_once[0] / "case", evidence.parent / "case")
    return _hunted_once[1]
