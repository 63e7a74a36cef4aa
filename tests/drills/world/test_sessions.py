from __future__ import annotations

from datetime import UTC, datetime

import pytest

from seawall.drills.seeds import stream
from seawall.drills.world import build
from seawall.drills.world.sessions import Seat, session

START = datetime(2026, 11, 17, 9, 0, tzinfo=UTC)
SEAT = Seat("r.novak", "10.9.20.15", 2)


@pytest.mark.parametrize(
    ("role", "enters"), [("pe", "configure terminal"), ("bng", "configure"), ("access", "system-view"), ("agg", None)]
)
def test_configuration_mode_is_entered_and_left_as_the_platform_does(role: str, enters: str | None) -> None:
    node = build(4).role(role)[0]
    acts = session(START, node, SEAT, ("show x", "> interface y", "> shutdown", "show y"), stream(1, "t"))
    said = [act.command or act.doing for act in acts]
    middle = ["interface y", "shutdown", "configured", "show y", "logout"]
    assert said == ["login", "show x", *([enters] if enters else []), *middle]
    assert [act.time for act in acts] == sorted(act.time for act in acts)


def test_what_a_device_says_by_itself_does_not_end_configuration_mode() -> None:
    steps = ("> shutdown", "! interface interface=y state=down", "> no shutdown")
    acts = session(START, build(4).role("pe")[0], SEAT, steps, stream(1, "t"))
    assert [act.doing for act in acts] == ["login", "command", "config", "interface", "config", "configured", "logout"]
    assert acts[3].detail == {"interface": "y", "state": "down"}
