# ruff: noqa: E501 - log lines are as long as they are
from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from seawall.platforms.fields import Shipped, listed, shipped, spaced


def test_pairs_may_be_quoted_and_parted_by_blanks_or_commas() -> None:
    wanted = {"user": "ann", "msg": 'she said "no", twice', "n": ""}
    assert spaced('user=ann msg="she said \\"no\\", twice" n=') == wanted
    assert spaced('user=ann,msg="she said \\"no\\", twice",n=') == wanted


def test_a_name_inside_a_value_is_no_name_and_the_first_of_two_counts() -> None:
    assert spaced('url="/a?user=eve" user=ann user=eve') == {"url": "/a?user=eve", "user": "ann"}


def test_names_of_a_list_may_hold_blanks_and_values_signs() -> None:
    assert listed("text of it, Device IP Address=192.0.2.1, CmdSet=[ CmdAV=show x=1\\, y ], Step=5= a,") == [
        ("Device IP Address", "192.0.2.1"),
        ("CmdSet", "[ CmdAV=show x=1, y ]"),
        ("Step", "5= a"),
    ]


def test_cef_and_leef_are_taken_apart() -> None:
    cef = "CEF:0|Acme \\| Co|Wall|1|42|Login failed|7|suser=ann src=192.0.2.1 msg=two words\\nand a line cs1=x\\=y"
    fields = {"suser": "ann", "src": "192.0.2.1", "msg": "two words\nand a line", "cs1": "x=y"}
    assert shipped(cef) == Shipped("Acme | Co", "Wall", "42", "Login failed", "7", fields)
    for leef in ("LEEF:1.0|Acme|Wall|1|42|usrName=ann\tsrc=192.0.2.1", "LEEF:2.0|Acme|Wall|1|42|^|usrName=ann^src=192.0.2.1"):  # fmt: skip
        assert shipped(leef) == Shipped("Acme", "Wall", "42", "", "", {"usrName": "ann", "src": "192.0.2.1"})
    assert shipped("CEF:0|too|short") is None
    assert shipped("nothing of the kind") is None


_TEXT = st.text('ab=", |\\CEF:01LEF.2\t\n', max_size=200)


@given(_TEXT)
def test_any_text_gives_fields_or_none(text: str) -> None:
    for read in (spaced, listed, shipped):
        read(text)
    shipped("CEF:0|" + text)
    shipped("LEEF:2.0|" + text)
