"""What crown jewels hold, and which records would show that somebody read it: `content/assess/holdings.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Final

from seawall.model.assessment import Claim
from seawall.model.site import Device
from seawall.model.validation import validated

OTHER: Final = "other"


@dataclass(frozen=True)
class Holding:
    """What one kind of crown jewel holds."""

    roles: tuple[str, ...]
    title: str  # "call records"; empty: the role itself is the best word
    claims: tuple[Claim, ...]
    reading: tuple[str, ...]  # views whose records of the device show what was read; empty: nothing we read does
    unread: str  # why reading could not be seen where they are missing
    settle: str  # evidence that would settle it
    how: str  # how to get that


@dataclass(frozen=True)
class Fleet:
    """A question about all network devices rather than one jewel."""

    subject: str
    reached: tuple[str, ...]  # behaviours that answer yes
    tried: tuple[str, ...]  # behaviours that show a try
    telemetry: str  # view without which a device's answer is not known
    settle: str
    how: str


@dataclass(frozen=True)
class Holdings:
    """The file."""

    holdings: dict[str, Holding] = field(default_factory=dict)
    fleets: dict[Claim, Fleet] = field(default_factory=dict)


@cache
def holdings() -> Holdings:
    """The holdings Seawall brings."""
    text = resources.files("seawall").joinpath("content", "assess", "holdings.toml").read_text(encoding="utf-8")
    return validated(Holdings, tomllib.loads(text), where="content/assess/holdings.toml")


def holding_of(device: Device) -> Holding:
    """What a device holds, by its role."""
    known = holdings().holdings
    role = device.role.lower()
    return next((one for one in known.values() if role in one.roles), known[OTHER])


def claim_of(device: Device) -> Claim:
    """The question a device answers first; `everything` where its role says nothing."""
    one = holding_of(device)
    return one.claims[0] if one.roles else "everything"


def answers(device: Device, claim: Claim) -> bool:
    """Whether a crown jewel says something about a claim."""
    return claim == "everything" or claim in holding_of(device).claims
