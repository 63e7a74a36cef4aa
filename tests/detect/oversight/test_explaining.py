"""What is known of a name, wrong or not."""

from __future__ import annotations

from seawall.detect.oversight.explaining import LISTED, about
from tests.detect.oversight.facts_made import XID, order, report, tap, world


def test_an_order_is_told_with_its_taps_though_nothing_is_wrong() -> None:
    first, second = about(" w-1 ", world())
    assert first.startswith("order W-1: in force (Approved), from 2026-03-01")
    assert "expected on amf-1" in first
    assert f"tap {XID} on amf-1: active (x1, element); belongs to W-1 by xid" in second


def test_a_tap_is_told_by_its_name_or_its_liid() -> None:
    assert about(XID.upper(), world()) == about("QQ 1", world()) != []


def test_a_system_is_told_with_its_reports_and_everything_it_shows() -> None:
    many = [tap(tap=f"t{n}", xid="", targets=(), liids=("none",)) for n in range(LISTED + 5)]
    lines = about("AMF-1", world([order()], many, reports=[report()]))
    assert lines[0] == f"system AMF-1: {LISTED + 5} taps shown, 1 orders name it"
    assert "names every tap" in lines[1]
    assert "belongs to no order" in lines[2]
    assert lines[-1] == "… and 5 more"


def test_a_name_nobody_carries_is_no_line() -> None:
    assert about("W-9", world()) == []
