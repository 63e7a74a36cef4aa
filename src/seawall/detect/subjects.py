"""Who and what an event is about, per view: columns become entities, and a few become details and an excerpt.

| view | device | account | ip | other |
|---|---|---|---|---|
| commands, config_changes, syslog, tacacs | `device` target | `user` actor | `src_ip` source | |
| heard | `device` target | | | |
| logins | `device` target | `user` actor | `src_ip` source; `dst_ip` target if no device is named | |
| flows, zeek_conn, zeek_ssh | | | client source, server target | |
| dns, zeek_dns | | | client source | name asked for: domain, object |
| other Zeek logs | | `user` actor | client source, server target | |
| http, web, auditd | `device` target | `user` actor | `src_ip` source | `dst_ip` target if no device is named |
| zeek_http, zeek_ssl | | | client source, server target | name asked for: domain, object |
| suricata | | | client source, server target | name asked for: domain, object |
| mail | | | | `mail_from`: mailbox, source |
| windows | `Computer` target | who acted, see `_WINDOWS_ACCOUNTS` | address it came from, source | |

Values stay as written. `-`, empty text, loopback addresses and text that is no address make no entity.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from seawall.engine.views import VIEWS
from seawall.model.entities import Entity, EntityType, Role
from seawall.model.events import KINDS
from seawall.model.kinds import zeek_logs

MAX_EXCERPT: Final = 500  # characters


@dataclass(frozen=True)
class Naming:
    """The first of these columns that has a usable value names the entity."""

    columns: tuple[str, ...]
    type: EntityType
    role: Role
    unless: str = ""  # only if this column has no value


@dataclass(frozen=True)
class Subject:
    """How one view's events are told."""

    view: str
    entities: tuple[Naming, ...]
    details: tuple[str, ...]  # columns kept beside the finding, and filled into its `why`
    excerpt: str = ""  # column that holds the record itself; empty: details are written out
    why: str = "{title}"  # for rules that bring no sentence of their own

    @property
    def columns(self) -> frozenset[str]:
        """Every column needed to tell an event."""
        named = {column for naming in self.entities for column in (*naming.columns, naming.unless) if column}
        return frozenset(named | set(self.details) | ({self.excerpt} if self.excerpt else set()))


_DEVICE: Final = Naming(("device", "observer"), "device", "target")
_USER: Final = Naming(("user",), "account", "actor")
_FROM: Final = Naming(("src_ip",), "ip", "source")
_ACT: Final = (_DEVICE, _USER, _FROM)
_CLIENT: Final = Naming(("id_orig_h",), "ip", "source")
_SERVER: Final = Naming(("id_resp_h",), "ip", "target")

# Who acted: the account of the process, else the subject, else (logons, where the subject is the machine) the target.
_WINDOWS_ACCOUNTS: Final = ("user", "SubjectUserName", "TargetUserName", "AccountName")
_WINDOWS_ADDRESSES: Final = ("src_ip", "IpAddress", "SourceIp", "ClientAddress", "SourceAddress", "Param3")
_MACHINE_ACCOUNTS: Final = frozenset(
    {"system", "local service", "network service", "anonymous logon", "nt authority\\system"}
    | {"nt authority\\local service", "nt authority\\network service"}
)

_FLOW_DETAILS: Final = ("proto", "src_port", "dst_port", "src_bytes", "dst_bytes")
_ZEEK_ENDS: Final = ("id_orig_h", "id_orig_p", "id_resp_h", "id_resp_p")

