# ruff: noqa: E501 - patterns stand as they are written
from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.model.stix_patterns import Named, PatternError, read_pattern, type_of


@pytest.mark.parametrize(
    ("pattern", "values"),
    [
        ("[ipv4-addr:value = '192.0.2.1']", ["192.0.2.1"]),
        ("[ipv4-addr:value = '192.0.2.1' OR domain-name:value = 'a.example']", ["192.0.2.1", "a.example"]),
        ("[ipv4-addr:value IN ('192.0.2.1', '192.0.2.2')]", ["192.0.2.1", "192.0.2.2"]),
        ("[ipv4-addr:value ISSUBSET '198.51.100.0/24']", ["198.51.100.0/24"]),
        ("([url:value = 'http://a/\\'x'] OR [url:value='http://b']) START t'2026-01-01T00:00:00Z' STOP t'2026-02-01T00:00:00Z'",
         ["http://a/'x", "http://b"]),
        ("[file:hashes.'SHA-256' = 'ab' /* why */ OR file:hashes.MD5 = 'cd'] WITHIN 300 SECONDS", ["ab", "cd"]),
        ("[a:b = '1' AND a:c = '2' OR a:d = '3']", ["3"]),
        ("[a:b = '1' OR a:c = '2' AND a:d LIKE 'x%']", ["1"]),
        ("[a:b LIKE 'x%' AND a:c = '2']", []),
        ("[a:b = '1'] OR [a:c = '2'] FOLLOWEDBY [a:d = '3']", []),
        ("[a:b NOT = '1' OR a:c != '2']", []),
    ],
)  # fmt: skip
def test_values_that_stand_alone_are_told_from_those_that_need_others(pattern: str, values: list[str]) -> None:
    assert [named.value for named in read_pattern(pattern).values if named.alone] == values


def test_what_is_not_used_is_named() -> None:
    found = read_pattern("[email-message:subject MATCHES '^x' AND ipv4-addr:value = '192.0.2.1'] REPEATS 5 TIMES")
    assert found.unsupported == ("MATCHES on email-message:subject", "the qualifier REPEATS")
    assert found.values == (Named("ipv4-addr:value", "192.0.2.1", alone=False),)


@pytest.mark.parametrize(
    "pattern",
    ["", "[", "[]", "ipv4-addr:value = '1'", "[ipv4-addr:value = ]", "[a:b ~ '1']", "[a:b = '1'] junk", "[a:b = '1'",
     "[" + "(" * 10_000, "(" * 10_000, "[a:b = '1' " + "x" * 200_000 + "]"],
)  # fmt: skip
def test_what_is_no_pattern_says_so(pattern: str) -> None:
    with pytest.raises(PatternError):
        read_pattern(pattern)


@pytest.mark.parametrize(
    ("path", "type_"),
    [("ipv6-addr:value", "ip"), ("domain-name:value", "domain"), ("url:value", "url"), ("email-addr:value", "email"),
     ("file:hashes.SHA-256", "hash"), ("file:content_ref.hashes.MD5", "hash"), ("file:hashes.SSDEEP", ""),
     ("file:name", ""), ("network-traffic:dst_ref.value", "ip or domain"), ("x509-certificate:issuer", "")],
)  # fmt: skip
def test_a_path_says_what_its_values_are(path: str, type_: str) -> None:
    assert type_of(path) == type_


@given(st.text(alphabet="[]()'\\ab:.=ANDORINLIKE ,0-/*", max_size=60))
def test_any_text_is_a_pattern_or_says_why_not(text: str) -> None:
    with contextlib.suppress(PatternError):
        read_pattern(text)
