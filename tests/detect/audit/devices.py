"""Small devices for the tests of checks: a few lines of a platform, taken for the whole of its configuration."""

from __future__ import annotations

from typing import Final

from seawall.detect.audit.device import Device, device_of
from seawall.model.site import Site
from seawall.platforms.config import read

_MAKES: Final = {
    "ios": "!RANCID-CONTENT-TYPE: cisco",
    "iosxe": "!RANCID-CONTENT-TYPE: cisco-xe",
    "iosxr": "!RANCID-CONTENT-TYPE: cisco-xr",
    "nxos": "!RANCID-CONTENT-TYPE: cisco-nx",
    "asa": "!RANCID-CONTENT-TYPE: cisco-asa",
    "eos": "!RANCID-CONTENT-TYPE: arista",
    "sros": "# RANCID-CONTENT-TYPE: sros",
    "vrp": "#RANCID-CONTENT-TYPE: vrp",
    "fortios": "#RANCID-CONTENT-TYPE: fortigate",
    "panos": "#RANCID-CONTENT-TYPE: paloalto",
}


def sample_device(platform: str, text: str, site: Site | None = None) -> Device:
    """The device of a sample; what is not in its lines is absent."""
    head = _MAKES.get(platform, "set system services ssh" if "set version" in text else "set version 21.4R3")
    device = device_of(read(f"{head}\n{text}\n", "sample")[0], site or Site())
    assert device.family == ("ios" if platform == "iosxe" else platform), f"taken for {device.platform}"
    device.platform = platform
    device.whole = True
    return device
