from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.sources.dns_wire import read_message, read_name, type_name

HEAD = b"\x12\x34\x81\x83\0\1\0\1\0\0\0\0"
QUESTION = b"\3www\7example\3net\0\0\x1c\0\1"


def test_the_question_the_code_and_the_answers_are_read() -> None:
    told = read_message(HEAD + QUESTION + b"\xc0\x0c\0\x10\0\1\0\0\0\x3c\0\6\5hello")
    assert told == ("www.example.net", "AAAA", "IN", "NXDOMAIN", ("TXT hello",))


def test_an_answer_that_is_cut_short_leaves_the_others_true() -> None:
    assert read_message(HEAD + QUESTION + b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\xcb").answers == ()


def test_bytes_that_are_no_letters_are_written_as_numbers() -> None:
    assert read_name(b"\5a.b\\\x1b\0", 0) == ("a\\046b\\092\\027", 7)
    assert read_name(b"\0", 0) == (".", 1)


@pytest.mark.parametrize(
    "wire", [b"\xc0\0", b"\3ab", b"\x40", b"\xc0", b"\1a\xc0\2", b"\x3f" + b"a" * 63 + b"\x3f" * 300]
)
def test_a_name_that_goes_in_circles_or_is_cut_short_is_an_error_of_value(wire: bytes) -> None:
    with pytest.raises(ValueError, match=r"name|label"):
        read_name(wire, 0)


def test_a_type_without_name_has_its_number() -> None:
    assert (type_name(65), type_name(65_280)) == ("HTTPS", "TYPE65280")


@given(st.binary(max_size=300))
def test_any_bytes_are_a_message_or_an_error_of_value(wire: bytes) -> None:
    with contextlib.suppress(ValueError):
        read_message(wire)
    with contextlib.suppress(ValueError):
        read_message(HEAD + QUESTION + wire)
