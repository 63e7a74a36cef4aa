"""UTF-16 and base64: a text is found wherever it stands in a longer one, whatever letters it has."""

from __future__ import annotations

import re
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sigma.exceptions import SigmaError
from sigma.rule import SigmaRule

from seawall.detect.sigma import modifiers
from seawall.detect.sigma.compiling import condition_from
from seawall.detect.sigma.plan import Condition, atoms_of
from seawall.errors import RuleError

modifiers.teach()

CODECS = {"wide": "utf-16le", "utf16le": "utf-16le", "utf16be": "utf-16be"}
LETTERS = st.text(alphabet="abzÄß€漢😀-/ %", min_size=1, max_size=12)


def compiled(key: str, value: str) -> Condition:
    detection = {"s": {key: value}, "condition": "s"}
    parsed = SigmaRule.from_dict({"title": "t", "logsource": {"category": "x"}, "detection": detection})
    return condition_from(parsed.detection.parsed_condition[0].parsed)


def wanted(key: str, value: str) -> list[str]:
    return [atom.value for atom in atoms_of(compiled(key, value))]


@pytest.mark.parametrize("modifier", CODECS)
@given(text=LETTERS, before=st.binary(max_size=7), after=st.binary(max_size=7))
def test_a_text_is_found_at_every_place_in_base64(modifier: str, text: str, before: bytes, after: bytes) -> None:
    whole = b64encode(before + text.encode(CODECS[modifier]) + after).decode()
    assert any(piece in whole for piece in wanted(f"f|{modifier}|base64offset|contains", text))


@given(LETTERS)
def test_utf16_brings_its_mark(text: str) -> None:
    assert wanted("f|utf16|base64", text) == [b64encode(b"\xff\xfe" + text.encode("utf-16le")).decode()]


@given(LETTERS)
def test_base64_of_plain_text_is_of_utf8(text: str) -> None:
    assert wanted("f|base64", text) == [b64encode(text.encode()).decode()]


@pytest.mark.parametrize("key", ["f|base64", "f|wide|base64offset|contains", "f|utf16|base64"])
def test_wildcards_cannot_be_encoded(key: str) -> None:
    with pytest.raises(SigmaError, match="wildcards"):
        compiled(key, "a*b")


def test_wide_alone_is_text_with_nothing_between_the_letters() -> None:
    assert wanted("f|wide|contains", "ab") == ["a\0b\0"]


def test_wide_letters_that_are_no_text_are_refused() -> None:
    with pytest.raises(RuleError, match="UTF-16"):
        compiled("f|wide", "漢ß")


@pytest.mark.parametrize("dash", modifiers.DASHES)
def test_each_of_the_five_dashes_stands_for_any_other(dash: str) -> None:
    texts = {atom.value for atom in atoms_of(compiled("f|windash|contains", f" {dash}x"))}
    assert texts == {f" {one}x" for one in "-/\u2013\u2014\u2015"}


def test_many_dashes_in_one_value_are_one_pattern() -> None:
    (atom,) = atoms_of(compiled("f|windash|contains", " -a -b -c -d -e -f"))
    pattern = re.compile(atom.value)
    assert pattern.search("x.exe -a /b \u2013c \u2014d \u2015e -f")
    assert not pattern.search("x.exe -a /b +c -d -e -f")


def test_many_dashes_are_not_put_in_base64() -> None:
    with pytest.raises(SigmaError, match="dashes"):
        compiled("f|windash|base64", " -a -b -c -d")
