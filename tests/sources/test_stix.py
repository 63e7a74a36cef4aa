from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.sources import recognise, stix
from seawall.sources.opening import evidence_from_bytes
from tests.corpus import corpus_path
from tests.sources.reading import Result, read_bytes, read_path

ID = "indicator--6f0d1f3e-5b0a-4f0e-9c55-1d2b7c1a9a10"
ONE = {
    "type": "indicator", "spec_version": "2.1", "id": ID, "pattern": "[ipv4-addr:value = '192.0.2.1']",
    "pattern_type": "stix", "valid_from": "2026-01-01T00:00:00Z", "valid_until": "2026-02-01T00:00:00Z", "name": "c2",
}  # fmt: skip


def read(*objects: dict[str, Any], whole: object = None) -> Result:
    value = whole if whole is not None else {"type": "bundle", "objects": list(objects)}
    return read_bytes(stix.SOURCE, json.dumps(value).encode(), "b.json")


def test_an_indicator_keeps_what_its_publisher_said() -> None:
    (row,) = read({**ONE, "confidence": 80, "revoked": True}).rows("indicators")
    assert (row["type"], row["value"], row["confidence"], row["revoked"]) == ("ip", "192.0.2.1", "high", True)
    assert (row["valid_until"], row["published_as"], row["note"]) == ("2026-02-01T00:00:00Z", ID, "c2")
    assert row["origin"] == f"b.json#{ID}"


def test_one_part_of_a_pattern_that_asks_for_more_only_ever_supports() -> None:
    pattern = "[ipv4-addr:value = '192.0.2.1' AND network-traffic:dst_port = 443]"
    (row,) = read({**ONE, "pattern": pattern, "confidence": 99}).rows("indicators")
    assert row["confidence"] == "low"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"pattern_type": "yara"}, "yara"),
        ({"pattern": "[file:name = 'x']"}, "file:name is not compared"),
        ({"pattern": "[ipv4-addr:value = 'not one']"}, "holds no ip"),
        ({"pattern": "[["}, "cannot be read"),
        ({"pattern": 5}, "without a pattern"),
    ],
)
def test_what_cannot_be_searched_for_is_counted_and_named(change: dict[str, Any], why: str) -> None:
    result = read({**ONE, **change}, ONE)
    assert result.counts() == {"indicators": 1}
    assert why in result.rejects[0].what
    assert result.rejects[0].where == f"b.json#{ID}"


def test_observations_are_not_indicators() -> None:
    result = read({"type": "ipv4-addr", "value": "192.0.2.1"}, {"type": "observed-data"}, {"type": "malware"})
    assert result.counts() == {}
    assert len(result.notes) == 2


def test_the_strictest_light_counts_whatever_its_version() -> None:
    red = {"type": "marking-definition", "id": "marking-definition--1", "definition": {"tlp": "red"}}
    refs = ["marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da", "marking-definition--1"]
    (row,) = read({**ONE, "object_marking_refs": refs}, red).rows("indicators")
    assert row["tlp"] == "red"


def test_amber_of_the_first_version_is_the_strict_amber_of_the_second() -> None:
    first = "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82"
    again = {"type": "marking-definition", "id": first, "definition": {"tlp": "white"}}
    (row,) = read({**ONE, "object_marking_refs": [first]}, again).rows("indicators")
    assert row["tlp"] == "amber+strict"


@pytest.mark.parametrize(
    "whole", [ONE, [ONE], {"objects": [ONE], "more": False}, [{"type": "bundle", "objects": [ONE]}]]
)
def test_every_wrapping_is_opened(whole: object) -> None:
    assert recognise(evidence_from_bytes(json.dumps(whole).encode(), "x")) is stix.SOURCE
    assert read(whole=whole).counts() == {"indicators": 1}


def test_real_reports_give_their_values_and_name_the_rest() -> None:
    reports = corpus_path("sharing", "stix21-examples", "threat-reports")
    apt1 = read_path(reports / "apt1.json")
    assert (apt1.counts()["indicators"], apt1.rejected) == (10, 2)
    assert all("x509-certificate:issuer" in reject.what for reject in apt1.rejects)


@given(st.binary(max_size=200))
def test_any_bytes_give_indicators_or_a_reject(content: bytes) -> None:
    read_bytes(stix.SOURCE, content)
    read_bytes(stix.SOURCE, b'{"type": "bundle", "objects": [' + content + b"]}")


def test_a_playbook_with_ids_of_the_same_form_is_no_bundle() -> None:
    playbook = {"type": "playbook", "spec_version": "cacao-2.0", "id": ID.replace("indicator", "playbook")}
    assert recognise(evidence_from_bytes(json.dumps(playbook).encode(), "x")) is None
