# ruff: noqa: E501 - samples stand as they are written
from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.sources import windows_json
from tests.sources.reading import read_bytes
from tests.sources.recognising import only_row, read_as_found, recognised

SYSMON = {
    "@timestamp": "2026-03-01T10:00:00.123Z",
    "event": {"code": "1"},
    "host": {"name": "srv1"},
    "process": {"executable": "C:\\x.exe", "command_line": "x.exe -p Secret1", "pid": 4, "parent": {"executable": "C:\\p.exe"}},
    "winlog": {"channel": "Microsoft-Windows-Sysmon/Operational", "event_id": "1", "event_data": {"Product": "X"}},
}  # fmt: skip
FLAT = {
    "EventID": 4688,
    "Channel": "Security",
    "Hostname": "srv1",
    "EventTime": "2026-03-01 10:00:00",
    "CommandLine": "a",
}
VELOCIRAPTOR = {
    "System": {"Provider": {"Name": "P", "Guid": "{1}"}, "EventID": {"Value": 4624}, "Channel": "Security", "Computer": "srv1",
               "TimeCreated": {"SystemTime": 1772359200.5}, "EventRecordID": 9},
    "EventData": {"TargetUserName": "ana"}, "Message": "x",
}  # fmt: skip
AT_SIGNS = {
    "Event": {"System": {"Provider": {"@Name": "P"}, "EventID": {"@Qualifiers": "1", "#text": "7045"}, "Computer": "srv1",
              "TimeCreated": {"@SystemTime": "2026-03-01T10:00:00Z"}, "Channel": "System"}, "EventData": {"ServiceName": "s"}}
}  # fmt: skip


def lines(*objects: Any) -> str:
    return "".join(json.dumps(one) + "\n" for one in objects)


def test_fields_the_modules_of_winlogbeat_moved_are_read_where_they_went() -> None:
    row = only_row(lines(SYSMON), "windows")
    assert (row["EventID"], row["Computer"], row["Product"]) == (1, "srv1", "X")
    assert (row["Image"], row["ParentImage"], row["ProcessId"]) == ("C:\\x.exe", "C:\\p.exe", "4")


@pytest.mark.parametrize(
    ("event", "wanted"),
    [
        (VELOCIRAPTOR, {"EventID": 4624, "Provider_Name": "P", "TargetUserName": "ana", "EventRecordID": 9}),
        (AT_SIGNS, {"EventID": 7045, "Provider_Name": "P", "ServiceName": "s", "EventID_Qualifiers": "1"}),
    ],
    ids=["Velociraptor", "attributes with @"],
)
def test_forms_of_other_tools_are_read(event: dict[str, Any], wanted: dict[str, object]) -> None:
    row = only_row(lines(event), "windows")
    assert wanted.items() <= row.items()
    assert row["time"].replace(microsecond=0) == datetime(2026, 3, 1, 10, tzinfo=UTC)  # type: ignore[attr-defined]


def test_arrays_and_pretty_objects_are_read_too() -> None:
    for text in (json.dumps([FLAT, SYSMON]), json.dumps([SYSMON, FLAT], indent=2), json.dumps(AT_SIGNS, indent=1)):
        assert recognised(text) == "windows_json"
        assert read_as_found(text).counts()["windows"] >= 1


@pytest.mark.parametrize(
    "other",
    [
        {"ts": 1.5, "uid": "C1", "id.orig_h": "192.0.2.1", "id.orig_p": 1, "id.resp_h": "192.0.2.2", "id.resp_p": 2,
         "proto": "tcp"},
        {"timestamp": "2026-03-01T10:00:00.1+0000", "flow_id": 1, "event_type": "flow", "src_ip": "192.0.2.1",
         "flow": {"pkts_toserver": 1}},
        {"@timestamp": "2026-03-01T10:00:00Z", "event": {"code": "1"}, "host": {"name": "x"}, "message": "hello"},
        {"EventID": "x", "Channel": "Security", "Hostname": "srv1"},
        {"event_id": "a1", "channel": 3},
    ],
    ids=["Zeek", "Suricata", "ECS of another beat", "no number", "another's ids"],
)  # fmt: skip
def test_json_of_others_is_left_to_them(other: dict[str, Any]) -> None:
    assert recognised(lines(other, other)) != "windows_json"


