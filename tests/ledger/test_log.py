"""The ledger as its users meet it: entries in, proofs out, several hands at once."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.errors import InputError
from seawall.ledger import Draft, log, open_ledger
from seawall.ledger.checkpoint import Checkpoint, open_checkpoint
from seawall.ledger.heads import CHECKPOINT
from seawall.ledger.merkle import verify_consistency, verify_inclusion
from seawall.model.case import open_case
from seawall.model.clock import FixedClock
from tests.disk.faults import FullDisk
from tests.ledger.making import ORIGIN, TickingClock, digest, drafts, fill, opened, slow_root

ROOT = Path(__file__).parents[2]


def test_what_was_acknowledged_is_found_read_and_proven(tmp_path: Path) -> None:
    with opened(tmp_path) as ledger:
        receipts = fill(ledger, 700)
        assert [r.index for r in receipts] == list(range(700))
        (entry,) = ledger.find("finding", digest(300)[:32])
        assert (entry.index, entry.kind, entry.body) == (300, "finding", {"sha256": digest(300)})
        assert ledger.holds("finding", digest(5)[:32], kind="finding")
        assert not ledger.holds("finding", digest(5)[:32], kind="hunt")
        assert not ledger.holds("finding", digest(700)[:32])
        assert ledger.root() == slow_root([e.raw for e in ledger.entries()])
        for size in (1, 300, 700):
            for index in (0, size // 2, size - 1):
                proof = ledger.inclusion_proof(index, size)
                assert verify_inclusion(index, size, receipts[index].leaf, proof, ledger.root_at(size))


def test_a_case_has_a_ledger_of_its_own_name_and_a_private_key(tmp_path: Path, clock: FixedClock) -> None:
    case = open_case(tmp_path / "case", clock)
    with open_ledger(case, clock=clock) as ledger:
        ledger.append("hunt", {"findings": 3})
    checkpoint, _ = open_checkpoint((case.ledger / CHECKPOINT).read_bytes(), ledger.verifier())
    assert (checkpoint.origin, checkpoint.size) == (f"seawall/{case.uuid}", 1)
    assert case.ledger_key.stat().st_mode & 0o777 == 0o600


@settings(max_examples=15)
@given(st.lists(st.integers(1, 300), min_size=1, max_size=4))
def test_each_checkpoint_follows_the_one_before(tmp_path_factory: pytest.TempPathFactory, steps: list[int]) -> None:
    folder, before = tmp_path_factory.mktemp("log"), list[Checkpoint]()
    for step in steps:
        with opened(folder) as ledger:
            fill(ledger, step, ledger.size)
            now = ledger.publish()
            for old in before:
                proof = ledger.consistency_proof(old.size, now.size)
                assert verify_consistency(old.size, now.size, proof, old.root, now.root)
                assert ledger.follows(old)
            before.append(now)
        with opened(folder) as ledger:
            assert ledger.checkpoint() == now
            assert ledger.root() == slow_root([e.raw for e in ledger.entries()])


def test_what_is_derived_is_made_again_when_it_is_gone(tmp_path: Path) -> None:
    import shutil

    with opened(tmp_path) as ledger:
        fill(ledger, 600)
        root = ledger.root()
    shutil.rmtree(tmp_path / "ledger" / "tile")
    for name in ("index.db", "index.db-wal", "index.db-shm"):
        (tmp_path / "ledger" / name).unlink(missing_ok=True)
    with opened(tmp_path) as ledger:
        assert ledger.root() == root
        assert ledger.find("finding", digest(42)[:32])[0].index == 42
        ledger.append("x", {})
    (tmp_path / "ledger" / CHECKPOINT).unlink()
    with opened(tmp_path) as ledger:
        assert ledger.size == 601
        assert ledger.publish().size == 601


def test_tiles_are_written_while_a_long_run_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "TILE_AFTER", 500)
    with opened(tmp_path) as ledger:
        for n in range(0, 3000, 100):
            fill(ledger, 100, n)
        assert (tmp_path / "ledger/tile/0/000").is_file()
        assert not (tmp_path / "ledger" / CHECKPOINT).exists()
        assert ledger.root() == slow_root([e.raw for e in ledger.entries()])
        assert ledger.entry(2999).keys == {"finding": digest(2999)[:32]}


def test_two_writers_take_turns_and_see_each_other(tmp_path: Path) -> None:
    with opened(tmp_path) as one, opened(tmp_path) as two:
        fill(one, 10)
        assert two.holds("finding", digest(3)[:32])
        fill(two, 10, 10)
        one.publish()
        fill(one, 300, 20)
        assert two.refresh() == 320
        assert one.root() == two.root()
        two.publish()
        assert [e.body["sha256"] for e in one.entries()] == [digest(n) for n in range(320)]
        assert one.publish() == two.checkpoint()


def test_many_processes_and_threads_lose_nothing(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib\nfrom tests.ledger.making import opened, fill\n"
        "with opened(pathlib.Path(sys.argv[1])) as ledger:\n"
        "    for n in range(20): fill(ledger, 5, int(sys.argv[2]) + 5 * n)\n"
    )
    opened(tmp_path).close()
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    others = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path), str(1000 * n)], env=env, cwd=ROOT)
        for n in (1, 2)
    ]
    with opened(tmp_path) as ledger:
        threads = [
            threading.Thread(target=lambda n=n: [fill(ledger, 5, n + 5 * i) for i in range(20)]) for n in (3000, 4000)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert [other.wait(60) for other in others] == [0, 0]
    with opened(tmp_path) as ledger:
        wanted = {digest(1000 * n + i) for n in (1, 2, 3, 4) for i in range(100)}
        assert ledger.size == 400
        assert {e.body["sha256"] for e in ledger.entries()} == wanted
        assert ledger.root() == slow_root([e.raw for e in ledger.entries()])


def test_nothing_comes_between_a_look_and_an_entry(tmp_path: Path) -> None:
    used: list[int] = []

    def once(ledger: log.Ledger) -> None:
        with ledger.exclusive():
            if not ledger.holds("nonce", "n1"):
                used.append(ledger.append("approval", {}, keys={"nonce": "n1"}).index)

    ledgers = [opened(tmp_path) for _ in range(4)]
    threads = [threading.Thread(target=once, args=(ledger,)) for ledger in ledgers for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for ledger in ledgers:
        ledger.close()
    assert used == [0]


def test_a_second_writer_that_never_gets_its_turn_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "PATIENCE_S", 0.05)
    with opened(tmp_path) as ledger, ledger.exclusive(), pytest.raises(InputError, match="another process has been"):
        opened(tmp_path)


def test_two_clocks_are_noted_and_never_fatal(tmp_path: Path) -> None:
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    for clock in (FixedClock(noon), FixedClock(noon - timedelta(hours=3)), FixedClock(noon - timedelta(hours=1))):
        with opened(tmp_path, clock=clock) as ledger:
            ledger.append("x", {})
    with opened(tmp_path) as ledger:
        assert [e.clock_back for e in ledger.entries()] == [timedelta(0), timedelta(hours=3), timedelta(hours=1)]
        assert [e.at for e in ledger.entries()] == [noon, noon - timedelta(hours=3), noon - timedelta(hours=1)]


def test_one_bad_draft_keeps_the_whole_batch_out(tmp_path: Path) -> None:
    with opened(tmp_path) as ledger:
        with pytest.raises(InputError):
            ledger.append_all([*drafts(3), Draft("x", {"text": "a sentence"})])
        assert ledger.size == 0
        assert ledger.append_all([]) == []


@pytest.mark.parametrize("room", [0, 100, 2_000, 9_000, 20_000, 40_000])
def test_a_full_disk_is_said_and_nothing_acknowledged_is_lost(tmp_path: Path, room: int) -> None:
    opened(tmp_path).close()
    disk = FullDisk(room)
    ledger, acknowledged = opened(tmp_path, disk=disk), 0

    def go_on() -> None:
        nonlocal acknowledged
        for n in range(50):
            fill(ledger, 20, 20 * n)
            acknowledged += 20
            ledger.publish()

    with pytest.raises(InputError, match="No space left"):
        go_on()
    disk.room = 1 << 30
    fill(ledger, 1, acknowledged if ledger.size == acknowledged else ledger.size)
    ledger.close()
    with opened(tmp_path) as again:
        assert again.size in (acknowledged + 1, acknowledged + 21)
        assert [e.body["sha256"] for e in again.entries()][:acknowledged] == [digest(n) for n in range(acknowledged)]
        assert again.root() == slow_root([e.raw for e in again.entries()])


def test_a_key_readable_by_all_stops_signing_and_loses_nothing(tmp_path: Path) -> None:
    with opened(tmp_path) as ledger:
        fill(ledger, 3)
    key = tmp_path / "keys" / "ledger.key"
    key.chmod(0o644)
    ledger = opened(tmp_path)
    fill(ledger, 3, 3)
    with pytest.raises(InputError, match="by others") as caught:
        ledger.close()
    assert "chmod 600" in (caught.value.mend or "")
    key.chmod(0o600)
    with opened(tmp_path) as ledger:
        assert ledger.size == 6
        assert ledger.publish().size == 6


def test_a_checkpoint_or_key_of_another_log_is_refused(tmp_path: Path) -> None:
    for name, origin in (("a", ORIGIN), ("b", "seawall/other")):
        with opened(tmp_path / name, origin=origin) as ledger:
            fill(ledger, 3)
    theirs = tmp_path / "b" / "ledger" / CHECKPOINT
    ours = tmp_path / "a" / "ledger" / CHECKPOINT
    kept = ours.read_bytes()
    ours.write_bytes(theirs.read_bytes())
    with pytest.raises(InputError, match="another log: it says seawall/other"):
        opened(tmp_path / "a")
    ours.write_bytes(kept)
    (tmp_path / "a/keys/ledger.key").write_bytes((tmp_path / "b/keys/ledger.key").read_bytes())
    ledger = opened(tmp_path / "a")
    ledger.append("x", {})
    with pytest.raises(InputError, match="key of another log"):
        ledger.publish()


def test_a_lost_key_is_not_silently_replaced(tmp_path: Path) -> None:
    with opened(tmp_path) as ledger:
        fill(ledger, 3)
    (tmp_path / "keys" / "ledger.key").unlink()
    ledger = opened(tmp_path)
    fill(ledger, 1, 3)
    with pytest.raises(InputError, match="not there"):
        ledger.publish()
    assert ledger.entry(3).body == {"sha256": digest(3)}


@pytest.mark.parametrize("index", [-1, 3, 10**30])
def test_a_number_no_entry_has_is_said(tmp_path: Path, index: int) -> None:
    with opened(tmp_path) as ledger:
        fill(ledger, 3)
        for ask in (ledger.entry, lambda n: ledger.inclusion_proof(n, 3), lambda n: ledger.consistency_proof(n, 2)):
            with pytest.raises(InputError):
                ask(index)
        with pytest.raises(InputError):
            ledger.root_at(index if index != 3 else 4)


def test_the_clock_of_the_entries_is_the_one_handed_in(tmp_path: Path) -> None:
    clock = TickingClock()
    with opened(tmp_path, clock=clock) as ledger:
        fill(ledger, 2)
        assert ledger.entry(1).at - ledger.entry(0).at == timedelta(seconds=1)
