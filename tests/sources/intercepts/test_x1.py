"""X1: what breaks the schema is read as far as true; what could hide something is refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from seawall.sources.intercepts.x1 import xid_of
from tests.corpus import corpus_path
from tests.sources.intercepts.handing import damaged, hand

IMSI = "901700000012345"
XID = "9D05633A-8D3A-47EF-8312-3F99099565A2"
TASK = (
    f"<n:taskResponseDetails><n:taskDetails><n:xId>{XID}</n:xId><n:targetIdentifiers><n:targetIdentifier>"
    f"<n:supiimsi>imsi-{IMSI}</n:supiimsi></n:targetIdentifier></n:targetIdentifiers><n:deliveryType>X2andX3"
    "</n:deliveryType><n:listOfDIDs><n:dSId>set-1</n:dSId></n:listOfDIDs><n:listOfMediationDetails><n:mediationDetails>"
    "<n:LIID>QQ"
    " 1</n:LIID><n:EndTime>2026-05-01T00:00:00+12:00</n:EndTime></n:mediationDetails></n:listOfMediationDetails>"
    "</n:taskDetails><n:taskStatus><n:provisioningStatus>{state}</n:provisioningStatus><n:numberOfModifications>3"
    "</n:numberOfModifications></n:taskStatus></n:taskResponseDetails>"
)
ADDRESS = (
    "<n:deliveryAddress><n:ipAddressAndPort><c:address><c:IPv6Address>2001:db8::5</c:IPv6Address></c:address><c:port>"
    "<c:TCPPort>42069</c:TCPPort></c:port></n:ipAddressAndPort></n:deliveryAddress>"
)
DESTINATIONS = (
    f"<n:destinationDetails>{ADDRESS}<n:dId>no-uuid</n:dId></n:destinationDetails><n:setDetails><n:objectId>set-1"
    "</n:objectId><n:listOfAssociatedDIDs><n:AssociatedDID><n:dId>no-uuid</n:dId></n:AssociatedDID>"
    "</n:listOfAssociatedDIDs></n:setDetails>"
)


def message(kind: str = "GetAllDetailsResponse", body: str = "", prolog: str = "") -> str:
    return (
        f'{prolog}<n:X1Response xmlns:n="http://uri.etsi.org/03221/X1/2017/10"'
        f' xmlns:c="http://uri.etsi.org/03280/common'
        '/2017/07" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><n:x1ResponseMessage '
        f'xsi:type="n:{kind}"><n:neIdentifier>amf-9</n:neIdentifier><n:messageTimestamp>2026-03-18T10:00:00.000001Z'
        f"</n:messageTimestamp>{body}</n:x1ResponseMessage></n:X1Response>"
    )


def whole(state: str = "complete") -> str:
    return message(body=TASK.replace("{state}", state) + DESTINATIONS)


def test_a_task_is_a_row_with_its_destinations_and_no_identifier() -> None:
    handed = hand(whole())
    (tap,) = handed.rows("taps")
    assert tap["tap"] == XID.lower()
    assert tap["system"] == "amf-9"
    assert json.loads(tap["delivery"]) == ["[2001:db8::5]:42069"]
    assert json.loads(tap["liids"]) == ["QQ 1"]
    assert tap["modifications"] == 3
    assert tap["redundant"] is True
    assert str(tap["ends"]) == "2026-04-30 12:00:00+00:00"
    (target,) = json.loads(tap["targets"])
    assert (target["type"], target["form"]) == ("imsi", "supiimsi")
    assert IMSI not in handed.text
    assert any("XID" in note for note in handed.notes), "what breaks the schema is said"


@pytest.mark.parametrize(("state", "meant"), [("complete", "active"), ("failed", "inactive"), ("", "active")])
def test_only_what_is_provisioned_taps(state: str, meant: str) -> None:
    assert hand(whole(state)).rows("taps")[0]["state"] == meant


@pytest.mark.parametrize(
    "prolog",
    [
        '<!DOCTYPE x [<!ENTITY a "b">]>',
        "<!doctype x SYSTEM 'file:///etc/passwd'>",
        "<?xml version='1.0' encoding='cp037'?>",
    ],
    ids=["entity", "external", "ebcdic"],
)
def test_a_document_type_or_an_encoding_that_could_hide_one_is_refused(prolog: str) -> None:
    handed = hand(message(body=TASK, prolog=prolog), form="x1")
    assert handed.rows("taps") == []
    assert handed.rejects[0].startswith("XML")


def test_a_document_type_is_seen_in_utf_16() -> None:
    handed = hand(message(body=TASK, prolog="<!DOCTYPE x>").encode("utf-16"))
    assert handed.form == "x1"
    assert handed.rows("taps") == []


def test_what_stood_before_broken_xml_is_kept() -> None:
    good = whole().replace("</n:X1Response>", "")
    handed = hand(good + "<n:x1ResponseMessage></oops>")
    assert len(handed.rows("taps")) == 1
    assert "broken XML" in handed.rejects[0]


def test_tasks_of_an_answer_that_was_cut_off_are_kept_and_the_answer_is_no_whole_one() -> None:
    good = whole()
    cut = good[: good.index("<n:destinationDetails>") + 30]
    handed = hand(cut)
    (tap,) = handed.rows("taps")
    assert (tap["tap"], tap["path"], json.loads(tap["unresolved"])) == (XID.lower(), "element", ["set-1"])
    assert handed.rows("tap_reports") == []
    assert "broken XML" in handed.rejects[0]


def test_a_request_that_was_cut_off_is_no_tap() -> None:
    task = TASK[TASK.index("<n:taskDetails>") : TASK.index("<n:taskStatus>")]
    assert hand(message("ActivateTaskRequest", task).split("</n:x1ResponseMessage>", maxsplit=1)[0]).rows("taps") == []


def test_destinations_are_rows_of_their_own() -> None:
    rows = hand(message("GetDestinationDetailsResponse", DESTINATIONS)).rows("tap_destinations")
    assert [(row["did"], row["address"], row["member"]) for row in rows] == [
        ("no-uuid", "[2001:db8::5]:42069", None),
        ("set-1", None, "no-uuid"),
    ]


def test_deep_nesting_ends_in_a_reject() -> None:
    assert "deeper" in hand(message(body="<a>" * 5_000 + "</a>" * 5_000)).rejects[0]


def test_a_report_without_tasks_is_a_report() -> None:
    (report,) = hand(message("ListAllDetailsResponse", "<n:ListOfXIDs/>")).rows("tap_reports")
    assert (report["complete"], report["names_only"], report["taps"]) == (True, True, 0)


def test_spellings_of_an_xid_are_one() -> None:
    assert {xid_of(s) for s in (XID, XID.lower(), "{" + XID + "}", "urn:uuid:" + XID, XID.replace("-", ""))} == {
        XID.lower()
    }


def test_every_fixture_of_two_implementations_is_read_or_refused_with_its_reason() -> None:
    files = sorted(corpus_path("lawful-intercept", "x1-fixtures").glob("*.xml"))
    assert len(files) >= 17
    for path in files:
        handed = hand(path.read_bytes(), path.name)
        assert handed.form == "x1", path.name
        assert handed.tables or handed.notes or handed.rejects, f"{path.name}: silence"
        assert not any("broken" in what for what in handed.rejects), path.name


@given(damaged(whole().encode()))
def test_any_damage_gives_rows_or_rejects(content: bytes) -> None:
    assert IMSI not in hand(content, form="x1").text or IMSI.encode() not in content
