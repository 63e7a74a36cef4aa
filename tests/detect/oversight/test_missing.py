"""Orders in force want their taps, on elements that answered; one cause is one finding."""

from __future__ import annotations

from seawall.detect.oversight import judge
from seawall.detect.oversight.facts import HOUR_US
from seawall.detect.oversight.missing import not_known
from tests.detect.oversight.facts_made import NOW, order, report, span, tap, target, world


def test_an_order_without_its_tap_is_told_with_where() -> None:
    (found,) = judge(world(taps=[]))
    assert (found.detector, found.details["warrant"], found.details["system"]) == (
        "WARRANT_WITHOUT_TAP",
        "W-1",
        "amf-1",
    )


def test_an_element_that_did_not_answer_is_not_known() -> None:
    made = world(taps=[], reports=[report("smf-1")])
    assert list(judge(made)) == []
    assert not_known(made) == {"amf-1": 1}


def test_a_tap_on_one_of_two_elements_is_half_of_what_is_wanted() -> None:
    made = world(orders=[order(elements=("amf-1", "smf-1"))], reports=[report(), report("smf-1")])
    assert [f.details["system"] for f in judge(made)] == ["smf-1"]


def test_a_restart_that_lost_many_taps_is_one_finding() -> None:
    some = [order(f"W-{n}", liid=f"L{n}", xids=(f"x{n}",), targets=(target(f"t{n}"),)) for n in range(5_000)]
    restarted = report(form="snmp", restarted=NOW - 5 * HOUR_US)
    (found,) = judge(world(orders=some, taps=[], reports=[restarted]))
    assert (found.count, found.details["cause"], found.details["system"]) == (5_000, "restart", "amf-1")


def test_orders_not_in_force_want_nothing() -> None:
    for spans in ((span(status="Cancelled"),), (span("2026-03-19T00:00"),), (span(end="2026-03-02T00:00"),)):
        assert list(judge(world(orders=[order(spans=spans)], taps=[]))) == []


def test_tests_and_the_first_week_want_nothing() -> None:
    assert list(judge(world(orders=[order(flags=("IsTest",))], taps=[]))) == []
    assert list(judge(world(taps=[], dirty=True))) == []


def test_a_row_that_is_not_active_is_no_tap_and_is_named() -> None:
    (found,) = judge(world(taps=[tap(state="inactive")]))
    assert found.details["not_active"] == ["amf-1"]


def test_a_tap_its_agency_asked_to_end_is_not_missed() -> None:
    ended = order(desired="Cancelled", desired_since=NOW - HOUR_US)
    assert list(judge(world([ended], []))) == []