ALL: Final[tuple[Subject, ...]] = (
    Subject(
        "commands",
        _ACT,
        ("device", "user", "src_ip", "command_raw", "section", "service", "line", "outcome"),
        "raw",
        "{title}: {user} on {device}: {command_raw}",
    ),
    Subject(
        "config_changes",
        _ACT,
        ("device", "user", "src_ip", "service", "mnemonic"),
        "raw",
        "{title}: {user} on {device} from {src_ip}",
    ),
    Subject(
        "logins",
        (*_ACT, Naming(("dst_ip",), "ip", "target", unless="device")),
        ("device", "user", "src_ip", "dst_ip", "service", "line", "outcome"),
        "raw",
        "{title}: {user} on {device} from {src_ip}",
    ),
    Subject("syslog", _ACT, ("device", "user", "src_ip", "mnemonic", "message"), "raw", "{title}: {device}: {message}"),
    Subject("tacacs", _ACT, ("device", "user", "src_ip", "command_raw"), "raw", "{title}: {user}: {command_raw}"),
    Subject("heard", (_DEVICE,), ("device", "kind", "mnemonic"), "raw", "{title}: {device}"),
    Subject(
        "flows",
        (_FROM, Naming(("dst_ip",), "ip", "target")),
        ("src_ip", "dst_ip", *_FLOW_DETAILS),
        "",
        "{title}: {src_ip} to {dst_ip}",
    ),
    Subject(
        "dns",
        (_FROM, Naming(("query",), "domain", "object")),
        ("src_ip", "dst_ip", "query", "qtype", "answers"),
        "",
        "{title}: {src_ip} asked for {query}",
    ),
    Subject(
        "http",
        (*_ACT, Naming(("dst_ip",), "ip", "target", unless="device"), Naming(("host",), "domain", "object")),
        (
            "server",
            "device",
            "user",
            "src_ip",
            "dst_ip",
            "forwarded_for",
            "method",
            "host",
            "uri",
            "status",
            "user_agent",
        ),
        "raw",
        "{title}: {src_ip} asked {server} for {uri}",
    ),
    Subject(
        "web",
        (*_ACT, Naming(("host",), "domain", "object")),
        ("device", "user", "src_ip", "method", "host", "uri", "status", "user_agent", "message"),
        "raw",
        "{title}: {src_ip} asked for {uri}",
    ),
    Subject(
        "auditd",
        _ACT,
        ("device", "user", "type", "exe", "command_raw", "path", "key", "outcome"),
        "raw",
        "{title}: {user} on {device}: {exe}",
    ),
    Subject(
        "zeek_conn",
        (_CLIENT, _SERVER),
        (*_ZEEK_ENDS, "proto", "service", "conn_state", "orig_bytes", "resp_bytes"),
        "",
        "{title}: {id_orig_h} to {id_resp_h}",
    ),
    Subject(
        "zeek_dns",
        (_CLIENT, Naming(("query",), "domain", "object")),
        (*_ZEEK_ENDS, "query", "qtype_name", "answers"),
        "",
        "{title}: {id_orig_h} asked for {query}",
    ),
    Subject(
        "zeek_http",
        (_CLIENT, _SERVER, Naming(("host",), "domain", "object")),
        (*_ZEEK_ENDS, "method", "host", "uri", "status_code", "user_agent"),
        "",
        "{title}: {id_orig_h} asked {id_resp_h} for {uri}",
    ),
    Subject(
        "zeek_ssl",
        (_CLIENT, _SERVER, Naming(("server_name",), "domain", "object")),
        (*_ZEEK_ENDS, "version", "server_name", "ja3"),
        "",
        "{title}: {id_orig_h} to {id_resp_h}",
    ),
    Subject(
        "zeek_ssh",
        (_CLIENT, _SERVER),
        (*_ZEEK_ENDS, "auth_success", "client", "server"),
        "",
        "{title}: {id_orig_h} to {id_resp_h}",
    ),
    *(
        Subject(
            kind.name,
            (_FROM, Naming(("dst_ip",), "ip", "target"), _USER),
            ("src_ip", "dst_ip", "user", *(c.name for c in kind.columns if not c.name.startswith("id_"))),
            "",
            "{title}: {src_ip} to {dst_ip}",
        )
        for kind in zeek_logs.KINDS
    ),
    Subject(
        "suricata",
        (
            *(_FROM, Naming(("dst_ip",), "ip", "target")),
            Naming(("tls_sni", "http_hostname", "dns_rrname"), "domain", "object"),
        ),
        (
            *("src_ip", "dst_ip", "event_type", "alert_signature", "alert_action", "tls_sni", "tls_ja3_hash"),
            *("http_hostname", "http_url", "fileinfo_filename", "fileinfo_sha256"),
        ),
        "",
        "{title}: {src_ip} to {dst_ip}",
    ),
    Subject(
        "mail",
        (Naming(("mail_from",), "mailbox", "source"),),
        (
            *("mail_from", "from_name", "mail_to", "subject", "message_id", "reply_to", "return_path"),
            *("first_hop", "attachment_names", "url_hosts"),
        ),
        "",
        "{title}: {mail_from} wrote `{subject}`",
    ),
    Subject(
        "windows",
        (
            Naming(("Computer",), "device", "target"),
            Naming(_WINDOWS_ACCOUNTS, "account", "actor"),
            Naming(_WINDOWS_ADDRESSES, "ip", "source"),
        ),
        ("Computer", "Channel", "EventID", "Provider_Name", "Image", "CommandLine", "TargetUserName", "ServiceName"),
        "",
        "{title}: {Computer}",
    ),
)

