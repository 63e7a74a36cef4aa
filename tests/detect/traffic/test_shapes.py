"""What is drawn of a beat is all of it, not only the flows kept as evidence."""

from __future__ import annotations

from seawall.detect.traffic import shapes
from seawall.model.site import Site
from tests.detect.traffic.flowing import DAY, beat, flow
from tests.detect.worlds import world

ROW = {"src": "10.20.0.5", "dst": "203.0.113.9", "port": 443}


def test_octets_and_waits_are_those_of_the_pair_and_port_alone() -> None:
    rows = [*beat(every=600, jitter=0.0), flow(50, "10.20.0.5", "203.0.113.9", 22), flow(70, "10.20.0.5", "x", 443)]
    backend = world(flows=rows).ibis(Site())
    views = {name: backend.table(name) for name in backend.list_tables()}
    found = shapes.octets(views, [ROW])
    assert found is not None
    begin, end, lines = found
    assert (end - begin).total_seconds() == 2 * DAY - 600
    assert sum(lines["10.20.0.5", "203.0.113.9", 443]) == 288 * 1_000
    assert shapes.waits(views, [ROW]) == {("10.20.0.5", "203.0.113.9", 443): [600] * 287}


def test_without_flows_nothing_is_drawn() -> None:
    backend = world(flows=[{**flow(0, "10.20.0.5", "203.0.113.9", 443), "src_ip": None}]).ibis(Site())
    assert shapes.octets({"flows": backend.table("flows")}, [ROW]) is None
