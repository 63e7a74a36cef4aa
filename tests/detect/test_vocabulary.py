"""The words findings are tagged with agree with one another, and with what incidents call them."""

from __future__ import annotations

import pytest

from seawall.detect.vocabulary import behaviours, techniques, versioned
from seawall.model.behaviours import BEHAVIOURS


def test_every_behaviour_names_a_technique_we_can_version() -> None:
    bare = {b.id: b.attack for b in behaviours().values() if b.attack and "@" not in versioned(b.attack)}
    assert bare == {}


def test_the_tables_of_detection_and_of_the_model_know_the_same_behaviours() -> None:
    assert set(behaviours()) == set(BEHAVIOURS)
    assert {b.id: b.attack for b in behaviours().values()} == {b: known.technique for b, known in BEHAVIOURS.items()}


def test_strength_and_basis_are_letters_the_docs_explain() -> None:
    assert {b.strength for b in behaviours().values()} <= set("HML")
    assert {b.basis for b in behaviours().values()} <= set("VSB")


def test_every_technique_has_a_name_and_a_tactic() -> None:
    assert all(t.name and t.tactics for t in techniques().values())


@pytest.mark.parametrize("unknown", ["T0000", "", "t1136.001", "T1136.001@18", "'; DROP"])
def test_a_technique_nobody_knows_stays_as_written(unknown: str) -> None:
    assert versioned(unknown) == unknown
