"""The list of known-bad values, sorted by how far each may be trusted, and until when.

A publisher's `valid_until` says for how long a value is bad: addresses are given on to others. An event after it is no
match; the value then only stands beside another finding, as one of low confidence does. `valid_from` is when a list
began to hold a value, not when the intruder did: it bounds nothing, so that a hunt reaches back.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Final

_TRUST: Final = {"low": 0, "medium": 1, "high": 2}
TYPES: Final = frozenset({"ip", "domain", "url", "hash", "email"})

# Second labels under which registries sell names, where the top label is a country's: `co.uk`, `com.au`, `go.kr`.
_REGISTRY_LABELS: Final = frozenset(
    {"ac", "co", "com", "edu", "go", "gob", "gov", "gv", "mil", "ne", "net", "nom", "or", "org"}
)
_EMAIL: Final = re.compile(r"[^\s@\"<>,;|]{1,64}@(?:[\w-]{1,63}\.)+[a-z][\w-]{1,62}")
_MIN_URL: Final = 8  # characters; shorter ones stand inside half of all links


@dataclass(frozen=True, slots=True)
class Indicator:
    """One known-bad value."""

    value: str  # lower case
    type: str  # ip, domain, url, hash, email
    confidence: str  # high, medium, low
    source: str = ""
    note: str = ""
    last_seen: str = ""
    until: datetime | None = None  # UTC; events after it do not count; None: no end
    others: tuple[Indicator, ...] = ()  # what less sure lists say of the same value, that holds for longer

    def at(self, time: datetime | None) -> Indicator | None:
        """The surest word on the value that holds at a time; None if all have run out. Unknown times are within."""
        for one in (self, *self.others):
            if time is None or one.until is None or time <= one.until:
                return one
        return None

    @property
    def network(self) -> bool:
        """Whether it names a range of addresses."""
        return self.type == "ip" and "/" in self.value

    def told(self) -> dict[str, str]:
        """What a finding says of it."""
        told = {"indicator": self.value, "list_confidence": self.confidence, "source": self.source or "an unnamed list"}
        told["note"] = self.note or "no note"
        if self.until:
            told["valid_until"] = f"{self.until:%Y-%m-%dT%H:%M:%SZ}"
        return {**told, "last_seen": self.last_seen} if self.last_seen else told


@dataclass(frozen=True)
class KnownBad:
    """Indicators that may make a finding, those that may only support one, and those that were refused."""

    telling: tuple[Indicator, ...] = ()
    supporting: Mapping[str, Indicator] = field(default_factory=dict)
    refused: tuple[str, ...] = ()  # one line each


def read(rows: Iterable[Mapping[str, Any]]) -> KnownBad:
    """Sort rows of the `indicators` kind; the same value twice keeps the surer one."""
    usable: dict[Indicator, None] = {}
    refused: dict[str, None] = {}
    for row in rows:
        if row.get("revoked"):
            refused[f"{row.get('value')}: revoked by its publisher"] = None
            continue
        indicator = Indicator(
            value=str(row.get("value") or "").strip().lower().rstrip("."),
            type=str(row.get("type") or "").lower(),
            confidence=str(row.get("confidence") or "low").lower(),
            source=str(row.get("source") or ""),
            note=str(row.get("note") or ""),
            last_seen=str(row.get("last_seen") or ""),
            until=_moment(row.get("valid_until")),
        )
        reason = unusable(indicator)
        if reason:
            refused[f"{indicator.value or '(empty)'}: {reason}"] = None
        else:
            usable[indicator] = None
    ordered = sorted(usable, key=lambda i: (i.type, i.value))
    best = [_together(list(alike)) for _, alike in groupby(ordered, key=lambda i: (i.type, i.value))]
    return KnownBad(
        telling=tuple(one for one in (_telling(i) for i in best) if one is not None),
        supporting={i.value: i for i in best if i.confidence == "low" or i.until is not None},
        refused=tuple(refused),
    )


def _together(alike: list[Indicator]) -> Indicator:
    """One indicator of several on the same value: the surest; less sure ones stay with it while they hold longer."""
    kept: list[Indicator] = []
    for one in sorted(alike, key=lambda i: (-_TRUST[i.confidence], i.until is not None, -_seconds(i.until))):
        longest = kept[-1].until if kept else None
        if not kept or (longest is not None and (one.until is None or one.until > longest)):
            kept.append(one)
    return replace(kept[0], others=tuple(kept[1:]))


def _telling(best: Indicator) -> Indicator | None:
    """The part of an indicator that may make a finding; None if nothing of it may."""
    surer = tuple(i for i in best.others if i.confidence != "low")
    return None if best.confidence == "low" else replace(best, others=surer)


def _seconds(moment: datetime | None) -> float:
    return moment.timestamp() if moment is not None else 0.0


def _moment(text: object) -> datetime | None:
    """A publisher's time, UTC where it names no zone, a day up to its end; None if there is none to be read."""
    said = str(text or "").strip()
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        return None
    if len(said) <= len("2026-01-31"):
        found = found.replace(hour=23, minute=59, second=59)
    try:
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except OverflowError:
        return None


def unusable(indicator: Indicator) -> str:
    """Why an indicator cannot be searched for; empty if it can."""
    if indicator.type not in TYPES:
        return f"no type is called {indicator.type!r}"
    if indicator.confidence not in _TRUST:
        return f"no confidence is called {indicator.confidence!r}"
    if indicator.type == "ip":
        return _bad_address(indicator.value)
    if indicator.type == "domain":
        return "a public suffix would match every name below it" if is_public_suffix(indicator.value) else ""
    if indicator.type == "email":
        return "" if _EMAIL.fullmatch(indicator.value) else "not a mail address"
    if indicator.type == "url":
        return f"shorter than {_MIN_URL} characters" if len(indicator.value) < _MIN_URL else ""
    is_hash = len(indicator.value) in (32, 40, 64, 128) and set(indicator.value) <= set("0123456789abcdef")
    return "" if is_hash else "not an MD5, SHA-1, SHA-256 or SHA-512 in hex"


def _bad_address(value: str) -> str:
    try:
        network = ipaddress.ip_network(value, strict=False)
    except ValueError:
        return "not an address or network"
    wide = 8 if network.version == 4 else 19
    return f"a range wider than /{wide}" if network.prefixlen < wide else ""


def is_public_suffix(name: str) -> bool:
    """Whether a name is one under which strangers register names: a single label, or `co.uk` and its like.

    A rule of thumb, not the Public Suffix List: that list is large, changes weekly, and the evidence room is offline.
    """
    labels = [label for label in name.strip(".").split(".") if label]
    if len(labels) < 2:
        return True
    return len(labels) == 2 and len(labels[1]) == 2 and labels[0] in _REGISTRY_LABELS
