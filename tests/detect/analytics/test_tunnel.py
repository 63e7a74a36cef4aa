from __future__ import annotations

import hashlib
from typing import Any

import pytest

from seawall.detect.analytics.tunnel import ANALYTIC
from seawall.model.finding import Finding
from tests.corpus import corpus_path
from tests.detect.worlds import findings, world
from tests.sources.reading import read_path

Rows = list[dict[str, Any]]


def asked(client: str, names: list[str], qtype: str = "A", answer: str | None = None) -> Rows:
    same = {"src_ip": client, "dst_ip": "10.0.0.53", "qtype": qtype, "answers": answer}
    return [{"at": n, "query": q, **same} for n, q in enumerate(names)]


def _hex(number: int, length: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()[:length]


TOLD = {
    "many long names": [f"{_hex(n, 40)}.t.example.net" for n in range(60)],
    "one label full of data": [f"{_hex(1, 60)}.x.example.org"],
    "one label of a packed file": [f"h4sic{_hex(2, 50)}*2qaa3-.4s2fgaaaa==-.test.example"],
}
QUIET = {
    "people": [f"www{n}.shop{n}.example" for n in range(80)],
    "one name again and again": ["status.example.com"] * 500,
    "block lists": [f"{n}.0.113.203.list.example.net" for n in range(90)],
    "reverse look-ups": [f"{n}.113.0.203.in-addr.arpa" for n in range(90)],
    "short names of one domain": [f"host-{n}.example.com" for n in range(90)],
}


@pytest.fixture(scope="module")
def told() -> dict[str, Finding]:
    rows = [
        row
        for number, names in enumerate((*TOLD.values(), *QUIET.values()))
        for row in asked(f"10.1.1.{number}", names)
    ]
    rows += asked("10.1.1.99", [f"{_hex(n, 20)}.v.example.net" for n in range(12)], "TXT")
    return {e.value: f for f in findings(ANALYTIC, world(dns=rows)) for e in f.entities if e.type == "ip"}


def test_names_that_carry_data_are_told(told: dict[str, Finding]) -> None:
    assert set(told) == {"10.1.1.0", "10.1.1.1", "10.1.1.2", "10.1.1.99"}


def test_the_finding_says_which_sign(told: dict[str, Finding]) -> None:
    assert told["10.1.1.99"].why == (
        "10.1.1.99 asked 12 times for 12 names below example.net, 22.0 characters long in the mean, 12 of odd types: "
        "long names of odd types"
    )


def shared(hosts: int, answer: str) -> Rows:
    """Hashes of files, looked up by several hosts below one domain; forty a host."""
    names = [[f"{_hex(host * 40 + n, 40)}.fp.scan.example" for n in range(40)] for host in range(hosts)]
    return [row for host, mine in enumerate(names) for row in asked(f"10.1.2.{host}", mine, "TXT", answer.format(host))]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        pytest.param(shared(6, "0"), 0, id="verdicts of many hosts"),
        pytest.param(shared(2, "0"), 2, id="two hosts with one answer, as two victims of one tunnel"),
        pytest.param(shared(6, f"{{}}{_hex(9, 60)}"), 6, id="answers that carry data, however many hosts"),
        pytest.param(shared(1, "127.0.0.2"), 0, id="a block list of hashes asked by a mail gateway alone"),
        pytest.param(shared(1, "127.0.0.2,203.0.113.5"), 1, id="one answer that is no code"),
        pytest.param(shared(6, ""), 6, id="answers that nobody saw"),
    ],
)
def test_look_ups_by_hash_are_no_tunnel_where_only_verdicts_come_back(rows: Rows, found: int) -> None:
    assert len(findings(ANALYTIC, world(dns=rows))) == found


@pytest.mark.corpus
def test_of_public_captures_those_with_tunnels_are_told_and_no_other() -> None:
    rows: Rows = []
    of: dict[object, str] = {}
    for name in ("dns-exf", "dns-tunnel-iodine", "bad-dns-traffic", "dns", "dns_doh", "googledns_android10"):
        for row in read_path(corpus_path("network", "ndpi", f"{name}.pcap")).rows("dns_queries"):
            of[row["src_ip"]] = name
            kept = ("time", "src_ip", "dst_ip", "qtype", "answers", "rcode")
            rows.append({**{key: row[key] for key in kept}, "query": str(row["query"]).lower()})
    told = {of[e.value] for f in findings(ANALYTIC, world(dns=rows)) for e in f.entities if e.type == "ip"}
    assert told == {"dns-exf", "dns-tunnel-iodine", "bad-dns-traffic"}
