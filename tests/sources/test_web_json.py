from __future__ import annotations

import json

import pytest

from seawall.sources.web_json import tell
from tests.sources.reading import READING


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"status":200}',
        '{"a":1}',
        "{" * 5_000,
        '{"query":"a","status":1}',
        '{"id.orig_h":"192.0.2.9","method":"GET","uri":"/","status_code":200}',
    ],
)
def test_other_json_is_no_request(text: str) -> None:
    assert tell(text, READING) is None


def test_fields_are_found_by_their_many_names() -> None:
    record = {"StartUTC": "x", "ClientHost": "192.0.2.9", "ClientPort": "4411", "RequestMethod": "GET"}
    record |= {"RequestPath": "/a", "DownstreamStatus": 200, "RequestHost": "a.example", "time": "2026-11-22T10:30:17Z"}
    told = tell(json.dumps(record), READING)
    assert told is not None
    wanted = {"src_ip": "192.0.2.9", "src_port": 4411, "method": "GET", "uri": "/a", "status": 200, "host": "a.example"}
    assert {name: told.values[name] for name in wanted} == wanted
