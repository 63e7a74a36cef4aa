"""The reading half of intake: one file of evidence as steps that can be said in this process or in another.

A file begins with what it is (`Begun`), goes on with pieces (`Chunk`), and ends by running out of steps. `Failed` says
why it ended early; `Again` says that its process died and everything since `Begun` is said anew.
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Final

from seawall.errors import SeawallError
from seawall.sources import ALL, proposals, read, recognise, why_unknown
from seawall.sources.base import Chunk, Cut, Evidence, Place, Reading
from seawall.sources.lines import shard_blocks
from seawall.sources.opening import digest

UNKNOWN_FORMAT: Final = "unknown"


@dataclass(frozen=True, slots=True)
class Begun:
    """What a file is."""

    digest: str  # SHA-256 of the decompressed content, hex
    name: str = UNKNOWN_FORMAT  # of the source
    title: str = ""  # of the source, for people; empty if nobody knows the file
    why_not: str = ""  # why it is not read, as a sentence; empty if it is
    proposal: str = ""  # for a table or JSON nobody knows: a mapping file to start from
    known: bool = False  # whether the case holds all of it already


@dataclass(frozen=True, slots=True)
class Failed:
    """Why a file was not read to its end, as a sentence with its mend."""

    what: str


@dataclass(frozen=True, slots=True)
class Again:
    """The process that read the file died; it is read anew, from its `Begun`."""

    why: str


Step = Begun | Chunk | Cut | Failed | Again


def steps(evidence: Evidence, reading: Reading, known: Container[str] = ()) -> Iterator[Step]:
    """Read one file; nothing is raised. What is in `known` (digests) is not read again."""
    return guarded(_steps(evidence, reading, known))


def _steps(evidence: Evidence, reading: Reading, known: Container[str]) -> Iterator[Step]:
    content = digest(evidence)
    if content in known:
        yield Begun(content, known=True)
        return
    source = recognise(evidence, reading.maps)
    if source is None:
        yield Begun(content, why_not=why_unknown(evidence), proposal=proposals.proposal(evidence))
    elif source.refused:
        yield Begun(content, source.name, source.title, source.refused)
    else:
        yield Begun(content, source.name, source.title)
        yield from read(source, evidence, reading)


def cuts(place: Place, reading: Reading) -> Iterator[Step]:
    """Read one shard; nothing is raised."""
    return guarded(_cuts(place, reading))


def _cuts(place: Place, reading: Reading) -> Iterator[Step]:
    assert place.shard is not None, "a place with a shard"
    assert place.path is not None, "only plain files have shards"
    name, shard = place.shard
    sharding = next(source.sharding for source in ALL if source.name == name)
    assert sharding is not None, "only sources that can be cut are"
    yield from sharding.cut(place.origin, reading, shard_blocks(place.path, shard))


def guarded(said: Iterator[Step]) -> Iterator[Step]:
    """The same steps; an error ends them with a `Failed`."""
    try:
        yield from said
    except SeawallError as error:
        yield Failed(f"{error.what}; {error.mend}" if error.mend else error.what)
    except Exception as error:  # noqa: BLE001 - a fault of ours in one file must not take the others with it
        if os.environ.get("SEAWALL_DEBUG"):
            traceback.print_exc()
        yield Failed(
            f"an error of our own while reading it: {type(error).__name__}; run again with SEAWALL_DEBUG=1 and send us "
            "the traceback (read it first: it may quote evidence)"
        )
