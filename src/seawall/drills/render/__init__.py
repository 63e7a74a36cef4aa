"""One writer per format, each tested against its reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from seawall.drills.acts import Act
from seawall.drills.render import asa, cisco_ios, eos, fortios, iosxr, ise, junos, linux, nxos, panos, sros, vrp
from seawall.drills.render.sender import Sender

Writer = Callable[[Act, Sender], list[str]]

# What a platform sends to its log server for an act; an empty list where it says nothing.
LOGS: Final[Mapping[str, Writer]] = {
    "ios": cisco_ios.write,
    "iosxr": iosxr.write,
    "nxos": nxos.write,
    "junos": junos.write,
    "eos": eos.write,
    "sros": sros.write,
    "vrp": vrp.write,
    "linux": linux.write,
    "asa": asa.write,
    "fortios": fortios.write,
    "panos": panos.write,
    "ise": ise.write,  # the server devices ask, not a device
}
