"""DTCP LIST: one tap for each criterion, and a count that does not fit is said."""

from __future__ import annotations

import json

from hypothesis import given

from tests.sources.intercepts.handing import damaged, hand

LIST = (
    "DTCP/0.7 200 OK\r\nSEQ: 41\r\nCRITERIA-ID: 7\r\nCSOURCE-ID: md-2\r\nFLAGS: STATIC\r\n"
    "X-JTAP-CDEST-DEST-ADDRESS: 198.51.100.6\r\nX-JTAP-CDEST-DEST-PORT: 50001\r\nX-MD-INTERCEPT-ID: 0000138E\r\n"
    "SOURCE-ADDRESS: 192.0.2.161/32\r\nDEST-ADDRESS: *\r\nAuthentication-Info: 0a1b2c\r\n\r\n"
    "CRITERIA-ID: 8\r\nX-MD-INTERCEPT-ID: 00001395\r\nSOURCE-ADDRESS: 192.0.2.7/32\r\n\r\nCRITERIA-COUNT: {count}\r\n"
)


def test_each_criterion_is_a_tap() -> None:
    handed = hand(LIST.replace("{count}", "2"))
    first, second = handed.rows("taps")
    assert (first["tap"], second["tap"]) == ("0000138e", "00001395")
    assert json.loads(first["delivery"]) == ["198.51.100.6:50001"]
    assert "192.0.2.161" not in handed.text
    assert "0a1b2c" not in handed.text
    assert handed.rejects == []


def test_a_count_that_does_not_fit_makes_the_report_incomplete() -> None:
    handed = hand(LIST.replace("{count}", "5"))
    assert "may be missing" in handed.rejects[0]
    assert handed.rows("tap_reports")[0]["complete"] is False


@given(damaged(LIST.replace("{count}", "2").encode()))
def test_any_damage_gives_rows_or_rejects(content: bytes) -> None:
    hand(content, form="dtcp")
