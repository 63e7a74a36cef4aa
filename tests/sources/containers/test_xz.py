from __future__ import annotations

import lzma
import zlib

from hypothesis import given
from hypothesis import strategies as st

from seawall.sources.containers import xz
from tests.sources.containers.packing import BODY, check_cut, check_damage, check_whole, unwrapped

PACKED = lzma.compress(BODY)


def test_it_reads_as_its_content() -> None:
    check_whole(xz.CONTAINER, PACKED)


def test_what_stands_before_a_cut_is_read_and_the_cut_said() -> None:
    check_cut(xz.CONTAINER, PACKED, 500000)


def test_what_stands_before_damage_is_read_and_the_damage_said() -> None:
    check_damage(xz.CONTAINER, PACKED, 500000)


@given(st.binary(max_size=400), st.integers(0, len(PACKED)), st.integers(0, 60))
def test_any_bytes_end_quietly(noise: bytes, at: int, cut: int) -> None:
    unwrapped(xz.CONTAINER, PACKED[:cut] + noise)
    unwrapped(xz.CONTAINER, PACKED[:at] + noise + PACKED[at + cut :])


def test_a_dictionary_larger_than_we_allow_is_refused_before_it_is_made() -> None:
    huge = lzma.compress(b"x", filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 20}])
    at = huge.index(b"\x21\x01", 12)  # the filter, and how many octets its properties have
    header = bytearray(huge[12 : 12 + (huge[12] + 1) * 4])
    header[at - 12 + 2] = 36  # 1 GiB
    header[-4:] = zlib.crc32(header[:-4]).to_bytes(4, "little")
    read, said = unwrapped(xz.CONTAINER, huge[:12] + header + huge[12 + len(header) :])
    assert read == b""
    assert "memory" in said[0]
