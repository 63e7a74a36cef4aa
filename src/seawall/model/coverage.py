"""Nothing seen is not nothing there: what could, and what could not, have been seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Visibility = Literal["seen", "not seen", "could not be seen"]


@dataclass(frozen=True, slots=True)
class Coverage:
    """For one device and one behaviour: was it seen, and if not, could it have been?"""

    device: str  # name
    behaviour: str  # e.g. "C-01"
    visibility: Visibility  # the answer
    why: str  # "no command accounting from this device between ... and ..."
    setting: str | None = None  # the configuration line that would change that


@dataclass(frozen=True, slots=True)
class Assessment:
    """An answer to "was X touched?", with the ground it stands on."""

    subject: str  # "customer call records", "intercept mediation", a device
    answer: Literal["touched", "not touched", "could not be seen"]
    confidence: int  # 0 to 100
    why: str
    findings: tuple[str, ...] = ()
    gaps: tuple[Coverage, ...] = ()
