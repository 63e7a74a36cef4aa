# ruff: noqa: E501 - patterns are as long as they are
"""Translations in the words of routers, firewalls and carrier-grade NATs: one pattern per vendor's message.

RFC 6908 (section 4) and RFC 7422 name what must be logged: subscriber address, outside address, port or block of
ports, protocol, start or end. Cisco (IOS, IOS XE, IOS XR, ASA), Juniper (MS-MPC, SRX), Nokia, A10, F5, MikroTik,
Fortinet, Huawei/H3C and Linux (conntrack, ulogd) write it as below.
"""

from __future__ import annotations

import re
from typing import Any, Final

from seawall.sources.line_format import IP, number, said

_IP: Final = rf"\[?{IP}\]?"
_PROTOCOLS: Final = {"1": "icmp", "6": "tcp", "17": "udp", "47": "gre", "50": "esp", "58": "icmpv6", "132": "sctp"}
_CREATES: Final = frozenset(
    [
        "created",
        "create",
        "built",
        "allocated",
        "allocates",
        "alloc",
        "new",
        "map",
        "add",
        "c",
        "n",
        "a",
        "start",
        "open",
        "assigned",
        "allocation",
        "s",
    ]
)

Fields = dict[str, Any]


def action_of(word: str) -> str:
    """create or delete, from a vendor's word."""
    return "create" if word.strip("[]").lower() in _CREATES else "delete"


def proto_of(text: str | None) -> str | None:
    """A protocol's name, lower case, from its name or number."""
    return _PROTOCOLS.get(text, text.lower()) if text else None


def _of(found: re.Match[str]) -> Fields:
    """The columns of a pattern's named groups."""
    group = found.groupdict()
    values: Fields = {
        "inside_ip": _bare(group.get("inside")),
        "inside_port": number(group.get("iport")),
        "outside_ip": _bare(group.get("outside")),
        "outside_port": number(group.get("oport")),
        "outside_port_end": number(group.get("oend")),
        "dst_ip": _bare(group.get("dst")),
        "dst_port": number(group.get("dport")),
        "proto": proto_of(said(group.get("proto"))),
        "action": action_of(group.get("verb") or "new"),
        "user": said(group.get("user")),
    }
    values["src_ip"] = values["inside_ip"]
    return values


def _bare(text: str | None) -> str | None:
    return said(text.strip("[]").partition("%")[0]) if text else None


def _pattern(text: str) -> re.Pattern[str]:
    """A pattern in which `{inside}`, `{outside}`, `{dst}` stand for addresses and `{i}`, `{o}`, `{e}`, `{d}` for ports."""
    for name in ("inside", "outside", "dst"):
        text = text.replace(f"{{{name}}}", f"(?P<{name}>{_IP})")
    for short, name in (("i", "iport"), ("o", "oport"), ("e", "oend"), ("d", "dport")):
        text = text.replace(f"{{{short}}}", rf"(?P<{name}>\d{{1,5}})")
    return re.compile(text)