# How events are told of which nothing more is known than the columns every kind has.
_USUAL: Final = (_DEVICE, _USER, _FROM, Naming(("dst_ip",), "ip", "target"))
BY_VIEW: Final[dict[str, Subject]] = {
    name: Subject(name, _USUAL, ("user", "src_ip", "dst_ip"), "raw")
    for name in (*(kind.name for kind in KINDS), *(view.name for view in VIEWS))
} | {subject.view: subject for subject in ALL}


def entities_of(
    subject: Subject, row: Mapping[str, Any], names: Mapping[str, str] = MappingProxyType({})
) -> tuple[Entity, ...]:
    """The entities a row names, sorted, each once.

    `names` maps a device's spellings (lower case) to its one name, `Site.device_names`: raw kinds, unlike views,
    hold devices as written.
    """
    found = set()
    for naming in subject.entities:
        if naming.unless and _text(row.get(naming.unless)):
            continue
        value = _first(naming, row)
        if value:
            if naming.type == "device":
                value = names.get(value.lower(), value)
            found.add(Entity(naming.type, value, naming.role))
    return tuple(sorted(found))


def entity_in(subject: Subject, column: str, value: str) -> Entity | None:
    """The entity a value of one column names, wherever the column stands among those of its kind; None if none."""
    for naming in subject.entities:
        if column in naming.columns and _usable(naming.type, value.strip()):
            return Entity(naming.type, value.strip(), naming.role)
    return None


def details_of(subject: Subject, row: Mapping[str, Any]) -> dict[str, Any]:
    """The details a row brings; columns without a value are left out."""
    return {
        column: value[:MAX_EXCERPT] if isinstance(value, str) else value
        for column in subject.details
        if (value := row.get(column)) is not None and value != ""
    }


def excerpt_of(subject: Subject, row: Mapping[str, Any]) -> str:
    """The record as a reader will see it: its own text, or its columns written out; at most 500 characters."""
    text = _text(row.get(subject.excerpt)) if subject.excerpt else ""
    if not text:
        text = " ".join(f"{key}={value}" for key, value in row.items() if key in subject.columns and value is not None)
    return text[:MAX_EXCERPT]


def _first(naming: Naming, row: Mapping[str, Any]) -> str:
    for column in naming.columns:
        value = _text(row.get(column))
        if _usable(naming.type, value):
            return value
    return ""


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


@lru_cache(maxsize=65_536)
def _usable(kind: EntityType, value: str) -> bool:
    """Whether a text names an entity of this type."""
    if not value or value in ("-", "unknown", "**"):
        return False
    if kind == "ip":
        return _is_address(value)
    if kind == "account":
        return value.lower() not in _MACHINE_ACCOUNTS and not value.endswith("$")
    if kind == "domain":
        return "." in value and not _is_address(value.rpartition(":")[0] or value) and not _is_address(value)
    return True


def _is_address(value: str) -> bool:
    try:
        found = ipaddress.ip_address(value)
    except ValueError:
        return False
    return not (found.is_loopback or found.is_unspecified)
