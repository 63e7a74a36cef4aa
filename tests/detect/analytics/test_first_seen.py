from __future__ import annotations

from typing import Any

import pytest

from seawall.detect.analytics.first_seen import ANALYTIC
from seawall.model.site import Site
from tests.detect.worlds import asked, login, world

KNOWN = [login(n, "pe1", "10.0.0.5", "ann") for n in range(3)]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        pytest.param([login(60, "pe1", "10.0.0.9", "eve")], 1, id="both new"),
        pytest.param([login(60, "pe1", "10.0.0.9", "ann")], 1, id="a new place"),
        pytest.param([login(60, "pe1", "10.0.0.5", "eve")], 1, id="a new account"),
        pytest.param([login(60, "pe2", "10.0.0.5", "ann")], 0, id="both known"),
        pytest.param([login(n, f"pe{n}", "10.0.0.9", "eve") for n in (60, 90, 3_660)], 3, id="its first hour"),
        pytest.param([login(n, f"pe{n}", "10.0.0.9", "eve") for n in (60, 3_661)], 1, id="a second after it"),
        pytest.param([login(60, "pe1", "10.0.0.9", "root", service="su")], 0, id="no door"),
    ],
)
def test_what_nobody_knew_is_told(rows: list[dict[str, Any]], found: int) -> None:
    assert len(asked(ANALYTIC, world(logins=[*KNOWN, *rows]))) == found


def test_evidence_that_just_begins_and_jump_hosts_are_no_news() -> None:
    assert asked(ANALYTIC, world(logins=KNOWN)) == []
    rows = [*KNOWN, login(60, "pe1", "10.0.0.9", "eve")]
    assert asked(ANALYTIC, world(logins=rows), Site(jump_hosts=("10.0.0.9",))) == []
