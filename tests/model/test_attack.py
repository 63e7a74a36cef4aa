"""ATT&CK ids we print."""

from __future__ import annotations

from seawall.model.attack import TACTIC_IDS, TACTICS, tactic_of, technique_id, technique_name


def test_every_tactic_has_an_id_of_its_own() -> None:
    assert set(TACTIC_IDS) == set(TACTICS)
    assert len(set(TACTIC_IDS.values())) == len(TACTICS)


def test_a_sub_technique_serves_its_parents_tactic() -> None:
    assert tactic_of("T1136.001@18") == "persistence"
    assert technique_id("T1136.001@18") == "T1136.001"
    assert technique_name("T1136.001@18") == "Local Account"


def test_an_unknown_id_is_said_to_be_unknown() -> None:
    assert tactic_of("T9999@18") is None
    assert technique_name("T9999") == ""
