from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.platforms import masking, tool_secrets
from seawall.platforms.needed import Gated, folded, needed

_PATTERNS = (*masking._RULES, *tool_secrets.RULES, re.compile(masking.ANY_SECRET, re.IGNORECASE))


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (r"(?:sec|pas)\w* x", ("pas", "sec")),
        (r"a?b+ key\s", (" key",)),
        (r"a*|secret", ()),
        (r"(?!not)\bENC ", ("enc ",)),
        (r"(?:long|)\d", ()),
    ],
)
def test_the_words_are_those_every_match_holds(pattern: str, words: tuple[str, ...]) -> None:
    assert needed(pattern) == words


@given(st.sampled_from(_PATTERNS).flatmap(lambda p: st.tuples(st.just(p), st.from_regex(p))))
def test_no_match_goes_without_a_word(drawn: tuple[re.Pattern[str], str]) -> None:
    pattern, text = drawn
    assert Gated(pattern).search(text, folded(text)) is not None


@given(st.sampled_from(_PATTERNS), st.text("key\u017f\u212apasword secrt$=:\"'-/", max_size=60))
def test_a_gate_changes_no_answer(pattern: re.Pattern[str], text: str) -> None:
    assert (Gated(pattern).search(text, folded(text)) is None) == (pattern.search(text) is None)
