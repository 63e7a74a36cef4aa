"""How the canonical views are made, as plain SELECTs.

Nothing here comes from evidence: column names are the model's, values are never pasted in.
"""

# ruff: noqa: S608 - names come from the model and are quoted; no value is ever pasted in
from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from seawall.engine import view_conversations, view_rows, view_servers, view_sessions, view_suricata
from seawall.engine.columns import SQL
from seawall.engine.snapshot import literal, quoted
from seawall.engine.view_rows import own as _own
from seawall.engine.view_rows import rows as _rows
from seawall.engine.view_rows import texts as _texts
from seawall.engine.views import View
from seawall.model.events import ColumnType

Known = Mapping[str, Mapping[str, ColumnType]]

# Commands that open a section of a configuration (IOS family; normalised as `commands.command` is). A line of
# another shape leaves the section as it is: a global command given inside a section cannot be told apart.
_JUNOS_ROOTS: Final = (
    "system|interfaces|protocols|routing-options|routing-instances|policy-options|firewall|security|snmp|"
    "forwarding-options|services|event-options|access|chassis|groups|ethernet-switching-options|vlans"
)
OPENERS: Final = (
    "interface",
    "router",
    "line (vty|con|aux|console|tty|default|template)",
    "ip(v6)? access-list",
    "mac access-list",
    "access-list extended",
    "class-map",
    "policy-map",
    "route-map",
    "route-policy",
    "prefix-set",
    "crypto (map|isakmp|ikev1|ikev2|ipsec|pki|keyring)",
    "vrf",
    "ip vrf",
    "key chain",
    "aaa group server",
    "tacacs server",
    "radius server",
    "control-plane",
    "ip sla",
    "track",
    "event manager applet",
    "monitor (session|capture)",
    "flow (record|exporter|monitor)",
    "vlan",
    "address-family",
    "template",
    "parser view",
    "archive",
    "app-hosting appid",
    "telemetry",
    "policy-options",
    "snmp-server view",
    "username-prompt",
    "management",
    "event-handler",
    "kron policy-list",
    "user-interface",
    "acl( number| name| ipv6)?",
    "username \\S+( attributes)?$",
    "sampler(-map)?",
    "flow (exporter|monitor|record)-map",
    "flow tracking",
    "daemon",
    "tacacs-server host \\S+( port \\d+)?$",
    "(hwtacacs-server|radius-server) template",
    "radius[- ]server group",
    "ssh pubkey-chain|ip ssh pubkey-chain",
    "traffic behavior",
    "policy-based-route",
    "ntp$",
    "lawful-intercept",
    "config (system|log|user|vpn|router|firewall) .*",  # FortiOS
    f"edit ({_JUNOS_ROOTS}).*",
)
_OPENS: Final = f"^({'|'.join(OPENERS)})( |$)"
_CLOSES: Final = "^(exit|end|abort|quit|return|commit|configure|top)( |$)|^exit-"
_WITHIN: Final = "INTERVAL 30 MINUTE"
# Junos: `set user x class y` below `edit system login` is `set system login user x class y`.
_FROM_ROOT: Final = """CASE WHEN e.within LIKE 'edit %'
        AND split_part(e.command, ' ', 1) IN ('set', 'delete', 'activate', 'deactivate', 'insert')
    THEN split_part(e.command, ' ', 1) || substr(e.within, 5) || substr(e.command, strpos(e.command, ' '))
    ELSE e.command END"""


def select_for(view: View, known: Known) -> str:
    """The SELECT behind a canonical view, over the kinds that are there."""
    if view.name == "devices":
        return _devices(view, known)
    if view.name == "conversations":  # over the view of flows
        items = ", ".join(f"CAST({quoted(c.name)} AS {SQL[c.type]}) AS {quoted(c.name)}" for c in view.columns)
        return f"SELECT {items} FROM ({view_conversations.select()}) AS g"
    if view.name == "sessions":  # over other views
        return view_sessions.select()
    parts = [_MAKERS[view.name](kind, known[kind]) for kind in view.over if kind in known]
    if not parts:
        items = ", ".join(f"NULL::{SQL[c.type]} AS {quoted(c.name)}" for c in view.columns)
        return f"SELECT {items} WHERE false"
    rows = "\nUNION ALL\n".join(parts)
    if view.name == "commands":
        rows = _with_sections(rows)
    from_rows = {"section": "e.within", "command": _FROM_ROOT} if view.name == "commands" else {}
    items = ", ".join(_item(c.name, SQL[c.type], from_rows) for c in view.columns)
    return f"SELECT {items}\nFROM ({rows}) AS e\n{_resolving('e.written')}"


