"""Two paths: what the element shows against what its management says."""

from __future__ import annotations

from seawall.detect.oversight import judge
from tests.detect.oversight.facts_made import order, report, row, tap, target, world

ROGUE = "7e0ec7e6-53d6-4a39-8d5e-0000000000ff"


def test_a_tap_management_does_not_know_is_told_even_under_an_order() -> None:
    managed = tap(path="management", report="admf.json")
    hidden = tap(tap=ROGUE, xid=ROGUE, report="amf-1.xml")
    orders = [order(xids=(managed.xid, ROGUE))]
    reports = [report(), report("admf-1", path="management", form="table", report="admf.json")]
    (found,) = judge(world(orders, [tap(), managed, hidden], reports=reports))
    assert found.detector == "SOURCE_DISAGREES"
    assert found.details["taps_only_element"] == [ROGUE]


def test_a_tap_management_believes_in_and_the_element_lacks_is_told() -> None:
    managed = [tap(path="management", report="m"), tap(tap=ROGUE, xid=ROGUE, path="management", report="m")]
    reports = [report(), report("admf-1", path="management", form="table", report="m")]
    found = list(judge(world([order(xids=(tap().xid, ROGUE))], [tap(), *managed], reports=reports)))
    assert [f.details["only_management"] for f in found] == [1]


def test_a_management_that_was_never_asked_contradicts_nobody() -> None:
    assert list(judge(world())) == []


def test_a_mediation_function_is_management_by_its_name() -> None:
    mediated = tap(system="mdf-7", report="mdf")
    reports = [report(), report("mdf-7", report="mdf")]
    assert list(judge(world(taps=[tap(), mediated], reports=reports))) == []
    hidden = tap(tap=ROGUE, xid=ROGUE, targets=(target("t9"),))
    found = {f.detector for f in judge(world(taps=[tap(), mediated, hidden], reports=reports))}
    assert found == {"SOURCE_DISAGREES", "TAP_WITHOUT_WARRANT"}


def test_a_feature_nobody_contracted_is_told() -> None:
    odd = report("pe-9", form="config", complete=False, features=("package asr9k-li",), report="pe-9.cfg")
    known = report("amf-1", form="config", complete=False, features=("package x-li",), report="amf-1.cfg")
    (found,) = judge(world(reports=[report(), odd, known]))
    assert (found.detector, found.details["system"]) == ("LI_FEATURE_UNEXPECTED", "pe-9")
    assert found.evidence[0].event_id == row(300).event_id


def test_a_tap_that_a_list_and_an_answer_of_its_own_both_name_counts_once() -> None:
    listed = tap(tap=ROGUE, xid=ROGUE, targets=(), state="unknown", report="list.xml")
    answered = tap(tap=ROGUE, xid=ROGUE, report="amf-1.xml")
    reports = [report(), report("admf-1", path="management", form="table", report="m")]
    orders = [order(xids=(tap().xid, ROGUE))]
    (found,) = judge(world(orders, [tap(), tap(path="management", report="m"), listed, answered], reports=reports))
    assert (found.detector, found.details["only_element"]) == ("SOURCE_DISAGREES", 1)


def test_a_table_of_many_systems_speaks_for_all_of_them() -> None:
    rogue = tap(tap=ROGUE, xid=ROGUE, system="smf-1", report="smf-1.xml")
    managed = tap(path="management", form="table", report="m.csv")
    reports = [
        report(),
        report("smf-1", report="smf-1.xml"),
        report("management", path="management", form="table", report="m.csv"),
    ]
    orders = [order(xids=(tap().xid, ROGUE), elements=("amf-1", "smf-1"))]
    found = [f for f in judge(world(orders, [tap(), managed, rogue], reports=reports)) if "SOURCE" in f.detector]
    assert [f.details["system"] for f in found] == ["smf-1"]
