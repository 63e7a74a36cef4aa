"""One device's configuration as checks see it: its lines, what it is, what the site file says, and if it is whole."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from seawall.detect.audit.entries import Entries, entries_of
from seawall.model.site import Site
from seawall.platforms.config import DeviceConfig, read

_XE_SINCE: Final = 16  # IOS XE prints its version as 16.x and 17.x; 3.x came before


@dataclass(slots=True)
class Device:
    """What a rule may ask of."""

    name: str
    platform: str  # as in the rules: `iosxe` apart from `ios`
    version: str
    entries: Entries
    site: Site
    whole: bool = True  # whether a line that is not there can be taken for absent
    lacking: str = ""  # why not
    shows_defaults: bool = False  # `show running-config all`: what is absent is off
    config: DeviceConfig | None = field(default=None, repr=False)
    held: dict[str, object] = field(default_factory=dict, repr=False)  # what finders worked out, once

    @property
    def release(self) -> tuple[int, ...]:
        """The version's numbers, for comparing: `17.9.4a` → (17, 9, 4); empty if unknown."""
        return tuple(int(number) for number in re.findall(r"\d+", self.version)[:4])

    @property
    def family(self) -> str:
        """The platform whose grammar it has: `ios` for IOS XE."""
        return "ios" if self.platform == "iosxe" else self.platform


def devices_of(data: bytes, name: str, site: Site) -> list[Device]:
    """The devices in a file, ready to be judged. One with `config.problem` could not be read."""
    return [device_of(config, site) for config in read(data, name)]


def device_of(config: DeviceConfig, site: Site) -> Device:
    """One configuration as checks see it."""
    version = config.version or ""
    device = Device(
        config.hostname or "", platform_of(config), version, entries_of(config), site, config=config,
        shows_defaults=config.shows_defaults,
    )  # fmt: skip
    device.lacking = _lacking(config, device.entries)
    device.whole = not device.lacking
    return device


def platform_of(config: DeviceConfig) -> str:
    """`iosxe` where the text tells IOS XE, else the tree's own word."""
    if config.platform != "ios":
        return config.platform
    found = re.match(r"\d+", config.version or "")
    return "iosxe" if config.xe or (found and int(found[0]) >= _XE_SINCE) else "ios"


_ROOMS: Final[dict[str, tuple[str, ...]]] = {  # parts every whole configuration shows; two of them are enough
    "ios": ("hostname", "line", "version", "interface", "ip", "aaa", "end", "boot-start-marker"),
    "nxos": ("hostname", "switchname", "interface", "line", "vrf", "feature", "version", "username", "vdc"),
    "iosxr": ("hostname", "interface", "router", "line", "ssh", "end", "aaa", "logging", "username"),
    "eos": ("hostname", "interface", "management", "username", "ip", "router", "end", "vrf"),
    "asa": ("hostname", "interface", "access-list", "route", "aaa-server", "ssh", "names"),
    "vrp": ("sysname", "interface", "user-interface", "aaa", "return", "ip"),
}
_FOUR: Final = 4


def _lacking(config: DeviceConfig, entries: Entries) -> str:
    """Why a line that is not there cannot be taken for absent; empty if it can."""
    if config.cut and not _ends_well(config, entries):
        return "the file is cut off: the line that decides may stand in the missing part"
    if config.complete:
        return ""
    words = {entry.path.partition(" ")[0].lower() for entry in entries.all if not entry.path.startswith("no ")}
    rooms = _ROOMS.get(config.platform)
    if rooms is not None:
        if len(words.intersection(rooms)) >= _FOUR:
            return ""
        return "the file shows only a part of a configuration: the line that decides may stand elsewhere"
    if config.platform in ("junos", "panos", "sros", "fortios"):
        if _named(config, entries):
            return ""
        return "the file does not show the system part of a configuration, where the line that decides may stand"
    return "" if config.hostname else "the file shows only a part of a configuration"


def _ends_well(config: DeviceConfig, entries: Entries) -> bool:
    """Whether a text that only lacks its last word, or some bytes, still shows what IOS prints last."""
    if config.platform != "ios" or config.hostname is None or not entries.all:
        return False
    words = {entry.path.partition(" ")[0].lower() for entry in entries.all}
    return (
        entries.all[-1].path.startswith(("line vty", "ntp ", "end")) and len(words.intersection(_ROOMS["ios"])) >= _FOUR
    )


def _named(config: DeviceConfig, entries: Entries) -> bool:
    roots: Iterable[re.Pattern[str]] = _SYSTEM
    return config.hostname is not None and entries.has(*roots)


_SYSTEM: Final = (
    re.compile(r"system (?!\bhost-name\b)\S+"),
    re.compile(r"configure system .*"),
    re.compile(r"(?:config )?(?:devices \S+ )?deviceconfig .*"),
)
