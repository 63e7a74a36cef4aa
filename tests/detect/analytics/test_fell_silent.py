from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from seawall.detect.analytics.fell_silent import ANALYTIC
from seawall.detect.group import group
from seawall.engine.lake import Lake
from seawall.model.site import Device, Site
from tests.detect.worlds import beats, findings, heard, world
from tests.engine.makers import at, events, put

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


def test_a_device_under_three_names_is_one_that_goes_on(tmp_path: Path) -> None:
    """Resolved in the lake by the site file; without one, names that stop are devices that stop."""
    spoken = [("pe1", 0, 30), ("pe1.example.net", 30, 60), ("192.0.2.1", 60, 90), ("pe2", 0, 90), ("pe3", 0, 90)]
    rows = [
        {"observer": name, "time": at(second), "time_quality": "exact", "origin": f"{name}:{second}", "raw": "x"}
        for name, first, last in spoken
        for second in range(first * 3_600, last * 3_600, 600)
    ]
    lake = Lake(tmp_path / "lake")
    put(lake, "syslog", events("syslog", rows))
    site = Site(devices=(Device("pe1.example.net", aliases=("pe1",), addresses=("192.0.2.1",)),))

    def silent(known: Site) -> set[str]:
        backend = lake.ibis(known)
        views = {name: backend.table(name) for name in backend.list_tables()}
        return {finding.subject for finding in group(ANALYTIC.matches(views, known, None))}

    assert silent(site) == set()
    assert silent(Site()) == {"pe1", "pe1.example.net"}


def test_names_full_of_control_characters_raise_nothing() -> None:
    bad = "pe\x1b[2J\x00\u202e1"
    (finding,) = findings(ANALYTIC, world(heard=[*beats(48, bad), *OTHERS]))
    assert finding.subject == bad
