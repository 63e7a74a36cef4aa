from __future__ import annotations

from typing import Any

import pytest

from seawall.detect.analytics.covert_tunnel import ANALYTIC
from seawall.model.site import ApprovedEnd, Device, Site
from tests.corpus import corpus_path
from tests.detect.traffic.flowing import flow
from tests.detect.worlds import findings, world
from tests.sources.reading import read_path


def gre(src: str = "10.255.0.1", dst: str = "203.0.113.5", **more: Any) -> dict[str, Any]:
    return flow(0, src, dst, 0, 9_000_000, 1_000_000, **{"proto": "gre", **more})


def pings(size: int, count: int) -> list[dict[str, Any]]:
    octets = {"src_pkts": count, "dst_pkts": count}
    return [flow(0, "10.1.1.1", "203.0.113.5", 0, size * count, size * count, proto="icmp", **octets)]


def within(size: int, answer: int, count: int = 300, lost: int = 0) -> list[dict[str, Any]]:
    """ICMP between two hosts of ours, a few answers lost."""
    octets = {"src_pkts": count, "dst_pkts": count - lost, "proto": "icmp"}
    return [flow(0, "10.1.1.1", "10.1.1.2", 0, size * count, answer * (count - lost), **octets)]


def one_way(size: int, answer: int) -> list[dict[str, Any]]:
    """The same as an exporter of one direction tells it."""
    kind = {"proto": "icmp", "kind": "flow_records", "dst_bytes": None, "dst_pkts": None, "src_pkts": 300}
    ends = (("10.1.1.1", "10.1.1.2", size), ("10.1.1.2", "10.1.1.1", answer))
    return [flow(n, src, dst, 0, octets * 300, **kind) for n, (src, dst, octets) in enumerate(ends)]


def asking(count: int, size: int, port: int = 44_639) -> list[dict[str, Any]]:
    more = {"src_pkts": count, "dst_pkts": count, "src_port": port, "proto": "udp"}
    return [flow(0, "10.1.1.1", "10.1.1.2", 53, size * count, 2 * size * count, **more)]


APPROVED = Site(tunnel_ends=(ApprovedEnd("203.0.113.5"),), devices=(Device("pe1", addresses=("10.255.0.1",)),))


@pytest.mark.parametrize(
    ("rows", "site", "found"),
    [
        pytest.param([gre()], Site(), 1, id="GRE to outside"),
        pytest.param([gre(proto="unknown_transport", app="gre")], Site(), 1, id="as Zeek tells it"),
        pytest.param([gre(proto="50")], Site(), 1, id="ESP by its number"),
        pytest.param([gre(proto="", ip_proto=4)], Site(), 1, id="IP in IP by its number"),
        pytest.param(
            [gre(sampling=4_096, kind="flow_records", dst_bytes=None, dst_pkts=None)], Site(), 1, id="sampled"
        ),
        pytest.param([gre()], APPROVED, 0, id="approved"),
        pytest.param([gre(dst="203.0.113.6")], APPROVED, 1, id="another end than the approved one"),
        pytest.param([gre(dst="10.1.1.1")], Site(), 0, id="inside"),
        pytest.param([gre(dst="10.1.1.1")], APPROVED, 1, id="from a router to an unapproved end inside"),
        pytest.param([gre("198.51.100.1", "203.0.113.5")], Site(), 0, id="passes by"),
        pytest.param(pings(84, 1_000), Site(), 0, id="pings"),
        pytest.param(pings(1_100, 4), Site(), 0, id="a few large pings"),
        pytest.param(asking(150, 110), Site(), 1, id="one port asks and asks"),
        pytest.param(asking(150, 60), Site(), 0, id="short questions of one port"),
        pytest.param(asking(2, 110), Site(), 0, id="a question"),
        pytest.param(asking(150, 110, port=53), Site(), 0, id="between resolvers"),
        pytest.param(pings(900, 300), Site(), 1, id="ICMP full of data"),
        pytest.param(within(1_400, 1_400, lost=9), Site(), 0, id="tests of a link inside with large pings"),
        pytest.param(within(210, 240), Site(), 1, id="ICMP inside whose answers are no echoes"),
        pytest.param(within(84, 60), Site(), 0, id="small ICMP inside"),
        pytest.param(one_way(1_400, 1_400), Site(), 0, id="large pings inside, told one way"),
        pytest.param(one_way(210, 240), Site(), 2, id="no echoes inside, told one way: each way for itself"),
    ],
)
def test_a_tunnel_is_told_unless_its_end_is_approved(rows: list[dict[str, Any]], site: Site, found: int) -> None:
    assert len(findings(ANALYTIC, world(flows=rows), site)) == found


def test_a_tunnel_whose_octets_nobody_counted_says_so() -> None:
    counts = dict.fromkeys(("src_bytes", "dst_bytes", "src_pkts", "dst_pkts"))
    (finding,) = findings(ANALYTIC, world(flows=[{**gre(), **counts, "kind": "zeek_tunnel"}]))
    assert finding.why == "GRE between 10.255.0.1 and 203.0.113.5: octets not counted; no approved tunnel end"


def test_both_ends_are_named() -> None:
    (finding,) = findings(ANALYTIC, world(flows=[gre()]))
    assert finding.why == (
        "GRE between 10.255.0.1 and 203.0.113.5: 10000000 octets in 7 packets of 1428571 on average; "
        "no approved tunnel end"
    )


@pytest.mark.corpus
def test_the_tunnel_of_a_public_capture_runs_between_two_inside_hosts() -> None:
    rows = read_path(corpus_path("network", "ndpi", "icmp-tunnel.pcap")).rows("flow_records")
    fields = (
        "time",
        "src_ip",
        "dst_ip",
        "src_port",
        "dst_port",
        "proto",
        "src_bytes",
        "dst_bytes",
        "src_pkts",
        "dst_pkts",
    )
    flows = [{"kind": "flow_records", **{name: row[name] for name in fields}} for row in rows]
    assert {(f.severity.name, f.detector) for f in findings(ANALYTIC, world(flows=flows))} == {
        ("HIGH", "flows.covert_tunnel")
    }
