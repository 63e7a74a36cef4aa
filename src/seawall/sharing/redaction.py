"""Redaction profiles: what of ourselves a receiver never learns, and a last look at everything that is about to leave.

Names of our devices, people and addresses become roles (`pe router 1`), the same name the same role within one export.
Subscriber and target identifiers go in every profile. What is written anew here is then searched once more for
everything that must not be in it; a single hit refuses the whole export: a text came by a way nobody thought of.
"""

from __future__ import annotations

import ipaddress
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any, Final

from seawall.errors import InputError, UsageError
from seawall.model.sharing import Profile
from seawall.model.site import Site, lies_in
from seawall.model.validation import validated

# IMSI, IMEI, MSISDN, national numbers and the like: seven digits or more, grouped or not; not inside hex digests.
_NUMBER: Final = re.compile(r"(?<![\w.:/-])\+?\d(?:[ .-]?\d){8,17}(?![\w:/-])(?!\.\d)")
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z?)?")
_MAIL: Final = re.compile(r"[\w.+-]{1,64}@(?:[\w-]{1,63}\.)+\w{2,63}")
_SIP: Final = re.compile(r"\b(?:sip|sips|tel):[^\s<>\"']{3,200}", re.I)
_LIID: Final = re.compile(
    r"\b(?:LIID|IMSI|IMEI|MSISDN|SUPI|GPSI|warrant)\b(?:\s+(?:number|no\.?|id))?[\s:=#]+[\w./-]{3,60}", re.I
)
_IPV4: Final = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2})?(?![\w.]*\d)")
_IPV6: Final = re.compile(r"(?<![\w:])(?=[0-9a-f:]*:[0-9a-f:]*:)[0-9a-f:]{3,39}(?:/\d{1,3})?(?![\w:])", re.I)
_INTERFACE: Final = re.compile(
    r"\b(?:(?:Ten|Forty|Hundred|TwentyFive)?Gig(?:abit)?(?:Ethernet|E)?|Hu|Te|Fo|Gi|xe-|ge-|et-|ae|Bundle-Ether|Po"
    r"|Port-channel|Tunnel|Loopback|Lo|Vlan)\s?\d[\d/.:]{0,20}\b",
    re.I,
)
_INNER: Final = tuple(  # documentation ranges are not among them: in examples they stand for addresses outside
    ipaddress.ip_network(inner)
    for inner in (
        *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8"),
        *("fc00::/7", "fe80::/10", "::1/128"),
    )
)
_GENERIC: Final = frozenset(
    ("root", "admin", "administrator", "cisco", "guest", "operator", "user", "system", "oracle", "postgres", "test")
)
_MIN_NAME: Final = 3  # characters; shorter names of ours stand inside half of all words
UNKNOWN_NUMBER: Final = "[identifier]"


@dataclass(frozen=True)
class Profiles:
    """The file of profiles."""

    profiles: dict[str, Profile] = field(default_factory=dict)


@cache
def built_in() -> dict[str, Profile]:
    """The profiles Seawall brings."""
    text = resources.files("seawall").joinpath("content", "sharing", "profiles.toml").read_text(encoding="utf-8")
    return validated(Profiles, tomllib.loads(text), where="content/sharing/profiles.toml").profiles


def profile_of(name: str, own: Mapping[str, Profile]) -> Profile:
    """A profile by name: the case's own, else the built-in one. Raises UsageError if there is none."""
    known = {**built_in(), **own}
    if name not in known:
        raise UsageError(f"no profile is called {name!r}", mend=f"one of {', '.join(sorted(known))}")
    return known[name]


def is_private(value: str) -> bool:
    """Whether an address is one nobody outside can reach; false for what is no address."""
    try:
        found = ipaddress.ip_network(value, strict=False)
    except ValueError:
        return False
    return any(
        (
            isinstance(found, ipaddress.IPv4Network)
            and isinstance(outer, ipaddress.IPv4Network)
            and found.subnet_of(outer)
        )
        or (
            isinstance(found, ipaddress.IPv6Network)
            and isinstance(outer, ipaddress.IPv6Network)
            and found.subnet_of(outer)
        )
        for outer in _INNER
    )


