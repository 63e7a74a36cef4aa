from __future__ import annotations

import io
import struct
import subprocess
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.sources.containers import zip as zips
from tests.parts import program
from tests.sources.containers.packing import BODY, held

MEMBERS = {"one.log": BODY, "sub/two.log": b"two\n", "üñí.log": b"three", "empty": b""}


def packed(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED, streamed: bool = False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(Unseekable(out) if streamed else out, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


class Unseekable(io.RawIOBase):
    """A pipe: sizes can only follow the content."""

    def __init__(self, out: io.BytesIO) -> None:
        self._out = out

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        return self._out.write(data)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_members_are_what_was_packed(method: int) -> None:
    stored = packed(MEMBERS, method)
    assert zips.CONTAINER.is_one(stored)
    assert held(zips.CONTAINER, stored) == (MEMBERS, {}, [])


@pytest.mark.parametrize("streamed", [False, True], ids=["sizes-before", "sizes-after"])
def test_without_its_list_a_zip_is_read_member_by_member(streamed: bool) -> None:
    stored = packed(MEMBERS, streamed=streamed)
    without = stored[: stored.index(b"PK\x01\x02")]
    contents, _, said = held(zips.CONTAINER, without)
    assert contents == MEMBERS
    assert len(said) == 1
    assert "no readable list" in said[0]


def test_what_stands_before_a_cut_is_read_and_the_cut_said() -> None:
    stored = packed({"first": b"1", **MEMBERS})
    contents, _, said = held(zips.CONTAINER, stored[: len(stored) // 2])
    assert contents["first"] == b"1"
    assert contents["one.log"] == BODY[: len(contents["one.log"])]
    assert len(contents["one.log"]) > 300_000
    assert any("cut off" in one for one in said)


def test_a_damaged_member_does_not_take_the_others_with_it() -> None:
    stored = bytearray(packed({"bad": BODY, "good": b"2"}))
    stored[60_000:60_064] = b"\xff" * 64
    contents, _, said = held(zips.CONTAINER, bytes(stored))
    assert contents["good"] == b"2"
    assert contents["bad"][:100_000] == BODY[:100_000]
    assert len(said) == 1


def test_encrypted_members_are_said() -> None:
    stored = bytearray(packed({"secret": b"x", "open": b"y"}))
    at = stored.index(b"PK\x01\x02")
    stored[at + 8] |= 1
    contents, instead, _ = held(zips.CONTAINER, bytes(stored))
    assert contents == {"open": b"y"}
    assert "encrypted" in instead["secret"]


def test_a_document_is_no_archive_of_evidence() -> None:
    assert not zips.CONTAINER.is_one(packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}))


def test_a_list_of_any_size_is_not_held_in_memory() -> None:
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 65_535, 65_535, 3 << 30, 0, 0)
    stored = packed({"a": b"1"})[:40] + bytes(80 << 20) + end
    assert "MiB of names" in held(zips.CONTAINER, stored)[2][0]


def test_what_the_zip_program_packs_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(BODY)
    subprocess.run([program("zip"), "-q", "t.zip", "a.log"], cwd=tmp_path, check=True, timeout=60)
    assert held(zips.CONTAINER, (tmp_path / "t.zip").read_bytes()) == ({"a.log": BODY}, {}, [])


@given(st.binary(max_size=300), st.integers(0, 700), st.integers(0, 300), st.booleans())
def test_any_bytes_give_members_or_a_sentence(noise: bytes, at: int, cut: int, streamed: bool) -> None:
    small = packed({"a": b"1" * 300, "b": b"2"}, streamed=streamed)
    held(zips.CONTAINER, small[:at] + noise + small[at + cut :])
