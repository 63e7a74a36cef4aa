"""Copies of traffic need a ticket that fits and is in force."""

from __future__ import annotations

from typing import Any

import pytest

from seawall.detect.oversight import judge
from seawall.detect.oversight.facts import Mirror
from tests.detect.oversight.facts_made import row, world

SPAN = Mirror(
    row(), "pe1", "span", "3", "interface GigabitEthernet0/0/1 both", "interface GigabitEthernet0/0/2", "active"
)
TICKET = {"system": "PE1", "kind": "SPAN", "session": 3, "source": "Gi0/0/1", "destination": "Gi0/0/2", "ticket": "C-7"}


@pytest.mark.parametrize(
    ("ticket", "found"),
    [
        pytest.param({}, False, id="fits"),
        pytest.param({"valid_to": "2026-03-17T00:00:00Z"}, True, id="ran-out"),
        pytest.param({"valid_from": "2026-03-19T00:00:00Z"}, True, id="not-yet"),
        pytest.param({"session": 4}, True, id="other-session"),
        pytest.param({"destination": "Gi0/0/9"}, True, id="other-destination"),
        pytest.param({"kind": "ERSPAN"}, True, id="other-kind"),
        pytest.param({"system": "pe2"}, True, id="other-router"),
    ],
)
def test_a_mirror_is_silent_only_under_its_ticket(ticket: dict[str, Any], found: bool) -> None:
    made = world(mirrors=[SPAN], policy={"approved_mirrors": [TICKET | ticket]})
    assert [f.detector for f in judge(made)] == (["UNTICKETED_MIRROR"] if found else [])


def test_a_session_that_is_shut_down_copies_nothing() -> None:
    off = Mirror(row(), "pe1", "span", "3", "", "", "inactive")
    assert list(judge(world(mirrors=[off]))) == []
