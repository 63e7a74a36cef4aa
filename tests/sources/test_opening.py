from __future__ import annotations

import gzip
import os
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall import sources
from seawall.sources import opening
from seawall.sources.base import Evidence, Reject, Skipped
from seawall.sources.opening import digest, evidence_from_bytes, open_evidence


def stored(folder: Path, content: bytes, name: str = "a.log") -> Evidence:
    (folder / name).write_bytes(content)
    found = open_evidence(folder / name, name)
    assert isinstance(found, Evidence)
    return found


def content_of(evidence: Evidence) -> bytes:
    with evidence.open() as stream:
        return stream.read()


def noise(count: int) -> bytes:
    return random.Random(7).randbytes(count)


def test_a_gz_reads_as_its_content_whatever_its_name(tmp_path: Path) -> None:
    plain, packed = stored(tmp_path, b"one\ntwo\n"), stored(tmp_path, gzip.compress(b"one\ntwo\n"), "b.log")
    assert packed.head == plain.head == content_of(packed)
    assert digest(packed) == digest(plain)
    assert packed.path is None
    assert plain.path == tmp_path / "a.log"


def test_members_of_a_gz_follow_each_other(tmp_path: Path) -> None:
    packed = stored(tmp_path, gzip.compress(b"one\n") + b"\0" * 7 + gzip.compress(b"two\n"), "b.gz")
    assert content_of(packed) == b"one\ntwo\n"
    assert packed.troubles == []


def test_a_cut_off_gz_gives_what_stands_before_the_cut_and_says_so_once(tmp_path: Path) -> None:
    body = noise(3 << 20)
    packed = stored(tmp_path, gzip.compress(body)[: 2 << 20], "b.gz")
    read = content_of(packed)
    assert body.startswith(read)
    assert len(read) > (2 << 20) - 70_000
    content_of(packed)
    assert [t.what for t in packed.troubles] == [
        "gz is cut off; what stood before the cut was read, copy the file again for the rest"
    ]


def test_a_damaged_gz_gives_what_stands_before_the_damage(tmp_path: Path) -> None:
    body = b"".join(b"line %d\n" % n for n in range(200_000))
    raw = bytearray(gzip.compress(body))
    middle = len(raw) // 2
    raw[middle : middle + 64] = b"\xff" * 64
    packed = stored(tmp_path, bytes(raw), "b.gz")
    read = content_of(packed)
    assert read[: len(body) // 3] == body[: len(body) // 3]
    assert "damaged" in packed.troubles[0].what


def test_a_gz_that_unpacks_without_end_is_stopped(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(opening, "BOMB_BYTES", 8 << 20)
    packed = stored(tmp_path, gzip.compress(bytes(64 << 20)), "b.gz")
    assert len(content_of(packed)) <= opening.BOMB_RATIO * (packed.size or 0)
    assert "unpack it by hand" in packed.troubles[0].what


def test_an_empty_file_is_said_but_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    (tmp_path / "b.gz").write_bytes(gzip.compress(b""))
    assert isinstance(open_evidence(tmp_path / "a", "a"), Skipped)
    assert isinstance(open_evidence(tmp_path / "b.gz", "b.gz"), Skipped)


def test_a_file_that_vanished_is_a_reject(tmp_path: Path) -> None:
    found = open_evidence(tmp_path / "gone", "gone")
    assert isinstance(found, Reject)
    assert "cannot be read" in found.what


def test_evidence_in_memory_is_evidence() -> None:
    evidence = evidence_from_bytes(b"x" * 100_000, "spool")
    assert len(evidence.head) == 65_536
    assert content_of(evidence) == b"x" * 100_000


@given(st.binary(max_size=300))
def test_any_bytes_after_a_gz_magic_end_quietly(tmp_path_factory, tail: bytes) -> None:
    folder = tmp_path_factory.mktemp("gz")
    (folder / "x.gz").write_bytes(b"\x1f\x8b" + tail)
    found = open_evidence(folder / "x.gz", "x.gz")
    if isinstance(found, Evidence):
        content_of(found)


def test_a_file_that_grows_is_read_to_the_size_it_had_and_that_is_said(tmp_path: Path) -> None:
    evidence = stored(tmp_path, b"one\ntwo\n")
    with (tmp_path / "a.log").open("ab") as log:
        log.write(b"three\n")
    assert content_of(evidence) == b"one\ntwo\n"
    content_of(evidence)
    assert len(evidence.remarks) == 1
    assert "grew while it was read: the first 8 bytes" in evidence.remarks[0]
    assert evidence.troubles == [], "a growing log is no fault"


def test_a_file_that_shrinks_gives_what_is_left_and_says_so(tmp_path: Path) -> None:
    evidence = stored(tmp_path, b"one\ntwo\n")
    os.truncate(tmp_path / "a.log", 4)
    assert content_of(evidence) == b"one\n"
    assert "4 of 8 bytes" in evidence.troubles[0].what


LINE = b"<189>1: edge7: 000001: Nov 21 2026 22:01:06.330 UTC: %SYS-5-CONFIG_I: Configured from console by ann\n"


@pytest.mark.parametrize(
    "start",
    [
        pytest.param(bytes(3 << 20), id="NULs-of-a-power-cut"),
        pytest.param(b"x" * 70_000 + b"\n", id="one-line-longer-than-a-head"),
        pytest.param(b"x" * ((1 << 20) - 1) + b"\n", id="one-line-as-long-as-a-block"),
    ],
)
@pytest.mark.parametrize("wrap", [bytes, gzip.compress], ids=["plain", "gz"])
def test_what_stands_behind_a_useless_start_says_what_a_file_is(tmp_path: Path, start: bytes, wrap) -> None:
    found = sources.recognise(stored(tmp_path, wrap(start + LINE * 40)))
    assert found is not None
    assert found.name == "syslog"


def test_a_file_of_nothing_but_nuls_stays_unknown(tmp_path: Path) -> None:
    assert sources.recognise(stored(tmp_path, bytes(3 << 20))) is None
