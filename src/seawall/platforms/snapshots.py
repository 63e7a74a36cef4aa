"""What a saved configuration says of itself beside its lines: whose it is, of which make, when it was changed or taken.

RANCID writes the make into its first line; Oxidized puts `show` output into comments before the configuration; both
name files after devices, and folders after groups or dates.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

LOOKED_AT: Final = 400  # lines, for what a header says
_RANCID: Final = re.compile(r"\s*[!#;:]*\s*RANCID-CONTENT-TYPE:\s*([A-Za-z0-9_.-]{2,40})", re.I)
_MAKES: Final = {  # RANCID's device types → our platforms; others stay as RANCID writes them
    "cisco": "ios", "cisco-nx": "nxos", "cisco-xr": "iosxr", "cisco-xe": "ios", "cisco-asa": "asa", "arista": "eos",
    "juniper": "junos", "juniper-srx": "junos", "paloalto": "panos", "fortigate": "fortios",
    "fortigate-full": "fortios",
    "huawei": "vrp", "vrp": "vrp", "alcatel": "sros", "sros": "sros", "sros-md": "sros", "timos": "sros",
    "mikrotik": "routeros", "hp": "comware", "h3c": "comware",
}  # fmt: skip
_BRACES: Final = frozenset({"junos", "panos"})
_CHANGED: Final = re.compile(
    r"\s*[!#]+\s*(?:last configuration change at|nvram config last updated at|startup-config last modified at"
    r"|last commit:|last modified|time:|last configuration was (?:updated|saved) at|last changed:?)"
    r"\s*(?P<when>.{8,60})",
    re.I,
)
_CISCO: Final = re.compile(
    r"(?P<clock>\d\d:\d\d:\d\d)(?:\.\d+)? (?:[A-Za-z]{2,5})? ?\w{3} (?P<mon>\w{3}) +(?P<day>\d{1,2}) (?P<year>\d{4})"
)
_NAMED_DAY: Final = re.compile(r"\w{3} (?P<mon>\w{3}) +(?P<day>\d{1,2}) (?P<clock>\d\d:\d\d:\d\d) (?P<year>\d{4})")
_ISO: Final = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)[T ](?P<clock>\d\d:\d\d:\d\d)(?:\.\d+)? ?(?P<zone>[+-]\d\d:?\d\d|Z|UTC|GMT)?"
)
_FILE_DATE: Final = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)[-_.]?(?P<m>0[1-9]|1[0-2])[-_.]?(?P<d>0[1-9]|[12]\d|3[01])"
    r"(?:[T_ .-]?(?P<H>[01]\d|2[0-3])[-_.:h]?(?P<M>[0-5]\d)(?:[-_.:m]?(?P<S>[0-5]\d))?)?(?!\d)"
)
_ENDINGS: Final = re.compile(
    r"(?:\.(?:cfg|conf|config|txt|log|set|xml|rsc|bak|backup|old|orig|gz|running|startup)|-confg)$", re.I
)
_NAMELESS: Final = frozenset(
    [
        "running-config",
        "startup-config",
        "running",
        "startup",
        "config",
        "configs",
        "configuration",
        "backup",
        "show-run",
        "showrun",
        "show_run",
        "current",
        "candidate",
        "saved",
        "latest",
        "router",
        "switch",
        "device",
        "output",
        "text",
        "full",
        "main",
        "default",
        "new",
        "old",
        "juniper",
        "cisco",
    ]
)
_HOST: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$")


def make_of(lines: Sequence[str]) -> tuple[str, str] | None:
    """(platform, style) of a RANCID file; None if it says none. A make we do not know keeps RANCID's word."""
    for line in lines[:5]:
        if found := _RANCID.match(line[:200]):
            make = found[1].lower()
            platform = _MAKES.get(make, make)
            return platform, "brace" if platform in _BRACES else "indent"
    return None


def changed_at(lines: Sequence[str]) -> datetime | None:
    """When a configuration says it was last changed, UTC; a zone that is a name other than UTC counts as UTC."""
    for line in lines[:LOOKED_AT]:
        if line[:1] in "!#" and (found := _CHANGED.match(line[:200])) and (when := _moment(found["when"])):
            return when
    return None


def _moment(text: str) -> datetime | None:
    try:
        if found := _ISO.match(text):
            zone = (found["zone"] or "").replace("UTC", "+00:00").replace("GMT", "+00:00")
            when = datetime.fromisoformat(f"{found['day']}T{found['clock']}{zone}")
        elif found := _CISCO.match(text) or _NAMED_DAY.match(text):
            said = f"{found['mon'].title()} {found['day']} {found['year']} {found['clock']}"
            when = datetime.strptime(said, "%b %d %Y %H:%M:%S")
        else:
            return None
        return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def taken_at(path: str) -> datetime | None:
    """The date, and time if any, in a file's name, else in that of a folder above it; UTC is assumed."""
    for name in reversed(path.split("/")):
        if found := _FILE_DATE.search(name):
            try:
                hour, minute, second = (int(found[part] or 0) for part in "HMS")
                return datetime(int(found["y"]), int(found["m"]), int(found["d"]), hour, minute, second, tzinfo=UTC)
            except ValueError:
                continue
    return None


def device_of(path: str) -> str | None:
    """The device a file is named after; where the file's name says none (`running-config`), its folder's."""
    for name in list(reversed(path.split("/")))[:2]:
        stem = _FILE_DATE.sub("", name.rpartition("!")[2])
        while (shorter := _ENDINGS.sub("", stem)) != stem:
            stem = shorter
        stem = stem.strip("-_. @")
        if stem and stem.lower() not in _NAMELESS and _HOST.match(stem) and re.search(r"[A-Za-z]|\d\.\d", stem):
            return stem
    return None
