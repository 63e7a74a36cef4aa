from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from seawall.sources.containers import lz4
from tests.sources.containers.packing import BODY, check_cut, check_damage, check_whole, unwrapped


def packed() -> bytes:
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "lz4") as stream:
        stream.write(BODY)
    return bytes(sink.getvalue().to_pybytes())


PACKED = packed()


def test_it_reads_as_its_content() -> None:
    check_whole(lz4.CONTAINER, PACKED)


def test_what_stands_before_a_cut_is_read_and_the_cut_said() -> None:
    check_cut(lz4.CONTAINER, PACKED, 500000)


def test_what_stands_before_damage_is_read_and_the_damage_said() -> None:
    check_damage(lz4.CONTAINER, PACKED, 500000, 20_000)


@given(st.binary(max_size=400), st.integers(0, len(PACKED)), st.integers(0, 60))
def test_any_bytes_end_quietly(noise: bytes, at: int, cut: int) -> None:
    unwrapped(lz4.CONTAINER, PACKED[:cut] + noise)
    unwrapped(lz4.CONTAINER, PACKED[:at] + noise + PACKED[at + cut :])
