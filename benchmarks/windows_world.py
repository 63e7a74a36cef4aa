"""A million Windows events out of a corpus of ten thousand, by seeded mutation: what the rule benchmarks judge.

Repeated events are drawn from the corpus with their values as they are. Unique ones have values of their own in the
columns that differ from event to event on real hosts (command lines, paths, names, addresses, script blocks, registry
keys), each in a form the rules still recognise: paths keep their folder and file name around a folder of their own,
other texts keep their words around a word of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

PATHS: Final = (
    *("Image", "ParentImage", "NewProcessName", "ParentProcessName", "ProcessName", "SourceImage", "TargetImage"),
    *("TargetFilename", "ImageLoaded", "ImagePath", "TargetObject", "ObjectName", "RelativeTargetName", "Application"),
    *("CurrentDirectory", "ProcessPath", "Path"),
)
TEXTS: Final = (
    *("CommandLine", "ParentCommandLine", "ServiceName", "Details", "ScriptBlockText", "Payload", "ContextInfo"),
    *("Data", "Hashes", "PipeName", "QueryName", "TaskName", "TargetUserName", "WorkstationName", "ShareLocalPath"),
    *("ServiceFileName", "param1", "param2", "AttributeValue", "CallTrace", "ProcessGuid", "SubjectLogonId"),
)
ADDRESSES: Final = ("IpAddress", "SourceIp", "DestinationIp", "SourceAddress", "DestAddress", "ClientAddress")


def batches(corpus: pa.Table, events: int, rows: int, *, unique: bool, seed: int = 2026) -> Iterator[pa.RecordBatch]:
    """So many events, batch by batch; the same seed gives the same events."""
    random = np.random.default_rng(seed)
    for start in range(0, events, rows):
        count = min(rows, events - start)
        drawn = corpus.take(pa.array(random.integers(0, corpus.num_rows, count)))
        if unique:
            drawn = _mutated(drawn, random)
        yield drawn.combine_chunks().to_batches()[0]


def _mutated(table: pa.Table, random: np.random.Generator) -> pa.Table:
    names = {name.lower(): name for name in table.column_names}
    for family, change in ((PATHS, _in_folder), (TEXTS, _with_word), (ADDRESSES, _elsewhere)):
        for wanted in family:
            name = names.get(wanted.lower())
            if name is not None and pa.types.is_string(table.schema.field(name).type):
                column = table.column(name).combine_chunks()
                at = table.schema.get_field_index(name)
                table = table.set_column(at, name, change(column, _words(len(column), random)))
    return table


def _words(count: int, random: np.random.Generator) -> pa.Array:
    """Twelve letters each, no two alike in practice."""
    letters = random.integers(ord("a"), ord("z") + 1, 12 * count, dtype=np.uint8)
    offsets = np.arange(0, 12 * count + 1, 12, dtype=np.int32)
    return pa.Array.from_buffers(pa.string(), count, [None, pa.py_buffer(offsets), pa.py_buffer(letters)])


def _in_folder(column: pa.Array, words: pa.Array) -> pa.Array:
    parts = pc.extract_regex(column, r"(?s)^(?P<folder>.*\\)?(?P<name>[^\\]*)$")
    folder, name = pc.struct_field(parts, "folder"), pc.struct_field(parts, "name")
    return pc.binary_join_element_wise(folder, words, "\\", name, "")


def _with_word(column: pa.Array, words: pa.Array) -> pa.Array:
    parts = pc.extract_regex(column, r"(?s)^(?P<head>[^ ]* ?)(?P<tail>.*)$")
    head, tail = pc.struct_field(parts, "head"), pc.struct_field(parts, "tail")
    return pc.binary_join_element_wise(head, words, " ", tail, "")


def _elsewhere(column: pa.Array, words: pa.Array) -> pa.Array:
    """Another address of the same first two octets; other values stay."""
    parts = pc.extract_regex(column, r"^(?P<net>\d+\.\d+)\.\d+\.\d+$")
    raw = np.frombuffer(words.buffers()[2], dtype=np.uint8).reshape(-1, 12).astype(np.int64)
    third, fourth = (pa.array(raw[:, at] * 26 + raw[:, at + 1]) for at in (0, 2))
    octets = [pc.cast(pa.array(np.asarray(part) % 256), pa.string()) for part in (third, fourth)]
    made = pc.binary_join_element_wise(pc.struct_field(parts, "net"), *octets, ".")
    return pc.coalesce(made, column)


def uniqueness(batch: pa.RecordBatch) -> tuple[float, float]:
    """Of the texts in a batch's cells: the share that stands once only, and filled text cells per event."""
    cells = once = 0
    for field, column in zip(batch.schema, batch.columns, strict=True):
        if pa.types.is_string(field.type) and column.null_count < len(column):
            counts = pc.struct_field(pc.value_counts(column.drop_null()), "counts")
            cells += len(column) - column.null_count
            once += int(pc.sum(pc.equal(counts, 1)).as_py())
    return once / max(cells, 1), cells / max(batch.num_rows, 1)
