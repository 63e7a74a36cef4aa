"""Who may be told what: receivers, sources and redaction profiles, as `[sharing]` of seawall.toml names them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Word = Literal["clear", "green", "amber", "amber+strict", "red"]  # of TLP 2.0


@dataclass(frozen=True)
class Profile:
    """What a receiver may learn of us."""

    title: str = ""
    identity: Literal["role", "name"] = "role"  # who we say we are
    texts: Literal["titles", "reasons"] = "titles"  # titles of detectors alone, or their reasons too
    names: Literal["roles", "keep"] = "roles"  # our devices, people and addresses
    accounts: Literal["roles", "keep"] = "roles"  # accounts that are not ours
    interfaces: Literal["roles", "keep"] = "roles"  # interfaces and tunnels: topology
    actions: bool = False  # what we did about it, as courses of action
    times: Literal["exact", "hour", "day"] = "exact"


@dataclass(frozen=True)
class Receiver:
    """Somebody who may be told something."""

    clearance: Word = "green"  # the strictest light they may be given
    profile: str = "peer"  # what they may learn of us
    url: str = ""  # their TAXII 2.1 API root, for `share publish`
    collection: str = ""  # id or alias of the collection there
    user: str = ""
    password: str = ""  # env:NAME or file:PATH
    ca_file: str = ""  # who signed their certificate, where the system does not know it; beside seawall.toml


@dataclass(frozen=True)
class Feed:
    """Somebody who tells us something."""

    url: str = ""  # their TAXII 2.1 API root, for `share subscribe`
    collection: str = ""  # id or alias; empty: every collection that may be read
    user: str = ""
    password: str = ""  # env:NAME or file:PATH
    ca_file: str = ""
    unmarked: Word = "amber+strict"  # how what they do not mark is treated
    confidence: int = 50  # 0 to 100, of what says nothing of its own


@dataclass(frozen=True)
class SharingSettings:
    """How things are shared."""

    tlp: Word = "amber"  # what we make ourselves
    profile: str = "peer"  # where a receiver names none
    receivers: dict[str, Receiver] = field(default_factory=dict)
    sources: dict[str, Feed] = field(default_factory=dict)
    profiles: dict[str, Profile] = field(default_factory=dict)  # beside, or over, those that come with Seawall
