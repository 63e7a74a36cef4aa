from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.sources.header_tokens import MAX_TOKENS, tokens_of


def letters(head: bytes, *, any_zone: bool = False) -> str:
    return "".join(token.letter for token in tokens_of(head, 0, any_zone=any_zone)[0])


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"<189>4012: ce1: 007: Nov 22 10:15:30.5 UTC: ", "IWIX"),
        (b"Nov 22 10:15:30 mx1 mgd[30]: ", "TwP"),
        (b"Nov 22 10:15:30 bal1 notice mcpd[6]: ", "TwvP"),
        (b"2026-11-22 10:15:30\tLocal7.Notice\t192.0.2.1 7: ", "TwI"),
        (b"[2026-11-22 10:15:30] ce1 ", "Tw"),
        (b"sw1 (Stack): 7: 1d02h: ", "wIU"),
        (b"RP/0/RP0/CPU0:Nov 22 10:15:30 UTC: config[67]: ", "NXP"),
        (b"%$ VDC-1 %$ ", ""),
    ],
)
def test_a_head_is_a_word_of_letters(head: bytes, expected: str) -> None:
    assert letters(head) == expected


def test_the_last_pri_counts_but_only_between_tokens() -> None:
    head = b"<13>Nov 22 10:15:30 log1 <189>7: "
    _, (at, length) = tokens_of(head, 0, any_zone=False)
    assert head[at : at + length] == b"189"
    assert tokens_of(b"word<189>", 0, any_zone=False)[1] == (0, 0)


def test_brackets_around_a_time_belong_to_it() -> None:
    head = b"[2026-11-22 10:15:30] ce1"
    time = tokens_of(head, 0, any_zone=False)[0][0]
    assert (head[time.start : time.end], time.after) == (b"2026-11-22 10:15:30", 21)


@given(st.binary(max_size=200), st.integers(0, 20))
def test_any_bytes_give_tokens_in_order_and_not_too_many(head: bytes, at: int) -> None:
    tokens, _ = tokens_of(head, at, any_zone=True)
    assert len(tokens) <= MAX_TOKENS
    places = [place for token in tokens for place in (token.start, token.end, token.after)]
    assert places == sorted(places)
