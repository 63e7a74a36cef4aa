"""Who did what they should not have, and who did not."""

from __future__ import annotations

from typing import Any

import pytest

from seawall.detect.oversight.administration import (
    agency_changes,
    off_hours,
    unexpected_admins,
    unexpected_functions,
)
from seawall.detect.oversight.deeds import Deed, with_actors
from seawall.detect.oversight.staff import read_staff
from tests.detect.oversight.deeds_said import POLICY, deed, x1

STAFF = read_staff(POLICY)
GET = "GetTaskDetails"


@pytest.mark.parametrize(
    ("record", "why"),
    [
        pytest.param(x1("11T10:00", user="mallory"), "not among", id="a-stranger"),
        pytest.param(x1("11T10:00", user="auditor", request=GET), "until", id="after-leaving"),
        pytest.param(deed("11T10:00", GET, user="svc-sync", peer="203.0.113.9"), "addresses", id="from-elsewhere"),
        pytest.param(deed("11T10:00", GET, user="svc-sync", interactive=True), "programs", id="a-service-at-a-prompt"),
        pytest.param(x1("11T10:00", user="narrow"), "may not ask", id="beyond-what-is-allowed"),
        pytest.param(x1("11T10:00", "ModifyTask", user="webui"), "changes nothing", id="a-reader-that-changes"),
        pytest.param(x1("11T10:00", user="mallory", refused=True), "not among", id="even-if-refused"),
    ],
)
def test_an_unexpected_administrator_is_noticed(record: Deed, why: str) -> None:
    (found,) = unexpected_admins([record], STAFF)
    assert (found.kind, found.actor) == ("UNEXPECTED_ADMIN", record.user)
    assert why in found.why


@pytest.mark.parametrize(
    "record",
    [
        pytest.param(x1("11T10:00", user=" JDoe "), id="typed-otherwise"),
        pytest.param(x1("10T22:00", user="auditor", request=GET), id="until-the-end-of-the-last-day"),
        pytest.param(x1("11T10:00", user="unknown"), id="a-record-that-names-nobody"),
        pytest.param(x1("11T10:00", user="ADMF-1"), id="the-function-in-place-of-a-person"),
        pytest.param(x1("11T10:00", "DeactivateTask", user="narrow"), id="an-allowed-pattern"),
        pytest.param(x1("11T10:00", GET, user="svc-sync"), id="through-the-management-function"),
        pytest.param(deed("11T10:00", "user 'mallory' failed to authenticate", user="mallory"), id="a-door-kept-shut"),
    ],
)
def test_expected_administrators_are_not(record: Deed) -> None:
    assert not list(unexpected_admins([record], STAFF))


def test_without_a_list_of_administrators_nobody_is_unexpected() -> None:
    staff = read_staff({key: value for key, value in POLICY.items() if key != "admins"})
    assert not [*unexpected_admins([x1("11T03:00", user="m")], staff), *off_hours([x1("11T03:00", user="m")], staff)]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        pytest.param({"admf": "admf-9"}, "not a management", id="unknown"),
        pytest.param({"certificate": "jump7.corp.example"}, "certificate", id="right-name-wrong-certificate"),
        pytest.param({"peer": "203.0.113.9"}, "not its address", id="right-name-wrong-address"),
        pytest.param({"refused": True, "code": 1030}, "1030", id="refused-by-the-element"),
        pytest.param({"refused": True, "code": 1040, "admf": ""}, "1040", id="refused-without-a-name"),
    ],
)
def test_an_unexpected_management_function_is_noticed(change: dict[str, Any], why: str) -> None:
    (found,) = unexpected_functions([x1("11T10:00", **change)], STAFF)
    assert found.kind == "UNEXPECTED_ADMF"
    assert why in found.why


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({}, id="as-it-should-be"),
        pytest.param({"certificate": "O=ISP, CN=ADMF-1.li.example"}, id="the-whole-subject"),
        pytest.param({"certificate": ""}, id="no-certificate-in-the-record"),
        pytest.param({"admf": "MD-1", "peer": "192.0.2.5", "certificate": ""}, id="mediation"),
        pytest.param({"admf": "", "peer": "203.0.113.9"}, id="a-network-administrator"),
    ],
)
def test_known_functions_are_not(change: dict[str, Any]) -> None:
    assert not list(unexpected_functions([x1("11T10:00", **change)], STAFF))


@pytest.mark.parametrize(
    ("record", "found"),
    [
        pytest.param(x1("11T20:00"), True, id="in-the-evening"),
        pytest.param(x1("11T17:59"), False, id="before-seven-in-vienna"),
        pytest.param(x1("11T18:00:30"), False, id="within-the-skew"),
        pytest.param(x1("14T03:00"), False, id="on-call"),
        pytest.param(x1("21T03:00"), True, id="another-weekend"),
        pytest.param(x1("11T20:00", GET), False, id="a-read"),
        pytest.param(x1("11T20:00", refused=True), False, id="refused"),
        pytest.param(x1("11T23:00", user="night"), False, id="the-night-shift"),
        pytest.param(x1("12T03:00"), False, id="announced-maintenance"),
        pytest.param(x1("15T00:00", "DeactivateTask", user=""), False, id="a-function-by-itself"),
        pytest.param(x1("15T00:00", "DeactivateTask", user="", admf="admf-9"), True, id="a-strange-function-by-itself"),
        pytest.param(x1("15T12:00", user="mallory"), True, id="a-stranger-on-sunday"),
        pytest.param(x1("11T10:00", user="mallory"), False, id="a-stranger-in-office-hours"),
        pytest.param(x1("11T04:00", "ActivateTask", user="svc-sync"), False, id="a-service-without-hours"),
    ],
)
def test_changes_off_hours_are_noticed(record: Deed, found: bool) -> None:
    assert [one.kind for one in off_hours([record], STAFF)] == ["OFF_HOURS_CHANGE"] * found


def test_several_records_of_one_actor_within_an_hour_are_one() -> None:
    some = [x1("15T12:00", user="m"), x1("15T12:40", user="M ", system="smf-1"), x1("15T14:00", user="m")]
    first, second = unexpected_admins(some, STAFF)
    assert first.systems == ("amf-1", "smf-1")
    assert len(first.deeds) == 2
    assert len(second.deeds) == 1


def test_an_agency_is_changed_without_notice_and_the_author_is_inferred() -> None:
    login = deed("11T10:00:00", "user 'jdoe' successfully authenticated", user="jdoe", system="prov")
    change = {"request": "modified existing agency 'X' via update socket.", "system": "prov"}
    some = with_actors(
        [login, deed("11T10:00:01", agency="NZSIS", **change), deed("16T10:00", agency="police", **change)]
    )
    (found,) = agency_changes(some, STAFF)  # the change of POLICE was announced for that day
    assert (found.agency, found.actor, found.details["actor_inferred"]) == ("NZSIS", "jdoe", True)
    assert "inferred" in found.why
    assert login in found.deeds
