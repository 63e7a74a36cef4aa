"""The journal: torn ends are put aside, damage in the middle is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from seawall.disk.durable import Disk
from seawall.errors import InputError
from seawall.ledger import journal as module
from seawall.ledger.journal import Journal, encode_frame

BATCHES = [[b"a", b"bb"], [b"ccc"], [b"d" * 100, b"", b"e"]]


def made(folder: Path, batches: list[list[bytes]] = BATCHES) -> Path:
    journal = Journal(folder, Disk())
    journal.make()
    for batch in batches:
        journal.append(batch)
    journal.close()
    (path,) = sorted(journal.folder.iterdir())[-1:]
    return path


def read(folder: Path, start: int = 0, *, mend: bool = True) -> list[list[bytes]]:
    journal = Journal(folder, Disk())
    journal.start_at(start)
    return list(journal.read_on(mend=mend))


def test_batches_read_back_in_order(tmp_path: Path) -> None:
    made(tmp_path)
    assert read(tmp_path) == BATCHES


def test_wherever_the_last_batch_is_cut_the_ones_before_stay_and_the_torn_bytes_are_kept(tmp_path: Path) -> None:
    whole = made(tmp_path).read_bytes()
    last = len(whole) - len(encode_frame(3, BATCHES[2]))
    for cut in range(last + 1, len(whole)):
        folder = tmp_path / str(cut)
        (folder / "journal").mkdir(parents=True)
        path = folder / "journal" / f"{0:020d}"
        path.write_bytes(whole[:cut])
        assert read(folder, mend=False) == BATCHES[:2]
        assert path.stat().st_size == cut
        assert read(folder) == BATCHES[:2]
        assert path.read_bytes() == whole[:last]
        (aside,) = (p for p in path.parent.iterdir() if ".torn-" in p.name)
        assert aside.read_bytes() == whole[last:cut]
        journal = Journal(folder, Disk())
        journal.start_at(0)
        assert len(list(journal.read_on(mend=True))) == 2
        journal.append([b"next"])
        assert read(folder) == [*BATCHES[:2], [b"next"]]


def test_every_flipped_bit_in_the_middle_is_refused(tmp_path: Path) -> None:
    path = made(tmp_path)
    whole = path.read_bytes()
    middle = len(encode_frame(0, BATCHES[0]) + encode_frame(2, BATCHES[1]))
    for bit in range(0, 8 * middle, 7):
        changed = bytearray(whole)
        changed[bit // 8] ^= 1 << bit % 8
        path.write_bytes(changed)
        with pytest.raises(InputError, match=r"damaged|missing"):
            read(tmp_path)
        assert path.read_bytes() == changed, "nothing is thrown away"


def test_a_batch_taken_out_or_put_in_twice_is_refused(tmp_path: Path) -> None:
    path = made(tmp_path)
    first, second, third = (encode_frame(n, batch) for n, batch in zip((0, 2, 3), BATCHES, strict=True))
    for wrong in (second + third, first + third, first + second + second + third, first + third + second):
        path.write_bytes(wrong)
        with pytest.raises(InputError, match="is missing"):
            read(tmp_path)


def test_a_long_journal_goes_on_in_another_file_and_no_file_may_be_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SEGMENT_BYTES", 100)
    batches = [[b"%d" % n * 30] for n in range(10)]
    made(tmp_path, batches)
    files = sorted((tmp_path / "journal").iterdir())
    assert len(files) > 2
    assert read(tmp_path) == batches
    behind = read(tmp_path, 9)
    assert behind == batches[-len(behind) :]
    assert len(behind) < 4
    gone = files[1].read_bytes()
    files[1].unlink()
    with pytest.raises(InputError, match="missing"):
        read(tmp_path)
    files[1].write_bytes(gone[:-1])
    with pytest.raises(InputError, match="missing or damaged"):
        read(tmp_path)


def test_a_second_reader_sees_that_it_has_grown(tmp_path: Path) -> None:
    made(tmp_path, BATCHES[:1])
    reader = Journal(tmp_path, Disk())
    reader.start_at(0)
    assert list(reader.read_on(mend=False)) == BATCHES[:1]
    assert not reader.has_grown()
    writer = Journal(tmp_path, Disk())
    writer.start_at(0)
    assert list(writer.read_on(mend=True)) == BATCHES[:1]
    writer.append(BATCHES[1])
    assert reader.has_grown()
    assert list(reader.read_on(mend=False)) == [BATCHES[1]]
    writer.close()


def test_a_batch_beyond_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_FRAME_BYTES", 10)
    with pytest.raises(InputError, match="a batch of"):
        made(tmp_path)


@pytest.mark.parametrize("before", ["the folder could not be synced", "a writer died with the file just made"])
def test_a_batch_is_not_acknowledged_before_the_name_of_its_file_is_on_the_disk(tmp_path: Path, before: str) -> None:
    disk = CountingDisk()
    journal = Journal(tmp_path, disk)
    journal.make()
    if before.startswith("a writer"):
        (journal.folder / f"{0:020d}").touch()
        journal = Journal(tmp_path, disk)
        assert list(journal.read_on(mend=True)) == []
    else:
        disk.refuses = True
        with pytest.raises(OSError, match="no"):
            journal.append([b"a"])
        disk.refuses = False
    journal.append([b"a"])
    journal.append([b"b"])
    journal.close()
    assert disk.synced == 1
    assert read(tmp_path) == [[b"a"], [b"b"]]


class CountingDisk(Disk):
    refuses, synced = False, 0

    def sync_folder(self, folder: Path) -> None:
        if self.refuses:
            raise OSError("no")
        self.synced += 1
        super().sync_folder(folder)
