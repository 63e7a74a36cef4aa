from __future__ import annotations

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.sources.mail.rtf import MAX_BYTES, page_of, unpacked
from tests.sources.mail.outlook_files import packed_rtf

EXAMPLE = bytes.fromhex(  # MS-OXRTFCP, 3.1.1
    "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
)


def test_the_example_of_the_specification_is_unpacked() -> None:
    assert unpacked(EXAMPLE) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from([b"abc", b"\\par ", b"{\\rtf1", b"hello", b"\x80z"]), max_size=200))
def test_what_is_packed_comes_back(words: list[bytes]) -> None:
    rtf = b"".join(words)
    assert unpacked(packed_rtf(rtf)) == rtf


def test_a_claimed_size_fills_no_memory() -> None:
    reference = struct.pack(">H", 0x00F) * 8
    claimed = struct.pack("<III", 0, 0xFFFFFFFF, 0x75465A4C) + bytes(4) + (b"\xff" + reference) * 60_000
    assert len(unpacked(claimed)) <= MAX_BYTES


@pytest.mark.parametrize("packed", [b"", b"x" * 16])
def test_what_is_no_rich_text_is_said(packed: bytes) -> None:
    with pytest.raises(ValueError, match="rich text"):
        unpacked(packed)


def test_groups_within_groups_end_somewhere() -> None:
    assert page_of(b"{\\rtf1 " + b"{" * 500_000 + b"x") == ("text/html", "")
