"""Who and what a finding is about."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, get_args

EntityType = Literal[
    "device", "account", "ip", "session", "domain", "url", "hash", "system", "tap", "warrant", "agency", "mailbox"
]
Role = Literal["actor", "source", "target", "via", "object"]

ENTITY_TYPES: Final[frozenset[str]] = frozenset(get_args(EntityType))
ROLES: Final[frozenset[str]] = frozenset(get_args(Role))


@dataclass(frozen=True, slots=True, order=True)
class Entity:
    """A thing a finding names. Sorts by type, value, role: the order findings print."""

    type: EntityType  # what it is
    value: str  # its name, as the evidence or the site file has it
    role: Role  # its part in what happened

    def __post_init__(self) -> None:
        if self.type not in ENTITY_TYPES:
            raise ValueError(f"no entity type is called {self.type!r}")
        if self.role not in ROLES:
            raise ValueError(f"no role is called {self.role!r}")


@lru_cache(maxsize=1 << 14)  # a case asks the same few over and over
def is_address(value: str) -> bool:
    """Whether a text is an IPv4 or IPv6 address."""
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return False
    return True
