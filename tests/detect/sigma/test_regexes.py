"""No pattern a rule brings may run away, and what both engines can do they do alike."""

from __future__ import annotations

import re

import pyarrow as pa
import pytest

from seawall.detect.sigma.regexes import (
    MAX_FALLBACK_CHARS,
    MAX_PAIRED_CHARS,
    MAX_PATTERN_CHARS,
    RuleRegexes,
    check,
    is_linear,
    search,
)
from seawall.errors import RuleError


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param("(?=x)(a+)+$", id="in a group"),
        pytest.param("(?=x)(?:b|(c*)*)d", id="in a choice"),
        pytest.param("(?=(a+)+b)x", id="in a look ahead"),
        pytest.param("(?>(a+)+b)", id="in an atomic group"),
        pytest.param("(?=x)(?:(a+)+b)*+", id="in a possessive repeat"),
        pytest.param("(x)?(?(1)c|(a+)+b)", id="in the other branch of a condition"),
        pytest.param("(?=x)(?:a{0,2000}){1,}", id="a bound so high that it is none"),
    ],
)
def test_nested_repeats_are_refused_where_the_linear_engine_cannot_help(pattern: str) -> None:
    assert not is_linear(pattern)
    with pytest.raises(RuleError, match="nests one unbounded repeat") as caught:
        check(pattern)
    assert "rewrite" in (caught.value.mend or "")


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+$",
        "(?<!x)abc+",
        r"(a)\1",
        "(?>a+)b",
        "(?=x)(a{2,9})+",
        "(?=x)a+b+",
        "^(?!.*a)(?!.*b)(?!.*c).*d",
        "(?=x)a++b++c+",
    ],
)
def test_patterns_that_cannot_run_away_are_taken(pattern: str) -> None:
    check(pattern)


def test_nested_repeats_are_answered_at_once_by_the_linear_engine() -> None:
    values = pa.array(["a" * 100_000 + "!", "aaa", None])
    assert search(values, "^(a+)+$").tolist() == [False, True, False]


def test_the_fenced_engine_reads_only_the_start_of_a_value() -> None:
    inside = " " * (MAX_FALLBACK_CHARS - 3) + "abc"
    assert search(pa.array([inside, " " + inside, None]), "(?<!x)abc").tolist() == [True, False, False]


def test_a_pattern_too_long_or_broken_says_how_to_mend_it() -> None:
    check("a" * MAX_PATTERN_CHARS)
    for pattern in ("a" * (MAX_PATTERN_CHARS + 1), "("):
        with pytest.raises(RuleError) as caught:
            check(pattern)
        assert caught.value.mend


def test_flags_mean_the_same_to_both_engines() -> None:
    for pattern in ("^b.c$", "(?<!x)^b.c$"):
        compiled = RuleRegexes().compile(pattern, re.IGNORECASE | re.MULTILINE | re.DOTALL)
        assert compiled.search("a\nB\nC")
        assert not RuleRegexes().compile(pattern).search("a\nB\nC")


@pytest.mark.parametrize("pattern", [r"(?=a)(a|aa)+$", r"(?=a)(.*a){12}$"], ids=["choice-in-repeat", "repeat-in-count"])
def test_what_multiplies_ways_through_is_refused_like_a_nested_repeat(pattern: str) -> None:
    with pytest.raises(RuleError):
        check(pattern)


@pytest.mark.parametrize(
    "pattern",
    ["(?!x)a.*a.*a.*z", "(?=a)a*a*(?:b|a*b)", r"(a+)b*\1(?=.*c)", "(?!x)a{0,900}a{0,900}a{0,900}z"],
)
def test_repeats_that_hand_characters_to_each_other_are_few(pattern: str) -> None:
    """Four thousand letters in an event would keep more of them busy for hours."""
    with pytest.raises(RuleError, match="3 wide repeats in a row"):
        check(pattern)


def test_where_two_repeats_work_together_less_of_a_value_is_read() -> None:
    pattern = "(?!x)a.*b.*c"
    check(pattern)
    inside = "ab" + "." * (MAX_PAIRED_CHARS - 3) + "c"
    assert search(pa.array([inside, inside.replace("ab", "ab.")]), pattern).tolist() == [True, False]
