from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.sources.tables import cells_of, first_header, header_in


@pytest.mark.parametrize(
    ("line", "delimiter", "names"),
    [
        ("a,b,c", ",", ("a", "b", "c")),
        ("\ufeffa;b;c\r\n", ";", ("a", "b", "c")),
        ("  sIP|  dIP|pro|", "|", ("sIP", "dIP", "pro")),
        ('"Src IP","Dst IP"', ",", ("Src IP", "Dst IP")),
        ("a\tA\ta", "\t", ("a", "A_2", "a_3")),
    ],
)
def test_a_header_says_its_delimiter_and_names(line: str, delimiter: str, names: tuple[str, ...]) -> None:
    found = header_in(line)
    assert found is not None
    assert (found.delimiter, found.names) == (delimiter, names)


@pytest.mark.parametrize("line", ["", "hello", "192.0.2.1,5,6", "a,,b", "x" * 99 + ",b", "2026-01-01,a"])
def test_rows_and_prose_are_no_header(line: str) -> None:
    assert header_in(line) is None


def test_comments_before_a_header_are_passed_over() -> None:
    found = first_header(b"# made by x on Monday\n#a,b\n1,2\n")
    assert found is not None
    assert found.names == ("a", "b")


def test_a_row_has_as_many_cells_as_the_header() -> None:
    header = header_in("a,b")
    assert header is not None
    assert header.row("1,2") == ["1", "2"]
    assert header.row("1,2,") == ["1", "2"]
    assert header.row('1,"2,3"') == ["1", "2,3"]
    assert header.row("1") is None


@given(st.text(max_size=80))
def test_any_line_is_split_or_not(line: str) -> None:
    header_in(line)
    cells_of(line, ",")
