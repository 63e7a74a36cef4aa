"""What a configuration says of the device and of itself: version, model, whether it is whole."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from seawall.platforms.config.device import DeviceConfig
from seawall.platforms.masking import mask

_LOOKED_AT: Final = 400
_VERSIONS: Final = {
    "ios": (r"!?\s*Cisco IOS.*Version ([\w.()]+)", r"!?.*Cisco IOS XE Software, Version ([\w.()]+)", r"version (\S+)"),
    "nxos": (r"version (\S+)(?: Bios.*)?$", r"!.*NXOS.*version (\S+)"),
    "iosxr": (r"!! IOS XR Configuration (?:version )?(?:= )?v?(\d[\w.]+)",),
    "eos": (r"! device:.*EOS-([\w.]+)", r"!.*Software image version: ([\w.]+)"),
    "asa": (r":?\s*(?:ASA|PIX) Version ([\w.()]+)",),
    "junos": (r"version \"?([\w.:-]+)\"?;", r"set version \"?([\w.:-]+)\"?", r"#+.*JUNOS (\d+\.\w[\w.-]+)"),
    "sros": (r"# TiMOS-[A-Z]-([\w.]+)",),
    "vrp": (r"!\s*Software Version (V\w+)", r"#?.*VRP.*Version ([\d.]+ \(.*\))"),
    "comware": (r"\s*version (\d[\w., ]+)",),
    "fortios": (r"#config-version=\w+?-(\d[\w.]+)-",),
    "panos": (r"\s*(?:set )?(?:config )?version \"?(\d[\w.-]+)\"?",),
    "routeros": (r"#.*by RouterOS ([\w.]+)",),
}
_COMPILED: Final = {name: tuple(re.compile(one, re.I) for one in ones) for name, ones in _VERSIONS.items()}
_MODELS: Final = tuple(
    re.compile(one, re.I)
    for one in (
        r"license udi pid (\S+)", r"! device: \S+ \(([^,)]+)", r":\s*Hardware:\s+([^,]+)", r"#config-version=(\w+?)-\d",
        r"# model = (\S+)", r"!?.*cisco (\S+) \(.*processor", r"!chassis type: (\S+)",
    )
)  # fmt: skip
_BY: Final = re.compile(r"[!#]+.*\b(?:change at|updated at|commit:) .{8,60} by (\S{1,64})", re.I)


def describe(device: DeviceConfig, lines: Sequence[str], opened: int) -> None:
    """Fill in version, model, who changed it last, and whether the text is whole."""
    head = [line[:400] for line in lines[:_LOOKED_AT]]
    device.header = tuple(mask(line) for line in _header(head))
    device.version = _first(_COMPILED.get(device.platform, ()), head)
    device.model = _first(_MODELS, head)
    device.changed_by = _first((_BY,), head)
    if opened:
        device.cut = True


def _header(head: Sequence[str]) -> list[str]:
    found: list[str] = []
    for line in head:
        if line.strip() and line.lstrip()[0] not in "!#:/":
            break
        if line.strip(" \t!#"):
            found.append(line)
    return found


def _first(patterns: Sequence[re.Pattern[str]], lines: Sequence[str]) -> str | None:
    for pattern in patterns:
        for line in lines:
            if found := pattern.match(line):
                return found[1]
    return None
