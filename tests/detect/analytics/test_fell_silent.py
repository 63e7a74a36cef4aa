from __future__ import annotations

from typing import Any

import pytest

from seawall.detect.analytics.fell_silent import ANALYTIC
from tests.detect.worlds import beats, findings, heard, world

OTHERS = [*beats(80, "pe2"), *beats(80, "pe3")]
DAY_SHIFT = [
    heard(day * 86_400 + 8 * 3_600 + at, "pe1") for day in range(10) for at in range(0, 36_000, 300)
]  # START is a Saturday evening: rests of 14 hours every day
CLOCKWORK = [*beats(260, "pe2", every_s=900), *beats(260, "pe3", every_s=900)]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        pytest.param([*beats(48, "pe1"), *OTHERS], 1, id="stops for good"),
        pytest.param([*beats(48, "pe1"), *beats(80, "pe1", start_h=52), *OTHERS], 1, id="pauses four hours"),
        pytest.param([*beats(48, "pe1"), *beats(80, "pe1", start_h=48.7), *OTHERS], 0, id="pauses forty minutes"),
        pytest.param([*beats(80, "pe1"), *OTHERS], 0, id="goes on"),
        pytest.param([*beats(48, "pe1")], 0, id="the only one: the evidence may end there"),
        pytest.param([*beats(48, "pe1"), *beats(48, "pe2")], 0, id="the evidence ends for all"),
        pytest.param(
            [b for d in ("pe1", "pe2", "pe3") for b in (*beats(48, d), *beats(80, d, start_h=60))],
            0,
            id="the collector was away",
        ),
        pytest.param([*DAY_SHIFT, *CLOCKWORK], 0, id="rests every night"),
        pytest.param([*beats(6, "pe1"), *OTHERS], 1, id="six hours at an even beat, then days of nothing"),
        pytest.param([heard(9, "pe1"), *OTHERS], 0, id="hardly ever spoke"),
        pytest.param([*beats(48, "pe1", time_quality="unset"), *OTHERS], 0, id="an unset clock has no rhythm"),
        pytest.param([*beats(48, "pe1", kind="flow_records"), *beats(80, "pe2", kind="flow_records"),
                      *beats(80, "pe3", kind="flow_records")], 0, id="flow exporters are asked about elsewhere"),
    ],
)  # fmt: skip
def test_a_device_that_stops_while_others_go_on_is_found(rows: list[dict[str, Any]], found: int) -> None:
    assert len(findings(ANALYTIC, world(heard=rows))) == found


def test_the_finding_says_since_when_and_what_it_rests_on() -> None:
    lake = world(heard=[*beats(48, "pe1"), *OTHERS])
    (finding,) = findings(ANALYTIC, lake)
    assert finding.why.startswith(
        "pe1 sent no syslog for 31.8 h, never more than 5 min apart before, and has not spoken"
    )
    assert "Learned from only 576 records over 48 hours" in finding.why
    assert [e.excerpt for e in finding.evidence] == [f"pe1 {48 * 3600 - 300}"]
    assert finding.confidence < ANALYTIC.about.confidence


def test_accounting_of_a_device_may_stop_while_its_log_goes_on() -> None:
    rows = [*beats(80, "pe1"), *OTHERS, *beats(48, "pe1", kind="tacacs"), *beats(80, "pe2", kind="tacacs"),
            *beats(80, "pe3", kind="tacacs")]  # fmt: skip
    (finding,) = findings(ANALYTIC, world(heard=rows))
    assert finding.details["kind"] == "tacacs"