def _item(name: str, sql: str, from_rows: Mapping[str, str]) -> str:
    resolved = {
        **from_rows,
        "device": "coalesce(n.device, e.written)",
        "device_method": (
            "CASE WHEN n.device IS NOT NULL THEN 'site alias' WHEN e.written IS NOT NULL THEN 'as written' END"
        ),
        "device_confidence": f"coalesce(n.confidence, {_unresolved('e.written')})",
    }
    return f"CAST({resolved.get(name, 'e.' + quoted(name))} AS {sql}) AS {quoted(name)}"


def _resolving(written: str) -> str:
    return f"LEFT JOIN site_names AS n ON n.spelling = lower({written})"


def _unresolved(written: str) -> str:
    """Confidence of a name nobody vouches for: an address says less than a name."""
    address = r"^[0-9.]+$|^[0-9a-fA-F]*:[0-9a-fA-F:.]*$"
    return (
        f"CASE WHEN {written} IS NULL THEN NULL WHEN regexp_matches({written}, {literal(address)}) THEN 50 ELSE 70 END"
    )


def _commands(kind: str, columns: Mapping[str, ColumnType]) -> str:
    names = ("user", "src_ip", "command_raw", "command", "section", "service", "line", "outcome", "raw")
    return _rows(kind, columns, _texts(columns, *names), "activity = 'command'")


def _with_sections(rows: str) -> str:
    """Carry the last section-opening command forward to the commands given inside it.

    Devices stamp whole seconds, so commands of one second keep the order they have in their file: `origin` ends
    in the line number.
    """
    window = (
        'PARTITION BY kind, observer, "user", line '
        "ORDER BY time, regexp_replace(origin, '[0-9]+$', ''), TRY_CAST(regexp_extract(origin, '[0-9]+$') AS BIGINT), "
        "event_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING"
    )
    marker = (
        f"CASE WHEN section IS NOT NULL AND section <> '' THEN section "
        f"WHEN regexp_matches(command, {literal(_OPENS)}) THEN command "
        f"WHEN regexp_matches(command, {literal(_CLOSES)}) THEN '' END"
    )
    opens = f"CASE WHEN regexp_matches(command, {literal(_OPENS)}) THEN NULL ELSE opened END"
    return f"""
        SELECT f.*,
            coalesce(nullif(section, ''), CASE WHEN time - opened_at <= {_WITHIN} THEN nullif({opens}, '') END)
            AS within
        FROM (
            SELECT *, last_value(marker IGNORE NULLS) OVER w AS opened,
                last_value(CASE WHEN marker IS NOT NULL THEN time END IGNORE NULLS) OVER w AS opened_at
            FROM (SELECT *, {marker} AS marker FROM ({rows}) AS r) AS m
            WINDOW w AS ({window})
        ) AS f"""


_LOGON_TYPES: Final = {
    2: "local",
    3: "network",
    4: "batch",
    5: "service",
    7: "unlock",
    8: "network",
    10: "rdp",
    11: "local",
}


def _logins(kind: str, columns: Mapping[str, ColumnType]) -> str:
    if kind == "windows":
        return _windows_logins(columns)
    if kind in _ZEEK_LOGINS:
        return _zeek_logins(kind, columns)
    names = ("user", "src_ip", "dst_ip", "service", "line", "outcome", "activity", "mnemonic", "raw")
    return _rows(kind, columns, _texts(columns, *names), "activity IN ('login', 'logout')")


