# ruff: noqa: E501 - log lines are as long as they are
from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.sources import web
from seawall.sources.web_lines import address_of, request_of, tell, unescaped
from tests.sources.reading import READING, read_bytes


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("GET /a b HTTP/1.1", {"method": "GET", "uri": "/a b", "protocol": "HTTP/1.1"}),
        ("GET /a", {"method": "GET", "uri": "/a", "protocol": None}),
        ("CONNECT example.net:443 HTTP/1.1", {"method": "CONNECT", "uri": "example.net:443", "protocol": "HTTP/1.1"}),
        ("-", {"method": None, "uri": None, "protocol": None}),
        ("\\x03\\x00", {"method": None, "uri": "\\x03\\x00", "protocol": None}),
    ],
)
def test_a_request_line_is_cut(text: str, wanted: dict) -> None:
    assert request_of(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("192.0.2.9", {"src_ip": "192.0.2.9"}),
        ("192.0.2.9:4411", {"src_ip": "192.0.2.9", "src_port": 4411}),
        ("[2001:db8::9]:4411", {"src_ip": "2001:db8::9", "src_port": 4411}),
        ("2001:db8::9", {"src_ip": "2001:db8::9"}),
    ],
)
def test_a_client_is_told_from_its_port(text: str, wanted: dict) -> None:
    assert address_of(text) == wanted


def test_escapes_of_printable_signs_are_undone_and_others_stay() -> None:
    assert unescaped(r"a\x22b\\c\x1b\"") == 'a"b\\c\\x1b"'


def test_fields_of_an_own_format_go_to_their_columns_or_keep_their_names() -> None:
    line = '10.0.0.1 - ann [22/Nov/2026:10:30:17 +0000] "GET / HTTP/1.1" 200 5 "-" "x" xff="203.0.113.5" host=a.example rt=0.1'
    told = tell(line, READING)
    assert told is not None
    assert {k: told.values[k] for k in ("user", "host", "forwarded_for", "rt")} == {
        "user": "ann", "host": "a.example", "forwarded_for": "203.0.113.5", "rt": "0.1",
    }  # fmt: skip


@pytest.mark.parametrize(
    "line",
    [
        'Nov 22 10:30:17 lb1 haproxy[1]: 192.0.2.9:1 [22/Nov/2026:10:30:17.655] a b "GET / HTTP/1.1"',
        '192.0.2.9 UNKNOWN ann [22/Nov/2026:10:30:17 +0000] "RETR /cdr.csv" 226 123',
        "GET / HTTP/1.1",
        '[22/Nov/2026:10:30:17 +0000] "no request" 200',
    ],
)
def test_other_lines_are_no_requests(line: str) -> None:
    assert tell(line, READING) is None


CELL = st.text('ab.1:-/[]"\\= %é', min_size=1, max_size=9)
CLIENT = st.sampled_from(["192.0.2.1", "2001:db8::9", "192.0.2.1:80", "pc-7", "-", "::", "bad"])


@given(CLIENT, CELL, CELL, CELL, st.sampled_from(["GET", "USER", "g"]), CELL, CELL, st.sampled_from(["200", "-", "99"]))
def test_the_quick_way_tells_what_the_careful_one_does(
    client: str, ident: str, user: str, uri: str, method: str, referrer: str, agent: str, status: str
) -> None:
    stamp = "22/Nov/2026:10:30:17 +0100"
    for tail in (f' "{referrer}" "{agent}"', "", f' "{referrer}"'):
        line = f'{client} {ident} {user} [{stamp}] "{method} {uri} HTTP/1.1" {status} 12{tail}'
        if not (told := tell(line, READING)):
            continue
        (row,) = read_bytes(web.SOURCE, f"{line}\n".encode()).rows("web")
        assert {name: row.get(name) for name in told.values} == {**told.values, "raw": line}
        assert row["time"] == datetime.fromtimestamp(told.when.micros / 1e6, UTC)


def test_a_line_of_brackets_that_never_close_is_not_slow() -> None:
    began = time.process_time()
    assert tell("2026-11-22T10:00:00 HTTP/1.1 " + "[" * 60_000, READING) is None
    assert time.process_time() - began < 2
