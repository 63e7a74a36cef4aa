"""Flows with the side that began first, whatever told of them.

Sensors (Zeek, Suricata) know who began. Exporters of one-way flows write the answer as a flow of its own, from server
to client: where the record counts one direction only and its source port is a service's, it is turned round, so that
both halves speak of the same pair. Its octets are then the answer's.

Columns given: `client`, `client_port`, `server`, `port`, `proto`, `seconds` (whole, since 1970), `until` (end),
`sent` and `got` (octets of client and server; null where not counted), `sent_packets` and `got_packets` likewise,
`answered`, `sampled`, `event_id`, `time`, `origin`, and those of the view that analytics tell.
"""

from __future__ import annotations

from typing import Any, Final

import ibis

from seawall.detect.baseline import seconds as whole_seconds

SAMPLED_ABOVE: Final = 10  # one in so many: beyond it gaps between flows are the sampler's, not the host's
SERVICE_PORTS: Final = (1433, 1521, 1701, 1723, 1812, 1813, 2055, 2123, 2152, 3306, 3389, 3868, 4500, 4739, 4786, 4789)
_FURTHER: Final = (5060, 5061, 5222, 5353, 5432, 6081, 6343, 8000, 8080, 8443, 8883, 9995, 9996, 57722)
_EPHEMERAL: Final = 32_768
# How flows are marked that never came to be: Zeek's attempts and refusals.
FAILED: Final = ("S0", "REJ", "RSTOS0", "SH", "RSTRH")
TUNNELS: Final = ("gre", "ipip", "6in4", "esp", "ah", "etherip", "l2tp")  # protocols of tunnels, as told here
NUMBERS: Final = {1: "icmp", 4: "ipip", 41: "6in4", 47: "gre", 50: "esp", 51: "ah", 58: "icmp6", 97: "etherip"}
ICMP: Final = ("icmp", "icmp6", "ipv6-icmp")
_NAMES: Final = {"ipip": "ipip", "ipencap": "ipip", "ip-in-ip": "ipip", "ipv4": "ipip", "ipv6": "6in4", "sit": "6in4"}


def oriented(flows: Any) -> Any:
    """The flows that have two ends and a time, client first."""
    told = flows.filter(flows.time.notnull() & flows.src_ip.notnull() & flows.dst_ip.notnull())
    told = told.mutate(
        seen_one_way=(told.kind == "flow_records") & told.dst_bytes.isnull() & told.dst_pkts.isnull(),
        seen_low=told.src_port.fill_null(0),
        seen_high=told.dst_port.fill_null(0),
        seen_proto=protocol(told),
    )
    # Step by step: what is named in one step is written out wherever the next names it, and once more below that.
    told = told.mutate(seen_served=_service(told.seen_low), seen_serves=_service(told.seen_high))
    lower = (told.seen_low < _EPHEMERAL) & (told.seen_high >= _EPHEMERAL)
    served, serves = told.seen_served, told.seen_serves
    back = (told.seen_low > 0) & ((served & ~serves) | (lower & (served | ~serves)))
    told = told.mutate(seen_turned=told.seen_one_way & back)
    one_way, turned, proto = told.seen_one_way, told.seen_turned, told.seen_proto
    pinged = proto.isin(ICMP)  # what stands for ports there are types and codes
    seconds = whole_seconds(told.time).cast("int64")
    state = told.state.fill_null("")
    sent, got = told.src_bytes, told.dst_bytes
    failed = ibis.or_(*(state.between(one, one) for one in FAILED)) | _reset(told, proto, one_way, turned)
    heard = turned | (got.fill_null(0) > 0) | (told.dst_pkts.fill_null(0) > 0) | state.isin(["SF", "S1"])
    fields = {
        "client": ibis.ifelse(turned, told.dst_ip, told.src_ip),
        "server": ibis.ifelse(turned, told.src_ip, told.dst_ip),
        "client_port": ibis.ifelse(turned, told.dst_port, told.src_port),
        "port": ibis.ifelse(pinged, 0, ibis.ifelse(turned, told.src_port, told.dst_port).fill_null(0)),
        "proto": proto,
        "seconds": seconds,
        "until": seconds + told.duration.fill_null(0.0).ceil().cast("int64"),
        "sent": ibis.ifelse(turned, ibis.null("int64"), sent),
        "got": ibis.ifelse(turned, sent, got),
        "turned": turned,
        "sent_packets": ibis.ifelse(turned, ibis.null("int64"), told.src_pkts),
        "got_packets": ibis.ifelse(turned, told.src_pkts, told.dst_pkts),
        "packets": told.src_pkts.fill_null(0) + told.dst_pkts.fill_null(0),
        "answered": heard & ~failed,
        "failed": failed,
        "one_way": one_way,
        "exported": told.kind == "flow_records",
        "sampled": told.sampling.fill_null(1) > SAMPLED_ABOVE,
    }
    kept = ("event_id", "time", "origin", "kind", "src_ip", "src_port", "dst_ip", "dst_port", "src_bytes", "dst_bytes")
    more = ("duration", "app", "state", "exporter", "input_if", "output_if", "device", "observer", "sampling")
    named = [name for name in ("input_if_name", "output_if_name") if name in told.columns]
    return told.select(*kept, *more, *named, **fields)


