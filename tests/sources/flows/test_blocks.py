"""Flows read at once are the flows read one by one: same ids, places, values, rejects, whatever stands in the cells."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.sources import flows, nfcapd
from seawall.sources.flows import blocks
from seawall.sources.opening import evidence_from_bytes
from seawall.sources.records import Records
from tests.sources.reading import READING, Result, read_bytes

CSV = "ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt,opkt,obyt,in,out,sas,das,nh,ra"
ARGUS = "StartTime,Dur,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,State,sTos,dTos,TotPkts,TotBytes,SrcBytes,Label"
EPOCH = "srcaddr;dstaddr;bytes;packets;start;end;srcport;dstport;protocol;vlan;site"
LINE = "Date first seen  Duration Proto   Src IP Addr:Port   Dst IP Addr:Port   Flags Tos  Packets    Bytes Flows"


def one_of(*rows: list[str]) -> st.SearchStrategy[str]:
    return st.sampled_from([text for row in rows for text in row])


times = one_of(
    ["2026-03-01 10:00:00.123", "2026-03-01 10:00:00", "2026/03/01 10:00:01.5", "2026-03-01T10:00:00Z", "1772359200"],
    ["1772359200123", "1772359200.25", "2026-02-30 10:00:00", "", "-", "0", "soon", "Mar  1 10:00:00", "9" * 17],
)
addresses = one_of(
    ["192.0.2.1", "198.51.100.255", "2001:db8::1", "2001:DB8:0::0001", "::ffff:192.0.2.1", "192.0.2.01", "", "-", "x"],
    ["a..b"],
)
numbers = one_of(
    [
        "0",
        "1",
        "443",
        "65535",
        "65536",
        "8.0",
        "1.2 M",
        "3K",
        "",
        "-",
        "-5",
        "0x1f",
        "+7",
        "x",
        "9" * 18,
        "9" * 19,
        "007",
    ]
)
words = st.sampled_from(
    ["TCP", "udp", "icmp", "6", "300", "", "-", ".AP.SF", "a|b", "\u00e4", '"q"', " b ", "flow=From"]
)


@contextmanager
def one_by_one() -> Iterator[None]:
    with mock.patch.object(blocks, "flows_of", return_value=None):
        yield


def same(left: Result, right: Result) -> None:
    assert left.rejected == right.rejected
    assert [(r.where, r.what) for r in left.rejects] == [(r.where, r.what) for r in right.rejects]
    assert sorted(left.notes) == sorted(right.notes)
    assert left.rows("flow_records") == [
        {name: row.get(name) for name in left.tables["flow_records"].column_names} for row in right.rows("flow_records")
    ]
    names = [set(r.tables["flow_records"].column_names) if r.tables else set() for r in (left, right)]
    assert names[0] == names[1]


def of_name(name: str) -> st.SearchStrategy[str]:
    field = flows.field_of(name)
    if field in ("start", "end"):
        return times
    if field in ("src_ip", "dst_ip", "next_hop", "exporter"):
        return addresses
    return words if field in ("proto", "tcp_flags", "direction", "label", "") else numbers


@st.composite
def lists(draw: st.DrawFn) -> tuple[str, bytes]:
    """A header and lines below it: most of them plain, some odd, some no records at all."""
    header = draw(st.sampled_from([CSV, ARGUS, EPOCH]))
    mark = ";" if ";" in header else ","
    names = header.split(mark)
    plain = {
        "start": "2026-03-01 10:00:00.123",
        "end": "2026-03-01 10:00:02",
        "src_ip": "192.0.2.1",
        "dst_ip": "203.0.113.9",
    }
    good = [plain.get(flows.field_of(name), "7") for name in names]
    lines = []
    for _ in range(draw(st.integers(1, 8))):
        cells = list(good)
        for place in draw(st.lists(st.integers(0, len(names) - 1), max_size=4)):
            cells[place] = draw(of_name(names[place]))
        lines.append(mark.join(cells))
    lines += draw(
        st.lists(st.sampled_from(["", " ", header, "Summary", "1,2,3", "\x1f,", "# x", mark * 20]), max_size=2)
    )
    order = draw(st.permutations(lines))
    return header, "\n".join([header, *order, draw(st.sampled_from(["", "\r"]))]).encode()


@given(lists())
@settings(max_examples=150, deadline=None)
def test_a_table_read_at_once_is_the_table_read_line_by_line(given: tuple[str, bytes]) -> None:
    with mock.patch.object(flows, "_ALONE", 1):
        fast = read_bytes(flows.SOURCE, given[1], "flows.csv")
    with one_by_one():
        slow = read_bytes(flows.SOURCE, given[1], "flows.csv")
    if slow.tables or fast.tables:
        same(slow, fast)
    else:
        assert slow.rejects == fast.rejects


@given(
    st.lists(
        st.builds(
            lambda s, d, p, f, n, z: (
                f"2026-03-01 10:00:00.000 {d:>8} {p:<5} {s:>20} -> {z:>21}   {f} 0 {n:>8} {n:>8} 1"
            ),
            st.sampled_from(["192.0.2.1:443", "2001:db8::1.53", "192.0.2.1", "2001:db8..9:1.5", "x:1"]),
            st.sampled_from(["0.000", "12.5", "1d 00:00:01", "00:01:02.5"]),
            st.sampled_from(["TCP", "UDP", "ICMP", "47"]),
            st.sampled_from(["...AP.SF", "S", "K"]),
            st.sampled_from(["12", "1.2 M", "3.0 G", "-"]),
            st.sampled_from(["203.0.113.9:80", "203.0.113.9:8.0", "::1.0"]),
        ),
        min_size=1,
        max_size=12,
    )
)
@settings(max_examples=80, deadline=None)
def test_a_list_of_nfdump_read_at_once_is_the_list_read_line_by_line(lines: list[str]) -> None:
    content = "\n".join([LINE, *lines, "Summary: total flows: 3", ""]).encode()
    with mock.patch.object(flows, "_ALONE", 1):
        fast = read_bytes(flows.SOURCE, content, "flows.txt")
    with one_by_one():
        slow = read_bytes(flows.SOURCE, content, "flows.txt")
    if slow.tables:
        same(slow, fast)
    assert slow.rejects == fast.rejects


@given(st.lists(st.tuples(times, addresses, numbers, words, st.integers(0, 2)), min_size=1, max_size=10))
@settings(max_examples=80, deadline=None)
def test_what_nfdump_prints_of_nfcapd_is_read_at_once_as_line_by_line(
    rows: list[tuple[str, str, str, str, int]],
) -> None:
    lines = []
    for when, who, size, word, kind in rows:
        said = dict.fromkeys(nfcapd._NAMES, "7") | {
            "start": "2026-03-01 10:00:00.123",
            "end": "2026-03-01 10:00:02.000",
        }
        said |= {"src_ip": "192.0.2.1", "dst_ip": "203.0.113.9", "next_hop": "0.0.0.0", "exporter": "192.0.2.9"}
        if kind:
            said |= {"start": when, "dst_ip": who, "src_bytes": size, "proto": word, "next_hop": who}
        lines.append(f" {' | '.join(said.values())}\n".encode())
    made = []
    for alone in (1, 1_000):
        evidence = evidence_from_bytes(b"", "nfcapd.1")
        with mock.patch.object(nfcapd, "_ALONE", alone), Records(flows.KIND, "nfcapd.1", READING) as records:
            nfcapd._take_all(lines, 1, evidence, READING, records)
            result = Result()
            result.take(records.chunk())
            made.append(result)
    if made[0].tables or made[1].tables:
        same(made[1], made[0])
    else:
        assert made[0].rejects == made[1].rejects


@pytest.mark.parametrize("header", [CSV, ARGUS, EPOCH])
def test_plain_lists_are_read_at_once(header: str) -> None:
    mark = ";" if ";" in header else ","
    plain = {"start": "2026-03-01 10:00:00.123", "src_ip": "192.0.2.1", "dst_ip": "203.0.113.9", "end": "1772359203"}
    row = mark.join(plain.get(flows.field_of(name), "7") for name in header.split(mark))
    with mock.patch.object(flows, "keep", side_effect=AssertionError("one by one")):
        found = read_bytes(flows.SOURCE, "\n".join([header, *[row] * 300, ""]).encode(), "flows.csv")
    assert found.counts() == {"flow_records": 300}
    assert len(set(pa.chunked_array(found.tables["flow_records"]["event_id"]).to_pylist())) == 300
