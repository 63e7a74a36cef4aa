"""Names of the internet as mail abuses them: who owns one, and whether it was made to look like another.

Which labels belong together is told by a short list of public suffixes kept here: the whole list changes weekly, and
nothing is fetched. An unknown suffix counts as one label.
"""

from __future__ import annotations

import ipaddress
import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Final


def _content() -> dict[str, Any]:
    return tomllib.loads((resources.files("seawall") / "content/mail/domains.toml").read_text(encoding="utf-8"))


_LISTS: Final = _content()
_SECOND: Final = frozenset(_LISTS["second"])
_TWO_PARTS: Final = frozenset(_LISTS["countries"])
_HOSTERS: Final = frozenset(_LISTS["hosters"])  # each customer of these is an owner of its own
SHORTENERS: Final = frozenset(_LISTS["shorteners"])
TENANTS: Final = frozenset(_LISTS["tenants"])
FREEMAIL: Final = frozenset(_LISTS["freemail"])
_ALIKE: Final = str.maketrans(_LISTS["alike"])
_PAIRS: Final = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("nn", "m"))
_HOST: Final = re.compile(r"[^\s/@:<>\"'()\[\],;]{1,253}")


def organisation(host: str) -> str:
    """The registered name a host belongs to, lower case, in Unicode form; an address stays as it is."""
    host = shown(host.strip().strip(".").lower())
    if not host or is_ip(host):
        return host
    labels = host.split(".")
    for size in (4, 3):
        if len(labels) > size - 1 and ".".join(labels[-(size - 1) :]) in _HOSTERS:
            return ".".join(labels[-size:])
    if len(labels) >= 3 and labels[-1] in _TWO_PARTS and labels[-2] in _SECOND:
        return ".".join(labels[-3:])
    return ".".join(labels[-2:])


@lru_cache(maxsize=4096)
def shown(host: str) -> str:
    """A host as a reader would see it: `xn--` labels decoded; as it was where they cannot be."""
    if "xn--" not in host:
        return host
    labels = []
    for label in host.split(".")[:60]:
        try:
            labels.append(label[4:].encode("ascii").decode("punycode") if label.startswith("xn--") else label)
        except (UnicodeError, ValueError, OverflowError):
            labels.append(label)
    return ".".join(labels)


def foreign(host: str) -> bool:
    """Whether a host mixes Latin letters with those of another alphabet in one label, or passes as Latin by others."""
    for label in shown(host).split("."):
        letters = [c for c in label if c.isalpha() and not c.isascii()]
        if any(not unicodedata.name(c, "").startswith("LATIN") for c in letters) and skeleton(label).isascii():
            return True
    return False


def is_ip(host: str) -> bool:
    """Whether a host is an address."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def label_of(organisation_: str) -> str:
    """What a reader takes for the name: `velmora` of `velmora.example`."""
    return organisation_.partition(".")[0]


def skeleton(text: str) -> str:
    """A text with every look-alike replaced by one letter (a small part of UTS 39)."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    plain = plain.translate(_ALIKE)
    for pair, one in _PAIRS:
        plain = plain.replace(pair, one)
    return plain


def distance(one: str, other: str, most: int = 3) -> int:
    """Changes of one letter (swaps count once) that lead from one text to the other; `most` + 1 if there are more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return min(row[-1], most + 1)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How one name resembles another it is not."""

    name: str  # the resembling one, as shown
    like: str  # what it resembles
    how: str  # homoglyph, hyphen, letter, ending, word, subdomain


def likeness(host: str, known: Iterable[str]) -> Likeness | None:
    """Which of the `known` organisations a host that belongs to none of them was made to look like."""
    own = organisation(host)
    names = [name for name in known if name and not is_ip(name)]
    if not own or is_ip(own) or own in names:
        return None
    found = [alike for name in names if (alike := _alike(shown(host.lower()), own, name))]
    order = ("homoglyph", "hyphen", "letter", "ending", "subdomain", "word")
    return min(found, key=lambda one: order.index(one.how), default=None)


def _alike(host: str, own: str, name: str) -> Likeness | None:
    mine, theirs = label_of(own), label_of(name)
    if len(theirs) < 4 or theirs in _COMMON:
        return None
    how = ""
    plain, target = mine.replace("-", ""), theirs.replace("-", "")
    if mine == theirs:
        how = "ending"
    elif skeleton(mine) == skeleton(theirs):
        how = "homoglyph"
    elif plain == target:
        how = "hyphen"
    elif (len(target) >= 5 and distance(skeleton(plain), skeleton(target), 1) <= 1) or (
        len(target) >= 10 and distance(plain, target, 2) <= 2
    ):
        how = "letter"
    elif len(target) >= 5 and skeleton(target) in skeleton(plain):
        how = "word"
    elif f"{name}." in host or (len(theirs) >= 6 and theirs in host[: -len(own)].split(".") and name not in host):
        how = "subdomain"
    else:
        how = _shared_word(mine, theirs)
    return Likeness(shown(host), name, how) if how else None


def _shared_word(mine: str, theirs: str) -> str:
    """`word` where a hyphenated name keeps the telling part of another: `lumenfold-billing` of `lumenfold-networks`."""
    told = [part for part in theirs.split("-") if len(part) >= 6 and part not in _COMMON]
    return "word" if any(skeleton(part) in skeleton(mine) for part in told[:1]) else ""


_COMMON: Final = frozenset(
    [
        "mail",
        "online",
        "service",
        "services",
        "support",
        "network",
        "networks",
        "mobile",
        "telecom",
        "secure",
        "security",
        "cloud",
        "group",
        "global",
        "portal",
        "example",
        "hosting",
        "company",
        "digital",
        "systems",
        "solutions",
        "international",
        "communications",
        "police",
        "localhost",
        "technologies",
    ]
)


def host_in(text: str) -> str:
    """The host a text names (`https://a.example/x`, `www.a.example`, `a.example/y`); empty if it names none."""
    text = text.strip()
    bare = re.sub(r"^[a-z][a-z0-9+.-]{1,20}://", "", text, flags=re.I)
    bare = bare.rpartition("@")[2] if "@" in bare.partition("/")[0] else bare
    found = _HOST.match(bare)
    host = found[0].rstrip(".").lower() if found else ""
    if is_ip(host):
        return host
    last = host.rpartition(".")[2]
    return host if "." in host and len(last) >= 2 and last.replace("-", "").isalnum() and not last.isdigit() else ""
