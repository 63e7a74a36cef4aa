"""The list of known-bad values, sorted by how far each may be trusted."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

_TRUST: Final = {"low": 0, "medium": 1, "high": 2}
TYPES: Final = frozenset({"ip", "domain", "url", "hash"})

# Second labels under which registries sell names, where the top label is a country's: `co.uk`, `com.au`, `go.kr`.
_REGISTRY_LABELS: Final = frozenset(
    {"ac", "co", "com", "edu", "go", "gob", "gov", "gv", "mil", "ne", "net", "nom", "or", "org"}
)
_MIN_URL: Final = 8  # characters; shorter ones stand inside half of all links


@dataclass(frozen=True, slots=True)
class Indicator:
    """One known-bad value."""

    value: str  # lower case
    type: str  # ip, domain, url, hash
    confidence: str  # high, medium, low
    source: str = ""
    note: str = ""
    last_seen: str = ""

    @property
    def network(self) -> bool:
        """Whether it names a range of addresses."""
        return self.type == "ip" and "/" in self.value

    def told(self) -> dict[str, str]:
        """What a finding says of it."""
        told = {"indicator": self.value, "list_confidence": self.confidence, "source": self.source or "an unnamed list"}
        told["note"] = self.note or "no note"
        return {**told, "last_seen": self.last_seen} if self.last_seen else told


@dataclass(frozen=True)
class KnownBad:
    """Indicators that may make a finding, those that may only support one, and those that were refused."""

    telling: tuple[Indicator, ...] = ()
    supporting: Mapping[str, Indicator] = field(default_factory=dict)
    refused: tuple[str, ...] = ()  # one line each


def read(rows: Iterable[Mapping[str, Any]]) -> KnownBad:
    """Sort rows of the `indicators` kind; the same value twice keeps the surer one."""
    best: dict[tuple[str, str], Indicator] = {}
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
        )
        reason = unusable(indicator)
        if reason:
            refused[f"{indicator.value or '(empty)'}: {reason}"] = None
            continue
        held = best.get((indicator.type, indicator.value))
        if held is None or _TRUST[indicator.confidence] > _TRUST[held.confidence]:
            best[indicator.type, indicator.value] = indicator
    ordered = sorted(best.values(), key=lambda i: (i.type, i.value))
    return KnownBad(
        telling=tuple(i for i in ordered if i.confidence != "low"),
        supporting={i.value: i for i in ordered if i.confidence == "low"},
        refused=tuple(refused),
    )


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
