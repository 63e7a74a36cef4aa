"""What a record of an audit trail does, and who did it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.detect.oversight.deeds import Act, act_of, dense, runs, with_actors
from tests.detect.oversight.deeds_said import at, deed


@pytest.mark.parametrize(
    ("request_", "act"),
    [
        ("ActivateTask", Act.ADD),
        ("ActivateTaskRequest", Act.ADD),
        ("CreateDestination", Act.ADD),
        ("ModifyTask", Act.CHANGE),
        ("DeactivateTask", Act.REMOVE),
        ("DeactivateAllTasksRequest", Act.REMOVE_ALL),
        ("RemoveAllDestinations", Act.REMOVE_ALL),
        ("GetAllDetails", Act.READ_ALL),
        ("ListAllDetailsRequest", Act.READ_ALL),
        ("GetAllTaskDetails", Act.READ_ALL),
        ("GetAllDestinationDetails", Act.READ),
        ("GetTaskDetails", Act.READ),
        ("GetNEStatus", Act.OTHER),
        ("Keepalive", Act.OTHER),
        ("ReportTaskIssueRequest", Act.OTHER),
        ("SNMPSet cTap2StreamStatus createAndGo", Act.ADD),
        ("SNMPSet cTap2MediationStatus destroy(6)", Act.REMOVE),
        ("SNMPSet cTap2MediationDestAddress", Act.CHANGE),
        ("snmpwalk cTap2MediationTable", Act.READ_ALL),
        ("SNMPGetBulk cTap2StreamTable", Act.READ_ALL),
        ("DTCP ADD", Act.ADD),
        ("DTCP DELETE", Act.REMOVE),
        ("DTCP LIST", Act.READ_ALL),
        ("GET /ipintercept", Act.READ_ALL),
        ("GET /ipintercept/LI-7", Act.READ),
        ("GET /agency", Act.READ),
        ("DELETE /voipintercept/LI-7", Act.REMOVE),
        ("POST /subscribers/7/enableLI?med_ip=192.0.2.1", Act.ADD),
        ("OpenLI provisioner: added new IP intercept LI-7 via update socket.", Act.ADD),
        ("OpenLI provisioner: updated VOIP intercept LI-7 via update socket.", Act.CHANGE),
        ("OpenLI provisioner: updated IP intercept new-add-1 via update socket.", Act.CHANGE),
        ("OpenLI: removed Email intercept 'LI-7' via update socket.", Act.REMOVE),
        ("OpenLI provisioner: LIID LI-7 has been withdrawn following a config reload.", Act.REMOVE),
        ("OpenLI provisioner: DISABLING LIID 'LI-7'", Act.REMOVE),
        ("OpenLI: modified existing agency 'POLICE' via update socket.", Act.CHANGE),
        ("OpenLI: user 'x' successfully authenticated against provisioner update service", Act.LOGIN),
        ("OpenLI: User x has used their API key to send a request via the REST API", Act.LOGIN),
        ("OpenLI: user 'x' failed to authenticate against provisioner update service", Act.LOGIN_REFUSED),
        ("OpenLI: user attempted to provide an invalid API key", Act.LOGIN_REFUSED),
        ("export targets", Act.READ_ALL),
        ("", Act.OTHER),
    ],
)
def test_a_request_is_sorted_by_its_words(request_: str, act: Act) -> None:
    assert act_of(request_) is act


@given(st.text(max_size=200))
def test_any_words_give_an_act(request_: str) -> None:
    assert act_of(request_) in Act


def test_the_author_of_a_change_is_who_had_just_logged_in_and_is_marked_inferred() -> None:
    login = deed("11T03:00:00", "OpenLI: user 'mallory' successfully authenticated", user="mallory")
    change = deed("11T03:00:01", "OpenLI provisioner: added new IP intercept X via update socket.", tap="X")
    found = with_actors([change, login])[1]
    assert (found.who, found.evidence) == ("mallory", (login,))
    assert found.inferred


@pytest.mark.parametrize(
    ("logins", "why"),
    [
        ([("03:00:00", "a"), ("03:00:01", "b")], "two people had just logged in"),
        ([("02:58:00", "a")], "the login is too long ago"),
        ([("03:00:03", "a")], "the login came after"),
        ([], "nobody logged in"),
    ],
)
def test_an_author_in_doubt_is_not_guessed(logins: list[tuple[str, str]], why: str) -> None:
    records = [deed(f"11T{time}", "OpenLI: user 'x' successfully authenticated", user=user) for time, user in logins]
    change = deed("11T03:00:02", "OpenLI: removed IP intercept 'X' via update socket.", tap="X")
    assert [one.who for one in with_actors([*records, change]) if one.tap] == [""], why


def test_a_login_elsewhere_says_nothing_of_a_change_here() -> None:
    login = deed("11T03:00:00", "user 'a' successfully authenticated", user="a", system="other")
    assert with_actors([login, deed("11T03:00:01", "ModifyTask")])[1].who == ""


@given(st.lists(st.integers(0, 200), max_size=60), st.integers(1, 8))
def test_dense_stretches_are_those_a_plain_count_finds(minutes: list[int], limit: int) -> None:
    deeds = [deed(at("11T00:00") + timedelta(minutes=m), tap=str(m % 7)) for m in minutes]
    hour = timedelta(hours=1)
    plain: set[int] = set()
    for end in deeds:
        inside = [d for d in deeds if timedelta(0) <= end.time - d.time <= hour]
        if len({d.tap for d in inside}) > limit:
            plain |= {id(d) for d in inside}
    assert dense(deeds, hour, limit, lambda d: (d.tap, 1)) == plain


def test_runs_are_cut_where_nothing_happened_for_an_hour() -> None:
    days = [deed("11T01:00"), deed("11T01:59"), deed("11T03:00")]
    assert [len(run) for run in runs(days)] == [2, 1]
