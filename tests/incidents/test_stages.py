"""Which step of an intrusion a finding shows."""

from __future__ import annotations

import pytest

from seawall.incidents.stages import UNKNOWN, stage_of, stages
from seawall.model.behaviours import STAGES
from tests.incidents.stories import at, device, finding, intrusion


@pytest.mark.parametrize(
    ("tags", "attack", "stage"),
    [
        (("behaviour:A-02",), ("T1070@18",), "initial access"),
        ((), ("T1136.001@18",), "persistence"),
        ((), ("T1599.001@18",), "defence evasion"),
        (("behaviour:?",), ("T9999@18",), UNKNOWN),
        ((), (), UNKNOWN),
    ],
)
def test_the_behaviour_says_the_stage_and_else_the_technique(
    tags: tuple[str, ...], attack: tuple[str, ...], stage: str
) -> None:
    assert stage_of(finding(at("00:00:00"), "x", device("pe1"), tags=tags, attack=attack)) == stage


def test_stages_stand_in_order_of_time_each_once_with_all_their_findings() -> None:
    steps = stages(reversed(intrusion()))
    assert [s.first for s in steps] == sorted(s.first for s in steps)
    assert len({s.name for s in steps}) == len(steps)
    assert {s.name for s in steps} <= set(STAGES)
    assert sum(len(s.findings) for s in steps) == len(intrusion())