def _windows_logins(columns: Mapping[str, ColumnType]) -> str:
    """4624 logged on, 4625 failed, 4634 and 4647 logged off (Microsoft, "Audit logon")."""
    kinds = " ".join(f"WHEN '{number}' THEN '{word}'" for number, word in _LOGON_TYPES.items())
    number = _own(columns, "EventID", word="int")
    items = {
        "user": _own(columns, "TargetUserName", "user"),
        "src_ip": f"nullif({_own(columns, 'IpAddress', 'src_ip')}, '-')",
        "dst_ip": _own(columns, "dst_ip"),
        "service": f"CASE {_own(columns, 'LogonType')} {kinds} END",
        "line": _own(columns, "TargetLogonId"),
        "outcome": f"CASE {number} WHEN 4624 THEN 'success' WHEN 4625 THEN 'failure' END",
        "activity": f"CASE WHEN {number} IN (4624, 4625) THEN 'login' ELSE 'logout' END",
        "mnemonic": f"CAST({number} AS VARCHAR)",
        "raw": "NULL::VARCHAR",
    }
    where = f"{number} IN (4624, 4625, 4634, 4647) AND {_own(columns, 'Channel')} = 'Security'"
    return _rows("windows", columns, items, where)


# Zeek's logs of logins: the door, the column that says whether it worked, what it says then, and which rows are logins.
_ZEEK_LOGINS: Final = {
    "zeek_ssh": ("ssh", "auth_success", "true", "true"),
    "zeek_radius": ("radius", "result", "success", "true"),
    "zeek_ntlm": ("ntlm", "success", "true", "true"),
    "zeek_kerberos": ("kerberos", "success", "true", "request_type = 'AS'"),
}


def _zeek_logins(kind: str, columns: Mapping[str, ColumnType]) -> str:
    service, said, yes, where = _ZEEK_LOGINS[kind]
    worked = f"lower(CAST({_own(columns, said, word=columns[said])} AS VARCHAR))"
    items = {
        "user": _own(columns, "user"),
        "src_ip": _own(columns, "id_orig_h", "src_ip"),
        "dst_ip": _own(columns, "id_resp_h", "dst_ip"),
        "service": literal(service),
        "line": _own(columns, "uid"),
        "outcome": f"CASE WHEN {worked} = {literal(yes)} THEN 'success' WHEN {worked} IS NOT NULL THEN 'failure' END",
        "activity": "'login'",
        "mnemonic": "NULL::VARCHAR",
        "raw": "NULL::VARCHAR",
    }
    return _rows(kind, columns, items, where)


def _config_changes(kind: str, columns: Mapping[str, ColumnType]) -> str:
    names = ("user", "src_ip", "service", "line", "mnemonic", "raw")
    return _rows(kind, columns, _texts(columns, *names), "activity = 'config_change'")


def _heard(kind: str, columns: Mapping[str, ColumnType]) -> str:
    """Flows reach the lake by their exporter; its name alone makes a row of theirs a sign of life."""
    items = {
        **_texts(columns, "user", "src_ip", "mnemonic", "platform", "raw"),
        "sequence": _own(columns, "sequence", word="int"),
    }
    return _rows(kind, columns, items, f"coalesce({_own(columns, 'device')}, {_own(columns, 'observer')}) IS NOT NULL")


_EXPORTED: Final[Mapping[str, ColumnType]] = {
    "end_time": "time", "tcp_flags": "text", "direction": "text", "next_hop": "text", "src_as": "int", "dst_as": "int",
    "tos": "int", "vlan": "int", "icmp_type": "int", "icmp_code": "int", "tunnel": "text", "inner_src_ip": "text",
    "inner_dst_ip": "text", "end_reason": "text", "est_bytes": "int", "est_pkts": "int", "input_if_name": "text",
    "output_if_name": "text",
}  # fmt: skip


# Zeek writes no connection for the outer packets of tunnels without ports before 7.1; those over UDP stand in conn.log.
_TUNNEL: Final = "CASE tunnel_type WHEN 'Tunnel::GRE' THEN 'gre' ELSE 'ipip' END"
_TUNNELS_WHERE: Final = "tunnel_type IN ('Tunnel::GRE', 'Tunnel::IP') AND action = 'Tunnel::DISCOVER'"


def _as_exported(columns: Mapping[str, ColumnType]) -> dict[str, str]:
    """What only exporters say, under its own names; null for who sees flows otherwise."""
    return {name: _own(columns, name, word=word) for name, word in _EXPORTED.items()}


