"""A list of known-bad values is sorted by trust, and what would match half the world is refused with its reason."""

from __future__ import annotations

from typing import Any

import pytest

from seawall.detect.indicators.known import is_public_suffix, read


def row(value: str | None, kind: str = "ip", confidence: str | None = "high", **more: Any) -> dict[str, Any]:
    return {"value": value, "type": kind, "confidence": confidence, **more}


@pytest.mark.parametrize(
    ("value", "kind", "reason"),
    [
        pytest.param("10.0.0.0/7", "ip", "wider than /8", id="a range too wide"),
        pytest.param("2001:db8::/18", "ip", "wider than /19", id="a range too wide, version 6"),
        pytest.param("0.0.0.0/0", "ip", "wider than /8", id="everybody"),
        pytest.param("1.2.3", "ip", "not an address", id="half an address"),
        pytest.param("com", "domain", "public suffix", id="a top-level domain"),
        pytest.param(".co.uk.", "domain", "public suffix", id="a registry's second label"),
        pytest.param("http:/", "url", "shorter than 8", id="a short link"),
        pytest.param("a" * 33, "hash", "not an MD5", id="a hash of odd length"),
        pytest.param("g" * 32, "hash", "not an MD5", id="a hash that is not hex"),
        pytest.param("eve at example.net", "email", "not a mail address", id="a mail address without its sign"),
        pytest.param("@example.net", "email", "not a mail address", id="a whole mail domain"),
        pytest.param("x", "mutex", "no type", id="a type nobody knows"),
        pytest.param(None, "ip", "not an address", id="nothing at all"),
    ],
)
def test_a_value_that_cannot_be_searched_for_is_refused_with_its_reason(
    value: str | None, kind: str, reason: str
) -> None:
    known = read([row(value, kind), row("192.0.2.1")])
    assert [i.value for i in known.telling] == ["192.0.2.1"]
    assert len(known.refused) == 1
    assert reason in known.refused[0]


def test_bounds_of_ranges_are_taken_exactly() -> None:
    assert len(read([row("10.0.0.0/8"), row("2001::/19")]).telling) == 2


def test_the_same_value_twice_keeps_the_surer_word_in_either_order() -> None:
    rows = [row("Bad.Example.NET.", "domain", "low"), row("bad.example.net", "domain", "high", note="sure")]
    for given in (rows, rows[::-1]):
        known = read(given)
        assert [(i.value, i.note) for i in known.telling] == [("bad.example.net", "sure")]
        assert known.supporting == {}


def test_low_or_no_confidence_only_supports() -> None:
    known = read(
        [row("192.0.2.1", confidence="low"), row("192.0.2.2", confidence=None), row("192.0.2.3", "ip", "medium")]
    )
    assert set(known.supporting) == {"192.0.2.1", "192.0.2.2"}
    assert [i.value for i in known.telling] == ["192.0.2.3"]


def test_a_refusal_is_said_once_however_often_the_list_repeats_it() -> None:
    assert len(read([row("com", "domain")] * 1_000).refused) == 1


@pytest.mark.parametrize(
    ("name", "suffix"), [("", True), ("...", True), ("go.kr", True), ("go.dev", False), ("a.co.uk", False)]
)
def test_a_public_suffix_is_one_label_or_a_registrys_pair(name: str, suffix: bool) -> None:
    assert is_public_suffix(name) is suffix
