"""What a carrier knows of its own mail, from `site.toml`, and what a message itself tells where that is silent."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from seawall.detect.mail.domains import FREEMAIL, label_of, organisation
from seawall.model.mail import Mail
from seawall.model.site import MailSite

_FOR: Final = re.compile(r"\bfor\s+<?([^\s<>;]{1,64}@([^\s<>;]{1,253}))", re.I)
_BY: Final = re.compile(r"\bby\s+([\w.-]{1,253})", re.I)
_ADDRESS: Final = re.compile(r"[\w.+'-]{1,64}@([\w.-]{1,253})")


@dataclass(frozen=True)
class World:
    """Whose mailbox this is."""

    own: frozenset[str] = frozenset()  # organisations: velmora.example
    partners: frozenset[str] = frozenset()
    brands: tuple[str, ...] = ()  # own names a lure would borrow, lower case
    relays: frozenset[str] = frozenset()  # servers whose Authentication-Results are believed
    keys: dict[str, str] = field(default_factory=dict)  # TXT records by name, to verify signatures without a network
    told: bool = False  # by a site file; else read off each message

    @property
    def known(self) -> frozenset[str]:
        """Every organisation that is worth imitating here."""
        return self.own | self.partners


def world_of(site: MailSite, keys: dict[str, str] | None = None) -> World:
    """The world a site file tells of."""
    own = frozenset(organisation(name) for name in site.own_domains)
    return World(
        own=own,
        partners=frozenset(organisation(name) for name in site.partners),
        brands=tuple(brand.lower() for brand in site.brands) or tuple(label_of(name) for name in sorted(own)),
        relays=frozenset(name.lower() for name in site.trusted_relays),
        keys=keys or {},
        told=bool(own),
    )


def seen_from(mail: Mail, world: World) -> World:
    """The world, with own domains read off a message's recipient where no site file names them."""
    if world.own:
        return world
    own = _recipients(mail)
    own = frozenset(name for name in own if name not in FREEMAIL and "." in name)
    return World(own, world.partners, tuple(map(label_of, sorted(own))), world.relays, world.keys, told=False)


def _recipients(mail: Mail) -> frozenset[str]:
    """Organisations the receiving server worked for: what it wrote itself before what the sender wrote."""
    received = mail.all("received")[:2]
    for value in [*mail.all("delivered-to")[:1], *mail.all("x-original-to")[:1]]:
        if found := _ADDRESS.search(value):
            return frozenset({organisation(found[1])})
    for hop in received:
        if found := _FOR.search(hop):
            return frozenset({organisation(found[2])})
    if to := _ADDRESS.search(mail.first("to")):
        return frozenset({organisation(to[1])})
    by = _BY.search(received[0]) if received else None
    return frozenset({organisation(by[1])}) if by else frozenset()
