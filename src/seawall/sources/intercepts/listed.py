"""Every format of intercept records the guard reads, and which of them a file is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from seawall.sources import warrants
from seawall.sources.base import Chunk, Evidence, Reading
from seawall.sources.intercepts import (
    audit,
    dtcp,
    flow_lines,
    openli,
    openli_log,
    policy,
    snmp_walk,
    x1,
)
from seawall.sources.intercepts.base import Format, read_with

FORMATS: Final[tuple[Format, ...]] = (
    x1.FORMAT,
    policy.FORMAT,
    dtcp.FORMAT,
    snmp_walk.FORMAT,
    openli.FORMAT,
    openli_log.FORMAT,
    flow_lines.FORMAT,
    audit.FORMAT,
)
REGISTRY: Final = "warrants"


def format_of(evidence: Evidence) -> str:
    """The name of the format that is surest of a file; empty if nobody knows it."""
    best, surest = "", 0
    for one in FORMATS:
        if (sure := one.sniff(evidence)) > surest:
            best, surest = one.name, sure
    if (sure := warrants.SOURCE.sniff(evidence)) >= max(surest, 1):
        best = REGISTRY
    return best


def title_of(name: str) -> str:
    """What a format is called."""
    return next((one.title for one in FORMATS if one.name == name), warrants.SOURCE.title)


def read(name: str, evidence: Evidence, reading: Reading, country: str = "") -> Iterator[Chunk]:
    """Read a file as one format, identifiers through the vault.

    Raises:
        VaultClosedError: there is no open vault.
        InputError: the file is refused as a whole.
    """
    if name == REGISTRY:
        yield from warrants.SOURCE.read(evidence, reading)
        return
    (format_,) = (one for one in FORMATS if one.name == name)
    yield from read_with(format_, evidence, reading, country)
