from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import InputError
from seawall.people.approval import Approval, Request, read_approval, sign
from seawall.people.keys import PrivateKey

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ASKED = Request("case-1", "block:7", "ab" * 32, "ann", "Stöp the \u2028 tunnel")


def signed_by_bob(request: Request = ASKED) -> Approval:
    return sign(request, "bob", PrivateKey(bytearray(32)), NOON, 1)


def test_what_is_signed_is_the_canonical_json_of_the_nine_fields() -> None:
    approval = signed_by_bob()
    names = list(json.loads(approval.message))
    assert names == sorted(
        ["v", "case", "action_id", "diff_sha256", "requester", "approver", "purpose", "expires", "nonce"]
    )
    assert b'"expires":"2026-11-22T13:00:00.000000Z"' in approval.message
    assert b", " not in approval.message


def test_an_approval_travels_as_one_line_and_comes_back() -> None:
    approval = signed_by_bob()
    assert read_approval(approval.text()) == approval
    assert signed_by_bob().nonce != approval.nonce


def test_without_a_purpose_nothing_is_signed() -> None:
    with pytest.raises(InputError, match="no purpose"):
        signed_by_bob(replace(ASKED, purpose="  "))


@given(
    st.one_of(st.binary(max_size=200), st.text(max_size=200), st.dictionaries(st.text(max_size=9), st.text(max_size=9)))
)
def test_any_input_is_an_approval_or_one_clear_error(raw: object) -> None:
    with pytest.raises(InputError, match="no signed approval"):
        read_approval(raw)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        {"nonce": "1"},
        {"v": True},
        {"expires": "soon"},
        {"expires": "2026-11-22T13:00:00"},
        {"approver": "a b"},
        {"diff_sha256": "ab"},
        {"purpose": 7},
        {"extra": "x"},
    ],
)
def test_each_field_must_have_its_form(change: dict[str, object]) -> None:
    with pytest.raises(InputError):
        read_approval(json.loads(signed_by_bob().text()) | change)
