from __future__ import annotations

import json

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
