"""What makes a device send what a detector needs, line by line, and what that costs: `content/telemetry.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from seawall.detect.base import Need
from seawall.detect.vocabulary import CONTENT

NETWORK: Final = "network"  # stands in for the platform where a sensor sees the traffic
_ALIASES: Final = {"iosxe": "ios", "ios-xe": "ios", "ios_xe": "ios", "ios-xr": "iosxr", "xr": "iosxr", "nx-os": "nxos"}

# Which telemetry a need is about: by a word of its setting, else by its view.
_BY_WORD: Final = (
    ("archive", "config_commands"),
    ("snmp-authfail", "snmp_failures"),
    ("access-list", "acl_hits"),
    ("sequence-numbers", "numbers"),
    ("login on-", "logins"),
    ("accounting", "exec_commands"),
)
_BY_VIEW: Final = {
    "commands": "exec_commands",
    "tacacs": "exec_commands",
    "logins": "logins",
    "config_changes": "log",
    "syslog": "log",
    "heard": "log",
    "windows": "windows",
    "auditd": "exec_commands",
    "flows": "flows",
    "dns": "dns",
    "http": "web",
    "web": "web",
    "zeek_http": "web",
    "zeek_dns": "dns",
}


# What brings a telemetry along where a platform has no lines for it alone.
_BROUGHT_BY: Final = {"config_commands": "exec_commands", "numbers": "log"}


@dataclass(frozen=True, slots=True)
class Remedy:
    """The lines that switch a telemetry on, and their price."""

    telemetry: str
    lines: tuple[str, ...]
    cpu: str
    lockout: str
    secrets: str

    @property
    def price(self) -> str:
        """One sentence for each cost: CPU, lock-out, secret leak."""
        told = (("CPU", self.cpu), ("lock-out", self.lockout), ("secrets", self.secrets))
        return "; ".join(f"{word}: {text or 'none known'}" for word, text in told)


@cache
def _table() -> dict[str, dict[str, Any]]:
    return tomllib.loads((CONTENT / "telemetry.toml").read_text(encoding="utf-8"))


def titles() -> dict[str, str]:
    """Every telemetry we know, with what people call it."""
    return {name: str(entry["title"]) for name, entry in _table().items()}


def telemetry_of(need: Need) -> str:
    """The telemetry a need is about; the view's own name where the table does not know it."""
    for word, name in _BY_WORD:
        if word in need.setting:
            return name
    return _BY_VIEW.get(need.view, need.view)


def platforms_with(telemetry: str) -> tuple[str, ...]:
    """Platforms whose lines for a telemetry are known."""
    return tuple(name for name, entry in _table().get(telemetry, {}).items() if isinstance(entry, dict))


def family(platform: str) -> str:
    """A platform's name as this table and the behaviours have it: `IOS-XE` is `ios`."""
    platform = platform.strip().lower()
    return _ALIASES.get(platform, platform)


@cache
def remedy(telemetry: str, platform: str) -> Remedy | None:
    """What switches a telemetry on, on a platform; None where we do not know the lines, which is then said."""
    entry = _table().get(telemetry, {}).get(family(platform))
    if not isinstance(entry, dict) and telemetry in _BROUGHT_BY:
        return remedy(_BROUGHT_BY[telemetry], platform)
    if not isinstance(entry, dict):
        return None
    return Remedy(telemetry, tuple(entry["lines"]), entry["cpu"], entry["lockout"], entry["secrets"])
