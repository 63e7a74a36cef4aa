"""What flow exporters call their fields, and what a record of theirs comes to in the columns of `flow_records`.

One list for all of them: nfdump, Argus (`ra`), SiLK (`rwcut`), pmacct, GoFlow2, ntopng and nProbe, IPFIX (RFC 7012),
and AWS VPC flow logs call few things alike but hardly anything by a name that means something else to another.
Names are compared by their letters and digits, without case.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

from seawall.sources.base import Reading
from seawall.sources.moments import moment
from seawall.sources.records import NEVER, When

PROTOCOLS: Final = {
    1: "icmp", 2: "igmp", 4: "ipip", 6: "tcp", 17: "udp", 41: "ipv6", 46: "rsvp", 47: "gre", 50: "esp", 51: "ah",
    58: "icmp6", 88: "eigrp", 89: "ospf", 103: "pim", 112: "vrrp", 115: "l2tp", 132: "sctp", 136: "udplite",
}  # fmt: skip
_NUMBERS: Final = {name: number for number, name in PROTOCOLS.items()} | {"ipv6-icmp": 58, "icmpv6": 58, "ipencap": 4}

_THEIRS: Final[dict[str, str]] = {  # our field → theirs
    "start": "ts start starttime stime firstseen datefirstseen first firstswitched timestampstart timeflowstart "
    "timeflowstartns timeflowstartms flowstartmilliseconds flowstartseconds flowstartmicroseconds "
    "flowstartnanoseconds flowstart begintime",
    "end": "te end endtime etime lastseen datelastseen last lastswitched timestampend timeflowend timeflowendns "
    "timeflowendms flowendmilliseconds flowendseconds flowendmicroseconds flowendnanoseconds flowend lasttime "
    "endtimestamp",
    "seen": "timereceived timereceivedns received stampinserted stampupdated tr",
    "duration": "td dur duration flowduration durationseconds",
    "duration_ms": "durationms flowdurationmilliseconds durationmilliseconds durms",
    "src_ip": "sa sip srcaddr srcip ipsrc srcip4 src4addr src6addr ipv4srcaddr ipv6srcaddr sourceipv4address "
    "sourceipv6address sourceip sourceaddress srchost sourceaddr srcipaddr ipsrcaddr",
    "dst_ip": "da dip dstaddr dstip ipdst dstip4 dst4addr dst6addr ipv4dstaddr ipv6dstaddr destinationipv4address "
    "destinationipv6address destinationip destinationaddress dsthost destip destaddr dstipaddr destinationaddr "
    "ipdstaddr",
    "src_port": "sp sport srcport portsrc l4srcport sourcetransportport sourceport srcpt",
    "dst_port": "dp dport dstport portdst l4dstport destinationtransportport destinationport destport dstpt",
    "proto": "pr pro proto protocol ipproto protocolidentifier ipprotocol prot",
    "src_bytes": "ibyt byt bytes inbytes srcbytes octets octetdeltacount octettotalcount dbytes doctets bytesin sbytes "
    "bytestoserver",
    "dst_bytes": "obyt outbytes dstbytes reverseoctetdeltacount reverseoctettotalcount postoctetdeltacount bytesout",
    "src_pkts": "ipkt pkt packets pkts inpkts inpackets srcpkts "
    "packetdeltacount packettotalcount dpkts spkts packetsin",
    "dst_pkts": "opkt outpkts outpackets dstpkts reversepacketdeltacount reversepackettotalcount packetsout",
    "tot_bytes": "totbytes totalbytes",
    "tot_pkts": "totpkts totalpkts totalpackets",
    "tcp_flags": "flg flgs flags tcpflags tcpcontrolbits state cumulativetcpflags",
    "tos": "tos stos srctos iptos ipclassofservice srctosbyte ipv4srctos",
    "input_if": "in input inputsnmp ifacein inif ingressinterface inputint iniface inputif ifin",
    "output_if": "out output outputsnmp ifaceout outif egressinterface outputint outiface outputif ifout",
    "next_hop": "nh nexthop nexthopip ipv4nexthop ip4nexthop ip6nexthop ipnexthopipv4address ipnexthopipv6address nhip",
    "src_as": "sas srcas assrc bgpsourceasnumber sourceas srcasn",
    "dst_as": "das dstas asdst bgpdestinationasnumber destinationas destas dstasn",
    "sampling": "samplingrate samplinginterval samplingpacketinterval",
    "exporter": "ra ip4router ip6router peeripsrc sampleraddress exporteripv4address exporteripv6address exporter "
    "router routerip agent exporteraddress sensor sen probeip device",
    "direction": "dir flowdirection direction",
    "app": "l7protoname applicationname ndpiproto l7protocol app application classname",
    "action": "action",
    "label": "label",
}
FIELDS: Final[dict[str, str]] = {name: ours for ours, names in _THEIRS.items() for name in names.split()}
_SIZES: Final = ("src_bytes", "src_pkts", "tot_bytes", "tot_pkts")
_TIMES: Final = ("start", "end", "seen")
_SUFFIXES: Final = {"K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
_INTEGERS: Final = (
    "src_bytes", "dst_bytes", "src_pkts", "dst_pkts", "tot_bytes", "tot_pkts", "tos", "src_as", "dst_as", "sampling",
)  # fmt: skip
_COUNT: Final = re.compile(r"(\d+(?:\.\d+)?) ?([KMGT]?)$")
_NAME: Final = re.compile(r"[^a-z0-9]+")
_CLOCK: Final = re.compile(r"(?:(\d+)d ?)?(\d+):(\d\d):(\d\d(?:\.\d+)?)$")


@lru_cache(maxsize=4096)
def field_of(name: str) -> str:
    """What a header or key means here; empty if nothing."""
    return FIELDS.get(_NAME.sub("", name.lower()), "")


def fields_of(names: Iterable[str]) -> dict[str, str]:
    """Their names → our fields, each field once: the first name of a field that stands there wins."""
    found: dict[str, str] = {}
    for name in names:
        if (field := field_of(name)) and field not in found.values():
            found[name] = field
    return found


def are_flows(names: Iterable[str]) -> bool:
    """Whether a record of fields called so is a flow: two addresses, a size, a time."""
    fields = {field_of(name) for name in names}
    return {"src_ip", "dst_ip"} <= fields and bool(fields & set(_SIZES)) and bool(fields & set(_TIMES))


def columns_of(said: Mapping[str, Any], reading: Reading) -> tuple[When, str | None, dict[str, Any]] | str:
    """When a flow began, who exported it, and its columns, from its fields by our names; or why it is none."""
    ends = {side: address(said.get(side)) for side in ("src_ip", "dst_ip")}
    for side, found in ends.items():
        if found is None and said.get(side) not in (None, "", "-"):
            return f"{side} is no address" + (_SHORTENED if ".." in str(said[side]) else "")
    when, end = (moment(_said(said.get(name)), reading) for name in ("start", "end"))
    duration = duration_of(said)
    if duration is None and when.micros is not None and end.micros is not None:
        duration = max(0, end.micros - when.micros) / 1e6
    if when.micros is None and end.micros is not None:
        when = When(end.micros - round((duration or 0) * 1e6), end.quality)
    if when.micros is None:
        seen = moment(_said(said.get("seen")), reading)
        when = When(seen.micros, "received") if seen.micros is not None else NEVER
    exporter = str(said["exporter"]).strip() if said.get("exporter") not in (None, "", "-") else None
    values: dict[str, Any] = {**ends, "duration": duration, "exporter": exporter, "end_time": end.micros}
    values |= {name: count(said[name]) for name in _INTEGERS if name in said}
    values["proto"], values["ip_proto"] = protocol(said.get("proto"))
    values |= {name: port(said.get(name), values["proto"]) for name in ("src_port", "dst_port")}
    for what in ("bytes", "pkts"):
        total, sent = values.pop(f"tot_{what}", None), values.get(f"src_{what}")
        if total is not None and sent is None:
            values[f"src_{what}"] = total
        elif total is not None and values.get(f"dst_{what}") is None and sent is not None and total >= sent:
            values[f"dst_{what}"] = total - sent
    if (
        not values.get("dst_bytes")
        and not values.get("dst_pkts")
        and "tot_bytes" not in said
        and "tot_pkts" not in said
    ):
        values["dst_bytes"] = values["dst_pkts"] = None  # one-way exporters write 0 for what they cannot see
    for name in ("tcp_flags", "input_if", "output_if", "next_hop", "direction", "app", "action", "label"):
        text = said.get(name)
        if isinstance(text, list):
            text = ",".join(map(str, text))
        values[name] = str(text).strip() or None if text not in (None, "", "-") else None
    return when, exporter, values


_SHORTENED: Final = ": nfdump shortened it; write the list again with -6"


def _said(value: Any) -> Any:
    return None if value in ("", "-", "0", 0) else value


@lru_cache(maxsize=262_144)
def _address(text: str) -> str | None:
    try:
        found = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    return str((found.version == 6 and found.ipv4_mapped) or found)


def address(value: Any) -> str | None:
    """An address in its shortest form, an IPv4-mapped one as the IPv4 address it is; None if the value is none."""
    return _address(value) if isinstance(value, str) else None


@lru_cache(maxsize=1024)
def _protocol(text: str) -> tuple[str | None, int | None]:
    name = text.strip().lower()
    if not name or name == "-":
        return None, None
    if name.isascii() and name.isdigit() and len(name) <= 3:
        return PROTOCOLS.get(int(name), name), int(name)
    return name, _NUMBERS.get(name)


def protocol(value: Any) -> tuple[str | None, int | None]:
    """A protocol's name, lower case, and its number, from either; a number without a name of its own is its name."""
    return _protocol(str(value)) if value is not None else (None, None)


