"""RADIUS (RFC 2865, RFC 2866): attributes by number and name, and what a packet says somebody did."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from seawall.platforms.acts import FAILURE, SUCCESS, Act
from seawall.platforms.masking import MASK, mask

ATTRIBUTES: Final[Mapping[int, str]] = {  # IANA, "RADIUS Attribute Types", those a responder meets
    1: "User-Name", 2: "User-Password", 3: "CHAP-Password", 4: "NAS-IP-Address", 5: "NAS-Port", 6: "Service-Type",
    7: "Framed-Protocol", 8: "Framed-IP-Address", 9: "Framed-IP-Netmask", 11: "Filter-Id", 12: "Framed-MTU",
    14: "Login-IP-Host", 15: "Login-Service", 18: "Reply-Message", 24: "State", 25: "Class", 26: "Vendor-Specific",
    27: "Session-Timeout", 28: "Idle-Timeout", 30: "Called-Station-Id", 31: "Calling-Station-Id", 32: "NAS-Identifier",
    40: "Acct-Status-Type", 41: "Acct-Delay-Time", 42: "Acct-Input-Octets", 43: "Acct-Output-Octets",
    44: "Acct-Session-Id", 45: "Acct-Authentic", 46: "Acct-Session-Time", 47: "Acct-Input-Packets",
    48: "Acct-Output-Packets", 49: "Acct-Terminate-Cause", 50: "Acct-Multi-Session-Id", 51: "Acct-Link-Count",
    52: "Acct-Input-Gigawords", 53: "Acct-Output-Gigawords", 55: "Event-Timestamp", 60: "CHAP-Challenge",
    61: "NAS-Port-Type", 64: "Tunnel-Type", 65: "Tunnel-Medium-Type", 66: "Tunnel-Client-Endpoint",
    67: "Tunnel-Server-Endpoint", 69: "Tunnel-Password", 77: "Connect-Info", 79: "EAP-Message", 87: "NAS-Port-Id",
    95: "NAS-IPv6-Address", 97: "Framed-IPv6-Prefix", 168: "Framed-IPv6-Address",
    # Microsoft's own, in the files of NPS ("Interpret NPS log files")
    4108: "Client-IP-Address", 4116: "Client-Vendor", 4127: "Authentication-Type", 4128: "Client-Friendly-Name",
    4129: "SAM-Account-Name", 4130: "Fully-Qualified-User-Name", 4136: "Packet-Type", 4142: "Reason-Code",
    4149: "NP-Policy-Name", 4154: "Proxy-Policy-Name", 4155: "Provider-Type",
}  # fmt: skip
STATUS: Final = {
    "1": "start", "2": "stop", "3": "interim-update", "7": "accounting-on", "8": "accounting-off", "15": "failed",
    "alive": "interim-update", "interim": "interim-update", "accounting-start": "start", "accounting-stop": "stop",
}  # fmt: skip
PACKETS: Final = {
    "1": "access-request", "2": "access-accept", "3": "access-reject", "4": "accounting-request",
    "5": "accounting-response", "11": "access-challenge", "12": "status-server", "40": "disconnect-request",
    "43": "coa-request",
}  # fmt: skip
_SECRET: Final = re.compile(
    r"passw(?:or)?d|chap-(?:challenge|response)|chap2-(?:response|success)|mppe-\w+-key|secret|(?:nt|lm)-hash|^state$"
    r"|eap-message|message-authenticator",
    re.IGNORECASE,
)
_INTERCEPT: Final = re.compile(  # the server tells a device to tap somebody: vendors' attributes for it
    r"^(?:(?:Unisphere|ERX|Juniper|Alc|Redback|Huawei)-)?(?:LI-|Med-(?:Dev|Ip|Port)|Intercept-|Lawful-?I)"
    r"|[\"\s=:]intercept-(?:id|mode|identifier)=|\bmd-(?:ip-addr|port-number)=",
    re.IGNORECASE,
)
_PLAIN: Final = re.compile(r"[\w.@/+\-]{0,59}|[0-9A-Fa-f:.]{1,45}")  # one word: no place for a name and its secret
_SHORT: Final = 60  # characters: below it no value is the bare line of a key, which the search leaves out
_ADMINISTERS: Final = frozenset({"login", "login-user", "1", "nas-prompt", "nas-prompt-user", "7", "administrative"})
_ADMINISTERS_TOO: Final = frozenset(
    {"administrative-user", "6", "callback-administrative", "11", "shell-user", "exec-user"}
)
_COMMANDS: Final = ("Juniper-Interactive-Command", "HP-Command-String", "Cisco-Command-Code", "Aruba-Command")
_CHANGES: Final = ("Juniper-Configuration-Change",)
_ADDRESS: Final = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}|(?=.*::|(?:[^:]*:){7})[0-9A-Fa-f:.]{3,45}")


def masked(pairs: Sequence[tuple[str, str]], *, clean: bool = False) -> list[tuple[str, str]]:
    """The attributes with the mask where a value is, or holds, a password or key.

    `clean`: the packet was searched for `masking.ANY_SECRET` already, and nothing found.
    """
    return [
        (name, MASK if value and _is_secret(name) else value if _is_plain(value, clean) else mask(value))
        for name, value in pairs
    ]


def _is_plain(value: str, clean: bool) -> bool:
    return (clean and len(value) < _SHORT) or _PLAIN.fullmatch(value) is not None


@lru_cache(maxsize=4_096)
def _is_secret(name: str) -> bool:
    return _SECRET.search(name) is not None


@lru_cache(maxsize=4_096)
def _names_tap(name: str) -> bool:
    return _INTERCEPT.search(name) is not None


def taps(pairs: Iterable[tuple[str, str]]) -> bool:
    """Whether a packet starts, changes or names an intercept: such packets are left unread."""
    for name, value in pairs:
        if _names_tap(name) or ("=" in value and "-" in value and _INTERCEPT.search(f'"{value}') is not None):
            return True
    return False


def record_of(said: Mapping[str, str]) -> str | None:
    """What kind of packet it is, in lower case: start, stop, access-accept …"""
    return _record(said.get("Acct-Status-Type", ""), said.get("Packet-Type", ""))


@lru_cache(maxsize=4_096)
def _record(status: str, packet: str) -> str | None:
    status, packet = status.strip().lower(), packet.strip().lower()
    return STATUS.get(status, status) if status else PACKETS.get(packet, packet) or None


def act_of(said: Mapping[str, str]) -> Act:
    """The act in a packet's attributes. A session's start is a login; `dst_ip` is the device it is on."""
    record = record_of(said)
    # Microsoft's answers (accept, reject) leave User-Name empty and name the account in full
    user = said.get("User-Name") or said.get("SAM-Account-Name") or said.get("Fully-Qualified-User-Name") or None
    kind = said.get("Service-Type", "").strip().lower()
    service = "shell" if kind in _ADMINISTERS | _ADMINISTERS_TOO else "network" if kind else None
    line, device = said.get("NAS-Port-Id") or None, address(said.get("NAS-IP-Address") or said.get("NAS-IPv6-Address"))
    source = address(said.get("Calling-Station-Id")) or address(said.get("Tunnel-Client-Endpoint"))
    for names, doing in ((_COMMANDS, "command"), (_CHANGES, "config_change")):
        if command := next((said[name] for name in names if said.get(name)), None):
            return Act(doing, None, service, line, user, source, device, command)
    activity = {"start": "login", "access-accept": "login", "access-reject": "login", "stop": "logout"}.get(
        record or ""
    )
    outcome = None if activity != "login" else FAILURE if record == "access-reject" else SUCCESS
    return Act(activity, outcome, service, line, user, source, device)


def octets(said: Mapping[str, str], way: str) -> int | None:
    """`Input` or `Output` octets with their gigawords (RFC 2869, 5.1); None if not written."""
    low, high = number(said.get(f"Acct-{way}-Octets")), number(said.get(f"Acct-{way}-Gigawords"))
    return None if low is None else low + ((high or 0) << 32)


def number(text: str | None) -> int | None:
    """A count, None if it is none or larger than any counter."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 18 else None


@lru_cache(maxsize=16_384)
def address(text: str | None) -> str | None:
    """The value if it is an address: calling stations are as often MACs or telephone numbers."""
    written = (text or "").strip()
    return written if written not in ("0.0.0.0", "::") and _ADDRESS.fullmatch(written) else None  # noqa: S104 - compared with
