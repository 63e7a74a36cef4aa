"""One small carrier in flows, asked once by every question about them: what each must tell, and must let pass."""

from __future__ import annotations

from typing import Any

import pytest

from seawall.detect import analytics
from seawall.detect.group import group
from seawall.model.finding import Finding
from seawall.model.site import Device, Site
from tests.detect.traffic.flowing import DAY, HOUR, flow
from tests.detect.worlds import world

Rows = list[dict[str, Any]]
ROUTERS = [f"10.255.0.{n}" for n in range(1, 9)]
SITE = Site(
    devices=(
        *(Device(f"pe{n}", role="pe", addresses=(a,)) for n, a in enumerate(ROUTERS)),
        Device("mediation", role="mediation", addresses=("10.1.9.5",), crown_jewel=True),
    ),
    jump_hosts=("10.9.9.8",),
    nms_servers=("10.9.9.9",),
    aaa_servers=("10.9.9.20",),
    outer_networks=("172.22.0.0/16",),
)


def silent(at: float, src: str, dst: str, port: int) -> dict[str, Any]:
    return flow(at, src, dst, port, None, None, src_pkts=1, dst_pkts=0, state="S0", duration=None)


def daily_life() -> Rows:
    """Two days of polls, names, AAA, jump host sessions, mediation traffic and a nightly backup."""
    rows = [flow(h * HOUR / 2, "10.9.9.9", a, 161, proto="udp") for h in range(96) for a in ROUTERS]
    rows += [flow(h * HOUR * 4, a, "10.9.9.20", 49) for h in range(12) for a in ROUTERS]
    rows += [flow(d * DAY + 9 * HOUR, "10.9.9.8", a, 22) for d in range(2) for a in ROUTERS]
    rows += [flow(h * HOUR, "10.1.9.5", "10.1.9.10", 636) for h in range(48)]
    rows += [flow(d * DAY + 2 * HOUR, "10.1.0.50", "198.51.100.60", 443, 4_000_000_000, 9_000) for d in range(2)]
    rows += [flow(d * DAY + 2 * HOUR + n, f"10.1.0.{n}", "10.1.0.50", 445, 9_000) for d in range(2) for n in range(40)]
    rows += [flow(n * 60, "10.1.1.7", f"198.51.100.{n % 200}", 443) for n in range(300)]  # somebody at work
    rows += [silent(n * 90, "10.1.1.8", f"198.51.100.{n}", 443) for n in range(4)]  # servers that are gone
    return rows + [flow(n * 600, "10.1.1.9", "10.1.0.3", 22) for n in range(40)]  # somebody's own script, slow