def _flows(kind: str, columns: Mapping[str, ColumnType]) -> str:
    if kind == "suricata":
        suricata = {**_as_exported({}), **view_suricata.flow_items(columns, _own)}
        return _rows(kind, columns, suricata, view_suricata.FLOWS_WHERE)
    items = {
        **_as_exported(columns if kind == "flow_records" else {}),
        "src_ip": _own(columns, "id_orig_h", "src_ip"),
        "src_port": _own(columns, "id_orig_p", "src_port", word="int"),
        "dst_ip": _own(columns, "id_resp_h", "dst_ip"),
        "dst_port": _own(columns, "id_resp_p", "dst_port", word="int"),
        "proto": f"lower({_own(columns, 'proto')})",
        "app": _own(columns, "service", "app"),
        "duration": _own(columns, "duration", word="float"),
        "ip_proto": _own(columns, "ip_proto", word="int"),
        "src_bytes": _own(columns, "orig_bytes", "src_bytes", word="int"),
        "dst_bytes": _own(columns, "resp_bytes", "dst_bytes", word="int"),
        "src_pkts": _own(columns, "orig_pkts", "src_pkts", word="int"),
        "dst_pkts": _own(columns, "resp_pkts", "dst_pkts", word="int"),
        "state": _own(columns, "conn_state", "tcp_flags"),
        "sampling": _own(columns, "sampling", word="int"),
        "exporter": _own(columns, "exporter"),
        "input_if": _own(columns, "input_if"),
        "output_if": _own(columns, "output_if"),
    }
    if kind == "zeek_tunnel":
        items["proto"] = _TUNNEL
        return _rows(kind, columns, items, _TUNNELS_WHERE)
    return _rows(kind, columns, items)


def _dns(kind: str, columns: Mapping[str, ColumnType]) -> str:
    if kind == "suricata":
        items = view_suricata.dns_items(columns, _own)
        names = (*view_rows.COMMON, *(name for name in items if name not in view_suricata.DNS_HELPERS))
        return view_suricata.once(_rows(kind, columns, items, view_suricata.DNS_WHERE), names)
    items = {
        "src_ip": _own(columns, "id_orig_h", "src_ip"),
        "dst_ip": _own(columns, "id_resp_h", "dst_ip"),
        "query": f"lower(rtrim({_own(columns, 'query')}, '.'))",
        "qtype": _own(columns, "qtype_name", "qtype"),
        "answers": _own(columns, "answers"),
        "rcode": _own(columns, "rcode_name", "rcode"),
    }
    return _rows(kind, columns, items)


_MAKERS: Final = {
    "commands": _commands,
    "logins": _logins,
    "config_changes": _config_changes,
    "heard": _heard,
    "flows": _flows,
    "dns": _dns,
    **view_servers.MAKERS,
}


def _devices(view: View, known: Known) -> str:
    """One row per device: first counted per kind and spelling, so that names are resolved once, not per event."""
    spoken = "\nUNION ALL\n".join(
        f"SELECT coalesce({_own(known[kind], 'device')}, {_own(known[kind], 'observer')}) AS written, "
        f"max({_own(known[kind], 'platform')}) AS platform, min(time) AS first, max(time) AS last, count(*) AS events "
        f"FROM {quoted(kind)} GROUP BY 1"
        for kind in view.over
        if kind in known
    )
    named = f"""
        SELECT coalesce(n.device, s.written) AS device, s.*,
            CASE WHEN n.device IS NOT NULL THEN 'site alias' ELSE 'as written' END AS method,
            coalesce(n.confidence, {_unresolved("s.written")}) AS confidence
        FROM ({spoken}) AS s {_resolving("s.written")} WHERE s.written IS NOT NULL
        UNION ALL
        SELECT device, NULL, NULL, NULL, NULL, 0, 'site alias', 95 FROM site_devices"""
    made = {
        "device": "g.device",
        "observers": "string_agg(DISTINCT g.written, ',' ORDER BY g.written)",
        "platform": "coalesce(max(g.platform), nullif(max(d.platform), ''))",
        "first": "min(g.first)",
        "last": "max(g.last)",
        "events": "sum(g.events)",
        "role": "nullif(max(d.role), '')",
        "method": "max(g.method)",
        "confidence": "max(CASE WHEN g.events > 0 OR g.written IS NULL THEN g.confidence END)",
    }
    items = ", ".join(f"CAST({made[c.name]} AS {SQL[c.type]}) AS {quoted(c.name)}" for c in view.columns)
    return f"SELECT {items} FROM ({named}) AS g LEFT JOIN site_devices AS d ON d.device = g.device GROUP BY g.device"
