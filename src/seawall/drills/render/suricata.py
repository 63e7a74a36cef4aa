"""Suricata's EVE JSON: the flow, and the DNS, HTTP, TLS or alert event beside it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from seawall.drills.acts import Act


def write(act: Act, number: int, sensor: str = "ids1", *, dns_version: int = 2) -> list[str]:
    """The lines a `flow` act leaves, the flow's own last.

    `act.source` is the client. `detail`: to, port, and optionally sport, proto, service, duration (s), sent, got
    (octets), and the protocol's own: query, answer; host, uri, status; name; signature. `dns_version` is 1, 2 or 3.
    """
    d = act.detail
    proto = d.get("proto", "tcp").upper()
    ends = {
        "src_ip": act.source, "src_port": int(d.get("sport", "40000")), "dest_ip": d["to"], "dest_port": int(d["port"]),
        "proto": proto,
    }  # fmt: skip

    def event(kind: str, after_s: float, **more: Any) -> str:
        said = {
            "timestamp": _stamp(act, after_s),
            "flow_id": 1_000_000 + number,
            "in_iface": "eth1",
            "event_type": kind,
        }
        return json.dumps({**said, **ends, "host": sensor, **more}, separators=(",", ":"))

    lines = []
    service = d.get("service", "failed")
    if service == "dns":
        lines += [event("dns", at, dns=part) for at, part in enumerate(_dns(d, number, dns_version))]
    if service == "http":
        said = {"hostname": d.get("host", d["to"]), "url": d.get("uri", "/"), "http_method": d.get("method", "GET")}
        lines.append(event("http", 0.1, tx_id=0, http={**said, "status": int(d.get("status", "200")), "length": 900}))
    if service == "tls":
        lines.append(event("tls", 0.1, tls={"sni": d.get("name", ""), "version": "TLS 1.3"}))
    if signature := d.get("signature"):
        alert = {"action": "allowed", "gid": 1, "signature_id": 9_000_001, "rev": 1, "signature": signature,
                 "category": "Drill", "severity": 2}  # fmt: skip
        lines.append(event("alert", 0.1, alert=alert))
    seconds = float(d.get("duration", "0.4"))
    flow = {
        "pkts_toserver": 4, "pkts_toclient": 3, "bytes_toserver": int(d.get("sent", "600")),
        "bytes_toclient": int(d.get("got", "1800")), "start": _stamp(act, 0), "end": _stamp(act, seconds),
        "age": int(seconds), "state": "closed", "reason": "timeout", "alerted": "signature" in d,
    }  # fmt: skip
    return [*lines, event("flow", seconds + 60, app_proto=service, flow=flow)]


def _stamp(act: Act, after_s: float) -> str:
    return f"{act.time + timedelta(seconds=after_s):%Y-%m-%dT%H:%M:%S.%f}+0000"


def _dns(d: Any, number: int, version: int) -> list[dict[str, Any]]:
    """Question and answer, as that version of Suricata tells them."""
    name, type_, answer = d["query"], d.get("qtype", "A"), d.get("answer", "")
    code = "NOERROR" if answer else "NXDOMAIN"
    record = {"rrname": name, "rrtype": type_, "ttl": 300, "rdata": answer}
    asked = {"id": number % 65_536, "rrname": name, "rrtype": type_}
    if version == 1:
        return [{"type": "query", **asked, "tx_id": 0}, {"type": "answer", **asked, "rcode": code, "rdata": answer}]
    records = {"answers": [record], "grouped": {type_: [answer]}} if answer else {}
    if version == 2:
        return [
            {"type": "query", **asked, "tx_id": 0},
            {"version": 2, "type": "answer", **asked, "rcode": code, **records},
        ]
    question = {"version": 3, "id": number % 65_536, "queries": [{"rrname": name, "rrtype": type_}]}
    return [{**question, "type": "request"}, {**question, "type": "response", "rcode": code, **records}]
