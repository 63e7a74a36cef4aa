"""Power may fail at any write boundary: no acknowledged entry is lost, none is invented, and the work goes on."""

from __future__ import annotations

import errno
import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from seawall.disk.durable import Disk
from seawall.errors import InputError
from seawall.ledger.heads import read_heads
from seawall.ledger.policy import Policy
from seawall.ledger.verifying import verify
from tests.ledger.kill_program import BATCHES, SIZE
from tests.ledger.making import ORIGIN, digest, drafts, opened, slow_root

ROOT = Path(__file__).parents[2]


def run(folder: Path, boundaries: list[int], *how: str) -> list[list[str]]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    done = subprocess.run(
        [sys.executable, "-m", "tests.ledger.kill_program", *how, str(folder), *map(str, boundaries)],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [line.split() for line in done.stdout.splitlines()]


def acknowledged(folder: Path, boundary: int) -> int:
    told = folder / f"{boundary}.told"
    return max([0, *map(int, told.read_text().split())]) if told.exists() else 0


def wrong(folder: Path) -> list[str]:
    heads = read_heads(folder / "ledger", ORIGIN)
    return [str(check) for check in verify(folder / "ledger", heads, Policy()) if check.verdict == "bad"]


@pytest.fixture(scope="module")
def crossed(tmp_path_factory: pytest.TempPathFactory) -> int:
    """How many boundaries the work crosses."""
    folder = tmp_path_factory.mktemp("undisturbed")
    [[_, ended, crossed]] = run(folder, [0])
    assert ended == "0"
    assert acknowledged(folder, 0) == BATCHES * SIZE
    assert wrong(folder / "0") == []
    return int(crossed)


def test_a_kill_at_any_boundary_loses_and_invents_nothing_that_was_acknowledged(
    tmp_path: Path, crossed: int, kills: int
) -> None:
    assert crossed > 1_000
    chosen = random.Random(kills)
    stretch = crossed / kills
    boundaries = sorted({min(crossed, int(n * stretch + chosen.uniform(1, stretch))) for n in range(kills)})
    assert len(boundaries) == kills, "each kill at a boundary of its own"
    for start in range(0, len(boundaries), 50):
        for boundary, ended, _ in run(tmp_path, boundaries[start : start + 50]):
            assert int(ended) == -signal.SIGKILL, f"boundary {boundary} was not reached"
            check_after_kill(tmp_path, int(boundary))
        for boundary, ended, _ in run(tmp_path, boundaries[start : start + 50], "--again"):
            assert ended == "0", f"boundary {boundary}: the work could not go on"
            with opened(tmp_path / boundary) as ledger:
                assert ledger.size == BATCHES * SIZE
                assert [e.body["sha256"] for e in ledger.entries()] == [digest(n) for n in range(BATCHES * SIZE)]
            assert wrong(tmp_path / boundary) == []
            shutil.rmtree(tmp_path / boundary)


def check_after_kill(tmp_path: Path, boundary: int) -> None:
    """On a copy, so that running again meets what the kill left."""
    told, copy = acknowledged(tmp_path, boundary), tmp_path / "copy"
    if not (tmp_path / str(boundary)).exists():  # killed before the first folder was made
        assert told == 0
        return
    shutil.copytree(tmp_path / str(boundary), copy)
    with opened(copy) as ledger:
        assert told <= ledger.size <= told + SIZE, f"boundary {boundary}"
        assert ledger.size % SIZE == 0, f"boundary {boundary}: half a batch"
        entries = list(ledger.entries())
        assert [e.body["sha256"] for e in entries] == [digest(n) for n in range(ledger.size)]
        assert ledger.root() == slow_root([e.raw for e in entries])
        assert all(ledger.find("finding", digest(n)[:32])[0].index == n for n in range(0, ledger.size, 17))
    assert wrong(copy) == [], f"boundary {boundary}"
    shutil.rmtree(copy)


class RefusingDisk(Disk):
    """A disk on which one write boundary fails, and the next ones work again."""

    def __init__(self, refuse_at: int) -> None:
        self.crossed, self._refuse_at = 0, refuse_at

    def _cross(self) -> None:
        self.crossed += 1
        if self.crossed == self._refuse_at:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    def write(self, descriptor: int, data: memoryview, offset: int) -> int:
        self.crossed += 1
        if self.crossed == self._refuse_at:
            super().write(descriptor, data[: len(data) // 2], offset)
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return super().write(descriptor, data, offset)

    def sync(self, descriptor: int) -> None:
        self._cross()
        super().sync(descriptor)

    def replace(self, source: Path, target: Path) -> None:
        self._cross()
        super().replace(source, target)

    def sync_folder(self, folder: Path) -> None:
        self._cross()
        super().sync_folder(folder)

    def truncate(self, descriptor: int, size: int) -> None:
        self._cross()
        super().truncate(descriptor, size)

    def remove(self, path: Path) -> None:
        self._cross()
        super().remove(path)


def test_a_write_or_sync_that_fails_at_any_boundary_is_said_and_the_same_ledger_goes_on(tmp_path: Path) -> None:
    opened(tmp_path / "new").close()
    boundary, refused = 0, 0
    while True:
        boundary += 1
        folder = tmp_path / str(boundary)
        shutil.copytree(tmp_path / "new", folder)
        disk = RefusingDisk(boundary)
        told = 0
        with opened(folder, disk=disk) as ledger:
            for batch in range(4):
                for _ in range(2):  # what was refused is asked for once more
                    try:
                        told = ledger.append_all(drafts(90, 1_000 * batch))[-1].index + 1
                        ledger.publish()
                        break
                    except InputError as error:
                        assert error.where  # noqa: PT017 - either way the ledger must go on
                        refused += 1
            assert ledger.size >= told
        with opened(folder) as again:
            assert again.size >= told
            entries = list(again.entries())
            assert {digest(1_000 * batch + n) for batch in range(4) for n in range(90)} == {
                str(e.body["sha256"]) for e in entries
            }
            assert again.root() == slow_root([e.raw for e in entries])
        assert wrong(folder) == [], f"boundary {boundary}"
        if disk.crossed < boundary:
            break
    assert refused > 20
