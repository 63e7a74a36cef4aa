# ruff: noqa: E501 - log lines are as long as they are
from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.sources import dns_queries
from seawall.sources.opening import evidence_from_bytes
from tests.sources.reading import read_bytes
from tests.sources.recognising import has, only_row, read_as_found, recognised

AT = datetime(2026, 11, 22, 10, 30, 17, tzinfo=UTC)
ASKED = "query: www.example.net IN A +E(0)K (192.0.2.53)"


@pytest.mark.parametrize(
    ("text", "timed"),
    [
        pytest.param(f"22-Nov-2026 10:30:17.000 queries: info: client @0x7f1 192.0.2.9#5321 (www.example.net): {ASKED}", True, id="BIND, all printed"),
        pytest.param(f"2026-11-22T10:30:17.000Z queries: info: client @0x7f1 192.0.2.9#5321 (www.example.net): {ASKED}", True, id="BIND, iso8601-utc"),
        pytest.param(f"22-Nov-2026 10:30:17.000 client @0x7f1 192.0.2.9#5321 (www.example.net): view in: {ASKED}", True, id="BIND, time and view"),
        pytest.param("22-Nov-2026 10:30:17.000 client 192.0.2.9#5321: query: www.example.net IN A +", True, id="BIND 9.8"),
        pytest.param("Nov 22 10:30:17.000 queries: info: client 192.0.2.9#5321: query: www.example.net IN A", True, id="BIND 9.2"),
        pytest.param(f"queries: info: client @0x7f1 192.0.2.9#5321 (www.example.net): {ASKED}", False, id="BIND without time"),
        pytest.param(f"client @0x7f1 192.0.2.9#5321/key tsig.example (www.example.net): {ASKED} [ECS 192.0.2.0/24/0]", False, id="BIND bare, TSIG, ECS"),
        pytest.param("[1795343417] unbound[123:0] info: 192.0.2.9 www.example.net. A IN", True, id="Unbound"),
        pytest.param("[1795343417] unbound[123:0] query: 192.0.2.9 www.example.net. A IN", True, id="Unbound, tagged"),
        pytest.param("Nov 22 10:30:17 unbound[123:0] info: 192.0.2.9 www.example.net. A IN", True, id="Unbound, time in ASCII"),
        pytest.param("[1795343417] unbound[1:0] info: example.net. static 192.0.2.9@5321 www.example.net. A IN", True, id="Unbound, local action"),
        pytest.param("Nov 22 10:30:17 dnsmasq[123]: query[A] www.example.net from 192.0.2.9", True, id="dnsmasq"),
        pytest.param("Nov 22 10:30:17 dnsmasq[123]: 12 192.0.2.9/5321 query[A] www.example.net from 192.0.2.9", True, id="dnsmasq, extra"),
        pytest.param("11/22/2026 10:30:17 AM 0E78 PACKET  00000000028657F0 UDP Rcv 192.0.2.9    0002   Q [0001   D   NOERROR] A      (3)www(7)example(3)net(0)", True, id="Windows"),
    ],
)  # fmt: skip
def test_every_server_s_line_says_the_same(text: str, timed: bool) -> None:
    assert recognised(text) == "dns_queries"
    row = only_row(text, "dns_queries")
    has(row, message="query", src_ip="192.0.2.9", qtype="A", time=AT if timed else None)
    assert str(row["query"]).rstrip(".") == "www.example.net"


@pytest.mark.parametrize(
    ("text", "rcode", "message"),
    [
        ("22-Nov-2026 10:30:17.123 query-errors: info: client @0x7 192.0.2.9#1 (a.example): query failed (SERVFAIL) for a.example/IN/A at query.c:7000", "SERVFAIL", "query"),
        ("22-Nov-2026 10:30:17.123 security: info: client @0x7 192.0.2.9#1 (a.example): query (cache) 'a.example/A/IN' denied", "DENIED", "query"),
        ("22-Nov-2026 10:30:17.123 responses: info: client @0x7 192.0.2.9#1 (a.example): response: a.example IN A NXDOMAIN +E(0)K", "NXDOMAIN", "response"),
        ("[1795343417] unbound[123:0] info: 192.0.2.9 a.example. A IN NXDOMAIN 0.012345 1 56", "NXDOMAIN", "response"),
        ('[INFO] 192.0.2.9:50759 - 29008 "A IN a.example. udp 41 false 4096" REFUSED qr,rd,ra,ad 68 0.037990251s', "REFUSED", "response"),
        ("Nov 22 10:30:17 dnsmasq[1]: reply a.example is NXDOMAIN", "NXDOMAIN", "response"),
    ],
)  # fmt: skip
def test_answers_and_refusals_carry_their_code(text: str, rcode: str, message: str) -> None:
    row = only_row(text, "dns_queries")
    has(row, rcode=rcode, message=message, qtype=row.get("qtype"))
    assert str(row["query"]).rstrip(".") == "a.example"


@pytest.mark.parametrize(
    ("program", "text"),
    [
        ("named[5]", f"client @0x7f1 192.0.2.9#5321 (www.example.net): {ASKED}"),
        ("unbound[5]", "[5:0] info: 192.0.2.9 www.example.net. A IN"),
        ("unbound", "info: 192.0.2.9 www.example.net. A IN"),
        ("dnsmasq[5]", "query[A] www.example.net from 192.0.2.9"),
        ("pdns_recursor[5]", "3 question for 'www.example.net|A' from 192.0.2.9"),
    ],
)
def test_inside_syslog_a_query_stands_beside_its_line(program: str, text: str) -> None:
    result = read_as_found(f"<30>Nov 22 10:30:17 ns1 {program}: {text}\n")
    assert result.counts() == {"syslog": 1, "dns_queries": 1}
    has(result.rows("dns_queries")[0], observer="ns1", src_ip="192.0.2.9", time=AT)


def test_other_messages_of_the_server_are_told_apart_with_a_reason() -> None:
    lines = [f"22-Nov-2026 10:30:17.000 client 192.0.2.9#1 (a.example): {ASKED}"] * 3
    result = read_as_found("\n".join([*lines, "22-Nov-2026 10:30:17.000 general: info: all zones loaded", ""]))
    assert (result.counts(), result.rejected) == ({"dns_queries": 3}, 1)
    assert result.rejects[0].what.startswith("no query or answer")


@given(st.binary(max_size=1_000))
def test_any_bytes_give_rows_and_rejects(content: bytes) -> None:
    read_bytes(dns_queries.SOURCE, content)
    dns_queries.sniff(evidence_from_bytes(content, "x"))


_PIECES = st.sampled_from(
    ["client ", "192.0.2.9#1", " (a): ", "query: ", "a.example IN A", "query failed (", "[1] unbound[1:0] info:", " - ", " PACKET ", "' denied", "22-Nov-2026 10:30:17.000 ", "/", "\n"]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=25).map("".join))
def test_pieces_in_any_order_give_rows_and_rejects(content: str) -> None:
    read_bytes(dns_queries.SOURCE, content.encode())
