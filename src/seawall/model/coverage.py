"""Nothing seen is not nothing there: what could, and what could not, have been seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Visibility = Literal["seen", "not seen", "could not be seen"]
Observable = Literal["observable", "partly", "not observable"]


@dataclass(frozen=True, slots=True)
class Coverage:
    """For one device and one behaviour: was it seen, and if not, could it have been?"""

    device: str  # name; "network" for what shows in traffic
    behaviour: str  # e.g. "C-01"
    visibility: Visibility  # the answer
    why: str  # "no command accounting from this device between ... and ..."
    setting: str | None = None  # the configuration that would change that, on one line
    observable: Observable = "observable"  # partly: some of what its detectors need is missing
    fix: tuple[str, ...] = ()  # configuration lines of the device's own platform that would fix it
    price: str = ""  # of those lines: CPU, lock-out, secret leak
    platform: str = ""  # of the device, where known
    looked_for: bool = True  # whether any detector looks for it at all
