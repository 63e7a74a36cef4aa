from __future__ import annotations

from typing import Any

import pytest

from seawall.detect.analytics.topology_sweep import ANALYTIC
from tests.detect.worlds import asked, typed, world


def swept(*at: float, user: str = "ann", command: str = "show cdp neighbors detail") -> list[dict[str, Any]]:
    return [row for n, second in enumerate(at) for row in typed((second, command), device=f"pe{n}", user=user)]


@pytest.mark.parametrize(
    ("commands", "found"),
    [
        pytest.param(swept(0, 600, 3_600), 3, id="an hour"),
        pytest.param(swept(0, 600, 3_601), 0, id="a second more"),
        pytest.param(swept(0, 600), 0, id="two devices"),
        pytest.param(swept(0, 60, 120, command="display lldp neighbor brief"), 3, id="VRP"),
        pytest.param(swept(0, 60, 120, user="svc-netmap"), 0, id="a collector"),
        pytest.param(swept(0, 60, 120, command="show ip route"), 0, id="routes"),
        pytest.param(
            typed((0, "show lldp neighbors"), (9, "show lldp neighbors"), (20, "show lldp")), 0, id="one device"
        ),
    ],
)
def test_neighbours_of_three_devices_within_an_hour_are_a_sweep(commands: list[dict[str, Any]], found: int) -> None:
    assert len(asked(ANALYTIC, world(commands))) == found
