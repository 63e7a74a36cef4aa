"""Who and what an event is about: a wrong name here would join strangers or hide an intruder."""

from __future__ import annotations

import pytest

from seawall.detect.subjects import ALL, BY_VIEW, MAX_EXCERPT, details_of, entities_of, excerpt_of
from seawall.engine.views import BY_NAME as VIEWS
from seawall.model.entities import Entity
from seawall.model.events import BY_NAME as KINDS


@pytest.mark.parametrize("subject", ALL, ids=lambda s: s.view)
def test_every_column_a_subject_tells_exists_in_its_view(subject) -> None:
    if subject.view in VIEWS:
        known = {column.name for column in VIEWS[subject.view].columns}
    elif KINDS[subject.view].open_ended:
        return
    else:
        known = {column.name for column in KINDS[subject.view].all_columns} | {"device"}
    assert subject.columns <= known


@pytest.mark.parametrize(
    "value", ["", " ", "-", "unknown", "**", None, "127.0.0.1", "0.0.0.0", "::", "::1", "console", "192.0.2.1/24"]
)
def test_what_is_no_address_of_anybody_makes_no_entity(value: str | None) -> None:
    assert entities_of(BY_VIEW["commands"], {"src_ip": value}) == ()


def test_entities_come_sorted_and_once_whatever_the_order_of_columns() -> None:
    row = {"user": "anna", "src_ip": "2001:db8::1", "device": "pe1", "observer": "relay1"}
    told = entities_of(BY_VIEW["commands"], row)
    assert told == entities_of(BY_VIEW["commands"], dict(reversed(row.items()))) == tuple(sorted(told))
    assert Entity("device", "pe1", "target") in told
    assert "relay1" not in {entity.value for entity in told}


def test_a_device_as_written_goes_by_its_one_name() -> None:
    row = {"observer": "PE1.example.net"}
    assert entities_of(BY_VIEW["syslog"], row, {"pe1.example.net": "pe1"}) == (Entity("device", "pe1", "target"),)


def test_the_far_end_of_a_login_is_named_only_where_no_device_is() -> None:
    far = Entity("ip", "192.0.2.9", "target")
    assert far in entities_of(BY_VIEW["logins"], {"dst_ip": "192.0.2.9", "device": " "})
    assert far not in entities_of(BY_VIEW["logins"], {"dst_ip": "192.0.2.9", "device": "pe1"})


def test_the_machines_own_accounts_give_way_to_the_person_who_logged_on() -> None:
    row = {"SubjectUserName": "LIMS1$", "TargetUserName": "anna", "user": "NT AUTHORITY\\SYSTEM"}
    assert entities_of(BY_VIEW["windows"], row) == (Entity("account", "anna", "actor"),)


@pytest.mark.parametrize(
    ("query", "named"), [("a.example.net", True), ("wpad", False), ("192.0.2.1", False), ("192.0.2.1:53", False)]
)
def test_only_a_name_with_a_dot_that_is_no_address_is_a_domain(query: str, named: bool) -> None:
    assert bool(entities_of(BY_VIEW["dns"], {"query": query})) is named


def test_an_excerpt_is_the_record_itself_or_its_columns_and_never_too_long() -> None:
    assert excerpt_of(BY_VIEW["commands"], {"raw": "x" * 9_999, "user": "anna"}) == "x" * MAX_EXCERPT
    assert excerpt_of(BY_VIEW["commands"], {"raw": " ", "user": "anna", "tenant": "t"}) == "raw=  user=anna"
    assert len(excerpt_of(BY_VIEW["flows"], {"proto": "y" * 9_999})) == MAX_EXCERPT


def test_details_leave_out_what_has_no_value_but_keep_a_nought() -> None:
    row = {"src_port": 0, "proto": "", "dst_port": None, "src_ip": "z" * 9_999}
    assert details_of(BY_VIEW["flows"], row) == {"src_port": 0, "src_ip": "z" * MAX_EXCERPT}
