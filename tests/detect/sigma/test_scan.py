"""The scan against a plain search: every literal in every value, wherever it stands and however the words fall."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.detect.sigma.folding import bytes_of
from seawall.detect.sigma.literals import Literal
from seawall.detect.sigma.scan import Scan, Texts, word_counts

TEXT = st.text("ab\\.", max_size=40)
LITERALS = st.lists(
    st.builds(Literal, st.text("ab\\.", min_size=4, max_size=20).map(str.encode), st.booleans(), st.booleans()),
    min_size=1,
    max_size=8,
    unique=True,
)


def found(literals: list[Literal], values: list[str], sample: bytes = b"") -> set[tuple[int, int]]:
    scan = Scan(literals, word_counts(np.frombuffer(sample, dtype=np.uint8)))
    which, where = scan.find(Texts(*bytes_of(pa.array(values, pa.string()))))
    return set(zip(which.tolist(), where.tolist(), strict=True))


def stands(literal: Literal, value: bytes) -> bool:
    if literal.opens and literal.closes:
        return value == literal.text
    if literal.opens:
        return value.startswith(literal.text)
    return value.endswith(literal.text) if literal.closes else literal.text in value


@settings(max_examples=300, deadline=None)
@given(LITERALS, st.lists(TEXT, max_size=10), st.binary(max_size=20))
def test_the_scan_finds_what_a_plain_search_finds(literals: list[Literal], values: list[str], sample: bytes) -> None:
    wanted = {(n, at) for n, one in enumerate(literals) for at, v in enumerate(values) if stands(one, v.encode())}
    assert found(literals, values, sample) == wanted


@given(st.integers(0, 70), st.integers(7, 40))
def test_a_literal_is_found_at_every_place_and_length(before: int, length: int) -> None:
    text = "".join(chr(97 + n * 7 % 26) for n in range(length))
    values = ["-" * before + text + "-" * 3, text[:-1], text[1:], text]
    assert found([Literal(text.encode())], values) == {(0, 0), (0, 3)}


def test_a_text_across_two_values_is_none() -> None:
    assert found([Literal(b"abcdefgh"), Literal(b"abcd")], ["xxabcd", "efgh"]) == {(1, 0)}


def test_hostile_repetition_is_worked_through_in_pieces() -> None:
    literals = [Literal(b"a" * n) for n in range(7, 40)]
    assert len(found(literals, ["a" * 60_000, "b"])) == len(literals)
