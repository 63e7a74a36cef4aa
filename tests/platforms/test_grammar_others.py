from __future__ import annotations

import pytest

from seawall.platforms import grammar_others


@pytest.mark.parametrize("family", ["SROS", "FORTIOS", "PANOS"])
def test_every_path_of_the_grammar_is_lower_case_words(family: str) -> None:
    for line in getattr(grammar_others, family).strip().splitlines():
        for position in line.split():
            assert position == "PIPE" or position == position.lower(), line
            assert all(position.split("|")), f"an empty word in: {line}"


def test_aliases_stand_for_words_the_grammar_knows() -> None:
    for family, aliases in grammar_others.ALIASES.items():
        known = set(getattr(grammar_others, family.upper()).replace("|", " ").split())
        assert set(aliases.values()) <= known | {"exit"}, family