TOLD: dict[str, tuple[str, tuple[str, str], Rows]] = {
    "customers' side": ("management_access", ("172.22.4.9", ROUTERS[0]), [flow(9, "172.22.4.9", ROUTERS[0], 22)]),
    "SNMP of an office": ("management_access", ("10.1.1.66", ROUTERS[1]), [flow(9, "10.1.1.66", ROUTERS[1], 161)]),
    "TFTP out": (
        "device_as_client",
        (ROUTERS[2], "203.0.113.2"),
        [flow(9, ROUTERS[2], "203.0.113.2", 69, proto="udp")],
    ),
    "SSH out": ("device_as_client", (ROUTERS[2], "203.0.113.3"), [flow(9, ROUTERS[2], "203.0.113.3", 22)]),
    "57722": ("odd_port", ("10.1.1.5", ROUTERS[3]), [flow(9, "10.1.1.5", ROUTERS[3], 57_722)]),
    "SSH on 8022": ("odd_port", ("10.1.1.5", "203.0.113.4"), [flow(9, "10.1.1.5", "203.0.113.4", 8_022, app="ssh")]),
    "Smart Install": ("smart_install", ("203.0.113.5", ROUTERS[0]), [silent(9, "203.0.113.5", ROUTERS[0], 4786)]),
    "other TACACS+": ("aaa_unknown_server", (ROUTERS[4], "203.0.113.6"), [flow(9, ROUTERS[4], "203.0.113.6", 49)]),
    "sweep": ("sweep", ("10.1.1.20", "10.1.1.20"), [silent(n * 9, "10.1.1.20", f"10.1.0.{n}", 445) for n in range(30)]),
    "slow sweep": (
        "sweep",
        ("10.1.1.21", "10.1.1.21"),
        [silent(n * 2_700, "10.1.1.21", f"10.1.0.{n}", 3389) for n in range(30)],
    ),
    "of routers": (
        "sweep",
        ("10.1.1.22", "10.1.1.22"),
        [flow(n * 9, "10.1.1.22", a, 23) for n, a in enumerate(ROUTERS)],
    ),
    "ports": ("port_scan", ("10.1.1.23", "10.1.0.9"), [silent(n, "10.1.1.23", "10.1.0.9", 100 + n) for n in range(60)]),
    "guessing": (
        "password_guessing",
        ("203.0.113.7", "10.1.0.7"),
        [flow(n * 8, "203.0.113.7", "10.1.0.7", 22, 1_500 + n, 1_900) for n in range(40)],
    ),
    "held open": (
        "long_connection",
        ("10.1.1.24", "203.0.113.8"),
        [flow(9, "10.1.1.24", "203.0.113.8", 443, duration=9 * HOUR)],
    ),
    "bulk": (
        "exfiltration",
        ("10.1.1.25", "203.0.113.9"),
        [flow(9 + n * 60, "10.1.1.25", "203.0.113.9", 22, 30_000_000, 90_000) for n in range(20)],
    ),
    "drip": (
        "exfiltration",
        ("10.1.1.26", "203.0.113.10"),
        [flow(n * 1_790, "10.1.1.26", "203.0.113.10", 443, 9_000_000, 9_000) for n in range(90)],
    ),
    "gathered": (
        "staging",
        ("10.1.0.61", "10.1.1.27"),
        [flow(9 + n, f"10.1.0.{60 + n}", "10.1.1.27", 445, 50_000_000) for n in range(8)],
    ),
    "18443": ("new_listener", ("10.1.1.28", ROUTERS[5]), [flow(DAY + 9, "10.1.1.28", ROUTERS[5], 18_443)]),
    "jewel": ("new_peer", ("10.1.9.5", "203.0.113.11"), [flow(1.5 * DAY, "10.1.9.5", "203.0.113.11", 443)]),
    "hop": ("router_to_router", (ROUTERS[6], ROUTERS[7]), [flow(9, ROUTERS[6], ROUTERS[7], 22)]),
}
ASKED = sorted({detector for detector, _, _ in TOLD.values()})


@pytest.fixture(scope="module", params=[SITE, Site()], ids=["site", "learned"])
def told(request: pytest.FixtureRequest) -> list[Finding]:
    """What is told of daily life with everything in it."""
    rows = [*daily_life(), *(row for _, _, rows in TOLD.values() for row in rows)]
    backend = world(flows=rows).ibis(request.param)
    views = {name: backend.table(name) for name in backend.list_tables()}
    asked = [a for a in analytics.ALL if a.about.id.removeprefix("flows.") in ASKED]
    return group([match for analytic in asked for match in analytic.matches(views, request.param, None)])


def _is(finding: Finding, case: str) -> bool:
    detector, ends, _ = TOLD[case]
    return finding.detector == f"flows.{detector}" and set(ends) <= {e.value for e in finding.entities}


@pytest.mark.parametrize("case", TOLD)
def test_what_intruders_do_is_told(told: list[Finding], case: str) -> None:
    named = [finding for finding in told if _is(finding, case)]
    assert named, [finding.why for finding in told]
    assert "{" not in named[0].why


def test_daily_life_is_quiet(told: list[Finding]) -> None:
    intruders = {address for _, _, rows in TOLD.values() for row in rows for address in (row["src_ip"], row["dst_ip"])}
    strange = [f.why for f in told if not {e.value for e in f.entities} <= intruders]
    assert strange == []
    assert {f.detector.removeprefix("flows.") for f in told} == set(ASKED)
