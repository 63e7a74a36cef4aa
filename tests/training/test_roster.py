"""The roster is the operator's file: read whole, or refused with its line."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import InputError, UsageError
from seawall.training.roster import ADDRESS, Member, read_roster


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "roster.csv"
    path.write_text(text, encoding=encoding)
    return path


def test_people_are_read_in_any_order_of_columns_with_more_beside_them(tmp_path: Path) -> None:
    text = "Group,note,person,Address,role\nDesk,x,ana,ana@carrier.example,help-desk\n,,bo,,\n"
    roster = read_roster(written(tmp_path, text, "utf-8-sig"))
    assert roster.members == (Member("ana", "ana@carrier.example", "Desk", "help-desk"), Member("bo"))
    assert roster.choose([], ["Desk"], []) == [roster.find("ana")]
    assert set(roster.groups()) == {"Desk", "none"}
    with pytest.raises(UsageError, match="no group 'Dsk'"):
        roster.choose([], ["Dsk"], [])


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('ana,"ana@carrier.example\r\nBcc: x@evil.test",,', "no plain mail address"),
        ("ana,ana@carrier.example@evil.test,,", "no plain mail address"),
        ('ana,"""a b""@carrier.example",,', "no plain mail address"),
        ("ana,ana@[192.0.2.1],,", "no plain mail address"),
        ("ana,ana@c\u0430rrier.example,,", "no plain mail address"),
        ("ana,ana@carrier.example,Desk,boss", "no role"),
        (",ana@carrier.example,,", "without an id"),
        ("ana,,,\nana,,,", "roster.csv:3: id ana a second time"),
        ("ana,a@c.example,,\nbo,A@C.EXAMPLE,,", "a second time"),
        ('ana,"a@c.example,,', "no CSV"),
    ],
)
def test_a_line_that_is_no_person_is_named(tmp_path: Path, line: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read_roster(written(tmp_path, f"person,address,group,role\n{line}\n"))


@given(st.text(max_size=60))
def test_an_address_that_counts_holds_one_at_sign_and_nothing_invisible(text: str) -> None:
    with contextlib.suppress(AttributeError):
        found = ADDRESS.fullmatch(text)
        assert found.group().isascii()  # type: ignore[union-attr]
        assert text.count("@") == 1
        assert text.isprintable()
        assert " " not in text
