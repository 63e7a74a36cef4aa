from __future__ import annotations

from typing import Any

import pytest

from seawall.detect.analytics.quiet_after_change import ANALYTIC
from tests.detect.worlds import beats, findings, typed, world

LOGS = [*beats(10, "pe1"), *beats(20, "pe1", start_h=11), *beats(20, "pe2"), *beats(20, "pe3")]
END = 10 * 3_600 - 300


@pytest.mark.parametrize(
    ("commands", "found"),
    [
        pytest.param(typed((END - 60, "no logging host 192.0.2.5")), 1, id="IOS"),
        pytest.param(typed((END - 60, "logging host 198.51.100.9")), 1, id="another host"),
        pytest.param(typed((END + 60, "undo info-center enable")), 1, id="VRP, told by accounting"),
        pytest.param(typed((END - 60, "delete system syslog host 192.0.2.5")), 1, id="Junos"),
        pytest.param(typed((END - 60, "show logging")), 0, id="only looked"),
        pytest.param(typed((END - 3_600, "no logging host 192.0.2.5")), 0, id="an hour before"),
        pytest.param(typed((END - 60, "no logging host 192.0.2.5"), device="pe2"), 0, id="on another device"),
        pytest.param(typed((END - 7_200, "no logging console")), 0, id="and it went on"),
    ],
)
def test_a_change_of_logging_before_a_silence_is_found(commands: list[dict[str, Any]], found: int) -> None:
    got = findings(ANALYTIC, world(commands, heard=LOGS))
    assert len(got) == found
    for finding in got:
        assert finding.details["silent_min"] == 65
