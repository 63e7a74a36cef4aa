"""Zeek logs in TSV with their header lines (conn, dns, http, ssl, ssh), fields as Zeek 7 orders them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from seawall.drills.acts import Act

_ID: Final = (("ts", "time"), ("uid", "string"), ("id.orig_h", "addr"), ("id.orig_p", "port"), ("id.resp_h", "addr"),
              ("id.resp_p", "port"))  # fmt: skip
FIELDS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "conn": (
        *_ID, ("proto", "enum"), ("service", "string"), ("duration", "interval"), ("orig_bytes", "count"),
        ("resp_bytes", "count"), ("conn_state", "string"), ("local_orig", "bool"), ("local_resp", "bool"),
        ("missed_bytes", "count"), ("history", "string"), ("orig_pkts", "count"), ("orig_ip_bytes", "count"),
        ("resp_pkts", "count"), ("resp_ip_bytes", "count"), ("tunnel_parents", "set[string]"), ("ip_proto", "count"),
    ),
    "dns": (
        *_ID, ("proto", "enum"), ("trans_id", "count"), ("rtt", "interval"), ("query", "string"), ("qclass", "count"),
        ("qclass_name", "string"), ("qtype", "count"), ("qtype_name", "string"), ("rcode", "count"),
        ("rcode_name", "string"), ("AA", "bool"), ("TC", "bool"), ("RD", "bool"), ("RA", "bool"), ("Z", "count"),
        ("answers", "vector[string]"), ("TTLs", "vector[interval]"), ("rejected", "bool"),
    ),
    "http": (
        *_ID, ("trans_depth", "count"), ("method", "string"), ("host", "string"), ("uri", "string"),
        ("referrer", "string"), ("version", "string"), ("user_agent", "string"), ("origin", "string"),
        ("request_body_len", "count"), ("response_body_len", "count"), ("status_code", "count"),
        ("status_msg", "string"),
    ),
    "ssl": (
        *_ID, ("version", "string"), ("cipher", "string"), ("curve", "string"), ("server_name", "string"),
        ("resumed", "bool"), ("established", "bool"),
    ),
    "ssh": (
        *_ID, ("version", "count"), ("auth_success", "bool"), ("auth_attempts", "count"), ("direction", "enum"),
        ("client", "string"), ("server", "string"), ("cipher_alg", "string"),
    ),
}  # fmt: skip
_PROTOCOLS: Final = {"tcp": 6, "udp": 17, "icmp": 1}
_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_PAIRS: Final = tuple(low + high for high in _ALPHABET for low in _ALPHABET)


def head(log: str, opened: datetime) -> list[str]:
    """The lines a log begins with."""
    return _head(log, FIELDS[log], opened)


def _head(log: str, fields: Sequence[tuple[str, str]], opened: datetime) -> list[str]:
    names, types = zip(*fields, strict=True)
    return [
        "#separator \\x09",
        "#set_separator\t,",
        "#empty_field\t(empty)",
        "#unset_field\t-",
        f"#path\t{log}",
        f"#open\t{opened:%Y-%m-%d-%H-%M-%S}",
        "\t".join(("#fields", *names)),
        "\t".join(("#types", *types)),
    ]


def tail(closed: datetime) -> list[str]:
    """The line a finished log ends with."""
    return [f"#close\t{closed:%Y-%m-%d-%H-%M-%S}"]


def write(act: Act, number: int) -> dict[str, str]:
    """The rows a `flow` act leaves, per log: always conn, and one more where `detail["service"]` has a log of its own.

    `act.source` is the client. `detail`: to, port, and optionally sport, proto, service, duration (s), sent, got
    (octets), state, and the protocol's own: uri, method, host, status, agent; query, answer; name; banner, ok.
    `number` makes the uid; give each flow of a drill its own.
    """
    d = act.detail
    uid = _uid(number)
    service = d.get("service", "-")
    common = (
        f"{act.time.timestamp():.6f}", uid, act.source, d.get("sport", str(32768 + number % 28000)), d["to"], d["port"],
    )  # fmt: skip
    rows = {"conn": "\t".join((*common, *_conn(d, service)))}
    match service:
        case "dns":
            rows["dns"] = "\t".join((*common, *_dns(d, number)))
        case "http":
            rows["http"] = "\t".join((*common, *_http(d)))
        case "ssl":
            curve = ("TLSv13", "TLS_AES_256_GCM_SHA384", "x25519", d.get("name", "-"), "F", "T")
            rows["ssl"] = "\t".join((*common, *curve))
        case "ssh":
            banner = d.get("banner", "SSH-2.0-OpenSSH_9.6")
            server = d.get("server", "SSH-2.0-Cisco-1.25")
            rows["ssh"] = "\t".join((*common, "2", d.get("ok", "T"), "1", "-", banner, server, "aes256-ctr"))
    return rows


def _uid(number: int) -> str:
    """Zeek's 17 letters and digits after a C; ours spread a running number over them."""
    rest, letters = number * 0x9E3779B97F4A7C15 % (1 << 96), ""
    for _ in range(8):
        rest, two = divmod(rest, 3844)
        letters += _PAIRS[two]
    return "C" + letters


