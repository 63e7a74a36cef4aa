from __future__ import annotations

from dataclasses import dataclass, field

from tools.reference.fields import fields_of


@dataclass(frozen=True)
class Inner:
    """What is inside."""

    name: str


@dataclass(frozen=True)
class Outer:
    """What is outside."""

    hours: float  # how long
    names: tuple[str, ...] = ()  # whose
    inner: Inner = field(default_factory=lambda: Inner("x"))
    more: tuple[Inner, ...] = ()
    maybe: Inner | None = None


def test_a_field_is_told_with_the_comment_behind_it() -> None:
    hours, names, *_ = fields_of(Outer)
    assert (hours.name, hours.kind, hours.default, hours.doc) == ("hours", "number", "", "how long")
    assert (names.kind, names.default, names.doc) == ("list of text", "[]", "whose")


def test_a_dataclass_within_is_found_alone_in_a_list_and_where_it_may_be_missing() -> None:
    assert [f.inner for f in fields_of(Outer)] == [None, None, Inner, Inner, Inner]
