from __future__ import annotations

from seawall.sources.csv_tables import MAX_CELL_LINES, Row, cells, header, letters, rows
from seawall.sources.lines import line_blocks
from seawall.sources.opening import evidence_from_bytes

WANTED = frozenset({"user", "clientip"})


def _rows(text: str) -> list[Row]:
    return [r for r in rows(line_blocks(evidence_from_bytes(text.encode(), "x")), ",") if isinstance(r, Row)]


def test_a_header_is_found_whatever_its_delimiter_and_spelling() -> None:
    for line in ('"User","Client IP",x', "USER;client_ip;x", "user\tClientIP\tx", "user | client-ip | x"):
        found = header(line, WANTED, 2)
        assert found is not None
        assert [letters(name) for name in found[1]] == ["user", "clientip", "x"]
    assert header("user,x,y", WANTED, 2) is None


def test_a_quoted_cell_may_hold_line_ends_and_delimiters() -> None:
    first, second = _rows('a,"b\nc,d",e\nf,g,h\n')
    assert first.cells == ["a", "b\nc,d", "e"]
    assert (second.number, second.cells) == (3, ["f", "g", "h"])


def test_a_stray_quote_cannot_swallow_the_file() -> None:
    text = 'a,"b\n' + "x,y,z\n" * (MAX_CELL_LINES * 3)
    found = _rows(text)
    assert sum(1 for row in found if row.cells == ["x", "y", "z"]) >= MAX_CELL_LINES * 2 - 2


def test_a_line_that_cannot_be_cut_has_no_cells() -> None:
    assert cells("a\0b\r\rc,d" + "x" * 200_000, ",") in ([], ["a\0b\r\rc", "d" + "x" * 200_000])
