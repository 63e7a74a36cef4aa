"""What each view makes of the events below it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from seawall.engine.lake import Lake
from tests.engine.makers import at, column, events, put

TEXT = pa.string()


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")


def typed(*commands: str, **more: Any) -> list[dict[str, Any]]:
    return [{"activity": "command", "user": "ana", "line": "vty0", "command": c, **more} for c in commands]


def sections(lake: Lake, rows: list[dict[str, Any]]) -> list[str | None]:
    put(lake, "syslog", events("syslog", rows))
    return column(lake, "commands", "section")


def test_a_command_stands_in_the_section_opened_before_it(lake: Lake) -> None:
    rows = typed("configure terminal", "interface tunnel1", "tunnel source 192.0.2.1", "exit", "hostname x")
    assert sections(lake, rows) == [None, None, "interface tunnel1", "interface tunnel1", None]


def test_the_next_section_takes_over_and_end_closes(lake: Lake) -> None:
    rows = typed("interface tunnel1", "line vty 0 4", "transport input telnet", "end", "show running-config")
    assert sections(lake, rows) == [None, None, "line vty 0 4", "line vty 0 4", None]


def test_what_the_record_says_itself_wins_and_carries_on(lake: Lake) -> None:
    rows = typed("interface tunnel1", "description x")
    rows[1]["section"] = "system login"
    assert sections(lake, rows) == [None, "system login"]


def test_junos_lines_below_edit_are_told_from_the_root(lake: Lake) -> None:
    rows = typed("edit system login", "set user x class y", "show | compare", "top", "set system host-name a")
    put(lake, "syslog", events("syslog", rows))
    assert column(lake, "commands", "command") == [
        "edit system login",
        "set system login user x class y",
        "show | compare",
        "top",
        "set system host-name a",
    ]


def test_sections_of_other_systems_are_known_too(lake: Lake) -> None:
    rows = typed("config log syslogd setting", "set status disable", "end", "flow exporter-map e", "no destination x")
    assert sections(lake, rows) == [
        None,
        "config log syslogd setting",
        "config log syslogd setting",
        None,
        "flow exporter-map e",
    ]


def test_commands_that_only_begin_alike_open_nothing(lake: Lake) -> None:
    rows = typed("show interface", "interfaces x", "no interface tunnel1", "routers", "ip address 192.0.2.1")
    assert sections(lake, rows) == [None] * 5


def test_a_section_is_forgotten_after_half_an_hour(lake: Lake) -> None:
    rows = typed("interface tunnel1", "shutdown", "mtu 1400")
    for row, seconds in zip(rows, (0, 1800, 1801), strict=True):
        row["time"] = at(seconds)
    assert sections(lake, rows) == [None, "interface tunnel1", None]


@pytest.mark.parametrize("other", [{"user": "ben"}, {"line": "vty1"}, {"observer": "pe2"}])
def test_a_section_belongs_to_one_person_on_one_line_of_one_device(lake: Lake, other: dict[str, str]) -> None:
    rows = [*typed("interface tunnel1"), *typed("shutdown", **other), *typed("mtu 1400")]
    assert sections(lake, rows) == [None, None, "interface tunnel1"]


def test_commands_of_one_second_keep_the_order_of_their_file(lake: Lake) -> None:
    rows = typed("interface tunnel1", "mtu 1400", "exit", "hostname x")
    for number, row in enumerate(rows):
        row |= {"time": at(0), "origin": f"a.log:{number + 8}"}  # 8, 9, 10, 11: not the order of text
    assert sections(lake, rows) == [None, "interface tunnel1", "interface tunnel1", None]


def test_commands_come_from_device_logs_and_from_accounting(lake: Lake) -> None:
    put(lake, "syslog", events("syslog", [*typed("show version"), {"activity": "login"}, {}]))
    put(lake, "tacacs", events("tacacs", typed("show users")))
    con = lake.connect()
    rows = con.sql("SELECT kind, command FROM commands ORDER BY kind").fetchall()
    con.close()
    assert rows == [("syslog", "show version"), ("tacacs", "show users")]


def test_logins_are_gathered_from_every_kind_that_has_them(lake: Lake) -> None:
    put(lake, "syslog", events("syslog", [{"activity": "login", "outcome": "failure", "user": "ana"}, {}]))
    put(lake, "tacacs", events("tacacs", [{"activity": "logout", "user": "ben"}]))
    ssh = {"id_orig_h": "192.0.2.7", "id_resp_h": "192.0.2.1", "auth_success": True, "uid": "C1"}
    put(lake, "zeek_ssh", events("zeek_ssh", [ssh, {"auth_success": None}]))
    windows = [
        {"EventID": 4624, "Channel": "Security", "TargetUserName": "eve", "IpAddress": "192.0.2.8", "LogonType": "10"},
        {"EventID": 4625, "Channel": "Security", "TargetUserName": "eve", "IpAddress": "-", "LogonType": "3"},
        {"EventID": 4634, "Channel": "Security", "TargetUserName": "eve"},
        {"EventID": 4624, "Channel": "Elsewhere", "TargetUserName": "no"},
        {"EventID": 1, "Channel": "Security"},
    ]
    extra = {"TargetUserName": TEXT, "IpAddress": TEXT, "LogonType": TEXT}
    put(lake, "windows", events("windows", windows, extra=extra))
    con = lake.connect()
    rows = con.sql(
        'SELECT kind, activity, "user", src_ip, dst_ip, service, outcome, mnemonic FROM logins ORDER BY kind, time'
    ).fetchall()
    con.close()
    assert rows == [
        ("syslog", "login", "ana", None, None, None, "failure", None),
        ("tacacs", "logout", "ben", None, None, None, None, None),
        ("windows", "login", "eve", "192.0.2.8", None, "rdp", "success", "4624"),
        ("windows", "login", "eve", None, None, "network", "failure", "4625"),
        ("windows", "logout", "eve", None, None, None, None, "4634"),
        ("zeek_ssh", "login", None, "192.0.2.7", "192.0.2.1", "ssh", "success", None),
        ("zeek_ssh", "login", None, None, None, "ssh", None, None),
    ]


def test_tunnels_without_ports_are_flows_and_those_over_udp_stand_in_another_log(lake: Lake) -> None:
    ends = {"id_orig_h": "10.0.0.1", "id_orig_p": 0, "id_resp_h": "203.0.113.5", "id_resp_p": 0}
    kinds = ("Tunnel::GRE", "Tunnel::IP", "Tunnel::GTPv1", None)
    rows = [{**ends, "tunnel_type": kind, "action": "Tunnel::DISCOVER"} for kind in kinds]
    rows.append({**ends, "tunnel_type": "Tunnel::GRE", "action": "Tunnel::EXPIRE"})
    put(lake, "zeek_tunnel", events("zeek_tunnel", rows))
    con = lake.connect()
    found = con.sql("SELECT proto, src_ip, dst_ip, src_bytes FROM flows ORDER BY proto").fetchall()
    con.close()
    assert found == [("gre", "10.0.0.1", "203.0.113.5", None), ("ipip", "10.0.0.1", "203.0.113.5", None)]


def test_windows_logins_without_their_usual_fields_are_still_logins(lake: Lake) -> None:
    put(lake, "windows", events("windows", [{"EventID": 4624, "Channel": "Security", "Computer": "dc1"}]))
    assert column(lake, "logins", "user") == [None]


def test_flows_have_zeeks_figures_under_our_names(lake: Lake) -> None:
    row = {
        "id_orig_h": "192.0.2.7",
        "id_orig_p": 50000,
        "id_resp_h": "198.51.100.1",
        "id_resp_p": 443,
        "proto": "TCP",
        "service": "ssl",
        "duration": 1.5,
        "orig_bytes": 10,
        "resp_bytes": 20,
        "orig_pkts": 1,
        "resp_pkts": 2,
    }
    put(lake, "zeek_conn", events("zeek_conn", [row]))
    con = lake.connect()
    names = "src_ip, src_port, dst_ip, dst_port, proto, app, duration, src_bytes, dst_bytes, src_pkts, dst_pkts, kind"
    assert con.sql(f"SELECT {names} FROM flows").fetchall() == [
        ("192.0.2.7", 50000, "198.51.100.1", 443, "tcp", "ssl", 1.5, 10, 20, 1, 2, "zeek_conn")
    ]
    con.close()


def test_names_asked_for_are_lower_case_without_the_final_dot(lake: Lake) -> None:
    put(
        lake,
        "zeek_dns",
        events("zeek_dns", [{"query": "WWW.Example.NET.", "qtype_name": "A", "rcode_name": "NOERROR"}]),
    )
    assert column(lake, "dns", "query") == ["www.example.net"]
    assert column(lake, "dns", "qtype") == ["A"]


def test_config_changes_are_the_devices_own_words_for_them(lake: Lake) -> None:
    put(lake, "syslog", events("syslog", [{"activity": "config_change", "mnemonic": "SYS-5-CONFIG_I"}, *typed("end")]))
    assert column(lake, "config_changes", "mnemonic") == ["SYS-5-CONFIG_I"]


def test_evidence_cannot_reach_into_the_sql_by_a_column_name(lake: Lake) -> None:
    wicked = 'x" FROM syslog; DROP VIEW syslog; --'
    put(lake, "windows", events("windows", [{wicked: "v"}], extra={wicked: TEXT}))
    assert column(lake, "windows", wicked.replace('"', '""')) == ["v"]


@pytest.mark.parametrize(
    ("kind", "row", "expected"),
    [
        ("zeek_radius", {"user": "ana", "result": "failed"}, ("radius", "failure")),
        ("zeek_ntlm", {"user": "ana", "success": True}, ("ntlm", "success")),
        ("zeek_kerberos", {"user": "ana", "success": False, "request_type": "AS"}, ("kerberos", "failure")),
        ("zeek_kerberos", {"user": "ana", "success": True, "request_type": "TGS"}, None),
    ],
)
def test_zeek_logs_of_logins_are_logins(
    lake: Lake, kind: str, row: dict[str, Any], expected: tuple[str, str] | None
) -> None:
    put(lake, kind, events(kind, [{"id_orig_h": "192.0.2.7", **row}]))
    found = list(zip(column(lake, "logins", "service"), column(lake, "logins", "outcome"), strict=True))
    assert found == ([expected] if expected else [])
