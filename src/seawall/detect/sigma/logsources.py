"""Which events a Sigma log source means here.

A log source becomes one or more routes: a view, a guard (conditions that choose its events) and the columns that
Sigma's field names mean there. A log source without a route is "not applicable here": no evidence kind of ours
holds such events, so its rules are counted, not run. Pipelines of the analyst's (`--pipeline`) are applied before.

| Sigma log source | view | events |
|---|---|---|
| product network, category command | commands | commands run on devices, from syslog and TACACS+ |
| product network, category authentication | logins | logins to devices, Windows hosts, and SSH Zeek saw |
| product network, category config_change | config_changes | "configured" messages |
| product network, service syslog | syslog | every line |
| product cisco, service aaa or accounting | commands | the public rules are keyword rules over accounting |
| product cisco, juniper, huawei, arista, nokia, fortigate, paloalto, other services | syslog | every line |
| product (or service) nginx, apache, iis, haproxy, squid | web | requests and errors the server logged |
| product linux, service auditd | auditd | one event of the audit system |
| product linux, category process_creation, network_connection, file_event | auditd | by the records it is made of |
| product oracle, postgresql, mysql; category database | db_audit | what a database says somebody did |
| product suricata, service or category alert, dns, http, tls, flow … | suricata | events of that type; dots as Zeek's |
| product or service suricata alone | suricata | every EVE event |
| product or service radius, tacacs; service netflow | radius, tacacs; flows | |
| product linux, service sshd, auth, sudo, cron, syslog and the like | syslog | lines of that program |
| product zeek, service conn, dns, http, ssl, ssh | zeek_* | dots in field names become underscores |
| product windows, service or category | windows | by channel and event number, see `windows.py` |
| category dns; firewall; proxy or webserver; antivirus | dns; flows; http; windows | whatever saw it |
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from seawall.detect.sigma import windows
from seawall.detect.sigma.plan import Atom, Condition, Op, Or, conjunction
from seawall.model.kinds import zeek, zeek_logs


@dataclass(frozen=True)
class Route:
    """One place where a log source's events stand."""

    view: str
    guard: Condition | None = None
    columns: Mapping[str, str] = field(default_factory=dict)  # Sigma's field name → column

    def column(self, sigma_field: str) -> str:
        """The column a Sigma field means here. Dots are never part of our column names."""
        if sigma_field in self.columns:
            return self.columns[sigma_field]
        return "time" if sigma_field.lower() in _TIMES else sigma_field.replace(".", "_")


# What rules that ask for an hour or a day call the time of an event.
_TIMES: Final = frozenset({"@timestamp", "timestamp", "_time", "event_time", "eventtime"})


_VENDORS: Final = frozenset(
    {"cisco", "juniper", "huawei", "arista", "nokia", "fortigate", "fortios", "fortinet", "paloalto", "f5", "ciena"}
    | {"checkpoint", "ericsson", "mikrotik", "sonicwall", "zte", "extreme", "vyos"}
)
_NOT_SYSLOG: Final = frozenset({"duo", "umbrella", "meraki"})  # cloud services of the same vendors
_ACCOUNTING: Final = {"CmdSet": "command_raw", "User": "user", "src": "src_ip", "username": "user", "User-Name": "user"}

_NETWORK: Final[dict[tuple[str | None, str | None], str]] = {
    ("command", None): "commands",
    ("authentication", None): "logins",
    ("config_change", None): "config_changes",
    (None, "syslog"): "syslog",
}

