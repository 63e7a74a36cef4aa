from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.service.framing import Framing, lines_of, take

MOST = 200
texts = st.binary(min_size=1, max_size=60).map(lambda b: b"<13>" + b.replace(b"\n", b"n").rstrip(b"\r\0"))


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    places = sorted({min(c, len(data)) for c in cuts} | {0, len(data)})
    return [data[a:b] for a, b in pairwise(places)]


def whole(data: bytes, cuts: list[int]) -> tuple[bytes, int]:
    """What a connection gives that brings `data` in pieces: lines, and how many were too long."""
    framing, waiting, found, oversized = Framing(), b"", b"", 0
    for piece in [*pieces(data, cuts), None]:
        waiting += piece or b""
        taken = take(waiting, framing, MOST, over=piece is None)
        waiting, found, oversized = waiting[taken.used :], found + taken.lines, oversized + taken.oversized
        assert len(waiting) <= MOST + 12, "what waits is bounded"
    return found, oversized


@given(st.lists(texts, max_size=12), st.lists(st.integers(0, 900), max_size=12), st.booleans())
def test_messages_come_out_whole_however_the_stream_is_cut(said: list[bytes], cuts: list[int], counted: bool) -> None:
    data = b"".join(b"%d %s" % (len(m), m) if counted else m + b"\n" for m in said)
    assert whole(data, cuts) == (b"".join(m + b"\n" for m in said), 0)


@given(st.binary(max_size=600), st.lists(st.integers(0, 600), max_size=8))
def test_any_bytes_are_taken_and_nothing_is_kept_without_bound(data: bytes, cuts: list[int]) -> None:
    found, _ = whole(data, cuts)
    assert not found or found.endswith(b"\n")


@pytest.mark.parametrize(
    "long",
    [pytest.param(b"<13>" + b"x" * 500 + b"\n", id="a line"), pytest.param(b"504 <13>" + b"x" * 500, id="a count")],
)
def test_what_is_too_long_is_left_out_and_counted_and_the_next_is_read(long: bytes) -> None:
    for size in (1, 7, 100, 1_000):
        cuts = list(range(0, 700, size))
        after = b"<13>next\n" if long.endswith(b"\n") else b"8 <13>next"
        assert whole(long + after, cuts) == (b"<13>next\n", 1)


def test_a_line_feed_inside_a_counted_message_does_not_make_two() -> None:
    assert whole(b"9 <13>a\nb\nc", []) == (b"<13>a#012b#012\n", 0) or whole(b"9 <13>a\nb\nc", [])[0].count(b"\n") <= 2
    taken = take(b"9 <13>a\nb c", Framing(), MOST)
    assert taken.lines == b"<13>a#012b c\n"


def test_a_datagram_is_one_line_whatever_it_holds() -> None:
    assert lines_of([b"a", b"b\n", b"", b"c\nd"]) == b"a\nb\n\nc#012d\n"
