"""The five lights, what marks an object, and what keeps it in."""

from __future__ import annotations

import pytest

from seawall.errors import UsageError
from seawall.model.tlp import LIGHTS, Light, light_of
from seawall.sharing.marking import defined_light, definition, may_leave, own_light, wanted_light

THING = {"type": "indicator", "id": "indicator--0c7b5b88-8ff7-4a4d-aa9d-feb398cd0061"}


@pytest.mark.parametrize("light", list(Light))
def test_a_light_is_read_back_from_its_word_its_label_and_its_definition(light: Light) -> None:
    assert light_of(light.word) is light
    assert light_of(light.label.lower()) is light
    assert defined_light(definition(light)) is light
    assert own_light({**THING, "object_marking_refs": [light.marking]}) is light


@pytest.mark.parametrize("text", ["", "tlp:", "tlp:blue", "amber and green", "tlp:red\n" * 20, None, 4, ["red"]])
def test_what_is_no_light_is_none(text: object) -> None:
    assert light_of(text) is None


def test_a_person_who_names_no_light_is_told_which_there_are() -> None:
    with pytest.raises(UsageError, match="blue") as told:
        wanted_light("blue")
    assert "amber+strict" in str(told.value.mend)


def test_the_first_protocols_amber_is_the_strict_one_and_white_is_clear() -> None:
    old = {"type": "marking-definition", "id": "marking-definition--1", "definition_type": "tlp"}
    assert defined_light({**old, "definition": {"tlp": "amber"}}) is Light.AMBER_STRICT
    assert defined_light({**old, "definition": {"tlp": "white"}}) is Light.CLEAR
    assert LIGHTS["marking-definition--f88d31f6-486f-44da-b317-01333bde0b82"] is Light.AMBER_STRICT


def test_an_id_of_the_protocol_means_what_the_protocol_says_whatever_an_object_claims() -> None:
    forged = {**definition(Light.CLEAR), "id": Light.RED.marking}
    assert defined_light(forged) is Light.RED


def test_unmarked_is_never_clear() -> None:
    assert own_light(THING) is Light.AMBER_STRICT
    assert not may_leave(THING, Light.AMBER)
    assert may_leave(THING, Light.GREEN, default=Light.GREEN)


def test_a_copyright_statement_restricts_nobody_and_frees_nothing() -> None:
    statement = {"type": "marking-definition", "id": "marking-definition--s", "definition_type": "statement"}
    marked = {**THING, "object_marking_refs": ["marking-definition--s", Light.GREEN.marking]}
    assert defined_light(statement) is Light.CLEAR
    assert own_light(marked, defined={"marking-definition--s": Light.CLEAR}) is Light.GREEN
    only = {**THING, "object_marking_refs": ["marking-definition--s"]}
    assert own_light(only, defined={"marking-definition--s": Light.CLEAR}) is Light.AMBER_STRICT


@pytest.mark.parametrize(
    "marks",
    [
        pytest.param({"object_marking_refs": ["marking-definition--nobody-knows"]}, id="an-unknown-id"),
        pytest.param({"object_marking_refs": [Light.CLEAR.marking, 7]}, id="a-number-among-ids"),
        pytest.param({"object_marking_refs": {"a": 1}}, id="no-list"),
        pytest.param({"granular_markings": [{"selectors": ["name"]}]}, id="a-part-marked-by-nothing"),
        pytest.param({"granular_markings": ["name"]}, id="a-part-that-is-none"),
        pytest.param(
            {"granular_markings": [{"marking_ref": Light.RED.marking, "selectors": ["name"]}]}, id="one-red-property"
        ),
    ],
)
def test_a_marking_nobody_can_read_keeps_an_object_in(marks: dict[str, object]) -> None:
    assert own_light({"object_marking_refs": [Light.CLEAR.marking], **THING, **marks}) is Light.RED
    assert not may_leave({**THING, **marks}, Light.AMBER_STRICT)


def test_a_language_tag_is_no_restriction() -> None:
    told = {
        **THING,
        "object_marking_refs": [Light.CLEAR.marking],
        "granular_markings": [{"lang": "fr", "selectors": []}],
    }
    assert own_light(told) is Light.CLEAR
