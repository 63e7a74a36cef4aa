from __future__ import annotations

import gzip

from hypothesis import given
from hypothesis import strategies as st

from seawall.sources.containers import gz
from tests.sources.containers.packing import BODY, check_cut, check_damage, check_whole, unwrapped

PACKED = gzip.compress(BODY)


def test_it_reads_as_its_content() -> None:
    check_whole(gz.CONTAINER, PACKED)


def test_what_stands_before_a_cut_is_read_and_the_cut_said() -> None:
    check_cut(gz.CONTAINER, PACKED, 1000000)


def test_what_stands_before_damage_is_read_and_the_damage_said() -> None:
    check_damage(gz.CONTAINER, PACKED, 600000)


@given(st.binary(max_size=400), st.integers(0, len(PACKED)), st.integers(0, 60))
def test_any_bytes_end_quietly(noise: bytes, at: int, cut: int) -> None:
    unwrapped(gz.CONTAINER, PACKED[:cut] + noise)
    unwrapped(gz.CONTAINER, PACKED[:at] + noise + PACKED[at + cut :])


def test_padding_between_members_is_no_damage() -> None:
    assert unwrapped(gz.CONTAINER, gzip.compress(b"one\n") + bytes(7) + gzip.compress(b"two\n")) == (b"one\ntwo\n", [])
