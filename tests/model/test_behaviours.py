"""Adversary behaviours by the ids everything prints."""

from __future__ import annotations

import pytest

from seawall.model.attack import TECHNIQUE_NAMES
from seawall.model.behaviours import BEHAVIOURS, STAGES, stage_of_behaviour


@pytest.mark.parametrize("behaviour", BEHAVIOURS.values(), ids=lambda b: b.id)
def test_every_behaviour_has_a_stage_and_a_technique_with_a_name(behaviour: object) -> None:
    assert behaviour.stage in STAGES  # type: ignore[attr-defined]
    assert behaviour.technique in TECHNIQUE_NAMES  # type: ignore[attr-defined]


def test_what_is_no_behaviour_id_has_no_stage() -> None:
    assert [stage_of_behaviour(text) for text in ("A-01", "", "A", "Z-01", "Attack")] == [
        "initial access",
        None,
        None,
        None,
        None,
    ]
