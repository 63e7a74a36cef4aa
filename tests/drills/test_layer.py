"""The Navigator layer of a drill's score."""

from __future__ import annotations

from seawall.drills.layer import drill_layer
from seawall.drills.run import Drilled


def test_the_layer_scores_what_was_tested_and_leaves_the_rest_open(drilled: Drilled) -> None:
    layer = drill_layer(drilled)
    assert layer["versions"]["layer"] == "4.5"
    by_id = {t["techniqueID"]: t for t in layer["techniques"]}
    assert len(by_id) == len(layer["techniques"])
    assert min(t["score"] for t in by_id.values() if "score" in t) >= 0
    assert by_id["T1556.004"]["score"] == 100, "logins pointed at the intruder's server were found as that"
