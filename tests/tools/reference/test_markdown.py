from __future__ import annotations

from tools.reference.markdown import cell, code, table


def test_no_text_ends_its_cell_or_starts_a_tag() -> None:
    assert cell("a | b\n<script>") == "a \\| b &lt;script&gt;"


def test_code_may_hold_a_backtick() -> None:
    assert code("a`b") == "`` a`b ``"
    assert code("") == ""


def test_a_table_has_a_head_and_rows() -> None:
    assert table(("a", "b"), [("1", "2")]) == "| a | b |\n|---|---|\n| 1 | 2 |\n"
