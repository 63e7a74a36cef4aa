"""Cisco IOS and IOS XE syslog: `<PRI>[count:] [host:] [seq:] [*]time [zone]: %FACILITY-SEVERITY-MNEMONIC: text`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from seawall.drills.acts import Act
from seawall.drills.render.sender import LOCAL7, Sender, stamp, stamp_ms, stamp_year_ms, tail_stamp

HEADERS: Final = ("counted-year", "plain", "starred", "relayed", "relayed-iso")

Message = tuple[str, str]  # (facility-severity-mnemonic, text)


def write(act: Act, sender: Sender) -> list[str]:
    """The lines the device logs for an act, with its header; none for what IOS leaves to accounting."""
    say = _SAY.get(act.doing)
    return [_line(act, sender, name, text) for name, text in say(act)] if say else []


def _line(act: Act, sender: Sender, name: str, text: str) -> str:
    count, sequence = sender.next()
    priority = LOCAL7 + int(name.split("-")[-2])
    time = act.time
    match sender.header:
        case "counted-year":
            return f"<{priority}>{count}: {sender.host}: {sequence:06d}: {stamp_year_ms(time)} UTC: %{name}: {text}"
        case "plain":
            return f"<{priority}>{sequence:06d}: {sender.host}: {stamp_ms(time)} UTC: %{name}: {text}"
        case "starred":
            return f"{stamp(time)} {sender.host} {count}: *{stamp_ms(time)}: %{name}: {text}"
        case "relayed-iso":
            iso = time.isoformat(timespec="milliseconds")
            return f"{iso} {sender.host} {count}: {sequence:06d}: {stamp_ms(time)} UTC: %{name}: {text}"
        case _:
            return f"{stamp(time)} {sender.host} {count}: {sequence:06d}: {stamp_ms(time)} UTC: %{name}: {text}"


def _login(act: Act) -> list[Message]:
    who = f"[user: {act.account}] [Source: {act.source}]"
    match act.detail.get("service", "ssh"):
        case "web":
            text = f"Login Success {who} at {tail_stamp(act.time)}"
            return [("SEC_LOGIN-5-WEBLOGIN_SUCCESS", text)]
        case "netconf":
            text = (
                f"R0/0: dmiauthd: User '{act.account}' authenticated successfully from {act.source}:"
                f"{40000 + act.line} and was authorized for netconf over ssh. External groups: PRIV15"
            )
            return [("DMI-5-AUTH_PASSED", text)]
    return [("SEC_LOGIN-5-LOGIN_SUCCESS", f"Login Success {who} [localport: 22] at {tail_stamp(act.time)}")]


def _login_failed(act: Act) -> list[Message]:
    reason = "[localport: 22] [Reason: Login Authentication Failed]"
    text = f"Login failed [user: {act.account}] [Source: {act.source}] {reason} at {tail_stamp(act.time)}"
    return [("SEC_LOGIN-4-LOGIN_FAILED", text)]


def _configured(act: Act) -> list[Message]:
    return [("SYS-5-CONFIG_I", f"Configured from console by {act.account} on vty{act.line} ({act.source})")]


def _programmed(act: Act) -> list[Message]:
    place = f"vty{act.line}" if act.line else "vty4294967295"
    text = f"Configured programmatically by process {act.detail['process']} from console as {act.account} on {place}"
    return [("SYS-5-CONFIG_P", text)]


def _interface(act: Act) -> list[Message]:
    name, state = act.detail["interface"], act.detail["state"]
    protocol = ("LINEPROTO-5-UPDOWN", f"Line protocol on Interface {name}, changed state to {state}")
    if name.startswith(("Tunnel", "Loopback")):
        return [protocol]
    return [("LINK-3-UPDOWN", f"Interface {name}, changed state to {state}"), protocol]


def _container(act: Act) -> list[Message]:
    moment = act.time.strftime("%m/%d/%Y %H:%M:%S")
    text = f"R0/0: ioxman: IOX SERVICE guestshell LOG: Guestshell is {act.detail['state']} at {moment}"
    return [("IM-6-IOX_INST_INFO", text)]


def _packet_denied(act: Act) -> list[Message]:
    d = act.detail
    text = f"list {d['list']} denied tcp {act.source}({d['sport']}) -> {d['target']}({d['dport']}), 1 packet"
    return [("SEC-6-IPACCESSLOGP", text)]


def _neighbour(act: Act) -> list[Message]:
    state = "Up" if act.detail["state"] == "up" else "Down Peer closed the session"
    return [("BGP-5-ADJCHANGE", f"neighbor {act.detail['peer']} {state}")]


def _one(mnemonic: str, text: Callable[[Act], str]) -> Callable[[Act], list[Message]]:
    return lambda act: [(mnemonic, text(act))]


_SAY: Final[Mapping[str, Callable[[Act], list[Message]]]] = {
    "login": _login,
    "login_failed": _login_failed,
    "logout": _one("SYS-6-LOGOUT", lambda a: f"User {a.account} has exited tty session {a.line + 1}({a.source})"),
    "enable": _one(
        "SYS-5-PRIV_AUTH_PASS", lambda a: f"Privilege level set to 15 by {a.account} on vty{a.line} ({a.source})"
    ),
    "config": _one("PARSER-5-CFGLOG_LOGGEDCMD", lambda a: f"User:{a.account}  logged command:{a.command}"),
    "configured": _configured,
    "programmed": _programmed,
    "user_added": _one(
        "AAA-6-USERNAME_CONFIGURATION", lambda a: f"user with username: {a.detail['username']} configured"
    ),
    "install": _one(
        "WEBUI-6-INSTALL_OPERATION_INFO",
        lambda a: f"R0/0: nginx: User: {a.account}, Install Operation: ADD {a.detail['file']}",
    ),
    "interface": _interface,
    "capture": lambda a: [
        (f"BUFCAP-6-{a.detail['state']}", f"Capture Point {a.detail['name']} {a.detail['state'].lower()}d.")
    ],
    "container": _container,
    "log_host": lambda a: [
        (
            "SYS-6-LOGGINGHOST_STARTSTOP",
            f"Logging to host {a.detail['host']} port 514 started - CLI initiated"
            if a.detail["state"] == "started"
            else f"Logging to host {a.detail['host']} stopped - CLI initiated",
        )
    ],
    "snmp_refused": _one("SNMP-3-AUTHFAIL", lambda a: f"Authentication failure for SNMP req from host {a.source}"),
    "packet_denied": _packet_denied,
    "neighbour": _neighbour,
    "notice": lambda a: [(a.detail["mnemonic"], a.detail["text"])],
}
