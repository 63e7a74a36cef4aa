# ruff: noqa: E501 - log lines are as long as they are
from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from seawall.sources.headers import Shapes, read_head

_PIECES = st.sampled_from(
    [b"<189>", b"7: ", b"pe1: ", b"Nov 22 10:15:30", b"*Nov 12 ", b"2026", b" ", b": ", b" UTC+1", b"mgd[12]: ", b"RP/0/1/CPU0:",
     b"1 2026-11-22T10:15:30Z ", b"- ", b"info ", b"2y10w: ", b"1795342530.5 ", b"%$ VDC-1 %$ ", b"(Stack)", b"<30>", b"00:01:01: "]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=12).map(b"".join), st.booleans(), st.booleans())
def test_heads_that_differ_in_digits_only_have_their_parts_in_the_same_places(
    head: bytes, mnemonic: bool, more: bool
) -> None:
    other = re.sub(rb"\d", b"0", head)
    assert read_head(head, mnemonic=mnemonic, more=more) == read_head(other, mnemonic=mnemonic, more=more)


@given(st.binary(max_size=120), st.booleans())
def test_any_bytes_give_places_inside_the_head(head: bytes, mnemonic: bool) -> None:
    row = read_head(head, mnemonic=mnemonic)
    assert 0 <= row[1] <= len(head)


def test_a_shape_met_before_is_not_read_again() -> None:
    shapes = Shapes()
    head = b"<189>Nov 22 10:15:30 pe1 sshd[22]:"
    first = shapes.rows([b"shape"], [head], mnemonic=False, more=False)
    again = shapes.rows([b"shape"], [b"nothing that could be read"], mnemonic=False, more=False)
    assert (first == again).all()
