"""Many small files of one format cut together: a case has thousands of one-line logs, and each costs a block else.

Their lines stand in one block, which is cut once and taken apart again, so that each file is settled alone: ids,
ordinals, places, rejects and notes are what they are when it is read by itself. Where something is said of the block as
a whole (doubts of a clock, messages glued together), the files are cut one by one, as ever.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import InputError
from seawall.sources import recognise, syslog
from seawall.sources.base import MAX_REJECTS_KEPT, Chunk, Cut, Evidence, Place, Reading, Reject
from seawall.sources.lines import LineBlock, line_blocks
from seawall.sources.opening import open_place
from seawall.sources.steps import Begun, Step, guarded
from seawall.sources.syslog_rows import Beside, Cutter

SMALL: Final = 16 << 10  # bytes of a file; of a larger one the block costs little against its lines


@dataclass(frozen=True, slots=True)
class _File:
    """A file that is cut with others."""

    evidence: Evidence
    digest: str
    block: LineBlock


def steps_together(places: Sequence[Place], reading: Reading, known: Container[str]) -> dict[int, Iterator[Step]]:
    """The steps of those small syslog files among `places` that can be cut together, by their number there."""
    files = {}
    for number, place in enumerate(places):
        if place.size <= SMALL and place.shard is None and (file := _file_at(place, reading)):
            files[number] = file
    if len(files) < 2:
        return {}
    cuts = _cut([file for file in files.values() if file.digest not in known], reading)
    if cuts is None:
        return {}
    return {number: guarded(_steps(file, cuts.get(id(file)), reading)) for number, file in files.items()}


def _file_at(place: Place, reading: Reading) -> _File | None:
    evidence = open_place(place)
    if not isinstance(evidence, Evidence) or len(evidence.head) != evidence.size:
        return None
    if recognise(evidence, reading.maps) is not syslog.SOURCE:
        return None
    try:
        (block,) = line_blocks(evidence)
    except (InputError, ValueError):  # no block, or one and a monster
        return None
    return None if block.too_long else _File(evidence, hashlib.sha256(evidence.head).hexdigest(), block)


def _steps(file: _File, cut: Cut | None, reading: Reading) -> Iterator[Step]:
    if cut is None:
        yield Begun(file.digest, known=True)
        return
    evidence, source = file.evidence, syslog.SOURCE
    assert source.sharding is not None, "syslog is settled apart from cutting"
    yield Begun(file.digest, source.name, source.title)
    yield from source.sharding.settle(evidence.origin, reading, [cut])
    troubles, remarks = tuple(evidence.troubles), tuple(evidence.remarks)
    if troubles or remarks:
        yield Chunk(rejects=troubles, rejected=len(troubles), notes=remarks)


def _cut(files: list[_File], reading: Reading) -> dict[int, Cut] | None:
    """A cut for each file, by its `id`; None where the block as a whole says what no single file can be told."""
    if not files:
        return {}
    sizes = np.array([len(file.block.data) for file in files])
    counts = np.array([len(file.block) for file in files])
    offsets, firsts = np.cumsum(sizes) - sizes, np.cumsum(counts) - counts
    starts = np.concatenate([file.block.starts + at for file, at in zip(files, offsets.tolist(), strict=True)])
    ends = np.concatenate([file.block.ends + at for file, at in zip(files, offsets.tolist(), strict=True)])
    data = b"".join(file.block.data for file in files)
    whole = Cutter("", reading).read(LineBlock(data, starts, ends, 1))
    chunk, beside = whole.chunk, whole.beside
    assert isinstance(beside, Beside), "a cut of syslog"
    if beside.doubts or beside.glued or chunk.rejected > len(chunk.rejects) or chunk.rejected >= MAX_REJECTS_KEPT:
        return None
    which = np.repeat(np.arange(len(files)), counts)  # the file of each line
    local = np.arange(len(which)) - firsts[which] + 1
    rejects: dict[int, list[Reject]] = {}
    for reject in chunk.rejects:
        line = int(reject.where.rpartition(":")[2]) - 1
        place = f"{files[which[line]].evidence.origin}:{local[line]}"
        rejects.setdefault(int(which[line]), []).append(Reject(place, reject.what))
    lines = beside.numbers - 1
    table = chunk.tables.get("syslog")
    if table is not None:
        names = pa.array([file.evidence.origin for file in files]).take(pa.array(which[lines]))
        origins = pc.binary_join_element_wise(names, pa.array(local[lines]).cast(pa.string()), ":")
        column = table.schema.get_field_index("origin")
        table = table.set_column(column, table.schema.field(column), origins)
    edges = np.searchsorted(lines, [*firsts.tolist(), len(which)])
    made = {}
    for number, file in enumerate(files):
        begin, end = int(edges[number]), int(edges[number + 1])
        own = rejects.get(number, [])
        notes = tuple(f"{file.evidence.origin}:{file.block.first}: {note}" for note in file.block.notes)
        tables = {"syslog": table.slice(begin, end - begin)} if table is not None and end > begin else {}
        piece = Chunk(tables, tuple(own), len(own), file.block.read_bytes, notes)
        unmasked = {row - begin: record for row, record in beside.unmasked.items() if begin <= row < end}
        numbers = local[lines[begin:end]]
        made[id(file)] = Cut(piece, replace(beside, numbers=numbers, unmasked=unmasked))
    return made
