"""How a change is made safely on each platform: entered, committed for a time, confirmed, rolled back.

Sources: the vendors' configuration guides for IOS XE (`configure terminal revert timer`, needs `archive`), IOS XR
(`commit confirmed`), NX-OS (checkpoints), Junos (`commit confirmed`), EOS (configuration sessions, `commit timer`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from seawall.errors import InputError


@dataclass(frozen=True, slots=True)
class Dialect:
    """One platform's words. `{id}` stands for the first 8 digits of the action, `{min}` for minutes."""

    name: str
    driver: str  # Netmiko's device type
    show: str  # prints the configuration that runs
    before: tuple[str, ...]  # at the exec prompt, before anything else
    enter: str  # into configuration
    commit: tuple[str, ...]  # in configuration; takes effect, for a time where the platform can
    confirm: tuple[str, ...]  # keeps it; at the prompt where `commit` left
    rollback: tuple[str, ...]  # takes it back at once
    timed: bool  # whether the platform itself rolls back what nobody confirms
    errors: tuple[str, ...]  # how a refusal begins


_CISCO: Final = (
    "% Invalid",
    "% Incomplete",
    "% Ambiguous",
    "% Error",
    "% Authorization failed",
    "Command authorization failed",
    "%Error",
    "% Failed",
)

DIALECTS: Final = {
    "ios": Dialect(
        "IOS XE",
        "cisco_ios",
        "show running-config",
        (),
        "configure terminal revert timer {min}",
        ("end",),
        ("configure confirm",),
        ("configure revert now",),
        True,
        (*_CISCO, "%Rollback", "Rollback aborted"),
    ),
    "iosxr": Dialect(
        "IOS XR",
        "cisco_xr",
        "show running-config",
        (),
        "configure exclusive",
        ("commit confirmed minutes {min} label seawall{id}",),
        ("commit", "end"),
        ("abort", "rollback configuration seawall{id}"),
        True,
        (*_CISCO, "% Failed to commit"),
    ),
    "nxos": Dialect(
        "NX-OS",
        "cisco_nxos",
        "show running-config",
        ("checkpoint seawall-{id}",),
        "configure terminal",
        ("end",),
        ("no checkpoint seawall-{id}",),
        ("rollback running-config checkpoint seawall-{id}",),
        False,
        (*_CISCO, "ERROR:", "% Permission"),
    ),
    "junos": Dialect(
        "Junos",
        "juniper_junos",
        "show configuration | display set",
        (),
        "configure exclusive",
        ("commit confirmed {min}",),
        ("commit", "exit"),
        ("rollback 1", "commit", "exit"),
        True,
        ("error:", "unknown command", "syntax error", "missing argument", "permission denied"),
    ),
    "eos": Dialect(
        "EOS",
        "arista_eos",
        "show running-config",
        (),
        "configure session seawall-{id}",
        ("commit timer 00:{min:02d}:00",),
        ("configure session seawall-{id} commit",),
        ("configure session seawall-{id} abort",),
        True,
        ("% Invalid", "% Incomplete", "% Ambiguous", "% Error", "% Internal", "% Permission", "% Authorization"),
    ),
}
"""By the platform's name in site.toml."""

_NAMES: Final = {"iosxe": "ios", "ios-xe": "ios", "cisco_ios": "ios", "ios-xr": "iosxr", "xr": "iosxr", "nx-os": "nxos"}
BY_HAND: Final = "# by hand: "  # an undo no machine may do begins so


def dialect_of(platform: str) -> Dialect:
    """The words of a platform. Raises InputError for one we do not write."""
    name = platform.lower()
    found = DIALECTS.get(_NAMES.get(name, name))
    if found is None:
        raise InputError(
            f"changes of {platform or 'an unknown platform'} are not written here",
            mend=f"do it by hand, or say the platform in site.toml: {', '.join(DIALECTS)}",
        )
    return found


def family(platform: str) -> str:
    """The platform's name here: `ios`, `iosxr`, `nxos`, `junos` or `eos`. Raises InputError for any other."""
    found = dialect_of(platform)
    return next(name for name, one in DIALECTS.items() if one is found)