def _reset(told: Any, proto: Any, one_way: Any, turned: Any) -> Any:
    """Whether all the server sent are resets: no answer. Flags say so, or packets of nothing but headers.

    A reset has no options (RFC 9293, clause 3.10.7.1): 40 octets, over IPv6 60. What shakes hands has options, or
    sends something afterwards. Zeek counts payload alone, and says a refusal in its state. Suricata counts frames.
    """
    state = told.state.fill_null("")
    flags = one_way & state.re_search("R") & ~state.re_search("[SPF]")
    flags = flags | state.re_search(r"^[SFPARUEC]*_[AEC]*R[AREC]*$")  # Argus: client_server
    framed = ibis.ifelse(told.kind == "suricata", 1, 0)
    bare = ibis.ifelse(told.src_ip.contains(":"), 60 + 14 * framed, 40 + 20 * framed)
    packets = ibis.ifelse(turned, told.src_pkts, told.dst_pkts).fill_null(0)
    octets = ibis.ifelse(turned, told.src_bytes, told.dst_bytes)
    counted = (proto == "tcp") & (told.kind != "zeek_conn") & (packets > 0) & (octets <= 74 * packets)
    headers = ibis.ifelse(counted.fill_null(False), (octets <= bare * packets).fill_null(False), False)
    return ibis.ifelse(state == "", False, flags) | headers


def protocol(flows: Any) -> Any:
    """The protocol by its name, lower case, whichever way the record says it; Zeek knows some by their application."""
    by_number = ibis.cases(*((flows.ip_proto == number, name) for number, name in NUMBERS.items()), else_=None)
    said = flows.proto.fill_null("").lower()
    by_name = ibis.cases(*((said == name, told) for name, told in _NAMES.items()), else_=None)
    app = flows.app.fill_null("").lower()
    by_app = ibis.cases(*((app == name, name) for name in ("gre", "ipip", "esp", "ah")), else_=None)
    unknown = said.isin(["unknown_transport", "", "unknown"])
    shown = ibis.ifelse(unknown, ibis.coalesce(by_app, said), said)
    by_text = ibis.cases(*((said == str(number), name) for number, name in NUMBERS.items()), else_=None)
    return ibis.coalesce(by_number, by_name, by_text, shown)


def _service(port: Any) -> Any:
    known = ibis.array([*SERVICE_PORTS, *_FURTHER]).contains(port)  # `isin` of many joins on DuckDB
    return ((port > 0) & (port < 1024)) | known
