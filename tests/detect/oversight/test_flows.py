"""Delivery flows: to announced ends only, under names somebody knows."""

from __future__ import annotations

import pytest

from seawall.detect.oversight import judge
from seawall.detect.oversight.facts import Flow
from tests.detect.oversight.facts_made import row, world


@pytest.mark.parametrize(
    ("dst", "port", "liid", "found"),
    [
        pytest.param("198.51.100.1", 35530, "", False, id="agency"),
        pytest.param("192.0.2.2", 9, "", False, id="mediation-any-port"),
        pytest.param("198.51.100.1", 443, "", True, id="agency-other-port"),
        pytest.param("198.51.100.1", 0, "", False, id="gre"),
        pytest.param("203.0.113.9", 35530, "", True, id="nobody"),
        pytest.param("198.51.100.1", 35530, "qq 1", False, id="known-liid"),
        pytest.param("198.51.100.1", 35530, "ZZ9", True, id="unknown-liid"),
    ],
)
def test_flows(dst: str, port: int, liid: str, found: bool) -> None:
    flows = [Flow(row(n), "192.0.2.1", dst, port, "tcp", 10, liid) for n in range(3)]
    told = list(judge(world(flows=flows)))
    assert [(f.detector, f.count) for f in told] == ([("UNKNOWN_DELIVERY_FLOW", 3)] if found else [])
