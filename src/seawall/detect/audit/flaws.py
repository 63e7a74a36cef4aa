"""Flaws that intruders used against carriers, with the releases they are in and the lines that expose a device.

One file each in `content/vulnerabilities/`: adding a flaw is one file. Ranges and lists of builds come from CVE records
and vendor advisories (each file says of when); what stands in no range and no list is "not listed", never "safe".

    cve, title, product     what it is
    platforms               our platform words
    ranges                  introduced (inclusive), fixed (exclusive; several: one for each sub-train),
                            last_affected (inclusive, where no fixed build is known)
    severity                of an affected and exposed device; critical if not given
    builds                  every affected build by name: an exact match is certain
    exposed                 null: every device that runs the release. Else patterns of configuration paths:
      any                   one of them exposes (`$` at the end: nothing may follow)
      off                   groups of paths; all of a group negated: not exposed
      safe                  groups of paths; all of a group configured: not exposed
      doubt                 one of them: whether it is exposed depends on more than we can see
      absent                "safe" or "unknown": what it means that the configuration says nothing
      say, undecided        words for "exposed" and for what would decide
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final

from seawall.detect.audit.releases import Held, Release, Span, plain, span
from seawall.errors import InputError
from seawall.model.severity import Severity

Pattern = tuple[str, ...]
FOLDER: Final = "vulnerabilities"


@dataclass(frozen=True, slots=True)
class Exposure:
    """The configuration that opens a flaw to an attacker."""

    any: tuple[Pattern, ...]
    off: tuple[tuple[Pattern, ...], ...]
    safe: tuple[tuple[Pattern, ...], ...]
    doubt: tuple[Pattern, ...]
    absent_is_safe: bool
    say: str
    undecided: str


@dataclass(frozen=True, slots=True)
class Range:
    """The affected releases of one train, and the builds that end it."""

    span: Span
    fixed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Flaw:
    """One flaw."""

    cve: str
    title: str
    platforms: tuple[str, ...]
    severity: Severity  # of an affected device that is exposed
    ranges: tuple[Range, ...]
    builds: frozenset[str]  # as `releases.plain` spells them
    exposure: Exposure | None
    confidence: str
    carriers: str  # how it was used against carriers
    note: str
    mend: tuple[str, ...]
    as_of: str

    def holds(self, asked: Release) -> Held:
        """Whether a release has the flaw, as far as ranges and lists say."""
        if asked.text and plain(asked.text) in self.builds:
            return Held.YES
        held = {of.span.holds(asked) for of in self.ranges}
        if Held.YES in held:
            return Held.YES
        begins = plain(asked.text) + "."
        if Held.PARTLY in held or (asked.train and any(build.startswith(begins) for build in self.builds)):
            return Held.PARTLY
        return Held.NO

    def fixes_for(self, asked: Release | None) -> tuple[str, ...]:
        """The first fixed builds: of the range a release is in, else the newest that are known."""
        inside = [of for of in self.ranges if asked and of.span.holds(asked) is not Held.NO]
        return next((of.fixed for of in inside if of.fixed), self.ranges[-1].fixed if self.ranges else ())


@cache
def all_flaws() -> tuple[Flaw, ...]:
    """Every flaw we know the releases of, by CVE."""
    folder = files("seawall.content").joinpath(FOLDER)
    found = [_flaw(place) for place in folder.iterdir() if place.name.startswith("CVE-")]
    return tuple(sorted(found, key=lambda flaw: flaw.cve))


def for_platform(platform: str) -> tuple[Flaw, ...]:
    """The flaws of one platform."""
    return tuple(flaw for flaw in all_flaws() if platform in flaw.platforms)


def _flaw(place: Traversable) -> Flaw:
    try:
        told: dict[str, Any] = json.loads(place.read_text(encoding="utf-8"))
        ranges = tuple(
            Range(span(one["introduced"], fixed, one.get("last_affected")), fixed)
            for one in told["ranges"]
            for fixed in [tuple(one.get("fixed", ()))]
        )
        return Flaw(
            cve=told["cve"],
            title=told["title"],
            platforms=tuple(told["platforms"]),
            severity=Severity.from_word(told.get("severity", "critical")),
            ranges=ranges,
            builds=frozenset(map(plain, told["builds"])),
            exposure=_exposure(told["exposed"]) if told["exposed"] else None,
            confidence=told["confidence"].partition(":")[0].partition(" for ")[0],
            carriers=told["carriers"],
            note=told["note"],
            mend=tuple(told["mend"]),
            as_of=told["as_of"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"not a flaw as we write them: {error!r}", where=place.name) from error


def _exposure(told: Mapping[str, Any]) -> Exposure:
    def patterns(name: str) -> tuple[Pattern, ...]:
        return tuple(tuple(text.split()) for text in told.get(name, ()))

    def groups(name: str) -> tuple[tuple[Pattern, ...], ...]:
        return tuple(tuple(tuple(text.split()) for text in group) for group in told.get(name, ()))

    return Exposure(
        any=patterns("any"),
        off=groups("off"),
        safe=groups("safe"),
        doubt=patterns("doubt"),
        absent_is_safe=told["absent"] == "safe",
        say=told["say"],
        undecided=told.get("undecided", ""),
    )
