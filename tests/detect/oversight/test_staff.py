"""The people's part of a policy, however it is typed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.detect.oversight.staff import common_name, read_staff, request_allowed, same_peer

_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_NAMES = ("admins", "admf", "mediation", "on_call", "delivery_changes", "scheduled_audits", "maintenance",
          "read_limits", "mass_deactivation", "log_max_silence_s", "registry_tz", "clock_skew_s")  # fmt: skip


@given(st.dictionaries(st.sampled_from(_NAMES), _JSON))
def test_no_policy_is_too_odd_to_read(policy: dict[str, Any]) -> None:
    read_staff(policy)


def test_thresholds_and_names_survive_stray_spaces_and_text() -> None:
    staff = read_staff({"admins": [{"user": " J.Doe "}], "read_limits": {"per_minute": "7"}, "mass_deactivation": {}})
    assert "j.doe" in staff.admins
    assert (staff.reads_per_minute, staff.mass_count) == (7, 10)


@pytest.mark.parametrize(
    ("seen", "allowed", "same"),
    [
        ("192.0.2.2", ["192.0.2.2"], True),
        ("192.0.2.2:443", ["192.0.2.2"], True),
        ("::ffff:192.0.2.2", ["192.0.2.2"], True),
        ("[2001:db8::1]:443", ["2001:DB8:0::1"], True),
        ("192.0.2.77", ["192.0.2.0/24"], True),
        ("192.0.3.2", ["192.0.2.0/24", "host.example"], False),
        ("HOST.example", ["host.example"], True),
        ("", ["192.0.2.2"], False),
    ],
)
def test_an_address_is_the_same_however_it_is_written(seen: str, allowed: list[str], same: bool) -> None:
    assert same_peer(seen, allowed) is same


def test_a_certificate_is_known_by_its_common_name() -> None:
    assert common_name("O=ISP, CN=ADMF-1.li.example, C=NZ") == common_name("admf-1.li.example")


def test_an_allowed_request_is_a_name_or_a_pattern() -> None:
    assert request_allowed("GetTaskDetailsRequest", ["gettaskdetails"])
    assert request_allowed("DTCP LIST", ["dtcp"])
    assert request_allowed("GET /agency", ["get /ag*"])
    assert not request_allowed("ActivateTask", ["deactivate*"])
