"""What each vendor's messages and commands mean. One file per platform; this one asks the right file.

`recognise` names the platform a message belongs to, `meaning` finds who can read it, `interpret` reads it. All three
look at names only until a message has a meaning, so lines without one cost next to nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from seawall.platforms import asa, cef, cisco_ios, eos, fortios, iosxr, ise, junos, linux, nxos, panos, sros, vrp
from seawall.platforms.acts import Act, Meaning

__all__ = ["PLATFORMS", "Act", "Meaning", "interpret", "meaning", "recognise"]

_ASA: Final = frozenset({"ASA", "FTD", "PIX", "FWSM"})
_XR_FACILITIES: Final = frozenset(
    {"MGBL", "SECURITY", "PKT_INFRA", "ROUTING", "INFRA", "L2", "PLATFORM", "OS", "HA", "IP"}
)
_NX_FACILITIES: Final = frozenset(
    {"VSHD", "ETHPORT", "ETH_PORT_CHANNEL", "AUTHPRIV", "DAEMON", "VMAN", "VDC_MGR", "L2FM", "FEATURE-MGR"}
)
_EOS_FACILITIES: Final = frozenset({"ACCOUNTING", "PROCMGR", "AGENT", "CAPACITY", "MMODE", "LAUNCHER"})
_JUNOS_PROGRAMS: Final = frozenset(
    [
        "mgd",
        "rpd",
        "chassisd",
        "craftd",
        "alarmd",
        "mib2d",
        "snmpd",
        "jddosd",
        "lacpd",
        "jlaunchd",
        "eventd",
        "dcd",
        "cosd",
        "pfed",
        "jpppd",
        "RT_FLOW",
        "RT_IDS",
        "RT_UTM",
        "RT_SYSTEM",
        "fpc0",
        "fpc1",
        "cli",
        "license-check",
        "kmd",
        "jdhcpd",
        "bfdd",
        "sflowd",
        "jsd",
        "na-grpcd",
    ]
)
_JUNOS_FACILITIES: Final = frozenset({"INTERACT", "CHANGE", "PFE", "CONFLICT", "AUTHORIZATION", "AUTH", "FIREWALL"})
_LINUX_PROGRAMS: Final = frozenset(
    [
        "sshd",
        "sshd-session",
        "sshd_operns",
        "bash",
        "-bash",
        "snoopy",
        "useradd",
        "usermod",
        "sudo",
        "su",
        "systemd",
        "cron",
        "CRON",
        "crond",
        "dropbear",
        "login",
        "kernel",
        "auditd",
    ]
)
_CISCO: Final = re.compile(r"(?P<facility>.+?)-(?P<severity>[0-7])-(?P<name>.+)")
_VRP: Final = re.compile(r"(?P<module>[^/]+)/(?P<severity>\d)/(?P<brief>[^/]+)")
_SROS: Final = re.compile(
    r"(?P<app>[A-Z0-9_]+)-(?:CRITICAL|MAJOR|MINOR|WARNING|INDETERMINATE|CLEARED)-(?P<name>\w+)-\d+"
)

_TABLES: Final[dict[str, dict[str, Meaning]]] = {
    "ios": cisco_ios.MEANINGS,
    "iosxr": iosxr.MEANINGS,
    "nxos": nxos.MEANINGS,
    "junos": junos.MEANINGS,
    "eos": eos.MEANINGS,
    "sros": sros.MEANINGS,
    "vrp": vrp.MEANINGS,
    "asa": asa.MEANINGS,
}
# Platforms whose every message is a list of values: one reader knows them all, whatever the name.
_WHOLE: Final[dict[str, Meaning]] = {
    "fortios": fortios.told,
    "panos": panos.told,
    "ise": ise.told,
    "cef": cef.told,
}
PLATFORMS: Final = frozenset({*_TABLES, *_WHOLE})  # those whose messages have meanings of their own
_ANY: Final[dict[str, Meaning]] = {key: one for table in reversed(_TABLES.values()) for key, one in table.items()}


def interpret(mnemonic: str | None, message: str, platform: str | None, program: str | None = None) -> Act | None:
    """What a message says somebody did; None if it has no meaning here.

    `mnemonic` as the syslog table has it, `message` the text behind it, `program` for lines without mnemonic.
    """
    found = meaning(mnemonic, platform, program)
    return found(message) if found else None


@lru_cache(maxsize=65_536)
def meaning(mnemonic: str | None, platform: str | None, program: str | None = None) -> Meaning | None:
    """Who can read messages of this name; the platform's own list first, then any list that knows the name."""
    if whole := _WHOLE.get(platform or ""):
        return whole
    if mnemonic is None:
        if platform == "nxos":  # of its lines only those of the accounting log have no mnemonic
            return nxos.accounted
        name = (program or "").rpartition("/")[2]
        return linux.PROGRAMS.get(name) or junos.PROGRAMS.get(name)
    table = _TABLES.get(platform or "", {})
    for key in _keys(mnemonic):
        if found := table.get(key) or _ANY.get(key):
            return found
    return None


def _keys(mnemonic: str) -> tuple[str, ...]:
    """The names under which a mnemonic may be listed, most exact first."""
    if found := _SROS.fullmatch(mnemonic):
        return (f"{found['app']}-{found['name']}",)
    if found := _VRP.fullmatch(mnemonic):
        return (f"{found['module']}/{found['brief']}",)
    if found := _CISCO.fullmatch(mnemonic):
        facility, name = found["facility"].upper(), found["name"].upper()
        head = facility.partition("-")[0]  # of ASA-session, as messages with the name of their class have it
        return (f"{facility}-{name}", f"{head}-{name}", *((name,) if head in _ASA else ()))
    return (mnemonic,)


@lru_cache(maxsize=65_536)
def recognise(mnemonic: str | None, program: str | None, hint: str | None) -> str | None:
    """The platform a line's form belongs to, as far as its names tell; None if they do not.

    `hint` is what the header showed: node (a chassis node), year_first, tagged (host and program in front of a
    mnemonic), accounting (a line of the NX-OS accounting log), or nothing.
    """
    if hint == "accounting":
        return "nxos"
    if hint == "node":
        return "iosxr"
    if mnemonic is None:
        name = (program or "").rpartition("/")[2]
        return "junos" if name in _JUNOS_PROGRAMS else "linux" if name in _LINUX_PROGRAMS else None
    if _SROS.fullmatch(mnemonic):
        return "sros"
    if _VRP.fullmatch(mnemonic):
        return "vrp"
    found = _CISCO.fullmatch(mnemonic)
    return _cisco(found["facility"].upper(), found["name"], hint) if found else "junos"


def _cisco(facility: str, name: str, hint: str | None) -> str:
    """Which of the platforms that write `%FACILITY-SEVERITY-NAME`."""
    head = facility.partition("-")[0]
    if head in _ASA:
        return "asa"
    if head in _EOS_FACILITIES or hint == "tagged":
        return "eos"
    if head in _NX_FACILITIES or hint == "year_first" or name.startswith("AAA_ACCOUNTING"):
        return "nxos"
    return "iosxr" if head in _XR_FACILITIES and "-" in facility else "ios"
