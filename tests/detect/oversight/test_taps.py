"""A tap against its order: one thing wrong, one finding; what only looks wrong, none."""

from __future__ import annotations

from typing import Any

import pytest

from seawall.detect.oversight import judge, taps
from seawall.detect.oversight.facts import FOREVER, Amendment, Withheld
from tests.detect.oversight.facts_made import NOW, XID, at, order, report, row, span, tap, target, world

OTHER = "7e0ec7e6-53d6-4a39-8d5e-0000000000ff"


def kinds(**more: Any) -> list[str]:
    return sorted(finding.detector for finding in judge(world(**more)))


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        pytest.param({"tap": OTHER, "xid": OTHER, "targets": (target("t9"),)}, "TAP_WITHOUT_WARRANT", id="stranger"),
        pytest.param({"liids": ("ZZ9",), "xid": ""}, "TAP_WITHOUT_WARRANT", id="a-liid-of-no-order"),
        pytest.param({"targets": (target("t2"),)}, "WRONG_TARGET", id="other-number"),
        pytest.param({"targets": (target("t1"), target("t2"))}, "WRONG_TARGET", id="one-target-too-many"),
        pytest.param({"agency": "CUSTOMS"}, "WRONG_AGENCY", id="agency"),
        pytest.param({"delivery": ("198.51.100.2:35530",)}, "WRONG_AGENCY", id="address-of-another-agency"),
        pytest.param({"delivery": ("203.0.113.9:443",)}, "UNKNOWN_DELIVERY_ADDRESS", id="nobodys-address"),
        pytest.param({"delivery": ("192.0.2.1:9",)}, "UNKNOWN_DELIVERY_ADDRESS", id="known-address-other-port"),
        pytest.param({"delivery": ("192.0.2.1:42069", "198.51.100.2:35530")}, "SECOND_DESTINATION", id="copy"),
        pytest.param({"ends": at("2026-07-01T00:00")}, "TAP_OUTLIVES_WARRANT", id="ends-later"),
    ],
)
def test_what_is_wrong_with_a_tap_is_said(changed: dict[str, Any], kind: str) -> None:
    found = [f for f in judge(world(taps=[tap(**changed)])) if f.detector != "WARRANT_WITHOUT_TAP"]
    assert [f.detector for f in found] == [kind]
    assert found[0].details["system"] == "amf-1"
    assert found[0].details["tap"] == changed.get("tap", XID)


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({}, id="as-ordered"),
        pytest.param({"state": "inactive", "targets": (target("t2"),)}, id="not-live"),
        pytest.param({"xid": XID.upper()}, id="upper-case-xid"),
        pytest.param({"xid": "", "liids": (" qq 1",)}, id="liid-with-stray-spaces"),
        pytest.param({"targets": (target("t7", also=("t1",)),)}, id="another-name-of-the-subscriber"),
        pytest.param({"delivery": ("[::ffff:192.0.2.1]:42069",)}, id="ipv4-within-ipv6"),
        pytest.param({"delivery": ("192.0.2.1:42069", "192.0.2.2:7")}, id="stand-in-of-the-mediation"),
        pytest.param({"scope": "IRI"}, id="less-than-ordered"),
        pytest.param({"system": "AMF-1."}, id="system-in-other-letters"),
    ],
)
def test_a_lawful_tap_is_silent(changed: dict[str, Any]) -> None:
    wanted = ["WARRANT_WITHOUT_TAP"] if changed.get("state") == "inactive" else []
    assert kinds(taps=[tap(**changed)]) == wanted


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        pytest.param({"spans": (span(end="2026-03-18T09:00", status="Approved"),)}, "TAP_PAST_EXPIRY", id="ended"),
        pytest.param({"spans": (span(end="2026-03-18T09:59", status="Approved"),)}, "", id="within-clock-skew"),
        pytest.param({"spans": (span("2026-03-20T00:00", status="Approved"),)}, "TAP_BEFORE_START", id="not-begun"),
        pytest.param({"spans": (span(status="Cancelled"),)}, "TAP_ON_INACTIVE_WARRANT", id="cancelled"),
        pytest.param(
            {"spans": (span(end="2026-03-08T00:00", status="Approved"), span("2026-03-08T00:00"))}, "", id="renewed"
        ),
        pytest.param(
            {"spans": (span(end="2026-03-08T00:00", status="Expired"), span("2026-03-07T00:00"))}, "",
            id="renewed-overlapping",
        ),
        pytest.param(
            {"spans": (span(end="2026-03-08T00:00", status="Approved"), span("2026-03-08T00:00", status="Rejected"))},
            "TAP_PAST_EXPIRY",
            id="renewal-refused",
        ),
        pytest.param(
            {"spans": (span(status="Approved"), span("2026-03-10T00:00", status="Cancelled"))},
            "TAP_ON_INACTIVE_WARRANT",
            id="the-latest-decides",
        ),
        pytest.param(
            {
                "spans": (
                    span(end="2026-03-10T00:00", status="Approved"),
                    span("2026-03-20T00:00", "2026-04-20T00:00"),
                )
            },
            "TAP_PAST_EXPIRY",
            id="gap-between-orders",
        ),
        pytest.param(
            {"spans": (span(status="Approved", scope="IRIandCC", name="W-1"),
                       span("2026-03-10T00:00", scope="IRI", replaces="W-1"))},
            "SCOPE_EXCEEDED",
            id="replaced-by-a-narrower-one",
        ),
        pytest.param(
            {"amendments": (Amendment(at("2026-03-10T00:00"), remove=(target("t1"),), add=(target("t2"),)),)},
            "WRONG_TARGET",
            id="target-taken-away",
        ),
        pytest.param(
            {"amendments": (Amendment(at("2026-03-19T00:00"), remove=(target("t1"),)),)}, "", id="amended-tomorrow"
        ),
        pytest.param({"spans": (span(status=" approved "),)}, "", id="status-typed-by-hand"),
    ],
)  # fmt: skip
def test_orders_in_time(changed: dict[str, Any], kind: str) -> None:
    assert [k for k in kinds(orders=[order(**changed)]) if k != "WARRANT_WITHOUT_TAP"] == ([kind] if kind else [])


