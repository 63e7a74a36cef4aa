"""What network devices and their AAA servers say."""

from __future__ import annotations

from typing import Final

from seawall.model.columns import ACT, Column, EventKind

KINDS: Final[tuple[EventKind, ...]] = (
    EventKind(
        "syslog",
        "A line a network device or server logged (RFC 3164, RFC 5424 and the vendors' own forms).",
        (
            Column("facility", "int", "syslog facility 0-23 from the PRI, else null"),
            Column("severity", "int", "syslog severity 0-7: the message's own where it carries one, else the PRI's"),
            Column(
                "mnemonic", "text", "the vendor's name for the event, e.g. SYS-5-CONFIG_I, UI_COMMIT, SHELL/5/CMDRECORD"
            ),
            Column("program", "text", "process or tag that wrote the line"),
            Column("pid", "int", "process id, if written"),
            Column(
                "platform",
                "text",
                "platform its form belongs to: ios, iosxr, nxos, asa, junos, eos, sros, vrp, fortios, panos, ise …; "
                "null if unknown",
            ),
            Column("sequence", "int", "the device's own counter, if written"),
            Column(
                "lacks",
                "text",
                "what the line does not say, each with the reason (`host: none written, severity: no PRI`); null if it "
                "says host, time, severity and name",
            ),
            Column("message", "text", "text after the header, secrets masked"),
            Column("raw", "text", "whole line, secrets masked"),
            *ACT,
        ),
        views=("commands", "logins", "config_changes", "devices", "heard"),
    ),
    EventKind(
        "tacacs",
        "A TACACS+ accounting record written by tac_plus.",
        (
            Column("record", "text", "start, stop or update"),
            Column("task_id", "text", "the device's number for the task"),
            Column("priv_lvl", "int", "privilege level 0-15"),
            Column("attributes", "text", "all attribute=value pairs as written, tab-separated, secrets masked"),
            Column("raw", "text", "whole line, secrets masked"),
            *ACT,
        ),
        views=("commands", "logins", "config_changes", "devices", "heard"),
    ),
    EventKind(
        "radius",
        "A RADIUS packet an AAA server wrote down: accounting (RFC 2866) or authentication (RFC 2865).",
        (
            Column(
                "record",
                "text",
                "start, stop, interim-update, accounting-on, accounting-off, access-request, access-accept …",
            ),
            Column("session_id", "text", "Acct-Session-Id, the device's number for the session"),
            Column(
                "nas_ip", "text", "address of the device that asked (NAS-IP-Address, else where the packet came from)"
            ),
            Column("calling_station", "text", "who called: address, telephone number or MAC, as written"),
            Column("called_station", "text", "what was called: number, MAC and SSID or name, as written"),
            Column("framed_ip", "text", "address given to the session"),
            Column("session_s", "int", "length of the session so far, seconds"),
            Column("in_octets", "int", "octets from the user, with gigawords"),
            Column("out_octets", "int", "octets to the user, with gigawords"),
            Column("terminate_cause", "text", "why the session ended, as written"),
            Column("attributes", "text", "all `name = value` pairs, tab-separated, passwords and keys masked"),
            *ACT,
        ),
        views=("commands", "logins", "config_changes", "devices", "heard"),
    ),
)
