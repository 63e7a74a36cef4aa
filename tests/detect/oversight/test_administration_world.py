"""Acts of a world judged: names of taps however they are written, orders in time, and findings as all others."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from seawall.detect.oversight.administration_world import judge, refused
from seawall.detect.oversight.facts import Act, Order, Report, Row, Span, Tap, World
from tests.detect.oversight.deeds_said import POLICY, at

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def micros(when: str) -> int:
    return (at(when) - _EPOCH) // timedelta(microseconds=1)


def act(when: str, request: str, **more: Any) -> Act:
    row = Row(f"{abs(hash((when, request))) % 10**12:032d}", "audit.jsonl", micros(when))
    said: dict[str, Any] = {
        "system": "amf-1",
        "actor": "jdoe",
        "admf": "admf-1",
        "peer": "192.0.2.2",
        "cert_cn": "admf-1.li.example",
    }
    said |= {"request": request, "xid": "", "liid": "", "native": "", "agency": "", "result": "ok", "form": "audit"}
    return Act(row=row, **said | more)


def world(acts: Iterable[Act], **more: Any) -> World:
    policy = {key: value for key, value in POLICY.items() if key != "log_max_silence_s"}
    span = Span(micros("01T00:00"), micros("20T00:00"), "Approved")
    order = Order(Row("0" * 32, "warrants.json", None), "W-1", "LI 7", spans=(span,), native="00990", xids=("ABC",))
    report = Report(Row("1" * 32, "x1.xml", micros("18T00:00")), "amf-1", "element", "x1", True, False, 0)
    return World(micros("18T10:00"), policy, orders=[order], reports=[report], acts=list(acts), **more)


@pytest.mark.parametrize(
    ("result", "no"),
    [("AcknowledgedAndCompleted", False), ("ok", False), ("Acknowledged", False), ("", False), ("200 OK", False),
     ("ErrorResponse 1030", True), ("3000 generic activate failure", True), ("denied", True), ("HTTP 403", True)],
)  # fmt: skip
def test_a_result_says_if_nothing_was_done(result: str, no: bool) -> None:
    assert refused(result) is no


@pytest.mark.parametrize(
    "name", [{"xid": "abc"}, {"liid": "li7"}, {"native": "990"}, {"native": "cTap2MediationContentId=990"}]
)
def test_a_tap_with_an_order_is_known_however_it_is_written(name: dict[str, str]) -> None:
    acts = [act("11T10:00", "ActivateTask", **name), act("11T10:05", "DeactivateTask", **name)]
    assert [one.detector for one in judge(world(acts))] == []


def test_a_tap_set_after_its_order_ended_and_removed_is_found() -> None:
    acts = [act("23T10:00", "ActivateTask", xid="abc"), act("23T10:05", "DeactivateTask", xid="abc")]
    (found,) = judge(world(acts))
    assert found.detector == "SHORT_LIVED_TAP_WITHOUT_WARRANT"
    assert {(e.type, e.value) for e in found.entities} == {("system", "amf-1"), ("tap", "abc"), ("account", "jdoe")}


def test_a_refusal_for_the_wrong_certificate_is_an_unexpected_function() -> None:
    (found,) = judge(world([act("11T10:00", "GetAllDetails", result="ErrorResponse 1030", cert_cn="")]))
    assert (found.detector, found.details["outcome"]) == ("UNEXPECTED_ADMF", "refused")


def test_changes_an_element_counted_and_no_record_tells_are_a_gap() -> None:
    tap = Tap(Row("2" * 32, "x1.xml", None), "amf-1", "element", "x1", "abc", "active", xid="abc",
              modified=micros("12T09:00"), modifications=2)  # fmt: skip
    (found,) = judge(world([act("11T10:00", "ActivateTask", xid="ABC")], taps=[tap]))
    assert (found.detector, found.details["missing"]) == ("LOG_GAP", 2)


def test_an_author_that_was_concluded_is_marked_and_the_login_is_evidence() -> None:
    said = {"admf": "", "peer": "", "cert_cn": "", "form": "openli", "system": "prov"}
    acts = [
        act("11T03:00:00", "OpenLI: user 'mallory' successfully authenticated", **said | {"actor": "mallory"}),
        act("11T03:00:01", "OpenLI provisioner: added new IP intercept Z via update socket.",
            **said | {"actor": "", "liid": "Z"}),
        act("11T03:09:01", "OpenLI: removed IP intercept 'Z' via update socket.", **said | {"actor": "", "liid": "Z"}),
    ]  # fmt: skip
    found = {one.detector: one for one in judge(world(acts))}
    assert set(found) == {"SHORT_LIVED_TAP_WITHOUT_WARRANT", "UNEXPECTED_ADMIN"}  # four in the morning: a night shift
    short = found["SHORT_LIVED_TAP_WITHOUT_WARRANT"]
    assert short.details["actor"] == "mallory"
    assert short.details["actor_inferred"] is True
    assert short.evidence_total == 3
    assert short.confidence < 90


def test_a_change_that_falls_into_a_silence_is_told_with_it() -> None:
    tap = Tap(Row("2" * 32, "x1.xml", None), "amf-1", "element", "x1", "abc", "active", xid="abc",
              modified=micros("14T09:00"), modifications=1)  # fmt: skip
    acts = [act(f"{day}T10:00", "ActivateTask", xid="ABC") for day in ("11", "18")]
    some = world(acts, taps=[tap])
    some.policy = POLICY
    (found,) = judge(some)
    assert (found.detector, found.details["taps"]) == ("LOG_GAP", ["abc"])
    assert "silent for" in found.why
    assert "meanwhile amf-1 counts 1 changes" in found.why