def test_passwords_never_become_rows_in_any_column() -> None:
    secret = "net user bad Secret1! /add"
    for event in (
        {**FLAT, "CommandLine": secret, "Message": f"Process Command Line:\t{secret}"},
        {**SYSMON, "process": {"command_line": secret}, "message": f"CommandLine: {secret}"},
    ):
        row = only_row(lines(event), "windows")
        assert "Secret1!" not in str(row)
        assert "<masked>" in str(row["CommandLine"])


def test_events_without_a_record_number_are_told_apart_by_what_they_say() -> None:
    one, two = ({**FLAT, "CommandLine": said} for said in "ab")
    both = read_as_found(lines(one, two)).rows("windows")
    (alone,) = read_as_found(lines(two)).rows("windows")
    assert both[0]["event_id"] != both[1]["event_id"] == alone["event_id"]


def test_a_line_that_is_no_event_is_rejected_and_the_others_read() -> None:
    result = read_bytes(windows_json.SOURCE, lines(FLAT, {"a": 1}, [1], SYSMON).encode())
    assert result.counts() == {"windows": 2}
    assert sorted((r.where, r.what) for r in result.rejects) == [
        ("sample.log:2", "JSON, but no Windows event"),
        ("sample.log:3", "not a whole JSON object"),
    ]


@pytest.mark.parametrize(
    ("said", "text"),
    [(1772359200, "2026-03-01T10:00:00+00:00"), (1772359200000, "2026-03-01T10:00:00+00:00"), ("1772359200000000",
     "2026-03-01T10:00:00+00:00"), ("2026-03-01 10:00:00", "2026-03-01 10:00:00"), (True, None), (1e300, None)],
)  # fmt: skip
def test_times_as_numbers_are_told_by_their_size(said: Any, text: str | None) -> None:
    assert windows_json.moment_text(said) == text


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["#text", "#attributes", "@Name", "a_attributes", "a", "Value"]), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@given(st.sampled_from([SYSMON, FLAT, VELOCIRAPTOR, AT_SIGNS]), st.data())
def test_any_event_with_anything_anywhere_gives_events_and_rejects(event: dict[str, Any], data: st.DataObject) -> None:
    hurt = json.loads(json.dumps(event))
    part = hurt
    for _ in range(data.draw(st.integers(1, 4))):
        key = data.draw(st.sampled_from(sorted(part)))
        if not isinstance(part[key], dict) or not part[key]:
            break
        part = part[key]
    part[data.draw(st.sampled_from(sorted(part)))] = data.draw(_json)
    result = read_bytes(windows_json.SOURCE, lines(event, hurt, event).encode())
    assert result.counts()["windows"] >= 2


@given(st.binary(max_size=200))
def test_any_bytes_give_events_and_rejects(content: bytes) -> None:
    read_bytes(windows_json.SOURCE, content)
    read_bytes(windows_json.SOURCE, json.dumps(FLAT).encode() + b"\n" + content)


def test_a_time_without_a_zone_is_taken_for_utc_and_says_so() -> None:
    line = b'{"EventTime":"2026-03-01 10:00:00","Hostname":"h1","EventID":4624,"Channel":"Security","RecordNumber":7}\n'
    (row,) = read_bytes(windows_json.SOURCE, line).rows("windows")
    assert row["time_quality"] == "zone_assumed"
    (row,) = read_bytes(windows_json.SOURCE, line.replace(b'10:00:00"', b'10:00:00Z"')).rows("windows")
    assert row["time_quality"] == "exact"
