from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.service.hec import HecError, documents


def test_text_becomes_lines_and_objects_lines_of_json_by_source_type() -> None:
    body = b'{"event":"one","sourcetype":"c:i"} {"event":{"a":1},"sourcetype":"x"}{"event":"two","sourcetype":"c:i"}'
    assert [(one.name, one.content, one.events) for one in documents(body)] == [
        ("c_i.log", b"one\ntwo\n", 2),
        ("x.jsonl", b'{"a": 1}\n', 1),
    ]


def test_a_line_without_a_time_gets_the_envelopes_and_one_with_its_own_stays() -> None:
    body = json.dumps({"time": 1764000000.25, "host": "r1", "event": "%SYS-5-CONFIG_I: Configured"})
    own = json.dumps({"time": 1764000000, "host": "r1", "event": "<189>Nov 24 10:00:00 r2 x: y"})
    (one,) = documents((body + own).encode())
    assert one.content == b"2025-11-24T16:00:00.250000Z r1 %SYS-5-CONFIG_I: Configured\n<189>Nov 24 10:00:00 r2 x: y\n"


def test_an_object_without_a_time_gets_the_envelopes() -> None:
    (one,) = documents(b'{"time":"1764000000","host":"h","event":{"msg":"m"}}')
    assert json.loads(one.content) == {"msg": "m", "@timestamp": "2025-11-24T16:00:00.000000Z", "host": "h"}


@pytest.mark.parametrize(
    ("body", "code"),
    [(b"", 5), (b"[1]", 6), (b"{", 6), (b"\xff", 6), (b'{"time":1}', 12), (b'{"event":""}', 13), (b"[" * 90_000, 6)],
)
def test_what_splunk_refuses_is_refused_with_its_number(body: bytes, code: int) -> None:
    with pytest.raises(HecError) as refused:
        documents(body)
    assert refused.value.code == code


@given(st.recursive(st.none() | st.text() | st.floats(allow_nan=False), lambda s: st.dictionaries(st.text(), s)))
def test_any_event_is_taken_or_refused_and_makes_as_many_lines(event: object) -> None:
    with contextlib.suppress(HecError):
        assert [one.content.count(b"\n") for one in documents(json.dumps({"event": event}).encode())] == [1]