_HTTP: Final = {
    "c-ip": "src_ip",
    "c-uri": "uri",
    "c-uri-extension": "uri",
    "c-uri-query": "uri",
    "c-uri-stem": "uri",
    "c-useragent": "user_agent",
    "cs-host": "host",
    "cs-method": "method",
    "cs-referer": "referrer",
    "cs-referrer": "referrer",
    "cs-uri": "uri",
    "cs-uri-query": "uri",
    "cs-uri-stem": "uri",
    "cs-user-agent": "user_agent",
    "cs-username": "user",
    "cs(Referer)": "referrer",
    "cs(User-Agent)": "user_agent",
    "s-ip": "dst_ip",
    "s-port": "dst_port",
    "sc-bytes": "bytes",
    "sc-status": "status",
    "r-dns": "host",
}
_WEB_SERVERS: Final = frozenset({"nginx", "apache", "httpd", "iis", "haproxy", "squid"})
_DNS: Final = {"record_type": "qtype", "answer": "answers", "QueryName": "query", "QueryResults": "answers"}
_FLOWS: Final = {
    "application": "app",
    "destination.ip": "dst_ip",
    "destination.port": "dst_port",
    "protocol": "proto",
    "source.ip": "src_ip",
    "source.port": "src_port",
    "dest_ip": "dst_ip",
    "dest_port": "dst_port",
    "DestinationIp": "dst_ip",
    "DestinationPort": "dst_port",
    "SourceIp": "src_ip",
    "SourcePort": "src_port",
}
_AUDITD: Final = {
    "CommandLine": "command_raw",
    "CurrentDirectory": "cwd",
    "Image": "exe",
    "LogonId": "ses",
    "ProcessId": "pid",
    "ParentProcessId": "ppid",
    "TargetFilename": "path",
    "User": "user",
    "DestinationIp": "dst_ip",
}
# Records that stand in an event of the audit system of a category.
_AUDITED: Final = {"process_creation": "EXECVE", "network_connection": "SOCKADDR", "file_event": "PATH"}
_DATABASE: Final = {"query": "statement", "sql": "statement"}
_DATABASES: Final = frozenset({"oracle", "postgresql", "mysql"})
# Log sources that name a program everybody knows, as product or as service.
_KNOWN: Final[dict[str, tuple[str, Mapping[str, str]]]] = {
    "radius": ("radius", _ACCOUNTING),
    "tacacs": ("tacacs", _ACCOUNTING),
    "netflow": ("flows", _FLOWS),
    "ipfix": ("flows", _FLOWS),
    **dict.fromkeys(_WEB_SERVERS, ("web", _HTTP)),
}
# What rules call Suricata's events, where that is not its `event_type` itself: every protocol it learns is one more.
_EVE: Final[dict[str, tuple[str, ...]]] = {
    "eve": (),
    **dict.fromkeys(("flow", "network_connection"), ("flow", "netflow")),  # both ways in one record, or one each
    **dict.fromkeys(("ids", "alerts"), ("alert",)),
    **dict.fromkeys(("dns_query", "dns-query"), ("dns",)),
    **dict.fromkeys(("ssl", "certificate"), ("tls",)),
    **dict.fromkeys(("webserver", "proxy", "web"), ("http",)),
    **dict.fromkeys(("file", "files"), ("fileinfo",)),
    "firewall": ("flow", "netflow", "drop"),
}
_EVE_COLUMNS: Final = {
    **dict.fromkeys(("dst_ip", "destination.ip", "DestinationIp"), "dst_ip"),
    **dict.fromkeys(("dst_port", "destination.port", "DestinationPort"), "dest_port"),
    **dict.fromkeys(("source.ip", "SourceIp", "c-ip"), "src_ip"),
    **dict.fromkeys(("source.port", "SourcePort"), "src_port"),
    **dict.fromkeys(("c-uri", "cs-uri", "c-uri-query", "cs-uri-query", "c-uri-stem", "cs-uri-stem"), "http_url"),
    **dict.fromkeys(("c-useragent", "cs-user-agent", "cs(User-Agent)", "user_agent"), "http_http_user_agent"),
    "cs-host": "http_hostname",
    "cs-method": "http_http_method",
    "sc-status": "http_status",
    "query": "dns_rrname",
    "record_type": "dns_rrtype",
    "answer": "dns_answers",
    "server_name": "tls_sni",
    "ja3": "tls_ja3_hash",
}
_ZEEK: Final = frozenset(kind.name.removeprefix("zeek_") for kind in (*zeek.KINDS, *zeek_logs.KINDS)) - {"other"}

