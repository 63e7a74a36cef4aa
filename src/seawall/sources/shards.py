"""Cuts one large plain file into shards that several processes read at once.

A shard begins and ends where a reading of the whole file would begin a new block, so that every block, and all that
is said of it, is the same whoever reads it. What needs the blocks before it (ordinals of equal records, clocks,
sessions) is settled in one place, in order. A file is cut only if its source says how (`Source.sharding`), if its bytes
stand in a plain file, and if they are not UTF-16; where no line ends near a cut, none is made there.
"""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Final

from seawall.model.maps import FieldMap
from seawall.sources import recognise
from seawall.sources.base import BLOCK_BYTES, MAX_LINE_BYTES, Evidence, Shard, Source

FROM_BYTES: Final = 32 << 20  # smaller files are read sooner by one
BLOCKS: Final = 4  # in a shard


@dataclass(frozen=True, slots=True)
class Plan:
    """A file cut into shards."""

    source: Source
    digest: str  # SHA-256 of the content, hex
    shards: tuple[Shard, ...]


def plan(evidence: Evidence, maps: Sequence[FieldMap] = (), *, blocks: int = BLOCKS) -> Plan | None:
    """How to read a file in shards of so many blocks; None if it is read as a whole."""
    size = evidence.size or 0
    if (
        evidence.path is None
        or size < FROM_BYTES
        or evidence.head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    ):
        return None
    source = recognise(evidence, maps)
    if source is None or source.refused or source.sharding is None:
        return None
    digest, shards = cut_up(evidence, blocks)
    return Plan(source, digest, shards)


def cut_up(evidence: Evidence, blocks: int = BLOCKS, block: int = BLOCK_BYTES) -> tuple[str, tuple[Shard, ...]]:
    """Digest and shards of a plain file, in one pass over it."""
    sha256, at, line = hashlib.sha256(), 0, 1
    starts: list[tuple[int, int, int]] = [(0, 0, 1)]  # first line, first block, number of the line
    with closing(evidence.open()) as stream:
        while piece := stream.read(block):
            sha256.update(piece)
            at, line = at + len(piece), line + piece.count(b"\n")
            behind = len(piece) - 1 - piece.rfind(b"\n")  # bytes of the line that goes on in the next block
            whole = len(piece) == block and behind < min(len(piece), MAX_LINE_BYTES)
            if whole and at // block % blocks == 0:
                starts.append((at - behind, at, line))
    if len(starts) > 1 and starts[-1][1] == at:
        starts.pop()  # the file ends with a block: no shard of nothing but what the last line left over
    ends = [begin for _, begin, _ in starts[1:]] + [at]
    shards = [
        Shard(start, begin, end, number, end == at, block)
        for (start, begin, number), end in zip(starts, ends, strict=True)
    ]
    return sha256.hexdigest(), tuple(shards)
