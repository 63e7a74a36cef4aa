from __future__ import annotations

import base64
import subprocess
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.sources.containers import sevenzip
from tests.parts import program
from tests.sources.containers.packing import BODY, held

# Made by the 7z program: a.log, b.log, an empty file, a link to a.log; solid LZMA2, list packed too.
SOLID = base64.b64decode(
    "N3q8ryccAATleISMggAAAAAAAAAhAAAAAAAAALDUz4sBAAxvbmUKdHdvCmEubG9nAAAAgTMHrg/PBHGMB8hDf0Gx+v3dg6hQW3Nv"
    "/Wy2Y0fDRdGyhB6YBjW95unqnZGpgzrHv7yKjhhrgHeEwjurKJDQJ6m3sYve3QM9BaOAZqORvhNRXW66oY1q4RUein9DWXgevmny"
    "WY7ExqqoJLxcAAAAFwYRAQlxAAcLAQABIwMBAQVdABAAAAyAngoBil5BCwAA"
)
# The same without a link and an empty file, stored, and its list in the open.
STORED = base64.b64decode(
    "N3q8ryccAATymWFQCAAAAAAAAABuAAAAAAAAALNKAdJvbmUKdHdvCgEEBgACCQQEAAcLAgABAQABAQAMBAQACAoBn6gX+HQIF5YA"
    "AAUCGQUAAAAAABEZAGEALgBsAG8AZwAAAGIALgBsAG8AZwAAABkCAAAUEgEAlOtNVNl73QGU601U2XvdARUKAQAggKSBIICkgQAA"
)


def with_list(header: bytes) -> bytes:
    """STORED with another list, its checksums right: so that noise reaches the reader."""
    start = STORED[12:20] + len(header).to_bytes(8, "little") + zlib.crc32(header).to_bytes(4, "little")
    return STORED[:8] + zlib.crc32(start).to_bytes(4, "little") + start + STORED[32:40] + header


def test_members_of_a_solid_archive_follow_each_other() -> None:
    assert sevenzip.CONTAINER.is_one(SOLID)
    contents, instead, said = held(sevenzip.CONTAINER, SOLID)
    assert contents == {"a.log": b"one\n", "b.log": b"two\n"}
    assert instead == {"e": "empty file", "l": "a link in an archive: noted, not followed"}
    assert said == []


def test_members_stored_apart_are_read() -> None:
    assert held(sevenzip.CONTAINER, STORED) == ({"a.log": b"one\n", "b.log": b"two\n"}, {}, [])
    assert held(sevenzip.CONTAINER, with_list(STORED[40:])) == ({"a.log": b"one\n", "b.log": b"two\n"}, {}, [])


def test_a_cut_archive_has_lost_its_list_and_says_so() -> None:
    contents, _, said = held(sevenzip.CONTAINER, SOLID[:-10])
    assert not contents
    assert "no readable list" in said[0]


@pytest.mark.parametrize("method", ["LZMA", "LZMA2", "BZip2", "Deflate", "Copy", "BCJ", "Delta:4"])
def test_what_the_7z_program_packs_is_read(tmp_path: Path, method: str) -> None:
    tool = program("7z")
    (tmp_path / "one.log").write_bytes(BODY)
    (tmp_path / "two.log").write_bytes(b"two\n")
    chain = [f"-m0={method}", "-m1=LZMA2"] if method in ("BCJ", "Delta:4") else [f"-m0={method}"]
    command = [tool, "a", "-y", *chain, "t.7z", "one.log", "two.log"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=60)
    stored = (tmp_path / "t.7z").read_bytes()
    assert held(sevenzip.CONTAINER, stored) == ({"one.log": BODY, "two.log": b"two\n"}, {}, [])


@pytest.mark.parametrize(
    ("options", "why"),
    [
        pytest.param(["-psecret"], "encrypted", id="content"),
        pytest.param(["-psecret", "-mhe=on"], "encrypted", id="names-too"),
        pytest.param(["-m0=PPMd"], "not read", id="method"),
    ],
)
def test_what_cannot_be_unpacked_is_said(tmp_path: Path, options: list[str], why: str) -> None:
    tool = program("7z")
    (tmp_path / "one.log").write_bytes(BODY)
    subprocess.run([tool, "a", *options, "t.7z", "one.log"], cwd=tmp_path, check=True, capture_output=True, timeout=60)
    contents, instead, said = held(sevenzip.CONTAINER, (tmp_path / "t.7z").read_bytes())
    assert not contents
    assert why in (*instead.values(), *said)[0]


@given(st.binary(max_size=60), st.integers(0, 195), st.integers(0, 60))
def test_any_bytes_give_members_or_a_sentence(noise: bytes, at: int, cut: int) -> None:
    held(sevenzip.CONTAINER, SOLID[:at] + noise + SOLID[at + cut :])


@given(st.binary(max_size=20), st.integers(0, 110), st.integers(0, 20))
def test_any_list_gives_members_or_a_sentence(noise: bytes, at: int, cut: int) -> None:
    listed = STORED[40:]
    held(sevenzip.CONTAINER, with_list(listed[:at] + noise + listed[at + cut :]))
