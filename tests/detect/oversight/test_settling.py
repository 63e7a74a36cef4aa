"""A policy typed by hand: whatever stands in it, a run goes on, and what could not be understood is said."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.detect import oversight
from seawall.detect.oversight.settling import settled
from seawall.detect.oversight.staff import read_staff
from tests.detect.oversight.facts_made import POLICY, order, tap, world

FIELDS = (
    "admins", "on_call", "admf", "mediation", "agencies", "delivery_changes", "shared_liids", "approved_mirrors",
    "scheduled_audits", "maintenance", "clock_skew_s", "status_stuck_h", "emergency_limit_h", "read_limits",
    "mass_deactivation", "log_max_silence_s", "registry_tz", "liid_unique_per",
)  # fmt: skip
INNER = ("agencyid", "agencies", "liid", "systems", "peers", "redundant_for", "user", "from", "effective", "id", "addr")
LEAF = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | st.just("inf")
ANYTHING = st.recursive(
    LEAF, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(INNER), inner, max_size=3)
)


@given(st.dictionaries(st.sampled_from(FIELDS), ANYTHING, max_size=6))
def test_no_policy_makes_a_run_fail(raw: dict[str, Any]) -> None:
    policy, _ = settled(raw)
    read_staff(policy)
    list(oversight.judge(world(orders=[order()], taps=[tap(agency="CUSTOMS")], policy=policy)))


def test_a_policy_as_the_dictionary_has_it_stays_as_it_is() -> None:
    policy, doubts = settled(POLICY)
    assert doubts == []
    assert json.loads(json.dumps(policy["agencies"])) == POLICY["agencies"]


def test_an_object_of_objects_is_a_list_whose_keys_name_the_entries() -> None:
    policy, doubts = settled({"agencies": {"POLICE": {"hi2address": "198.51.100.1"}}, "admins": {"user": "jdoe"}})
    assert policy["agencies"] == [{"agencyid": "POLICE", "hi2address": "198.51.100.1"}]
    assert policy["admins"] == [{"user": "jdoe"}]
    assert doubts == []


@pytest.mark.parametrize(
    "policy", [{"clock_skew_s": "many"}, {"clock_skew_s": "inf"}, {"admins": "all"}, {"admf": [1]}, {"read_limits": []}]
)
def test_what_is_left_out_is_said(policy: dict[str, Any]) -> None:
    (doubt,) = settled(policy)[1]
    assert next(iter(policy)) in doubt


def test_names_alone_are_lists_of_one() -> None:
    policy, _ = settled({"shared_liids": [{"liid": "L", "agencies": "A"}], "maintenance": [{"systems": [None, {}]}]})
    assert policy["shared_liids"][0]["agencies"] == ["A"]
    assert policy["maintenance"][0]["systems"] == []
