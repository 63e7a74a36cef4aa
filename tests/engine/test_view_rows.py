from __future__ import annotations

from seawall.engine.view_rows import own, rows, texts


def test_the_first_column_that_is_there_is_taken_in_the_type_wanted() -> None:
    assert own({"a": "text", "b": "int"}, "x", "a") == '"a"'
    assert own({"a": "text", "b": "int"}, "a", "b") == 'coalesce("a", TRY_CAST("b" AS VARCHAR))'
    assert own({}, "a", word="int") == "NULL::BIGINT"


def test_names_are_quoted_and_values_never_pasted() -> None:
    made = rows("web", {"uri": "text"}, texts({"uri": "text"}, "uri"), "true")
    assert made.endswith('FROM "web" WHERE true')
    assert '"uri" AS "uri"' in made