def _conn(d: Mapping[str, str], service: str) -> tuple[str, ...]:
    proto = d.get("proto", "tcp")
    sent, got = int(d.get("sent", "600")), int(d.get("got", "1800"))
    state = d.get("state", "SF")
    out, back = 4 + sent // 1200, (4 + got // 1200 if got else 0)
    if state == "S0":
        return (proto, "-", "-", "-", "-", state, "F", "T", "0", "S", "1", "60", "0", "0", "-",
                str(_PROTOCOLS.get(proto, 0)))  # fmt: skip
    history = {"tcp": "ShADadFf", "udp": "Dd"}.get(proto, "-")
    number = d.get("ip_proto") or str(_PROTOCOLS.get(proto, 47))
    return (
        proto, service, d.get("duration", "0.412000"), str(sent), str(got), state, d.get("local_orig", "T"), "F", "0",
        history, str(out), str(sent + 40 * out), str(back), str(got + 40 * back), "-", number,
    )  # fmt: skip


def _dns(d: Mapping[str, str], number: int) -> tuple[str, ...]:
    answer = d.get("answer", "")
    code, word = ("0", "NOERROR") if answer else ("3", "NXDOMAIN")
    return (
        "udp", str(number % 65536), "0.021000", d["query"], "1", "C_INTERNET", "1", d.get("qtype", "A"), code, word,
        "F", "F", "T", "T", "0", answer or "-", "300.000000" if answer else "-", "F",
    )  # fmt: skip


def _http(d: Mapping[str, str]) -> tuple[str, ...]:
    status = d.get("status", "200")
    message = {"200": "OK", "302": "Found", "401": "Unauthorized", "403": "Forbidden", "404": "Not Found"}[status]
    return (
        "1", d.get("method", "GET"), d.get("host", "-"), d.get("uri", "/"), "-", "1.1", d.get("agent", "-"), "-",
        d.get("sent", "0"), d.get("got", "1800"), status, message,
    )  # fmt: skip


def write_log(
    log: str, fields: Sequence[tuple[str, str]], rows: Sequence[Mapping[str, object]], opened: datetime
) -> list[str]:
    """Any log of Zeek's, known or not, whole: `fields` are (name, Zeek type), sets and vectors given as lists."""

    def cell(value: object) -> str:
        if value is None:
            return "-"
        if isinstance(value, bool):
            return "T" if value else "F"
        if isinstance(value, (list, tuple)):
            return ",".join(map(str, value)) or "(empty)"
        return str(value) or "(empty)"

    lines = ["\t".join(cell(row.get(name)) for name, _ in fields) for row in rows]
    return [*_head(log, fields, opened), *lines, *tail(opened)]
