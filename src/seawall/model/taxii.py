"""What `[taxii]` in a settings file says: where the TAXII server listens, what it holds, and who may do what there."""

from __future__ import annotations

import ipaddress
import re
import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Literal

from seawall.errors import InputError

Clearance = Literal["clear", "green", "amber", "amber+strict"]
Light = Literal["clear", "green", "amber", "amber+strict", "red"]
LIGHTS: Final[tuple[Light, ...]] = ("clear", "green", "amber", "amber+strict", "red")  # TLP 2.0, laxest first
EVERYBODY: Final = "*"
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_TAKEN: Final = frozenset({"taxii2"})  # paths of the server itself
_HASH: Final = re.compile(r"scrypt\$\d{1,8}\$\d{1,3}\$\d{1,3}\$[0-9a-f]{16,128}\$[0-9a-f]{32,256}")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class TaxiiUser:
    """Somebody who may ask: by HTTP Basic, by a bearer token, or by both."""

    name: str
    password: str = ""  # env:NAME or file:PATH
    password_hash: str = ""  # instead: what `seawall taxii password` prints
    token_hash: str = ""  # SHA-256 of a bearer token, which `seawall taxii token` makes
    clearance: Clearance = "green"  # the strictest TLP marking they are shown; red never leaves by machine


@dataclass(frozen=True)
class TaxiiRoot:
    """An API root: a group of collections under one path."""

    name: str = "sharing"  # its path: /sharing/
    title: str = "Sharing"
    description: str = ""
    max_content_length: int = 10_485_760  # octets of one request


@dataclass(frozen=True)
class TaxiiCollection:
    """A collection, and who may read or write it."""

    id: str  # a random UUID (version 4)
    title: str
    description: str = ""
    alias: str = ""  # a name that works in URLs instead of the id
    root: str = ""  # name of its API root; empty = the first
    read: tuple[str, ...] = ()  # names of users; ["*"] = everybody who can log in
    write: tuple[str, ...] = ()  # names of users; ["*"] = everybody who can log in
    delete: tuple[str, ...] = (EVERYBODY,)  # who of those that read and write it may also delete; [] = nobody
    unmarked: Light = "amber"  # how objects that carry no TLP marking are treated
    media_types: tuple[str, ...] = ("application/stix+json;version=2.1",)  # add ;version=2.0 to take that too


@dataclass(frozen=True)
class TaxiiSettings:
    """A TAXII 2.1 server."""

    listen: str = "127.0.0.1:6100"  # address:port; port 0 = any free one
    title: str = "Seawall"
    description: str = ""
    contact: str = ""
    url: str = ""  # how others reach it, e.g. https://taxii.example.net; empty = as the request says
    certificate: str = ""  # PEM file; with it the server speaks TLS. Beside this file unless absolute
    certificate_key: str = ""  # PEM file of its key; empty = in the certificate's file
    behind_proxy: bool = False  # true: something before it speaks TLS, so plain HTTP beyond loopback is meant
    page_max: int = 1_000  # objects in one answer, whatever `limit` asks
    requests_per_minute: int = 6_000  # of one user, in each process; 0 = no limit
    failed_logins_per_minute: int = 60  # from one address, in each process; 0 = no limit
    body_seconds: float = 60.0  # within which a request must have arrived
    status_days: int = 7  # how long the outcome of an upload can be asked for
    roots: tuple[TaxiiRoot, ...] = field(default_factory=lambda: (TaxiiRoot(),))
    collections: tuple[TaxiiCollection, ...] = ()
    users: tuple[TaxiiUser, ...] = ()

    def root_of(self, collection: TaxiiCollection) -> str:
        """The name of the API root a collection stands under."""
        return collection.root or self.roots[0].name

    def beside(self, folder: Path) -> TaxiiSettings:
        """The same, with files named relative to `folder` found there."""
        users = tuple(
            replace(user, password=f"file:{folder / user.password.removeprefix('file:')}")
            if user.password.startswith("file:")
            else user
            for user in self.users
        )
        certificate, key = (str(folder / file) if file else "" for file in (self.certificate, self.certificate_key))
        return replace(self, users=users, certificate=certificate, certificate_key=key)


def may(who: str, named: Iterable[str]) -> bool:
    """Whether a user is among those named for a right."""
    names = frozenset(named)
    return who in names or EVERYBODY in names