# A text every such message holds, and the pattern. The first that fits wins.
_FORMS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = tuple(
    (word, _pattern(text))
    for word, text in (
        # Cisco IOS and IOS XE: %IPNAT-6-CREATED, %NAT-6-LOG_TRANSLATION
        (
            "reated ",
            r"(?P<verb>Created) (?:Translation )?(?P<proto>\w{2,7}) {inside}:{i} {outside}:{o} "
            + _IP
            + r":\d{1,5} {dst}:{d}",
        ),
        (
            "eleted ",
            r"(?P<verb>Deleted) (?:Translation )?(?P<proto>\w{2,7}) {inside}:{i} {outside}:{o} "
            + _IP
            + r":\d{1,5} {dst}:{d}",
        ),
        # Cisco ASA and FTD: 305011, 305012; 305009, 305010 without ports; 305014, 305015 blocks
        (
            " translation from ",
            r"(?P<verb>Built|Teardown) (?:dynamic|static) (?:(?P<proto>\w{2,7}) )?translation from \S{1,64}:{inside}(?:/{i})?"
            r"(?:\([^)]{0,80}\))? to \S{1,64}:{outside}(?:/{o})?",
        ),
        (
            " connection ",  # only where the mapped address differs is anything translated
            r"(?P<verb>Built) (?:in|out)bound (?P<proto>\w{2,7}) connection \d{1,12} for \S{1,64}:{dst}/{d} \([^)]{0,80}\)"
            r"(?:\([^)]{0,80}\))? to \S{1,64}:{inside}/{i} \({outside}/{o}\)",
        ),
        (
            "block of ports",
            r"(?P<verb>Allocated|Released) (?:(?P<proto>\w{2,7}) )?block of ports for translation from \S{1,64}:{inside}"
            r"(?:/\d{1,5})? to \S{1,64}:{outside}/{o}-{e}",
        ),
        # Juniper MS-MPC and MS-DPC: JSERVICES_NAT_PORT_BLOCK_ALLOC, ASP_NAT_PORT_BLOCK_RELEASE
        (
            "NAT_PORT_BLOCK_",
            r"NAT_PORT_BLOCK_(?P<verb>ALLOC|RELEASE|ACTIVE)\w*:? {1,3}{inside} -> {outside}:{o}-{e}",
        ),
        # Juniper SRX: RT_SRC_NAT_PBA_ALLOC, _RELEASE
        (
            "port block [",
            r"[Ss]ubscriber {inside}.{0,80}? (?P<verb>allocates|releases?) port block \[{o}-{e}\] from {outside}",
        ),
        # Juniper session logs
        (
            "session created ",
            r"session (?P<verb>created) {inside}/{i}->{dst}/{d} (?:0x\w+ )?\S{1,64} {outside}/{o}->",
        ),
        (
            "session closed ",
            r"session (?P<verb>closed) .{0,80}?: {inside}/{i}->{dst}/{d} (?:0x\w+ )?\S{1,64} {outside}/{o}->",
        ),
        (
            "JSERVICES_SESSION_",
            r"JSERVICES_SESSION_(?P<verb>OPEN|CLOSE)\w*:?.{0,200}? {inside}:{i} \[{outside}:{o}\] -> "
            r"(?:\[[^\]]{0,60}\] )?{dst}:{d} \((?P<proto>\w{2,7})\)",
        ),
        # Cisco IOS XR (CGSE, VSM): [Userbased - …] with VRF names between
        (
            "NAT44 ",
            r"NAT44 . \[\w{3,23}based(?P<verb>[AWD])\w{0,10} (?P<proto>\S{1,5}) {inside} (?P<user>\S{1,40}) \S{1,45} {outside} "
            r"(?:{i}|-) {o} (?:{e}|-)(?: (?:{dst}|-) (?:{d}|-))? ?\]",
        ),
        # Nokia: tmnxNatPlBlockAllocationLsn and the like
        (
            "Map ",
            r"(?P<verb>Map) {1,4}{outside} \[{o} ?- ?{e}\].{0,160}? (?:\S{1,40} )?(?:%\d{1,6} |vprn\d{1,6} |Base )?{inside}(?= at |$|,| )",
        ),
        (
            "Free ",
            r"(?P<verb>Free) {1,4}{outside} \[{o} ?- ?{e}\].{0,160}? (?:\S{1,40} )?(?:%\d{1,6} |vprn\d{1,6} |Base )?{inside}(?= at |$|,| )",
        ),
        # A10 Thunder: NAT-TCP-N and blocks
        *(
            (
                word,
                rf"{word}-(?P<proto>TCP|UDP|ICMP|ALL|OTHERS?)-(?P<verb>[NACFDR])\w{{0,3}}: {{inside}}:{{i}} ?(?:->|<-->|,) ?"
                r"{outside}:{o}(?: ?(?:to|-|,) ?{e}(?![\d.]))?(?:,? ?(?:->|to)? ?{dst}:{d})?",
            )
            for word in ("NAT", "NAT44", "NAT64", "LSN", "CGN")
        ),
        # MikroTik RouterOS
        (
            "NAT (",
            r"proto (?P<proto>\w{2,7})[^,]{0,40}, " + _IP + r":\d{1,5}->{dst}:{d}, NAT \({inside}:{i}->{outside}:{o}\)",
        ),
        # Linux: conntrack -E, ulogd NFCT
        (
            "src=",
            r"\[(?P<verb>NEW|DESTROY)\] +(?:ipv[46] +\d+ +)?(?P<proto>\w{2,8}) .{0,60}?src={inside} dst={dst} (?:sport={i} dport={d} )?"
            r".{0,120}?src=" + _IP + r" dst={outside}(?: sport=\d{1,5} dport={o})?",
        ),
        (
            "ORIG: SRC=",
            r"\[(?P<verb>NEW|DESTROY)\] ORIG: SRC={inside} DST={dst} PROTO=(?P<proto>\w{2,8})(?: SPT={i} DPT={d})?.{0,120}?"
            r"REPLY: SRC=" + _IP + r" DST={outside} PROTO=\w{2,8}(?: SPT=\d{1,5} DPT={o})?",
        ),
    )
)

