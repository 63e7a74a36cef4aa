"""Flow lists written for people: nfdump's `line`, `long`, `extended` and `biline`, and AWS VPC flow logs.

nfdump: https://github.com/phaag/nfdump. VPC: "Flow log records" of the Amazon VPC user guide; a file without its
header line is of version 2.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from typing import Any, Final

NFDUMP_HEADER: Final = re.compile(
    r"\s*Date (?:first|flow) .*\bDuration\s+Proto\s+.*Src IP Addr:Port\s+Dst IP Addr:Port"
)
_NFDUMP_ROW: Final = re.compile(
    r"\s*(?P<start>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?)\s+(?:\S*(?:CREATE|DELETE|DENIED|INVALID|Ignore)\S*\s+)?"
    r"(?P<duration>[\d:.d]+)\s+(?P<proto>[\w-]+)\s+(?P<src>\S+)\s+<?->\s+(?P<dst>\S+)\s+(?P<rest>.*)"
)
_TAIL: Final = {  # nfdump's names → ours; None: read over
    "Flags": "tcp_flags", "Tos": "tos", "Packets": "src_pkts", "Bytes": "src_bytes", "Flows": "flows",
    "Out Pkt": "dst_pkts", "In Pkt": "src_pkts", "Out Byte": "dst_bytes", "In Byte": "src_bytes", "pps": "pps",
    "bps": "bps", "Bpp": "bpp",
}  # fmt: skip
_TAIL_NAME: Final = re.compile("|".join(_TAIL))
NFDUMP_FOOT: Final = re.compile(r"(Summary\b|Time window: |Total flows processed: |Sys: |flows,bytes,packets,avg_bps)")
VPC_V2: Final = (
    "version", "account-id", "interface-id", "srcaddr", "dstaddr", "srcport", "dstport", "protocol", "packets", "bytes",
    "start", "end", "action", "log-status",
)  # fmt: skip
VPC_ROW: Final = re.compile(r"(?:\d{4}-\d\d-\d\dT\S+Z\s+)?2 (?:\d{12}|unknown|-) eni-[0-9a-f]+ \S+ \S+ ")
VPC_HEADER: Final = re.compile(
    r"(?=.*\bsrcaddr\b)(?=.*\bdstaddr\b)(?=.*\b(?:log-status|interface-id|action)\b)[a-z0-9 _-]+$"
)


# `nfdump -o pipe`: family, first and last packet (milliseconds; until 1.6 seconds and milliseconds apart), protocol,
# address as four words and port of
# either side, AS numbers, interfaces, flags, type of service, packets, octets. No header.
PIPE_ROW: Final = re.compile(
    r"(?:2|10)(?:(?:\|\d{9,10}\|\d{1,3}){2}|(?:\|\d{12,13}){2})\|\d{1,3}(?:(?:\|\d{1,10}){4}\|\d{1,5}){2}(?:\|\d{1,20}){8}$"
)
# `ra` parts its columns by blanks unless told otherwise; an empty one cannot be told from the blanks around it.
RA_HEADER: Final = re.compile(r"\s*(?=[^,;|\t]*\bSrcAddr\b)(?=[^,;|\t]*\bDstAddr\b)[A-Za-z][A-Za-z ]+$")
RA_LACKS: Final = "ra's columns are parted by blanks, so an empty one cannot be told; write it again with `ra -c ,`"
_PIPE_TAIL: Final = ("src_as", "dst_as", "input_if", "output_if", "tcp_flags", "tos", "src_pkts", "src_bytes")


def pipe_fields(line: str) -> dict[str, Any] | str:
    """The fields of a line of `nfdump -o pipe`, or why it is none."""
    if not PIPE_ROW.match(line):
        return "no flow as `nfdump -o pipe` writes one"
    family, *cells = line.split("|")
    if len(cells) == _PIPE_CELLS:  # whole milliseconds
        start, end, *cells = cells
    else:
        start, end = (f"{cells[i]}.{cells[i + 1]:0>3}" for i in (0, 2))
        cells = cells[4:]
    six = family == "10"
    ends = {f"{side}_ip": str(_from_words(cells[at : at + 4], six=six)) for side, at in (("src", 1), ("dst", 6))}
    ports = {"src_port": cells[5], "dst_port": cells[10]}
    tail = dict(zip(_PIPE_TAIL, cells[11:], strict=True))
    return {"start": start, "end": end, "proto": cells[0], **ends, **ports, **tail}


_PIPE_CELLS: Final = 21  # behind the family, since nfdump 1.7


def _from_words(words: list[str], *, six: bool) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    number = 0
    for word in words:
        number = number << 32 | int(word) & 0xFFFFFFFF
    return ipaddress.IPv6Address(number) if six else ipaddress.IPv4Address(number & 0xFFFFFFFF)


def nfdump_tail(header: str) -> tuple[str, ...]:
    """The columns after the addresses, by our names, as a header line of nfdump says."""
    return tuple(_TAIL[found.group()] for found in _TAIL_NAME.finditer(header.rpartition("Addr:Port")[2]))


def nfdump_fields(line: str, tail: tuple[str, ...]) -> dict[str, Any] | str:
    """The fields of a line of nfdump's text formats, or why it is none."""
    found = _NFDUMP_ROW.match(line)
    if found is None:
        return "no flow as nfdump writes one"
    tokens: list[str] = []
    for token in found["rest"].split():
        if tokens and token in ("K", "M", "G", "T"):
            tokens[-1] += token
        else:
            tokens.append(token)
    if len(tokens) != len(tail):
        return f"{len(tokens)} values after the addresses where the header names {len(tail)}"
    fields: dict[str, Any] = dict(zip(tail, tokens, strict=True))
    for end in ("src", "dst"):
        fields[f"{end}_ip"], fields[f"{end}_port"] = _parted(found[end])
    return {**fields, "start": found["start"], "duration": found["duration"], "proto": found["proto"]}


def _parted(text: str) -> tuple[str, str]:
    """Address and port: `192.0.2.1:443`, and `2001:db8::1.443` for IPv6."""
    mark = "." if text.count(":") > 1 else ":"
    host, _, port = text.rpartition(mark)
    return host, port


def vpc_fields(line: str, names: tuple[str, ...]) -> Mapping[str, Any] | str:
    """The fields of a VPC flow log line by AWS's names, or why it is none; CloudWatch puts a time in front."""
    cells = line.split()
    if len(cells) == len(names) + 1 and "T" in cells[0]:
        cells = cells[1:]
    if len(cells) != len(names):
        return f"{len(cells)} fields where the header names {len(names)}"
    return dict(zip(names, cells, strict=True))
