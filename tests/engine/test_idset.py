"""The set of ids is exact, whatever the ids look like and wherever they lie."""

from __future__ import annotations

import gc
import hashlib
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.engine.idset import IdSet, as_words

# Ids that agree in their first half, end in zero bytes, or are all zero: where a comparison could go astray.
HALVES = st.sampled_from([bytes(8), b"\x00" * 7 + b"\x01", b"abcdefg\x00", b"\xff" * 8])
IDS = st.builds(lambda a, b: a + b, HALVES, HALVES) | st.binary(min_size=16, max_size=16)


def ids(first: int, count: int) -> list[bytes]:
    return [hashlib.sha256(n.to_bytes(8, "big")).digest()[:16] for n in range(first, first + count)]


@given(st.lists(st.lists(IDS, max_size=40), max_size=12))
def test_it_answers_as_a_plain_set_would(batches: list[list[bytes]]) -> None:
    ours, plain = IdSet(), set()
    for batch in batches:
        expected = []
        for one in batch:
            expected.append(one not in plain)
            plain.add(one)
        assert ours.add(batch).tolist() == expected
    assert len(ours) == len(plain)


@pytest.mark.parametrize("batch", [100, 5_000])
def test_runs_on_disk_answer_as_runs_in_memory(tmp_path: Path, batch: int) -> None:
    ours = IdSet(tmp_path / "ids", on_disk_from=10_000)
    for start in range(0, 60_000, batch):
        assert ours.add(ids(start, batch)).all()
    assert list((tmp_path / "ids").glob("*.ids")), "nothing went to disk"
    for start in range(0, 60_000, batch):
        assert not ours.add(ids(start, batch)).any()
    assert ours.add(ids(59_000, 2_000)).tolist() == [False] * 1_000 + [True] * 1_000
    assert len(ours) == 61_000


def test_ids_with_one_first_half_survive_merging_on_disk(tmp_path: Path) -> None:
    ours = IdSet(tmp_path / "ids", on_disk_from=1)
    same = [bytes(8) + n.to_bytes(8, "little") for n in range(5_000)]
    for start in range(0, 5_000, 50):
        assert ours.add(same[start : start + 50]).all()
    assert not ours.add(same).any()


def test_an_id_that_stands_twice_in_a_call_is_new_at_its_first_place_only() -> None:
    a, b = ids(0, 2)
    assert IdSet().add([b, a, b, b, a]).tolist() == [True, True, False, False, False]


def test_what_was_flushed_is_taken_up_again(tmp_path: Path) -> None:
    first = IdSet(tmp_path / "ids")
    for start in range(0, 3_000, 100):
        first.add(ids(start, 100))
    names = first.flush()
    second = IdSet(tmp_path / "ids")
    assert second.restore(names)
    assert len(second) == 3_000
    assert second.add(ids(2_990, 20)).tolist() == [False] * 10 + [True] * 10


@pytest.mark.parametrize("harm", ["missing", "short", "other"])
def test_a_run_that_is_not_whole_is_not_taken_up(tmp_path: Path, harm: str) -> None:
    first = IdSet(tmp_path / "ids")
    first.add(ids(0, 100))
    [name] = first.flush()
    path = tmp_path / "ids" / name
    whole = path.read_bytes()
    path.unlink()
    if harm != "missing":
        path.write_bytes(whole[:-1] if harm == "short" else b"x" * len(whole))
    second = IdSet(tmp_path / "ids")
    assert not second.restore([name])
    assert len(second) == 0
    assert second.add(ids(0, 100)).all()


def test_arrays_of_ids_are_taken_as_they_are() -> None:
    some = np.array([b"0123456789abcde\x00", b"\x00" * 16], "S16")
    ours = IdSet()
    assert ours.add(some).all()
    assert not ours.add(as_words([b"0123456789abcde\x00", bytes(16)])).any()


@pytest.mark.parametrize("wrong", [[b"short"], [b"x" * 15, b"y" * 17]])
def test_an_id_of_another_length_is_refused(wrong: list[bytes]) -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        IdSet().add(wrong)


def test_nothing_added_is_nothing_new() -> None:
    assert IdSet().add([]).tolist() == []


def test_a_set_without_a_folder_finds_one_when_there_are_many_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    ours = IdSet(on_disk_from=5_000)
    for start in range(0, 40_000, 1_000):
        assert ours.add(ids(start, 1_000)).all()
    assert len(list(tmp_path.glob("seawall-ids-*/*.ids"))) < 8
    assert not ours.add(ids(0, 40_000)).any()
    del ours
    gc.collect()
    assert list(tmp_path.iterdir()) == []
