from __future__ import annotations

import pytest

from seawall.platforms import commands, grammar


@pytest.mark.parametrize("family", ["IOS", "JUNOS", "VRP"])
def test_every_path_of_the_grammar_is_lower_case_words(family: str) -> None:
    for line in getattr(grammar, family).strip().splitlines():
        for position in line.split():
            assert position == "PIPE" or position == position.lower(), line
            assert all(position.split("|")) or position == "|", f"an empty word in: {line}"


@pytest.mark.parametrize(
    ("platform", "sentence"),
    [
        ("ios", "show running-config"),
        ("ios", "configure terminal"),
        ("junos", "show configuration"),
        ("vrp", "system-view"),
    ],
)
def test_a_full_sentence_stays_as_it_is(platform: str, sentence: str) -> None:
    assert commands.normalise(sentence, platform) == sentence


def test_aliases_stand_for_words_the_grammar_knows() -> None:
    for family, aliases in grammar.ALIASES.items():
        known = set(getattr(grammar, family.upper()).replace("|", " ").split())
        assert set(aliases.values()) <= known, family
