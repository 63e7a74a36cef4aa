"""What cannot be seen is made visible, what is endless is cut."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.reporting.text import (
    CLOSE,
    OPEN,
    and_list,
    count_text,
    is_address,
    length_text,
    moment_text,
    safe_terminal,
    size_text,
    visible,
)
from tests.incidents.stories import at


@given(st.text())
def test_no_control_format_or_surrogate_character_survives(text: str) -> None:
    shown = visible(text)
    assert not [c for c in shown if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")]
    shown.encode("utf-8")


def test_every_control_and_format_character_is_made_visible() -> None:
    hidden = [chr(c) for c in range(0x110000) if unicodedata.category(chr(c)) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
    assert [hex(ord(c)) for c in hidden if c in visible(c)] == []


@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=200))
def test_plain_text_is_left_alone(text: str) -> None:
    assert visible(text) == safe_terminal(text) == text


def test_an_escape_sequence_is_named_and_harmless() -> None:
    assert visible("\x1b[31m\ta\n\u202eb") == f"{OPEN}ESC{CLOSE}[31m a{OPEN}LF{CLOSE}{OPEN}U+202E{CLOSE}b"


def test_endless_text_is_cut_and_says_how_much_is_missing() -> None:
    assert visible("x" * 1_000_100, 100) == "x" * 100 + " … and 1,000,000 more characters"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "under 1 s"),
        (14, "14 s"),
        (118, "2 min"),
        (7_020, "1 h 57 min"),
        (7_200, "2 h"),
        (183_600, "2 d 3 h"),
    ],
)
def test_lengths_of_time_read_as_people_say_them(seconds: float, text: str) -> None:
    assert length_text(seconds) == text


@pytest.mark.parametrize(("size", "text"), [(0, "0 B"), (999, "999 B"), (1_400_000, "1.4 MB"), (5 * 10**12, "5.0 TB")])
def test_sizes_are_short(size: int, text: str) -> None:
    assert size_text(size) == text


def test_counts_and_lists_read_as_sentences() -> None:
    assert [count_text(n, "incident") for n in (0, 1, 2_000)] == ["no incidents", "1 incident", "2,000 incidents"]
    assert and_list(["a", "b", "c"]) == "a, b and c"
    assert and_list(list("abcdefg"), 3) == "a, b, c and 4 more"


def test_moments_are_utc_and_unknown_is_said() -> None:
    assert moment_text(at("22:01:06")) == "2026-11-21 22:01:06"
    assert moment_text(None) == "unknown"


def test_addresses_are_told_from_names() -> None:
    assert [is_address(v) for v in ("192.0.2.1", "2001:db8::1", "pe1.example.net", "")] == [True, True, False, False]
