from __future__ import annotations

import json
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.sources import windows_rows
from seawall.sources.windows_fields import time_of
from tests.sources.recognising import read_as_found
from tests.sources.test_evtx import event


def test_an_event_with_a_number_is_named_by_windows_words_alone_in_every_form() -> None:
    usual = event(data={"CommandLine": "a"})
    (one,) = read_as_found(json.dumps(usual)).rows("windows")
    (other,) = read_as_found(json.dumps([usual])).rows("windows")
    assert one["event_id"] == other["event_id"]


def test_events_without_a_number_are_named_by_their_records_and_keep_their_order() -> None:
    events = [event(data={"CommandLine": str(n)}, EventRecordID=None) for n in range(3)]
    rows = read_as_found(json.dumps(events)).rows("windows")
    assert [row["CommandLine"] for row in rows] == ["0", "1", "2"]
    assert len({row["event_id"] for row in rows}) == 3


def test_many_events_give_the_rows_few_give(monkeypatch: pytest.MonkeyPatch) -> None:
    shapes: list[dict[str, str | int | None]] = [
        {"CommandLine": "net user ann Geheim1 /add"},
        {"CommandLine": "a", "ProcessId": 7},
        {"Image": "Zürich", "IpAddress": "::ffff:192.0.2.1"},
        {"ProcessId": None},
    ]
    times = ("2026-03-01T10:00:00.1234567Z", "1601-01-01T00:00:00Z", "2026-03-01T10:00:00", "soon")
    events = [
        event(data=shapes[n % 4], EventRecordID=n if n % 5 else None)
        | {"n": n}  # what is no part of an event is passed by
        for n in range(60)
    ]
    for n, one in enumerate(events):
        one["Event"]["System"]["TimeCreated"] = {"#attributes": {"SystemTime": times[n % 4 if n > 30 else 0]}}
    lines = "\n".join(json.dumps(one) for one in events)
    few = read_as_found(lines).rows("windows")
    monkeypatch.setattr(windows_rows, "_FEW", 8)
    assert read_as_found(lines).rows("windows") == few
    assert {row["time_quality"] for row in few} == {"exact", "zone_assumed", "missing"}
    assert "Geheim1" not in str(few)


@given(
    st.datetimes(min_value=datetime(1, 1, 1)),
    st.sampled_from(["T", " ", "t"]),
    st.sampled_from(["", ".1", ".12345678", ".123456789", ".9999999", ".1234567890"]),
    st.sampled_from(["Z", "", "+02:00", "-0330", "+00", " UTC", "z", " Z"]),
    st.sampled_from(["{}", " {}", "{} ", "x{}"]),
)
def test_times_read_together_are_what_each_is_alone(
    moment: datetime, joint: str, fraction: str, zone: str, around: str
) -> None:
    text = around.format(f"{moment:%Y-%m-%d}{joint}{moment:%H:%M:%S}{fraction}{zone}")
    times, qualities = windows_rows._times([text])
    assert times.to_pylist() == [time_of(text)]
    assert qualities.to_pylist() == [windows_rows._quality(time_of(text), text)]
