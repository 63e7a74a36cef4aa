from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.sources import misp, recognise
from seawall.sources.opening import evidence_from_bytes
from tests.sources.reading import Result, read_bytes

HASH = "ab" * 32


def attribute(type_: str, value: object, **more: Any) -> dict[str, Any]:
    return {"uuid": "6f0d1f3e", "type": type_, "category": "Network activity", "to_ids": True, "value": value, **more}


def event(*attributes: Any, **more: Any) -> dict[str, Any]:
    return {"Event": {"uuid": "e", "info": "case", "Orgc": {"name": "CERT"}, "Attribute": list(attributes), **more}}


def read(value: object) -> Result:
    content = json.dumps(value).encode()
    assert recognise(evidence_from_bytes(content, "x")) is misp.SOURCE
    return read_bytes(misp.SOURCE, content, "m.json")


@pytest.mark.parametrize(
    ("type_", "value", "found"),
    [
        ("ip-dst|port", "192.0.2.1|443", [("ip", "192.0.2.1")]),
        ("domain|ip", "bad.example|192.0.2.1", [("domain", "bad.example"), ("ip", "192.0.2.1")]),
        ("filename|sha256", f"x.exe|{HASH}", [("hash", HASH)]),
        ("hostname|port", "h.bad.example|8443", [("domain", "h.bad.example")]),
        ("email-src", "Who@bad.example", [("email", "who@bad.example")]),
        ("url", "hxxp://bad[.]example/x", [("url", "http://bad.example/x")]),
    ],
)
def test_types_that_hold_two_values_give_each(type_: str, value: str, found: list[tuple[str, str]]) -> None:
    rows = read(event(attribute(type_, value))).rows("indicators")
    assert [(row["type"], row["value"]) for row in rows] == found


def test_context_only_supports_and_deleted_is_revoked() -> None:
    rows = read(
        event(attribute("domain", "a.example", to_ids=False), attribute("domain", "b.example", deleted=True))
    ).rows("indicators")
    assert [(row["confidence"], row["revoked"]) for row in rows] == [("low", False), ("medium", True)]


def test_objects_answers_of_the_interface_and_lists_are_opened() -> None:
    inner = event(Object=[{"name": "file", "Attribute": [attribute("sha256", HASH)]}])
    for value in (inner, [inner], {"response": [inner]}, {"response": {"Attribute": [attribute("sha256", HASH)]}}):
        assert read(value).counts() == {"indicators": 1}


def test_what_is_not_compared_is_counted_and_named() -> None:
    result = read(event(attribute("mutex", "x"), attribute("ip-dst", "nowhere"), attribute("ip-dst", 5)))
    assert result.notes == ["attributes of type mutex are not compared: 1"]
    assert result.rejected == 2


@given(st.binary(max_size=200))
def test_any_bytes_give_indicators_or_a_reject(content: bytes) -> None:
    read_bytes(misp.SOURCE, content)
    read_bytes(misp.SOURCE, b'{"Event": {"uuid": "x", "info": "y", "Attribute": [' + content + b"]}}")
