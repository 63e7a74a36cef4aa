"""Windows event logs: EVTX files, and the JSON lines that the same reader's command line prints of them.

A damaged chunk is a reject; what stands in the others is read. An event is named by what Windows itself says of it
(computer, channel, record number, time of creation), so a file and its JSON lines give the same ids.
"""

from __future__ import annotations

import re
import shutil
import struct
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

import evtx

from seawall.errors import InputError
from seawall.model.events import BY_NAME
from seawall.sources.base import Chunk, Evidence, Reading, Source
from seawall.sources.identities import Identities
from seawall.sources.lines import head_lines, line_blocks
from seawall.sources.windows_rows import Batch

MAGIC: Final = b"ElfFile\0"
_HEADER_BYTES: Final = 4_096
_CHUNK_BYTES: Final = 65_536
_MAX_FAULTS: Final = 10_000  # in one file, after which reading stops
_NUMBER: Final = re.compile(r"(chunk|record) number (\d+)")


def _sniff(evidence: Evidence) -> int:
    head = evidence.head
    if head.startswith(MAGIC):
        return 100
    line = next(iter(head_lines(head, 1)), b"").lstrip()
    start = line[:64].replace(b" ", b"")
    if not start.startswith(b'{"Event":{'):
        return 0
    return 95 if b'"System"' in line and b'"#attributes"' in line else 0  # other forms: windows_json


def _read(evidence: Evidence, reading: Reading) -> Iterator[Chunk]:
    """Read an EVTX file or its JSON lines. Raises InputError if the file's own header is beyond reading."""
    with Identities(evidence.size) as identities:
        if evidence.head.startswith(MAGIC):
            yield from _read_evtx(Batch(evidence, reading, identities, "#"))
        else:
            yield from _read_lines(Batch(evidence, reading, identities, ":"))


def _read_lines(batch: Batch) -> Iterator[Chunk]:
    origin = batch.evidence.origin
    for block in line_blocks(batch.evidence):
        if block.too_long:
            batch.refuse(f"{origin}:{block.first}", "line longer than 1 MiB")
        for number, line in block.texts():
            if line.strip():
                batch.take(line, number)
        yield batch.chunk(block.read_bytes, block.notes)


def _read_evtx(batch: Batch) -> Iterator[Chunk]:
    evidence = batch.evidence
    with _as_file(evidence) as path:
        size = path.stat().st_size
        try:
            records = evtx.PyEvtxParser(str(path), number_of_threads=1).records_json()
        except (OSError, RuntimeError) as error:
            raise InputError(
                "an EVTX file whose header is damaged or cut off",
                where=evidence.origin,
                mend="copy it again, or export it anew with wevtutil epl",
            ) from error
        told = faults = 0
        for number, record in enumerate(_each(records), 1):
            if isinstance(record, str):
                batch.refuse(evidence.origin, record)
                faults += 1
            else:
                batch.take(record["data"], record["event_record_id"])
            if batch.full:
                reached = min(
                    size, told + len(batch.documents) * 1_000
                )  # the reader does not say where it is; for progress only
                yield batch.chunk(reached - told)
                told = reached
            if faults >= _MAX_FAULTS:
                batch.refuse(evidence.origin, f"more than {_MAX_FAULTS} faults; stopped after {number} records")
                break
        if missing := _missing_bytes(evidence.head, size):
            batch.refuse(evidence.origin, f"EVTX file is cut off: {missing} bytes are missing at its end")
        yield batch.chunk(size - told)


def _each(records: Iterator[Any]) -> Iterator[Any]:
    """Each record, or what is wrong where one should be."""
    while True:
        try:
            yield next(records)
        except StopIteration:
            return
        except (RuntimeError, OSError, ValueError) as error:
            found = _NUMBER.search(str(error))
            place = f"{found[1]} {found[2]}" if found else "a chunk"
            yield f"{place} is damaged and was left out"


def _missing_bytes(head: bytes, size: int) -> int:
    """Bytes the file's header promises and the file does not have."""
    if len(head) < 44:
        return _HEADER_BYTES - len(head)
    (chunks,) = struct.unpack_from("<H", head, 42)
    return max(0, _HEADER_BYTES + int(chunks) * _CHUNK_BYTES - size)


@contextmanager
def _as_file(evidence: Evidence) -> Iterator[Path]:
    """The evidence as a file of its own, unpacked if need be: the reader jumps about in it."""
    if evidence.path is not None:
        yield evidence.path
        return
    with tempfile.NamedTemporaryFile(prefix="seawall-", suffix=".evtx") as copy:
        try:
            with closing(evidence.open()) as stream:
                shutil.copyfileobj(stream, copy, 1 << 20)
            copy.flush()
        except OSError as error:
            raise InputError(
                f"cannot be unpacked: {error.strerror}", where=evidence.origin, mend="make room, or set TMPDIR"
            ) from error
        yield Path(copy.name)


SOURCE: Final = Source(
    name="evtx",
    title="Windows event logs (EVTX, or its JSON lines)",
    kinds=(BY_NAME["windows"].name,),
    sniff=_sniff,
    read=_read,
)
