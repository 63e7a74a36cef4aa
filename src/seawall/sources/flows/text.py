"""Flow lists written for people: nfdump's `line`, `long`, `extended` and `biline`, and AWS VPC flow logs.

nfdump: https://github.com/phaag/nfdump. VPC: "Flow log records" of the Amazon VPC user guide; a file without its
header line is of version 2.
"""

from __future__ import annotations

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
