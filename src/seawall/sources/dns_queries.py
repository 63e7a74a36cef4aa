# ruff: noqa: E501 - patterns are as long as they are
"""Query logs of resolvers and name servers: BIND, Unbound, dnsmasq, PowerDNS, Knot, CoreDNS, Windows.

One pattern per server says what a line's text is; in front of it stands whatever the server's options print (time in
any form, category, severity, a syslog header). BIND: ARM, `querylog`, `responselog`, `print-*`; Unbound:
`log-queries`, `log-replies`, `log-tag-queryreply`, `log-local-actions`; dnsmasq: `log-queries`, also `extra`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from seawall.sources.base import SNIFFING, Chunk, Evidence, Reading, Source
from seawall.sources.line_format import Told, has_syslog_header, kept, number, read_lines, sureness
from seawall.sources.line_times import day_first, time_at_start
from seawall.sources.records import NEVER, When

_NAME: Final = r"[^\s]{1,1100}"
_TYPE: Final = r"[A-Z][A-Z0-9\-]{0,19}"
_BIND: Final = re.compile(
    r"client (?:@0x[0-9a-fA-F]+ )?(?P<src>[0-9A-Fa-f.:%]{2,60})#(?P<port>\d{1,5})(?:/key [^\s:(]{1,255})?"
    rf"(?: \({_NAME}\))?: (?:view (?P<view>[^\s:]{{1,255}}): )?"
    rf"(?:query: (?P<query>{_NAME}) (?P<class>{_TYPE}) (?P<type>{_TYPE})(?: (?P<flags>[+\-]\S{{0,30}}))?"
    rf"|response: (?P<rquery>{_NAME}) (?P<rclass>{_TYPE}) (?P<rtype>{_TYPE}) (?P<rcode>[A-Z0-9]{{2,20}})"
    r"(?: (?P<rflags>[+\-]\S{0,30}))?"
    rf"|query failed \((?P<failed>[A-Z]{{2,20}}|[a-z ]{{2,60}})\) for (?P<fquery>{_NAME})/(?P<fclass>{_TYPE})/(?P<ftype>{_TYPE})"
    rf"|query(?: \(cache\))? '(?P<dquery>{_NAME})/(?P<dtype>{_TYPE})/(?P<dclass>{_TYPE})' denied)"
    r"(?:.{0,40}?\((?P<dst>[0-9A-Fa-f.:%]{2,60})\))?"
)
_UNBOUND: Final = re.compile(
    rf"(?:unbound)?\[\d{{1,10}}(?::[0-9a-f]{{1,4}})?\] (?:info|query|reply): (?:(?:query|reply): )?"
    rf"(?:(?P<zone>{_NAME}) (?P<action>[a-z_]{{4,24}}) (?P<lsrc>[0-9A-Fa-f.:%]{{2,60}})@(?P<lport>\d{{1,5}}) |"
    rf"(?P<src>[0-9A-Fa-f.:%]{{2,60}}) )"
    rf"(?P<query>{_NAME}) (?P<type>{_TYPE}) (?P<class>{_TYPE})(?: (?P<rcode>[A-Z]{{2,12}}\S{{0,8}}) (?P<secs>\d+\.\d+) "
    r"(?P<cached>[01]) (?P<size>\d{1,6})(?: on (?P<proto>[a-z]{2,5}) (?P<dst>\S{2,60}))?)?\s*$"
)
_DNSMASQ: Final = re.compile(
    r"(?:(?P<serial>\d{1,10}) (?P<xsrc>[0-9A-Fa-f.:%]{2,60})/(?P<port>\d{1,5}) )?"
    rf"(?:query\[(?P<type>[A-Za-z0-9=\-]{{1,20}})\] (?P<query>{_NAME}) from (?P<src>[0-9A-Fa-f.:%]{{2,60}})"
    rf"|(?P<how>reply|cached|cached-stale|config|/etc/hosts|/\S{{1,200}}|DHCP) (?P<rquery>{_NAME}) is (?P<answer>\S{{1,400}})"
    rf"|forwarded (?P<fquery>{_NAME}) to (?P<dst>[0-9A-Fa-f.:%#@]{{2,80}}))\s*$"
)
_POWERDNS: Final = re.compile(
    rf"(?:Remote (?P<src>[0-9A-Fa-f.:%]{{2,60}})(?:<-[0-9A-Fa-f.:%/]{{2,60}})? wants '(?P<query>{_NAME})\|(?P<type>{_TYPE})'"
    rf"|question for '(?P<rquery>{_NAME})\|(?P<rtype>{_TYPE})' from (?P<rsrc>[0-9A-Fa-f.:%]{{2,60}}))"
)
_COREDNS: Final = re.compile(
    rf"(?:\[INFO\] )?(?P<src>[0-9A-Fa-f.:%\[\]]{{2,60}}):(?P<port>\d{{1,5}}) - \d{{1,5}} \"(?P<type>{_TYPE}) (?P<class>{_TYPE}) "
    rf"(?P<query>{_NAME}) (?P<proto>tcp|udp|\S{{2,8}}) \d{{1,6}} \w{{1,5}} \d{{1,6}}\" (?P<rcode>[A-Z]{{2,12}}|-) (?P<flags>\S{{1,60}})"
)
_WINDOWS: Final = re.compile(
    r"(?P<time>\d{1,4}[/.\-]\d{1,2}[/.\-]\d{1,4} \d{1,2}:\d\d:\d\d(?: [AP]M)?) [0-9A-F]{1,6} PACKET +[0-9A-F]{8,16} "
    r"(?P<proto>UDP|TCP) (?P<way>Rcv|Snd) (?P<src>[0-9A-Fa-f.:%]{2,60}) +[0-9a-f]{4} (?P<kind>R| ) (?P<op>[QNU?]) "
    rf"\[[0-9a-f]{{4}} +(?P<flags>[A-Z ]{{0,12}}?) +(?P<rcode>[A-Z]{{2,12}})\] (?P<type>{_TYPE}|[0-9]{{1,5}}) +(?P<name>\S{{1,1100}})\s*$"
)
_BEFORE: Final = 200  # characters in front of a server's text, at most
_MAX_NAME: Final = 1_100


def _bind(found: re.Match[str]) -> dict[str, Any]:
    if query := found["query"]:  # every line of a query log that says nothing else
        flags, port = found["flags"], found["port"]
        return {
            "message": "query",
            "query": query,
            "qclass": found["class"],
            "qtype": found["type"],
            "rcode": None,
            "flags": flags,
            "src_ip": found["src"],
            "src_port": int(port) if port.isascii() else None,
            "dst_ip": found["dst"],
            "server_view": found["view"],
            "proto": ("tcp" if "T" in flags else "udp") if flags else None,
        }
    group = found.groupdict()
    values: dict[str, Any] = {
        "message": "response" if group["rquery"] else "query",
        "query": group["query"] or group["rquery"] or group["fquery"] or group["dquery"],
        "qclass": group["class"] or group["rclass"] or group["fclass"] or group["dclass"],
        "qtype": group["type"] or group["rtype"] or group["ftype"] or group["dtype"],
        "rcode": group["rcode"] or group["failed"] or ("DENIED" if group["dquery"] else None),
        "flags": group["flags"] or group["rflags"],
        "src_ip": group["src"],
        "src_port": number(group["port"]),
        "dst_ip": group["dst"],
        "server_view": group["view"],
    }
    if flags := values["flags"]:
        values["proto"] = "tcp" if "T" in flags else "udp"
    return values


def _unbound(found: re.Match[str]) -> dict[str, Any]:
    return {
        "message": "response" if found["rcode"] else "query",
        "query": found["query"],
        "qclass": found["class"],
        "qtype": found["type"],
        "rcode": found["rcode"],
        "src_ip": found["src"] or found["lsrc"],
        "src_port": number(found["lport"]),
        "dst_ip": found["dst"],
        "proto": found["proto"],
        "server_view": found["zone"],
        "flags": found["action"],
    }


def _dnsmasq(found: re.Match[str]) -> dict[str, Any]:
    answer = found["answer"]
    refused = answer in ("NXDOMAIN", "NXDOMAIN-IPv4", "NXDOMAIN-IPv6")
    nothing = answer is not None and answer.startswith("NODATA")
    return {
        "message": "response" if answer else "forwarded" if found["fquery"] else "query",
        "query": found["query"] or found["rquery"] or found["fquery"],
        "qtype": found["type"],
        "src_ip": found["src"] or found["xsrc"],
        "dst_ip": found["dst"].partition("#")[0] if found["dst"] else None,
        "src_port": number(found["port"]),
        "rcode": "NXDOMAIN" if refused else "NOERROR" if answer else None,
        "answers": None if refused or nothing else answer,
        "flags": found["how"],
    }


def _powerdns(found: re.Match[str]) -> dict[str, Any]:
    return {
        "message": "query",
        "query": found["query"] or found["rquery"],
        "qtype": found["type"] or found["rtype"],
        "src_ip": found["src"] or found["rsrc"],
    }


def _coredns(found: re.Match[str]) -> dict[str, Any]:
    return {
        "message": "response",
        "query": found["query"],
        "qclass": found["class"],
        "qtype": found["type"],
        "rcode": found["rcode"],
        "flags": found["flags"],
        "proto": found["proto"],
        "src_ip": found["src"].strip("[]"),
        "src_port": number(found["port"]),
    }


def _windows(found: re.Match[str]) -> dict[str, Any]:
    name = re.sub(r"\(\d{1,3}\)", ".", found["name"]).strip(".")
    return {
        "message": "response" if found["kind"] == "R" else "query",
        "query": name or ".",
        "qtype": found["type"],
        "rcode": found["rcode"] if found["kind"] == "R" else None,
        "flags": found["flags"].strip() or None,
        "proto": found["proto"].lower(),
        ("src_ip" if (found["way"] == "Rcv") != (found["kind"] == "R") or found["way"] == "Snd" else "dst_ip"): found[
            "src"
        ],
    }


# A word every line of the server holds, its pattern, and what to make of it. Tried in this order.
_Fields = Callable[["re.Match[str]"], dict[str, Any]]
_SERVERS: Final[tuple[tuple[str, re.Pattern[str], _Fields], ...]] = (
    ("client ", _BIND, _bind),
    ("] ", _UNBOUND, _unbound),
    (" PACKET ", _WINDOWS, _windows),
    (" wants '", _POWERDNS, _powerdns),
    ("question for '", _POWERDNS, _powerdns),
    (" - ", _COREDNS, _coredns),
)
_DNSMASQ_LINE: Final = re.compile(
    r"(?P<time>[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S{8,24}) dnsmasq(?:-dhcp)?\[\d{1,10}\]: (?P<text>.*)$"
)


def message(text: str) -> dict[str, Any] | None:
    """What the text of a line says (without what the server's options print before it); None if no query log."""
    for word, pattern, fields in _SERVERS:
        if word in text and (found := pattern.search(text, 0, 4_096)) and found.start() <= _BEFORE:
            return _limited(fields(found))
    return None


def dnsmasq(text: str) -> dict[str, Any] | None:
    """What dnsmasq's text says, without its header; None if it is no query or answer."""
    found = _DNSMASQ.match(text)
    return _limited(_dnsmasq(found)) if found else None


def _limited(values: dict[str, Any]) -> dict[str, Any]:
    query = values.get("query")
    if query and len(query) > _MAX_NAME:
        values["query"] = query[:_MAX_NAME]
    return values


# Unbound with `log-time-ascii`: looks like syslog without a host, and is none.
_OWN_HEADER: Final = re.compile(r"[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d unbound\[\d{1,10}:[0-9a-f]{1,4}\] ")


def tell(text: str, reading: Reading) -> Told | None:
    """What one line of a query log says; None if it is none."""
    if "dnsmasq" in text and (line := _DNSMASQ_LINE.match(text)):
        found = _DNSMASQ.match(line["text"])
        return Told({**_dnsmasq(found), "raw": kept(text)}, time_at_start(line["time"], reading)) if found else None
    if has_syslog_header(text) and not _OWN_HEADER.match(text):
        return None
    values = message(text)
    if values is None or (not values.get("src_ip") and values["message"] == "query"):
        return None
    return Told({**values, "raw": kept(text)}, _when(text, reading))


def _when(text: str, reading: Reading) -> When:
    """The time in front: BIND's, Unbound's `[seconds]`, Windows', or none at all."""
    if text[:1] == "[":
        return time_at_start(text[1:40], reading)
    if text[:6] == "client":
        return NEVER
    when = time_at_start(text, reading)
    if when is NEVER and text[:1].isdigit():
        when = time_at_start(day_first(text[:40], month_first=" PACKET " in text), reading)
    return when


def sniff(evidence: Evidence) -> int:
    """97 if most lines are queries or answers; other messages of the same server may stand between."""
    return sureness(evidence, lambda text: tell(text, SNIFFING) is not None, 97)


def read(evidence: Evidence, reading: Reading) -> Iterator[Chunk]:
    """Events of kind `dns_queries` and rejects. Raises InputError if the file cannot be read on."""
    yield from read_lines(evidence, reading, "dns_queries", tell, "query or answer")


SOURCE: Final = Source("dns_queries", "DNS query logs (BIND, Unbound, dnsmasq and kin)", ("dns_queries",), sniff, read)
