from __future__ import annotations

import bz2

from hypothesis import given
from hypothesis import strategies as st

from seawall.sources.containers import bzip2
from tests.sources.containers.packing import BODY, check_cut, check_damage, check_whole, unwrapped

PACKED = bz2.compress(BODY)


def test_it_reads_as_its_content() -> None:
    check_whole(bzip2.CONTAINER, PACKED)


def test_what_stands_before_a_cut_is_read_and_the_cut_said() -> None:
    check_cut(bzip2.CONTAINER, PACKED, 0)


def test_what_stands_before_damage_is_read_and_the_damage_said() -> None:
    check_damage(bzip2.CONTAINER, PACKED, 0)


@given(st.binary(max_size=400), st.integers(0, len(PACKED)), st.integers(0, 60))
def test_any_bytes_end_quietly(noise: bytes, at: int, cut: int) -> None:
    unwrapped(bzip2.CONTAINER, PACKED[:cut] + noise)
    unwrapped(bzip2.CONTAINER, PACKED[:at] + noise + PACKED[at + cut :])
