"""The lights and their ids, as OASIS published them."""

from __future__ import annotations

import pytest

from seawall.model.tlp import LIGHTS, Light, light_of


@pytest.mark.parametrize("light", Light)
def test_a_light_is_found_by_its_word_its_label_and_its_marking(light: Light) -> None:
    assert light_of(light.word) is light
    assert light_of(light.label) is light
    assert LIGHTS[light.marking] is light


def test_amber_of_the_first_version_is_the_strict_one() -> None:
    assert light_of("amber", version1=True) is Light.AMBER_STRICT
    assert LIGHTS["marking-definition--f88d31f6-486f-44da-b317-01333bde0b82"] is Light.AMBER_STRICT


@pytest.mark.parametrize("text", ["", "tlp:", "tlp:blue", "amber and red", None, 3, "red" * 50])
def test_what_names_no_light_names_none(text: object) -> None:
    assert light_of(text) is None