def test_a_prefix_within_the_orders_is_lawful_and_one_around_it_is_wider() -> None:
    wide, narrow = target("net24", type_="ipv4", width="/24"), target("net32", type_="ipv4", width="/32")
    within = {("net24", "net32"): True}
    assert kinds(orders=[order(targets=(wide,))], taps=[tap(targets=(narrow,))], within=within) == []
    assert kinds(orders=[order(targets=(narrow,))], taps=[tap(targets=(wide,))], within=within) == [
        "TARGET_WIDER_THAN_WARRANT"
    ]


def test_two_orders_with_one_liid_are_judged_by_the_one_that_fits() -> None:
    old = order("W-0", spans=(span(end="2026-03-02T00:00", status="Expired"),), xids=(), elements=())
    assert kinds(orders=[old, order(xids=())], taps=[tap(xid="", liids=("QQ1",))]) == []


def test_a_tap_under_a_withheld_authority_is_not_rogue() -> None:
    stranger = tap(tap=OTHER, xid=OTHER, targets=(target("t9"),))
    held = [Withheld("t9", 0, FOREVER)]
    assert kinds(taps=[tap(), stranger], withheld=held) == []
    assert kinds(taps=[tap(), stranger], withheld=[Withheld("t9", 0, NOW - 10**12)]) == ["TAP_WITHOUT_WARRANT"]


def test_without_a_registry_nothing_is_called_rogue() -> None:
    assert kinds(orders=[]) == []


def test_many_taps_with_one_trouble_on_one_system_are_one_finding() -> None:
    some = [tap(tap=f"x{n}", xid=f"x{n}", targets=(target(f"o{n}"),)) for n in range(5_000)]
    found = list(judge(world(taps=[tap(), *some])))
    assert [(f.detector, f.count, f.details["grouped"]) for f in found] == [("TAP_WITHOUT_WARRANT", 5_000, True)]


def test_one_changed_tap_is_judged_like_all_of_them() -> None:
    made = world()
    assert taps.judge_one(made.taps[0], made) == []
    (found,) = taps.judge_one(tap(agency="CUSTOMS"), made)
    assert found.detector == "WRONG_AGENCY"


def test_an_announced_change_of_delivery_holds_from_its_day() -> None:
    change = {"agencyid": "POLICE", "field": "hi2address", "old": "198.51.100.1", "new": "203.0.113.50"}
    policy = {"delivery_changes": [change | {"effective": "2026-03-10T00:00:00Z"}]}
    assert kinds(taps=[tap(delivery=("203.0.113.50:35530",))], policy=policy) == []
    assert kinds(taps=[tap(delivery=("198.51.100.1:35530",))], policy=policy) == ["UNKNOWN_DELIVERY_ADDRESS"]
    late = {"delivery_changes": [change | {"effective": "2026-04-10T00:00:00Z"}]}
    assert kinds(taps=[tap(delivery=("203.0.113.50:35530",))], policy=late) == ["UNKNOWN_DELIVERY_ADDRESS"]


def test_reports_and_rows_are_evidence() -> None:
    (found,) = judge(world(taps=[tap(agency="CUSTOMS")], reports=[report()]))
    assert {e.event_id for e in found.evidence} == {row(200).event_id, row(100).event_id}


def test_a_user_openli_demands_beside_the_addresses_is_no_wrong_target() -> None:
    user = target("u1", type_="nai")
    openli = tap(form="openli", targets=(target(), user), delivery=())
    assert kinds(taps=[openli]) == []
    named = order(targets=(target(), target("u2", type_="nai")))
    assert kinds(orders=[named], taps=[openli]) == ["WRONG_TARGET"]
    assert kinds(taps=[tap(form="openli", targets=(user,), delivery=())]) == ["WRONG_TARGET"]
