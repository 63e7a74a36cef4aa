"""Flow files of every form, read whole."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall import sources
from seawall.drills.render.flows import HEADERS
from seawall.sources import flows
from seawall.sources.opening import evidence_from_bytes
from tests.corpus import corpus_path
from tests.sources.reading import Result, read_bytes, read_path


def read(text: str) -> Result:
    evidence = evidence_from_bytes(text.encode(), "f.csv")
    assert sources.recognise(evidence) is flows.SOURCE
    return read_bytes(flows.SOURCE, text.encode(), "f.csv")


@pytest.mark.parametrize(
    ("parts", "rows", "rejected"),
    [
        (("slips", "test2-malicious.binetflow"), 6_751, 0),
        (("slips", "test4-malicious.binetflow"), 394, 0),
        (("slips", "test5-mixed.binetflow"), 298, 2),  # a status record and a MAC address
        (("pmacct", "expected", "100-IPFIXv10-CISCO", "output-flow-00.json"), 12, 0),
    ],
)
def test_real_files_give_their_known_number_of_flows(parts: tuple[str, ...], rows: int, rejected: int) -> None:
    result = read_path(corpus_path("network", *parts))
    assert (result.counts(), result.rejected) == ({"flow_records": rows}, rejected)


@pytest.mark.parametrize(
    "header",
    [
        "TAG,SRC_IP,DST_IP,SRC_PORT,DST_PORT,PROTOCOL,TOS,TIMESTAMP_START,TIMESTAMP_END,PACKETS,FLOWS,BYTES",
        "IPV4_SRC_ADDR|IPV4_DST_ADDR|L4_SRC_PORT|L4_DST_PORT|PROTOCOL|IN_BYTES|IN_PKTS|FIRST_SWITCHED|LAST_SWITCHED",
        "flowStartMilliseconds;sourceIPv4Address;destinationIPv4Address;octetDeltaCount;protocolIdentifier",
        "cnt,af,firstSeen,lastSeen,proto,srcAddr,srcPort,dstAddr,dstPort,srcAS,dstAS,input,output,flags,srcTos,packets,bytes",
        '"Start Time","Source IP","Destination IP","Protocol","Total Bytes","Vendor Thing"',
    ],
)
def test_exports_of_other_collectors_are_known_by_their_names(header: str) -> None:
    delimiter = next(d for d in ",;|" if d in header)
    cells = {
        "start_ip": "", "ip_src": "", "time": "1795298400", "ip": "192.0.2.7", "proto": "6", "number": "60",
    }  # fmt: skip
    names = header.split(delimiter)
    row = [
        cells["time"] if any(w in n.lower() for w in ("time", "start", "first", "last", "switched", "stamp"))
        else cells["ip"] if any(w in n.lower() for w in ("addr", "_ip", " ip"))
        else cells["proto"] if "prot" in n.lower()
        else cells["number"]
        for n in names
    ]  # fmt: skip
    (flow,) = read(f"{header}\n{delimiter.join(row)}\n").rows("flow_records")
    assert (flow["src_ip"], flow["dst_ip"], flow["src_bytes"], flow["proto"]) == ("192.0.2.7", "192.0.2.7", 60, "tcp")
    assert f"{flow['time']:%Y}" == "2026"


def test_unknown_columns_are_kept_and_names_of_ours_step_aside() -> None:
    text = "ts,sa,da,ibyt,Vendor Thing,user\n2026-11-21 22:00:00,192.0.2.7,203.0.113.9,60,abc,eve\n"
    (row,) = read(text).rows("flow_records")
    assert (row["Vendor_Thing"], row["x_user"], row["user"]) == ("abc", "eve", None)


def test_two_lists_glued_together_are_read_each_by_its_own_header() -> None:
    new = "2026-11-21 22:00:00,0.1,TCP,192.0.2.7,1,203.0.113.9,2,3,60,1"
    old = "ts,sa,da,ibyt\n2026-11-21 22:00:00,192.0.2.8,203.0.113.9,61"
    result = read(
        f"{HEADERS['nfdump']}\n{new}\n{old}\nSummary\nflows,bytes,packets,avg_bps,avg_pps,avg_bpp\n1,2,3,4,5,6\n"
    )
    assert [row["src_bytes"] for row in result.rows("flow_records")] == [60, 61]
    assert result.rejected == 0


def test_a_bad_row_is_rejected_and_the_others_go_on() -> None:
    good = "2026-11-21 22:00:00,192.0.2.7,203.0.113.9,60"
    result = read(f"ts,sa,da,ibyt\n{good}\n1,2\n{good},\nx,y,z,w\n{good}\n")
    assert result.counts() == {"flow_records": 3}
    assert [r.where for r in result.rejects] == ["f.csv:3", "f.csv:5"]


def test_json_without_flows_in_some_lines_is_said_line_by_line() -> None:
    flow = {"src_addr": "192.0.2.7", "dst_addr": "203.0.113.9", "bytes": 1, "packets": 1, "time_flow_start_ns": 1}
    result = read(json.dumps(flow) + "\n" + json.dumps({"event_type": "log_init"}) + "\n")
    assert (result.counts(), result.rejected) == ({"flow_records": 1}, 1)


@given(st.sampled_from([*HEADERS.values()]), st.binary(max_size=200))
def test_any_bytes_below_a_header_give_flows_and_rejects(header: str, content: bytes) -> None:
    read_bytes(flows.SOURCE, header.encode() + b"\n" + content)


def test_the_pipe_format_of_nfdump_says_addresses_as_words() -> None:
    four = "2|1772359200|123|1772359201|5|6|0|0|0|3221225985|443|0|0|0|3405803785|80|64500|64501|12|34|27|0|7|420"
    six = "10|1772359200000|1772359201000|17|536939960|0|0|1|53|536939960|0|0|2|53|0|0|0|0|0|0|1|60"
    found = read_bytes(flows.SOURCE, f"{four}\n{six}\n2|broken\n".encode(), "flows.pipe")
    rows = found.rows("flow_records")
    assert [(r["src_ip"], r["src_port"], r["dst_ip"], r["proto"], r["src_bytes"]) for r in rows] == [
        ("192.0.2.1", 443, "203.0.113.9", "tcp", 420),
        ("2001:db8::1", 53, "2001:db8::2", "udp", 60),
    ]
    assert str(rows[0]["time"]) == "2026-03-01 10:00:00.123000+00:00"
    assert found.rejected == 1


def test_columns_of_ra_parted_by_blanks_are_refused_with_what_mends_it() -> None:
    text = "  StartTime Flgs Proto  SrcAddr Sport Dir DstAddr Dport TotPkts State\n10:00 e tcp 192.0.2.1.1 -> x\n"
    found = read_bytes(flows.SOURCE, text.encode(), "ra.txt")
    assert found.counts() == {}
    assert "ra -c ," in found.rejects[0].what
    assert flows.SOURCE.sniff(evidence_from_bytes(text.encode(), "ra.txt")) > 50