_PAIR: Final = re.compile(
    r"(?:^|[\s,;|\[{])([A-Za-z][\w.\-]{1,48})(?:\(\d{1,5}\))?\s?[=:]\s?(?:\"([^\"]{0,200})\"|([^\s,;|\"\]}]{1,200}))"
)
_NAMES: Final[dict[str, tuple[str, ...]]] = {  # ours → theirs, letters and digits only, best first
    "inside_ip": (
        "insideip",
        "privateip",
        "internalip",
        "saddr",
        "srcip",
        "sourceaddress",
        "sourceip",
        "lsnclient",
        "cli",
        "subscriberip",
        "originalsourceip",
        "presourceip",
        "userip",
        "prenatsrcip",
        "localip",
        "srcaddr",
        "src",
    ),
    "inside_port": ("insideport", "privateport", "internalport", "srcport", "sourceport", "originalsourceport", "spt"),
    "outside_ip": (
        "outsideip",
        "publicip",
        "externalip",
        "transip",
        "natsourceaddress",
        "natsourceip",
        "natip",
        "nat",
        "natsrcip",
        "translatedip",
        "translatedsourceip",
        "postnatsrcip",
        "globalip",
        "postnatsourceip",
        "lsnpb",
        "natsrc",
    ),
    "outside_port": (
        "outsideport",
        "publicport",
        "externalport",
        "transport",
        "natsourceport",
        "natport",
        "portbegin",
        "startport",
        "portstart",
        "translatedport",
        "natsrcport",
        "blockstart",
        "postnatsrcport",
        "firstport",
    ),
    "outside_port_end": ("outsideportend", "portend", "endport", "blockend", "lastport", "publicportend"),
    "dst_ip": ("dstip", "destinationaddress", "destinationip", "destip", "dst", "remoteip", "dstaddr"),
    "dst_port": ("dstport", "destinationport", "destport", "dpt", "remoteport"),
    "proto": ("proto", "protocol", "protocolid", "protocolname", "l4protocol"),
    "action": ("natevent", "event", "lsnevent", "action", "eventtype", "operation", "natoperation"),
    "user": ("subscriber", "subscriberid", "user", "username", "msisdn", "imsi", "accountname"),
}
_OURS: Final = {theirs: ours for ours, names in _NAMES.items() for theirs in reversed(names)}
_PORTS: Final = re.compile(r"(.+?):(\d{1,5})(?:-(\d{1,5}))?$")
_PAIRED: Final = ("transip=", "nat-source-address=", "natsourceip", "lsn_event=", "natip=", "portbegin=", "nat_event=")


def fields(text: str) -> Fields | None:
    """The columns of a translation a message tells of; None if it tells of none."""
    for word, pattern in _FORMS:
        if word in text and (found := pattern.search(text, 0, 4_096)):
            values = _of(found)
            return values if values["inside_ip"] and values["outside_ip"] not in (None, values["inside_ip"]) else None
    lowered = text[:4_096].lower()
    if any(word in lowered for word in _PAIRED):
        return of_pairs([(m[1], m[2] if m[2] is not None else m[3]) for m in _PAIR.finditer(text[:4_096])])
    return None


def of_pairs(pairs: list[tuple[str, str]]) -> Fields | None:
    """The columns of a translation given as named values: key=value messages and rows of exports."""
    values: Fields = {}
    best: dict[str, int] = {}
    for name, value in pairs:
        letters = re.sub(r"[^a-z0-9]", "", name.lower())
        ours = _OURS.get(letters)
        if ours is None or said(value) is None:
            continue
        rank = _NAMES[ours].index(letters)
        if rank < best.get(ours, 99):
            values[ours], best[ours] = value, rank
    return _completed(values)


def _completed(values: Fields) -> Fields | None:
    for address, port in (("inside_ip", "inside_port"), ("outside_ip", "outside_port"), ("dst_ip", "dst_port")):
        text = str(values.get(address) or "").strip("[]")
        if (found := _PORTS.match(text)) and (text.count(":") == 1 or "." in found[1]):
            values[address], values[port] = found[1].rpartition(":")[2], found[2]
            if found[3]:
                values["outside_port_end"] = found[3]
        values[address] = _bare(values.get(address))
    if not values["inside_ip"] or not values["outside_ip"] or values["outside_ip"] == values["inside_ip"]:
        return None
    if not all(re.fullmatch(_IP, values[name]) for name in ("inside_ip", "outside_ip")):
        return None
    for port in ("inside_port", "outside_port", "outside_port_end", "dst_port"):
        values[port] = number(str(values.get(port) or ""))
    word = str(values.get("action") or "").lower()
    ends = ("delete", "release", "destroy", "close", "end", "stop", "free", "teardown", "expire", "2")
    values["action"] = "delete" if any(end in word for end in ends) else "create"
    values["proto"] = proto_of(values.get("proto"))
    values["src_ip"] = values["inside_ip"]
    return values
