# ruff: noqa: E501 - log lines are as long as they are
from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.sources import envelopes
from seawall.sources.envelopes import open_envelope
from seawall.sources.opening import evidence_from_bytes
from tests.sources.reading import read_bytes
from tests.sources.recognising import has, only_row, read_as_found, recognised

AT = datetime(2026, 11, 22, 10, 30, 17, tzinfo=UTC)
CEF = "CEF:0|Cyber-Ark|Vault|12.6|295|Retrieve password|5|act=Retrieve password suser=ann fname=Root\\\\db-hss dvc=192.0.2.7 shost=192.0.2.9 duser=sys cs1Label=Affected User Name cs1=oracle reason=a \\= b rt=1795343417000"


def test_a_privileged_access_is_told_with_who_whence_and_what() -> None:
    row = only_row(CEF, "access")
    has(
        row,
        time=AT,
        user="ann",
        src_ip="192.0.2.9",
        action="read",
        operation="Retrieve password",
        system="Cyber-Ark Vault",
    )
    has(
        row,
        object="Root\\db-hss",
        Affected_User_Name="oracle",
        message="a = b",
        device="192.0.2.7",
        observer="192.0.2.7",
    )


def test_behind_a_syslog_header_it_stands_beside_its_line_and_keeps_the_account() -> None:
    result = read_as_found(f"<134>Nov 22 10:30:17 pam1 {CEF}\n")
    assert result.counts() == {"syslog": 1, "access": 1}
    has(result.rows("access")[0], observer="192.0.2.7", user="ann", src_ip="192.0.2.9", action="read")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("LEEF:1.0|BeyondTrust|PAM|23|login_failed|usrName=ann\tsrc=192.0.2.9\tdevTime=2026-11-22 10:30:17\tsev=5", id="1.0, tabs"),
        pytest.param("LEEF:2.0|BeyondTrust|PAM|23|login_failed|^|usrName=ann^src=192.0.2.9^devTime=2026-11-22 10:30:17^sev=5", id="2.0, a sign"),
        pytest.param("LEEF:2.0|BeyondTrust|PAM|23|login_failed|0x5e|usrName=ann^src=192.0.2.9^devTime=2026-11-22 10:30:17^sev=5", id="2.0, its code"),
        pytest.param("LEEF:2.0|BeyondTrust|PAM|23|login_failed|usrName=ann\tsrc=192.0.2.9\tdevTime=2026-11-22 10:30:17\tsev=5", id="2.0, tabs by default"),
        pytest.param("CEF:0|BeyondTrust|PAM|23|login_failed|login_failed|5|suser=ann src=192.0.2.9 rt=Nov 22 2026 10:30:17 UTC", id="CEF"),
    ],
)  # fmt: skip
def test_every_envelope_says_the_same(text: str) -> None:
    assert recognised(text) == "envelopes"
    row = only_row(text, "access")
    has(row, user="ann", src_ip="192.0.2.9", action="login", activity="login", outcome="failure", severity="5", time=AT)


def test_secrets_in_fields_are_masked_whatever_they_are_called() -> None:
    row = only_row(
        "CEF:0|a|b|1|2|x|5|suser=ann password=hUnter2Zx9 cs1Label=API Token cs1=hUnter3Zx9 msg=set password hUnter4Zx9",
        "access",
    )
    assert "hUnter" not in str({k: v for k, v in row.items() if k not in ("raw",)})
    assert "hUnter2Zx9" not in str(row)


def test_a_header_cut_short_is_no_envelope() -> None:
    assert open_envelope("CEF:0|a|b|1|2") is None
    assert open_envelope("x" * 400 + CEF) is None
    found = open_envelope("CEF:0|a\\|b|c|1|2|name|5|")
    assert found is not None
    assert (found.record.vendor, found.fields) == ("a|b", {})


@given(st.binary(max_size=600).map(lambda tail: b"CEF:0|a|b|1|2|x|5|" + tail))
def test_any_bytes_behind_a_header_give_rows_and_rejects(content: bytes) -> None:
    read_bytes(envelopes.SOURCE, content)
    envelopes.sniff(evidence_from_bytes(content, "x"))


_PIECES = st.sampled_from(
    ["CEF:0|", "LEEF:2.0|", "a|", "\\|", "k=v ", "cs1Label=rt ", "cs1=x ", "event_id=1 ", "Time=2 ", "^", "\t", "\n"]
)


@given(st.lists(_PIECES, max_size=30).map("".join))
def test_pieces_in_any_order_give_rows_and_rejects(content: str) -> None:
    read_bytes(envelopes.SOURCE, content.encode())


def test_a_secret_named_only_by_its_label_stands_nowhere() -> None:
    text = (
        "CEF:0|Example|Guard|1|7|Add account|5|suser=eve src=203.0.113.9 cs1=Tr0u\\=b4dor cs1Label=NewPassword act=add"
    )
    row = only_row(text, "access")
    assert "b4dor" not in str(row)
    has(row, user="eve", NewPassword="<masked>")


def test_a_secret_named_only_by_its_label_is_struck_inside_syslog_too() -> None:
    text = "Nov 22 10:30:17 guard1 CEF:0|Example|Guard|1|7|Add account|5|suser=eve src=203.0.113.9 cs1=Tr0ub4dor cs1Label=NewPassword act=add"
    (row,) = read_as_found(text).rows("access")
    assert "b4dor" not in str(row)
    has(row, user="eve", NewPassword="<masked>")
