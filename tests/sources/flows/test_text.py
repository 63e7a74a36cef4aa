# ruff: noqa: E501 - samples stand as they are written
from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from seawall.sources import flows
from seawall.sources.flows.text import VPC_V2, nfdump_fields, nfdump_tail, vpc_fields
from tests.sources.reading import Result, read_bytes

LONG = (
    "Date first seen             Duration     Proto      Src IP Addr:Port          Dst IP Addr:Port     Flags Tos  "
    "Packets    Bytes Flows"
)
ROW = "2026-11-21 22:00:00.942     00:00:01.500 TCP          192.0.2.7:50123 ->      203.0.113.9:443   ...AP.S.  32   1.2 M   88.1 G     1"
BILINE = "Date first seen   Duration     Proto   Src IP Addr:Port   Dst IP Addr:Port   Out Pkt   In Pkt Out Byte  In Byte Flows"
VPC = "2 123456789010 eni-0a1b2c3d 192.0.2.7 203.0.113.9 50123 443 6 9 600 1795298400 1795298410 ACCEPT OK"


def read(*lines: str) -> Result:
    return read_bytes(flows.SOURCE, ("\n".join(lines) + "\n").encode(), "f.txt")


def test_a_long_line_is_read_to_its_end() -> None:
    (row,) = read(LONG, ROW, "Summary: total flows: 1, total bytes: 1", "Time window: x", "Sys: 0.1s").rows(
        "flow_records"
    )
    assert (row["src_pkts"], row["src_bytes"], row["tos"], row["tcp_flags"]) == (
        1_200_000,
        88_100_000_000,
        32,
        "...AP.S.",
    )
    assert row["duration"] == 1.5


def test_both_directions_of_a_biline_keep_their_side() -> None:
    fields = nfdump_fields(ROW.replace("->", "<->").split("...AP")[0] + " 5 6 70 80 1", nfdump_tail(BILINE))
    assert isinstance(fields, dict)
    assert (fields["src_pkts"], fields["dst_pkts"], fields["src_bytes"]) == ("6", "5", "80")


def test_a_shortened_address_is_refused_with_its_mend() -> None:
    result = read(LONG, ROW.replace("192.0.2.7:50123", "2001:..1:7.50123"), ROW)
    assert result.counts() == {"flow_records": 1}
    assert "-6" in result.rejects[0].what


def test_an_ipv6_flow_parts_its_port_by_a_dot() -> None:
    (row,) = read(LONG, ROW.replace("192.0.2.7:50123", "2001:db8::7.50123")).rows("flow_records")
    assert (row["src_ip"], row["src_port"]) == ("2001:db8::7", 50123)


def test_vpc_logs_are_read_with_and_without_header_and_with_a_time_in_front() -> None:
    header = "version vpc-id srcaddr dstaddr srcport dstport protocol packets bytes start end log-status tcp-flags"
    other = "5 vpc-1 192.0.2.7 203.0.113.9 1 2 17 1 60 1795298400 1795298410 OK 2"
    nothing = "2 123456789010 eni-0a1b2c3d - - - - - - - 1795298400 1795298410 - NODATA"
    for lines in ((VPC, nothing), ("2026-11-21T22:00:00.000Z " + VPC,), (" ".join(VPC_V2), VPC), (header, other)):
        result = read(*lines)
        (row,) = result.rows("flow_records")
        assert result.rejected == 0
        assert row["src_ip"] == "192.0.2.7"
        assert row["time_quality"] == "exact"


@given(st.text(max_size=120))
def test_any_line_is_a_flow_or_a_reason(line: str) -> None:
    nfdump_fields(line, nfdump_tail(LONG))
    vpc_fields(line, VPC_V2)
    read(LONG, line, ROW)