def count(value: Any) -> int | None:
    """A number as tools write it, `1.2 M` included; None if it is none."""
    if type(value) is str and len(value) < 19 and value.isascii() and value.isdigit():
        return int(value)
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if abs(value) < 2**63 else None
    text = str(value).strip()
    if text.isascii() and text.isdigit():
        return int(text) if len(text) < 19 else None
    if text[:2].lower() == "0x" and re.fullmatch(r"0x[0-9a-f]{1,12}", text.lower()):
        return int(text, 16)
    found = _COUNT.match(text[:40])
    return int(float(found[1]) * _SUFFIXES.get(found[2], 1)) if found else None


def port(value: Any, proto: str | None) -> int | None:
    """A port; `8.0` of an ICMP flow is type and code."""
    if isinstance(value, str) and proto in ("icmp", "icmp6") and re.fullmatch(r"\d{1,3}\.\d{1,3}", value.strip()):
        kind, _, code = value.strip().partition(".")
        return int(kind) * 256 + int(code)
    number = count(value) if value not in (None, "", "-") else None
    return number if number is not None and 0 <= number <= 65_535 else None


def duration_of(said: Mapping[str, Any]) -> float | None:
    """Seconds a record says it lasted, in its `duration` or `duration_ms`; None if it does not say."""
    value, unit = (said["duration"], 1.0) if "duration" in said else (said.get("duration_ms"), 1e-3)
    if value is None or value == "":
        return None
    if clock := _CLOCK.match(str(value).strip()[:40]):
        days, hours, minutes, seconds = clock.groups()
        return int(days or 0) * 86_400.0 + int(hours) * 3_600 + int(minutes) * 60 + float(seconds)
    try:
        found = float(value) * unit
    except (TypeError, ValueError, OverflowError):
        return None
    return found if 0 <= found < 1e12 else None
