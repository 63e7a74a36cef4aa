"""What only many devices together show: the same secret in several of them (CRD-15).

Values are compared by fingerprints that hold for one run and lie nowhere; none is ever printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from seawall.detect.audit.device import Device
from seawall.model.audit import MAX_LINES, SeenLine, Status, Verdict
from seawall.platforms.config.secrets import fingerprint

CHECK: Final = "CRD-15"
_SHORTEST: Final = 4  # characters; shorter ones are equal by chance
_MOST: Final = 2_000  # secrets of one device
_TYPE_7: Final = re.compile(r"\b7 \"?([0-9A-F]{6,120})\"?(?![0-9A-Za-z])")
_XLAT: Final = b"dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87"  # the key of Cisco's type 7, known to all
_STRUCK: Final = (
    "<removed>",
    "<secret",
    "<hidden>",
    "removed",
    "hidden",
    "xxxxxx",
    "<configuration",
    "SECRET",
    "<pwd>",
)


@dataclass(frozen=True, slots=True)
class Held:
    """One secret of one device, by what stands for it."""

    print: bytes
    line: SeenLine


@dataclass(frozen=True, slots=True)
class Member:
    """A device of the fleet: its verdict as if it were alone, and what it holds."""

    verdict: Verdict
    held: tuple[Held, ...]


def held_by(device: Device) -> tuple[Held, ...]:
    """The secrets in a configuration; type 7 ones by what they hide, as its salt differs from line to line."""
    assert device.config is not None
    struck = {fingerprint(word) for word in _STRUCK}
    found: list[Held] = []
    for entry in device.entries.secret.all[:_MOST]:
        line = SeenLine(entry.number, entry.text[:400])
        index = entry.number - device.config.first_line
        raw = device.config.lines[index] if 0 <= index < len(device.config.lines) else ""
        hidden = _TYPE_7.search(raw)
        if hidden and (plain := _plain(hidden[1])):
            found.append(Held(fingerprint(plain), line))
            continue
        for secret in entry.secrets:
            if secret.length >= _SHORTEST and secret.known is None and secret.fingerprint not in struck:
                found.append(Held(secret.fingerprint, line))
    return tuple(dict.fromkeys(found))


def _plain(text: str) -> str:
    if not text[:2].isdigit() or len(text) % 2:
        return ""
    salt, octets = int(text[:2]), bytes.fromhex(text[2:])
    return bytes(o ^ _XLAT[(salt + i) % len(_XLAT)] for i, o in enumerate(octets)).decode("latin-1")


def shared(members: Iterable[Member]) -> Iterator[Verdict]:
    """The verdict of each device once all are known. Several snapshots of one device are one device."""
    fleet = list(members)
    owners: dict[bytes, set[str]] = {}
    for one in fleet:
        for held in one.held:
            owners.setdefault(held.print, set()).add(_name(one.verdict))
    for one in fleet:
        lines = tuple(dict.fromkeys(held.line for held in one.held if len(owners[held.print]) > 1))
        others = {name for held in one.held for name in owners[held.print]} - {_name(one.verdict)}
        if lines:
            said = ", ".join(sorted(others)[:5]) + (f" and {len(others) - 5} more" if len(others) > 5 else "")
            why = f"the same secret stands in {said}: {one.verdict.why}"
            yield replace(one.verdict, status=Status.FAIL, lines=lines[:MAX_LINES], why=why)
        elif len({_name(member.verdict) for member in fleet}) > 1:
            why = "no secret of this device stands in another of those given"
            yield replace(one.verdict, status=Status.PASS, why=why, mend=(), risk="")
        else:
            why = "one device alone shares nothing; give the whole fleet"
            yield replace(one.verdict, status=Status.NA, why=why, mend=(), risk="")


def _name(verdict: Verdict) -> str:
    return verdict.device or verdict.file
