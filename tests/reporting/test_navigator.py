"""The layer is what the Navigator's own documentation of format 4.5 asks for."""

from __future__ import annotations

import json
import re

from hypothesis import given
from hypothesis import strategies as st

from seawall.model.behaviours import BEHAVIOURS
from seawall.model.coverage import Coverage
from seawall.reporting.navigator import layer

OBSERVABLE = ("observable", "partly", "not observable")
entries = st.lists(
    st.builds(
        lambda device, behaviour, how, looked: Coverage(
            device, behaviour, "not seen", "x", observable=how, looked_for=looked
        ),
        st.text(max_size=8),
        st.sampled_from([*sorted(BEHAVIOURS), "Z-99"]),
        st.sampled_from(OBSERVABLE),
        st.booleans(),
    ),
    max_size=40,
)


@given(entries, st.text(max_size=20))
def test_any_coverage_gives_a_layer_of_the_right_shape(coverage: list[Coverage], name: str) -> None:
    made = json.loads(json.dumps(layer(coverage, name=name, facts={"made": "today", "empty": ""})))
    assert made["versions"]["layer"] == "4.5"
    assert tuple(map(int, made["versions"]["navigator"].split("."))) >= (4, 9, 0)
    assert made["domain"] == "enterprise-attack"
    gradient = made["gradient"]
    assert len(gradient["colors"]) >= 2
    assert gradient["minValue"] < gradient["maxValue"]
    assert made["metadata"] == [{"name": "made", "value": "today"}]
    ids = [technique["techniqueID"] for technique in made["techniques"]]
    assert len(ids) == len(set(ids))
    for technique in made["techniques"]:
        assert re.fullmatch(r"T\d{4}(\.\d{3})?", technique["techniqueID"])
        assert 0 <= technique.get("score", 0) <= 100
        assert all({"name", "value"} == set(item) for item in technique["metadata"])
    assert not any(ord(c) < 32 for t in made["techniques"] for c in t["comment"])


def test_partly_counts_half_and_nobody_looking_is_no_score() -> None:
    pairs = [Coverage(f"r{n}", "D-01", "not seen", "x", observable=how) for n, how in enumerate(OBSERVABLE)]
    pairs.append(Coverage("network", "N-08", "could not be seen", "x", observable="not observable", looked_for=False))
    by_id = {t["techniqueID"]: t for t in layer(pairs, name="n")["techniques"]}
    assert by_id[BEHAVIOURS["D-01"].technique]["score"] == 50
    assert "score" not in by_id[BEHAVIOURS["N-08"].technique]
    assert "not on r2" in by_id[BEHAVIOURS["D-01"].technique]["comment"]
