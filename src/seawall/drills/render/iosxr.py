"""Cisco IOS XR syslog: node, time, process[pid], and a space before the colon of the message."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from seawall.drills.acts import Act
from seawall.drills.render.sender import LOCAL7, Sender, stamp_ms

HEADERS: Final = ("xr", "xr-year")

Message = tuple[str, str, str]  # (process, name, text)


def write(act: Act, sender: Sender) -> list[str]:
    """The lines the device logs for an act; exec commands go to accounting alone."""
    say = _SAY.get(act.doing)
    return [_line(act, sender, *message) for message in say(act)] if say else []


def _line(act: Act, sender: Sender, process: str, name: str, text: str) -> str:
    count, _ = sender.next()
    priority = LOCAL7 + int(name.split("-")[-2])
    moment = stamp_ms(act.time)
    if sender.header == "xr-year":
        moment = f"{act.time.year} {moment}"
    node = "RP/0/RP0/CPU0"
    return f"<{priority}>{count}: {sender.host} {node}:{moment} UTC: {process}[{sender.pid}]: %{name} : {text}"


def _login(act: Act) -> list[Message]:
    cipher = "(cipher 'aes256-ctr', mac 'hmac-sha2-512')"
    text = f"Successfully authenticated user '{act.account}' from '{act.source}' on 'vty{act.line}'{cipher}"
    return [("SSHD_", "SECURITY-SSHD-6-INFO_SUCCESS", text)]


def _login_failed(act: Act) -> list[Message]:
    text = f"sshd[{30000 + act.line}]: Failed authentication/pam for {act.account} from {act.source} port 48906 ssh2"
    return [("ssh_syslog_proxy", "SECURITY-SSHD_SYSLOG_PRX-6-INFO_GENERAL", text)]


def _configured(act: Act) -> list[Message]:
    commit = 1000000000 + act.time.hour * 3600 + act.time.minute * 60 + act.time.second
    changes = f"Use 'show configuration commit changes {commit}' to view the changes."
    return [
        ("config", "MGBL-CONFIG-6-DB_COMMIT", f"Configuration committed by user '{act.account}'. {changes}"),
        ("config", "MGBL-SYS-5-CONFIG_I", f"Configured from console by {act.account} on vty{act.line} ({act.source})"),
    ]


def _shell(act: Act) -> list[Message]:
    if act.detail["state"] == "in":
        text = f"User {act.account} logged into shell from vty{act.line}"
        return [("bash_cmd", "INFRA-INFRA_MSG-5-RUN_LOGIN", text)]
    return [("bash_cmd", "INFRA-INFRA_MSG-5-RUN_LOGOUT", f"User {act.account} logged out of shell from vty{act.line}")]


def _interface(act: Act) -> list[Message]:
    name, state = act.detail["interface"], act.detail["state"].capitalize()
    text = f"Interface {name}, changed state to {state}"
    return [("ifmgr", "PKT_INFRA-LINK-3-UPDOWN", text)]


def _neighbour(act: Act) -> list[Message]:
    state = "Up" if act.detail["state"] == "up" else "Down - BGP Notification received"
    return [("bgp", "ROUTING-BGP-5-ADJCHANGE", f"neighbor {act.detail['peer']} {state} (VRF: default)")]


def _logout(act: Act) -> list[Message]:
    text = f"User '{act.account}' from '{act.source}' logged out on 'vty{act.line}'"
    return [("SSHD_", "SECURITY-SSHD-6-INFO_USER_LOGOUT", text)]


_SAY: Final[Mapping[str, Callable[[Act], list[Message]]]] = {
    "login": _login,
    "login_failed": _login_failed,
    "logout": _logout,
    "configured": _configured,
    "shell": _shell,
    "interface": _interface,
    "neighbour": _neighbour,
    "notice": lambda a: [(a.detail.get("process", "sysmgr"), a.detail["mnemonic"], a.detail["text"])],
}
