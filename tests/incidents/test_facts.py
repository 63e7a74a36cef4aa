"""What the lake says about looking: spans, gaps that mean something, seats, and volume."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from seawall.engine.lake import Lake
from seawall.incidents.facts import Facts, gather
from seawall.model.site import Device, Site
from tests.engine.makers import at, events, put

SITE = Site(devices=(Device("cdr1", addresses=("10.9.20.81",), crown_jewel=True),), own_networks=("192.0.2.0/24",))
HOUR = 3_600


def said(*hours: float, device: str = "cdr1", **more: Any) -> list[dict[str, Any]]:
    return [{"observer": device, "time": at(h * HOUR), "origin": f"{device}.log:{h}", **more} for h in hours]


def asked(lake: Lake) -> Facts:
    return gather(lake, SITE, at(0), at(96 * HOUR), jewels=["cdr1"], senders=["10.9.20.81"])


def test_a_silence_is_a_gap_only_beside_what_is_usual_there(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    chatty = [h / 4 for h in range(96 * 4) if not 40 <= h / 4 < 45]
    at_work = [24 * day + 8 + h / 4 for day in range(4) for h in range(40)]
    put(lake, "syslog", events("syslog", [*said(*chatty), *said(*at_work, device="desk1")]))
    found = asked(lake).presence
    assert [(b - a).total_seconds() / HOUR for a, b in found["cdr1", "heard"].gaps] == [5.25]
    assert found["desk1", "heard"].gaps == ()  # it rests fourteen hours every night
    assert ("cdr1", "logins") not in found


def test_logins_and_reads_of_a_jewel_are_its_seats_and_logouts_are_none(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    login = {"activity": "login", "outcome": "success", "user": "dba1", "src_ip": "10.9.0.5"}
    put(lake, "syslog", events("syslog", [*said(1, **login), *said(2, **{**login, "activity": "logout"})]))
    read = {"action": "read", "object": "cdr", "rows": 12, "user": "dba1", "src_ip": "10.9.0.5", "device": "cdr1"}
    put(lake, "db_audit", events("db_audit", said(3, **read)))
    seats = asked(lake).seats["cdr1"]
    assert [(s.action, s.object, s.rows) for s in seats] == [("login", "", None), ("read", "cdr", 12)]
    assert asked(lake).seats_total == {"cdr1": 2}


def test_what_left_is_summed_by_way_and_only_outside_counts(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    ends = [("198.51.100.7", 700), ("198.51.100.7", 300), ("192.0.2.9", 50), ("10.1.1.1", 90)]
    rows = [
        {"time": at(n), "origin": f"f:{n}", "src_ip": "10.9.20.81", "dst_ip": far, "src_bytes": size, "dst_bytes": 1}
        for n, (far, size) in enumerate(ends)
    ]
    put(lake, "flow_records", events("flow_records", rows))
    facts = asked(lake)
    assert [(s.target, s.bytes, s.flows) for s in facts.sent] == [("198.51.100.7", 1_000, 2)]
    assert facts.flows == 4


def test_an_empty_lake_says_nothing(tmp_path: Path) -> None:
    facts = asked(Lake(tmp_path / "lake"))
    assert (facts.first, facts.presence, facts.sent, facts.flows) == (None, {}, (), 0)