# Programs that write what a Linux service is called for.
_PROGRAMS: Final[dict[str, tuple[str, ...]]] = {
    "sshd": ("sshd", "sshd-session"),
    "sudo": ("sudo",),
    "cron": ("cron", "crond", "/usr/sbin/cron"),
    "su": ("su",),
    "clamav": ("clamd", "clamav", "freshclam"),
    "guacamole": ("guacd", "guacamole"),
    "vsftpd": ("vsftpd",),
    "auth": (),
    "syslog": (),
}


def routes(product: str | None, category: str | None, service: str | None) -> tuple[Route, ...]:
    """The places where a log source's events stand; empty where we hold none."""
    product, category, service = (part.lower() if part else None for part in (product, category, service))
    if product == "windows":
        return _windows(category, service)
    if product == "network":
        view = _NETWORK.get((category, service))
        return (Route(view),) if view else ()
    if product in _VENDORS:
        return _vendor(service)
    if product == "linux":
        return _linux(category, service)
    if product == "zeek" and service:
        # Logs without a kind of their own share one, whose rows say which log they are of.
        own = service in _ZEEK
        return (Route(f"zeek_{service}") if own else Route("zeek_other", Atom("log", Op.EQUALS, service)),)
    if product == "suricata" or (product is None and service == "suricata"):
        return _suricata([word for word in (category, service if product else None) if word])
    if product in _DATABASES:
        return (Route("db_audit", Atom("system", Op.EQUALS, product), _DATABASE),)
    known = _KNOWN.get(product or service or "")
    if known is not None and category in (None, "webserver", "proxy"):
        return (Route(known[0], columns=known[1]),)
    return _by_category(category) if product is None and service is None else ()


def _linux(category: str | None, service: str | None) -> tuple[Route, ...]:
    if service == "auditd" and category is None:
        return (Route("auditd"),)
    if service is None and category in _AUDITED:
        return (Route("auditd", Atom("type", Op.CONTAINS, _AUDITED[category]), _AUDITD),)
    if service in _PROGRAMS and category is None:
        return (Route("syslog", _programs(_PROGRAMS[service])),)
    return ()


def _suricata(words: list[str]) -> tuple[Route, ...]:
    """Suricata's events, of the types a rule names by category and service."""
    types = [_EVE.get(word, (word,)) for word in words]
    guards = [Or(tuple(Atom("event_type", Op.EQUALS, name) for name in names)) for names in types if names]
    return (Route("suricata", conjunction(tuple(guards)), _EVE_COLUMNS),)


def _by_category(category: str | None) -> tuple[Route, ...]:
    """Log sources that name a kind of event and no product."""
    match category:
        case "dns":
            return (Route("dns", columns=_DNS),)
        case "firewall":
            return (Route("flows", columns=_FLOWS),)
        case "proxy" | "webserver":
            return (Route("http", columns=_HTTP),)
        case "database":
            return (Route("db_audit", columns=_DATABASE),)
        case "antivirus":
            return _windows(category, None)
        case _:
            return ()


def _vendor(service: str | None) -> tuple[Route, ...]:
    if service in _NOT_SYSLOG:
        return ()
    if service in ("aaa", "accounting", "tacacs"):
        return (Route("commands", columns=_ACCOUNTING),)
    return (Route("syslog"),)


def _programs(names: tuple[str, ...]) -> Condition | None:
    return Or(tuple(Atom("program", Op.EQUALS, name) for name in names)) if names else None


def _windows(category: str | None, service: str | None) -> tuple[Route, ...]:
    return tuple(Route("windows", guard, columns) for guard, columns in windows.sources(category, service))
