"""A lesson file is read whole, or refused with its line."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import InputError
from seawall.training.lesson_file import parse_lesson, read_lesson

LESSON = """+++
id = "one"
title = "One"
roles = ["noc"]
topic = "vendor"
+++
Be **careful**.

## Practice: a-mail

verdict: phish
channel: mail
elements: 4 4 2 4 0

> From: Support <help@vendor.test>
>
> Do it [[urgency|today]], [[sender|your]] friend. See [[+in our own system|CHG-1]].

Why:
- urgency: hurry is
  the point.

Do:
1. Call back.

## Question: which

What now?

- [x] Call :: Yes.
- [ ] Wait :: No,
  never.
"""


def test_a_lesson_is_read_with_its_marks_where_the_words_stand() -> None:
    lesson = parse_lesson(LESSON, where="one.md")
    (item,) = lesson.practice
    words = [(mark.cue, item.text[mark.start : mark.end]) for mark in item.marks]
    assert words == [("urgency", "today"), ("sender", "your"), ("", "CHG-1")]
    assert item.text.splitlines()[0] == "From: Support <help@vendor.test>"
    assert "[[" not in item.text
    assert item.reason("urgency") == "hurry is the point."
    assert item.do == "1. Call back."
    assert lesson.text == "Be **careful**."
    (question,) = lesson.questions
    assert [option.right for option in question.options] == [True, False]
    assert question.options[1].feedback == "No, never."


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("[[urgency|today]]", "[[hurry|today]]", "one.md:9.*no cue is called 'hurry'"),
        ("[[urgency|today]]", "[[urgency|today", "not closed|belongs nowhere|marked nowhere"),
        ("[[urgency|today]]", "[[urgency| ]]", "is empty"),
        ("verdict: phish", "verdict: fish", "verdict 'fish'"),
        ("channel: mail", "channel: fax", "channel 'fax'"),
        ("elements: 4 4 2 4 0", "elements: 4 4 2 4", "five elements"),
        ("elements: 4 4 2 4 0", "elements: 4 4 2 four 0", "elements '4 4 2 four 0'"),
        ("elements: 4 4 2 4 0\n", "", "needs its cues and premise"),
        ("verdict: phish", "verdict: wanted", "rates lures only"),
        ("verdict: phish", "verdict: phish\ncolour: red", "no setting is called 'colour'"),
        ("Do:\n1. Call back.", "", "told what to do"),
        ("- urgency:", "- threat:", "marked nowhere"),
        ("- [x] Call :: Yes.", "- [ ] Call :: Yes.", "one.md:26.*a right answer"),
        ("- [x] Call :: Yes.", "- [x] Call", "is no answer"),
        ("## Question: which", "## Question: Which one", "small letters"),
        ("## Question: which", "## Question: a-mail", "stands there twice"),
        ('roles = ["noc"]', 'roles = ["boss"]', "roles"),
        ('roles = ["noc"]', "roles = []", "at least one role"),
        ('id = "one"', 'id = "../one"', "small letters"),
        ("+++\nid", "id", "does not begin with"),
        ('title = "One"', 'title = "One', "front matter"),
    ],
)
def test_a_broken_lesson_says_what_and_where(old: str, new: str, words: str) -> None:
    assert old in LESSON
    with pytest.raises(InputError) as caught:
        parse_lesson(LESSON.replace(old, new, 1), where="one.md")
    assert re.search(words, f"{caught.value} {caught.value.mend}")


@given(st.text(st.sampled_from("+=[]|> \n#-:xaPractice\"'0"), max_size=200), st.integers(0, len(LESSON)))
def test_any_text_is_a_lesson_or_an_input_error(text: str, at: int) -> None:
    for whole in (text, LESSON[:at] + text + LESSON[at:], LESSON[:at]):
        with contextlib.suppress(InputError):
            parse_lesson(whole, where="x.md")


def test_a_file_that_is_no_text_or_too_large_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"+++\xff\xfe")
    (tmp_path / "b.md").write_bytes(b"x" * (257 << 10))
    for name in ("a.md", "b.md", "none.md"):
        with pytest.raises(InputError, match=name):
            read_lesson(tmp_path / name)
