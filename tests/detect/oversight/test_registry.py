"""Orders by themselves: confirmation in time, wishes followed, agencies where they were."""

from __future__ import annotations

from seawall.detect.oversight import judge
from seawall.detect.oversight.facts import Handover
from seawall.detect.oversight.registry import doubled
from tests.detect.oversight.facts_made import at, order, row, span, world


def kinds(**more: object) -> list[str]:
    return [f.detector for f in judge(world(orders=[order(**more)]))]


def test_an_emergency_approval_runs_until_its_written_order_is_due() -> None:
    fresh = (span("2026-03-17T14:00", status="EmergencyApproval"),)
    late = (span("2026-03-10T14:00", status="EmergencyApproval"),)
    assert kinds(spans=fresh, emergency_due=at("2026-03-19T14:00")) == []
    assert kinds(spans=fresh) == []
    assert kinds(spans=late) == ["UNCONFIRMED_WARRANT"]
    assert kinds(spans=(*late, span("2026-03-12T00:00", status="Approved"))) == [], "the written order came"


def test_an_order_nobody_confirmed_is_told_once_its_time_is_over() -> None:
    assert kinds(has_confirmation=True, confirmation="requested") == ["UNCONFIRMED_WARRANT"]
    assert kinds(has_confirmation=True, confirmation="confirmed") == []
    assert kinds(spans=(span("2026-03-18T00:00", status="Approved"),), has_confirmation=True, confirmation="sent") == []
    assert kinds() == [], "a registry that does not keep confirmations"


def test_a_wish_that_is_not_followed_is_told_after_a_while() -> None:
    assert kinds(desired="Cancelled", desired_since=at("2026-03-10T00:00")) == ["STATUS_STUCK"]
    assert kinds(desired="Cancelled", desired_since=at("2026-03-18T09:00")) == []
    assert kinds(desired="approved", desired_since=at("2026-03-10T00:00")) == []


def test_an_agency_at_another_address_is_told() -> None:
    right = Handover(row(), "prov", "POLICE", "198.51.100.1:35530", "")
    wrong = Handover(row(), "prov", "POLICE", "203.0.113.7:35530", "")
    assert list(judge(world(handovers=[right]))) == []
    (found,) = judge(world(handovers=[wrong]))
    assert (found.detector, found.details["agency"]) == ("AGENCY_DELIVERY_CHANGED", "POLICE")


def test_one_liid_on_two_orders_is_said_unless_the_policy_shares_it() -> None:
    orders = [order(), order("W-2", liid=" qq1"), order("W-3", liid="QQ3")]
    assert doubled(world(orders)) == ["W-1", "W-2"]
    assert doubled(world(orders, policy={"shared_liids": [{"liid": "QQ1"}]})) == []
    other = [order(), order("W-2", agency="CUSTOMS")]
    assert doubled(world(other, policy={"liid_unique_per": "agency"})) == []
