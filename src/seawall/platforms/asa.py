# ruff: noqa: E501 - a pattern reads best in one piece
"""Cisco ASA, FTD and PIX: what their numbered messages mean."""

from __future__ import annotations

from typing import Final

from seawall.platforms.acts import FAILURE, SUCCESS, Meaning, named

_USER = r"[Uu]ser '(?P<user>[^']*)'"

MEANINGS: Final[dict[str, Meaning]] = {
    "111008": named(_USER + r" executed the '(?P<command_raw>.*)' command", "command", outcome=SUCCESS),
    "111009": named(_USER + r" executed cmd: (?P<command_raw>.*)", "command", outcome=SUCCESS),
    "111010": named(
        _USER + r", running '(?P<service>[^']*)' from IP (?P<src_ip>[^,\s]+), executed '(?P<command_raw>.*)'",
        "command",
        outcome=SUCCESS,
    ),
    "111001": named(r"Begin configuration: (?P<src_ip>\S+) writing", "config_change", outcome=SUCCESS),
    "605004": named(
        r"Login denied from (?P<src_ip>[^/\s]+)/\d+ to \w*:?(?P<dst_ip>[^/\s]+)/(?P<service>\S+) for user \"(?P<user>[^\"]*)\"",
        "login",
        outcome=FAILURE,
    ),
    "605005": named(
        r"Login permitted from (?P<src_ip>[^/\s]+)/\d+ to \w*:?(?P<dst_ip>[^/\s]+)/(?P<service>\S+) for user \"(?P<user>[^\"]*)\"",
        "login",
        outcome=SUCCESS,
    ),
    "611101": named(r"succeeded(?:: IP address: (?P<src_ip>[^,\s]+))?.*Uname: (?P<user>\S+)", "login", outcome=SUCCESS),
    "611102": named(r"failed(?:: IP address: (?P<src_ip>[^,\s]+))?.*Uname: (?P<user>\S+)", "login", outcome=FAILURE),
    "611103": named(r"User logged out: Uname: (?P<user>\S+)", "logout"),
    # AAA, which VPN users meet too: by a server (113004, 113005) or the box's own accounts (113012, 113015)
    **dict.fromkeys(
        ("113004", "113012"),
        named(r"[Aa]uthentication Successful .{0,200}?[Uu]ser = (?P<user>[^\s:]+)", "login", outcome=SUCCESS),
    ),
    **dict.fromkeys(
        ("113005", "113015"),
        named(
            r"[Aa]uthentication Rejected .{0,300}?: [Uu]ser = (?P<user>[^\s:]+)(?: : user IP = (?P<src_ip>[^,\s]+))?",
            "login",
            outcome=FAILURE,
        ),
    ),
    "716038": named(
        r"User <?(?P<user>[^\s>]+)>? IP <?(?P<src_ip>[^\s>]+)>? Authentication: successful",
        "login",
        outcome=SUCCESS,
        service="vpn",
    ),
    "716039": named(
        r"User <?(?P<user>[^\s>]+)>?(?: IP <?(?P<src_ip>[^\s>]+)>?)? Authentication: rejected",
        "login",
        outcome=FAILURE,
        service="vpn",
    ),
    "502103": named(r"Uname: (?P<user>\S+)", "login", outcome=SUCCESS, service="enable"),
    "308001": named(r"from (?P<src_ip>\S+)", "login", outcome=FAILURE, service="enable"),
    "315011": named(
        r"from (?P<src_ip>\S+) on interface \S+ for user \"?(?P<user>[^\"\s]*)\"? disconnected", "logout", service="ssh"
    ),
}
