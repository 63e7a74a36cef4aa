"""Who is equipment, learned from flows: what speaks is, what only refuses is not."""

from __future__ import annotations

from typing import Any

import pytest

from seawall.detect.traffic import roles
from seawall.detect.traffic.oriented import oriented
from seawall.model.site import Site
from tests.detect.traffic.flowing import flow, one_way
from tests.detect.worlds import world

SWITCH, HOST = "10.0.0.2", "203.0.113.9"


def learned(rows: list[dict[str, Any]]) -> roles.Roles:
    backend = world(flows=rows).ibis(Site())
    return roles.roles(oriented(backend.table("flows")), Site())


def asked(**how: Any) -> dict[str, Any]:
    return flow(9, HOST, SWITCH, 4786, **how)


REFUSED = {
    "frames as Suricata counts": [asked(sent=120, got=120, src_pkts=2, dst_pkts=2, state="closed", kind="suricata")],
    "IP octets of both sides": [asked(sent=44, got=40, src_pkts=1, dst_pkts=1, state=None, kind="flow_records")],
    "one-way, flags unknown": one_way([asked(sent=44, got=40, src_pkts=1)]),
    "Argus": [asked(sent=74, got=60, src_pkts=1, dst_pkts=1, state="S_RA", kind="flow_records")],
    "Zeek": [asked(sent=0, got=0, state="REJ")],
    "a few octets only": [asked(sent=60, got=74, src_pkts=1, dst_pkts=1, state="new", kind="suricata")],
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_host_that_resets_smart_install_is_no_equipment(case: str) -> None:
    assert "10" not in learned(REFUSED[case]).equipment


@pytest.mark.parametrize(
    "how",
    [{"kind": "suricata", "state": "closed"}, {"kind": "flow_records", "state": None}, {}],
    ids=["suricata", "netflow", "zeek"],
)
def test_a_switch_that_speaks_it_is(how: dict[str, Any]) -> None:
    assert "10" in learned([asked(sent=500, got=900, **how)]).equipment


def test_a_probe_that_tells_of_its_own_calls_is_no_equipment_and_a_router_that_tells_of_others_is() -> None:
    own = [flow(n, "10.0.0.9", f"203.0.113.{n}", 443, kind="flow_records", exporter="10.0.0.9") for n in range(5)]
    others = [flow(n, f"10.1.1.{n}", HOST, 443, kind="flow_records", exporter="10.0.0.1") for n in range(5)]
    found = learned([*own, *others]).equipment
    assert "10\\.0\\.0\\.1$" in found
    assert "10\\.0\\.0\\.9$" not in found