@dataclass
class Redactor:
    """Writes texts and values for one receiver. The same name becomes the same role throughout."""

    profile: Profile
    site: Site
    devices: frozenset[str] = frozenset()  # names the evidence knows beside the site's
    accounts: frozenset[str] = frozenset()
    outside: frozenset[str] = frozenset()  # addresses that are shared as indicators
    _roles: dict[str, str] = field(default_factory=dict)
    _counts: dict[str, int] = field(default_factory=dict)
    replaced: dict[str, int] = field(default_factory=dict)  # what was taken out, in words → how often

    def text(self, text: str) -> str:
        """A text as the receiver may read it."""
        text = self._cut(_LIID, text, "[identifier]", "target or subscriber identifiers")
        text = self._cut(_SIP, text, "[identifier]", "target or subscriber identifiers")
        text = self._cut(_MAIL, text, "[mail address]", "mail addresses")
        times = {found.span() for found in _TIME.finditer(text)}
        text = _NUMBER.sub(lambda m: self._number(m, times), text)
        if self.profile.names == "roles":
            text = _IPV4.sub(lambda m: self._address(m[0]), text)
            text = _IPV6.sub(lambda m: self._address(m[0]), text)
            for pattern, name in self._names:
                if pattern.search(text):
                    text = pattern.sub(self.role(name), text)
        if self.profile.interfaces == "roles":
            text = self._cut(_INTERFACE, text, "[interface]", "interfaces")
        return text

    def role(self, name: str) -> str:
        """What stands for a name of ours."""
        key = self.site.device_names.get(name.lower(), name).lower()
        if key not in self._roles:
            kind = self._kind(name)
            self._counts[kind] = self._counts.get(kind, 0) + 1
            self._roles[key] = f"{kind} {self._counts[kind]}"
        self._count("names of devices and accounts" if not _is_address(name) else "own addresses")
        return self._roles[key]

    def ours(self, address: str) -> bool:
        """Whether an address is one of ours, or of nobody's outside: it never leaves as an indicator."""
        site = self.site
        nets = (*site.own_networks, *site.management_networks, *site.jump_hosts, *site.aaa_servers, *site.nms_servers)
        nets += (*site.syslog_servers, *site.ntp_servers, *site.dns_servers)
        own = address.lower() in site.device_names or lies_in(address, nets) or is_private(address)
        return own or any(lies_in(address, (end.address,)) for end in (*site.tunnel_ends, *site.mirror_ends))

    def leaks(self, texts: Iterable[str]) -> Iterator[str]:
        """What must not be in any text and is, in words; for a last look."""
        kept = self.profile.names == "keep"
        roles = sorted(self._roles.values(), key=len, reverse=True)
        for whole in texts:
            text = whole
            for role in roles:
                text = text.replace(role, "")
            if _LIID.search(text) or _SIP.search(text):
                yield "a target or subscriber identifier"
            if not kept:
                for pattern, _ in self._names:
                    if found := pattern.search(text):
                        yield f"the name {found[0]!r}"
                for found in (*_IPV4.finditer(text), *_IPV6.finditer(text)):
                    if _is_address(found[0]) and self.ours(found[0]):
                        yield f"the own address {found[0]}"

    @property
    def _names(self) -> list[tuple[re.Pattern[str], str]]:
        """Every name that must not leave, the longest first, each as a pattern of whole words."""
        if "_patterns" not in self.__dict__:
            names = {name for name in self.site.device_names if not _is_address(name)}
            names |= {name.lower() for name in self.devices if not _is_address(name)}
            names |= {person.account.lower() for person in self.site.people}
            names |= {self.site.name.lower()} if self.profile.identity == "role" else set()
            if self.profile.accounts == "roles":
                names |= {name.lower() for name in self.accounts}
            usable = sorted((n for n in names if len(n) >= _MIN_NAME and n not in _GENERIC), key=lambda n: (-len(n), n))
            self.__dict__["_patterns"] = [
                (re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])", re.I), name) for name in usable
            ]
        patterns: list[tuple[re.Pattern[str], str]] = self.__dict__["_patterns"]
        return patterns

    def _kind(self, name: str) -> str:
        lower = name.lower()
        known = self.site.device_names.get(lower)
        for device in self.site.devices:
            if device.name == known:
                return device.role or "device"
        if _is_address(name):
            return "internal address"
        person = self.site.person(name)
        if person is not None:
            return {"person": "administrator", "automation": "automation account"}.get(person.kind, person.kind)
        if lower == self.site.name.lower():
            return "carrier"
        return "account" if lower in {a.lower() for a in self.accounts} else "device"

    def _address(self, text: str) -> str:
        if not _is_address(text) or not self.ours(text):
            return text
        return self.role(text)

    def _number(self, found: re.Match[str], times: set[tuple[int, int]]) -> str:
        digits = re.sub(r"\D", "", found[0])
        inside = any(start < found.end() and found.start() < end for start, end in times)
        if inside or not 9 <= len(digits) <= 18 or _IPV4.fullmatch(found[0]):
            return found[0]
        self._count("target or subscriber identifiers")
        return UNKNOWN_NUMBER

    def _cut(self, pattern: re.Pattern[str], text: str, instead: str, what: str) -> str:
        text, count = pattern.subn(instead, text)
        if count:
            self._count(what, count)
        return text

    def _count(self, what: str, count: int = 1) -> None:
        self.replaced[what] = self.replaced.get(what, 0) + count


def all_texts(value: Any) -> Iterator[str]:
    """Every text in some JSON values, keys too."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, Mapping):
            waiting += [*one.keys(), *one.values()]
        elif isinstance(one, (list, tuple)):
            waiting += one


def last_look(value: Any, redactor: Redactor) -> None:
    """Raises InputError if anything that is about to leave holds what must not."""
    found = next(redactor.leaks(all_texts(value)), None)
    if found is not None:
        raise InputError(
            f"what would leave still holds {found}; nothing was written",
            mend="choose a stricter --profile, or name it in site.toml so that it becomes a role",
        )


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True