def address_of(settings: TaxiiSettings, *, where: str) -> tuple[str, int]:
    """Host and port to listen at. Raises InputError if `listen` is no address, or would show secrets on a network."""
    host, _, port = settings.listen.rpartition(":")
    host = host.strip("[]")
    if not host or not port.isdigit() or int(port) > 65_535:
        raise InputError(f"taxii.listen: {settings.listen!r} is no address:port", where=where, mend="127.0.0.1:6100")
    if not (settings.certificate or settings.behind_proxy or _is_loopback(host)):
        raise InputError(
            f"taxii.listen: passwords would cross the network to {host} in clear",
            where=where,
            mend="set taxii.certificate; or behind_proxy = true if a proxy speaks TLS; or listen at 127.0.0.1",
        )
    return host, int(port)


def check(settings: TaxiiSettings, *, where: str) -> TaxiiSettings:
    """The same settings. Raises InputError for what contradicts itself: doubles, unknown names, bad ids or hashes."""
    for complaint, mend in _complaints(settings):
        raise InputError(f"taxii.{complaint}", where=where, mend=mend)
    return settings


def _complaints(settings: TaxiiSettings) -> Iterable[tuple[str, str]]:
    roots = [root.name for root in settings.roots]
    if not roots:
        yield "roots: there is none", "leave them out for one called 'sharing', or name at least one"
    for kind, names in (
        ("roots: name", roots),
        ("users: name", [user.name for user in settings.users]),
        ("collections: id or alias", [n for c in settings.collections for n in (c.id.lower(), c.alias.lower()) if n]),
    ):
        for name, count in Counter(names).items():
            if count > 1:
                yield f"{kind} {name!r} stands {count} times", "give each its own"
    for root in settings.roots:
        if not _NAME.fullmatch(root.name) or root.name in _TAKEN:
            yield f"roots: {root.name!r} cannot be a path", "letters, digits, '.', '_', '-'; and not 'taxii2'"
        if root.max_content_length < 1_024:
            yield f"roots: {root.name}: max_content_length below 1024", "give octets, e.g. 10485760"
    for number, least in (
        ("page_max", 1),
        ("requests_per_minute", 0),
        ("failed_logins_per_minute", 0),
        ("status_days", 1),
    ):
        if getattr(settings, number) < least:
            yield f"{number}: {getattr(settings, number)} is too small", f"{least} or more"
    yield from _collection_complaints(settings, frozenset(roots))
    yield from _user_complaints(settings)


def _collection_complaints(settings: TaxiiSettings, roots: frozenset[str]) -> Iterable[tuple[str, str]]:
    users = {user.name for user in settings.users} | {EVERYBODY}
    for one in settings.collections:
        if not _is_uuid4(one.id):
            yield f"collections: {one.id!r} is no random UUID", f"e.g. {uuid.uuid4()}"
        if one.alias and not _NAME.fullmatch(one.alias):
            yield f"collections: alias {one.alias!r} cannot stand in a URL", "letters, digits, '.', '_', '-'"
        if settings.roots and settings.root_of(one) not in roots:
            yield f"collections: {one.title}: no root is called {one.root!r}", f"one of {', '.join(sorted(roots))}"
        for name in (*one.read, *one.write, *one.delete):
            if name not in users:
                yield f"collections: {one.title}: no user is called {name!r}", "add it under [[taxii.users]]"


def _user_complaints(settings: TaxiiSettings) -> Iterable[tuple[str, str]]:
    for user in settings.users:
        if not _NAME.fullmatch(user.name):
            yield f"users: {user.name!r} cannot be a name", "letters, digits, '.', '_', '-', 64 at most"
        if not (user.password or user.password_hash or user.token_hash):
            yield f"users: {user.name} has no way to log in", "give password, password_hash or token_hash"
        if user.password and user.password_hash:
            yield f"users: {user.name} has two passwords", "keep password or password_hash"
        if user.password and not user.password.startswith(("env:", "file:")):
            yield f"users: {user.name}: a password stands here in clear", "env:NAME, file:PATH, or password_hash"
        if user.password_hash and not _HASH.fullmatch(user.password_hash):
            yield f"users: {user.name}: password_hash is none of ours", "make one with: seawall taxii password"
        if user.token_hash and not _DIGEST.fullmatch(user.token_hash):
            yield f"users: {user.name}: token_hash is no SHA-256", "make one with: seawall taxii token"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_uuid4(text: str) -> bool:
    try:
        made = uuid.UUID(text)
    except ValueError:
        return False
    return made.version == 4 and str(made) == text.lower()
