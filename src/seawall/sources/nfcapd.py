"""nfcapd's binary flow files, read through the real `nfdump` where it is installed.

The format changes with nfdump's versions and compressions, so its own program reads it: without a shell, without its
configuration, with a ceiling on time and output. Where it is missing the file is refused with the one command that
helps, and read the next time.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import InputError
from seawall.sources.base import Chunk, Evidence, Reading, Source
from seawall.sources.flows import KIND, add_block, blocks, keep
from seawall.sources.records import Records

MAGICS: Final = (b"\x0c\xa5\x01\x00", b"\x0c\xa5\x02\x00", b"\xa5\x0c\x00\x01", b"\xa5\x0c\x00\x02")
MAX_BYTES: Final = 8 << 30  # of a file that must be unpacked to be read
TIMEOUT_S: Final = 1_800.0
_BLOCK_BYTES: Final = 8 << 20
_MAX_LINE: Final = 4_096
_ALONE: Final = 128
# nfdump's token, and our field for it. Order is part of the record's bytes, so of its id: add at the end only.
_TOKENS: Final = (
    ("ts", "start"), ("te", "end"), ("pr", "proto"), ("sa", "src_ip"), ("sp", "src_port"), ("da", "dst_ip"),
    ("dp", "dst_port"), ("flg", "tcp_flags"), ("tos", "tos"), ("ipkt", "src_pkts"), ("ibyt", "src_bytes"),
    ("opkt", "dst_pkts"), ("obyt", "dst_bytes"), ("in", "input_if"), ("out", "output_if"), ("sas", "src_as"),
    ("das", "dst_as"), ("nh", "next_hop"), ("ra", "exporter"), ("dir", "direction"),
)  # fmt: skip
_FORMAT: Final = "fmt:" + "|".join(f"%{token}" for token, _ in _TOKENS)
_NAMES: Final = tuple(name for _, name in _TOKENS)
_NOBODY: Final = ("0.0.0.0", "::")  # noqa: S104 - what nfdump prints for an address it was not given
_UNSET: Final = {"next_hop": _NOBODY, "exporter": _NOBODY, "src_as": ("0",), "dst_as": ("0",)}


def _sniff(evidence: Evidence) -> int:
    return 99 if evidence.head.startswith(MAGICS) and len(evidence.head) > 16 else 0


def _read(evidence: Evidence, reading: Reading) -> Iterator[Chunk]:
    """Read the flows nfdump prints.

    Raises:
        InputError: nfdump is not installed, or cannot be started.
    """
    program = shutil.which("nfdump")
    if program is None:
        raise InputError(
            "an nfcapd file, which nfdump reads, and nfdump is not installed",
            where=evidence.origin,
            mend="install nfdump (Debian: apt-get install nfdump) and read it again, or write it out with "
            "`nfdump -r FILE -o csv` where it came from",
        )
    with _stored(evidence) as path, Records(KIND, evidence.origin, reading) as records:
        yield from _printed(program, path, evidence, reading, records)


@contextmanager
def _stored(evidence: Evidence) -> Iterator[Path]:
    """The file as it stands, or a copy of what a container held, in a folder that goes when it is read."""
    if evidence.path is not None:
        yield evidence.path.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="seawall-nfcapd-") as folder:
        copy = Path(folder, "nfcapd.copy")
        with closing(evidence.open()) as stream, copy.open("wb") as file:
            left = MAX_BYTES
            while left > 0 and (block := stream.read(min(1 << 20, left))):
                file.write(block)
                left -= len(block)
        yield copy


def _printed(program: str, path: Path, evidence: Evidence, reading: Reading, records: Records) -> Iterator[Chunk]:
    command = [program, "-r", str(path), "-q", "-N", "-6", "-o", _FORMAT]
    with tempfile.TemporaryFile() as said:
        try:
            running = subprocess.Popen(  # noqa: S603 - the program is nfdump, the path is absolute
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=said,
                env={"TZ": "UTC", "LC_ALL": "C", "PATH": os.defpath},
                cwd="/",
            )
        except OSError as error:
            raise InputError(
                f"nfdump cannot be started: {error.strerror}", where=evidence.origin, mend="install nfdump anew"
            ) from error
        late = threading.Event()

        def stop() -> None:
            late.set()
            running.kill()

        timer = threading.Timer(TIMEOUT_S, stop)
        timer.start()
        try:
            assert running.stdout is not None
            number = 0
            while lines := running.stdout.readlines(_BLOCK_BYTES):
                _take_all(lines, number + 1, evidence, reading, records)
                number += len(lines)
                yield records.chunk(sum(map(len, lines)))
            running.wait()
        finally:
            timer.cancel()
            running.kill()
            running.wait()
            running.stdout.close()  # type: ignore[union-attr]
        yield _end(running.returncode, late.is_set(), number, said, evidence, records)


def _take_all(lines: list[bytes], first: int, evidence: Evidence, reading: Reading, records: Records) -> None:
    """Take lines at once; where one of them needs a look of its own, in halves, in the end one by one."""
    if len(lines) <= _ALONE:
        for place, line in enumerate(lines, first):
            _take(line, place, evidence, reading, records)
    elif not _take_together(lines, first, evidence, reading, records):
        middle = len(lines) // 2
        _take_all(lines[:middle], first, evidence, reading, records)
        _take_all(lines[middle:], first + middle, evidence, reading, records)


def _take_together(lines: list[bytes], first: int, evidence: Evidence, reading: Reading, records: Records) -> bool:
    data = b"".join(lines)
    if max(map(len, lines)) > _MAX_LINE or not blocks.is_plain(data):
        return False
    said = blocks.cells(data, len(lines), "|", _NAMES)
    if said is None:
        return False
    record = pc.binary_join_element_wise(*said.values(), "|").cast(pa.binary())
    for name, nobody in _UNSET.items():
        said[name] = pc.if_else(pc.is_in(said[name], pa.array(nobody)), "", said[name])
    for name in ("start", "end"):
        said[name] = pc.if_else(pc.equal(said[name], ""), "", pc.binary_join_element_wise(said[name], "Z", ""))
    found = blocks.flows_of(said, reading)
    if found is None:
        return False
    numbers = pa.array(np.arange(first, first + len(lines))).cast(pa.string())
    origins = pc.binary_join_element_wise(evidence.origin, numbers, "#")
    add_block(records, found, said, record, origins, np.zeros(len(lines), np.int64))
    return True


def _take(line: bytes, number: int, evidence: Evidence, reading: Reading, records: Records) -> None:
    cells = [cell.strip() for cell in line[:_MAX_LINE].decode("utf-8", "replace").split("|")]
    origin = f"{evidence.origin}#{number}"
    if len(cells) != len(_NAMES):
        if line.strip():
            records.reject(origin, f"nfdump printed no flow: {cells[0]}")
        return
    said = {n: cell for n, cell in zip(_NAMES, cells, strict=True) if cell and cell not in _UNSET.get(n, ())}
    # nfdump prints our asking zone, UTC, without saying so.
    said |= {name: f"{said[name]}Z" for name in ("start", "end") if name in said}
    keep(records, reading, origin, "|".join(cells).encode(), said)


def _end(code: int, late: bool, flows: int, said: IO[bytes], evidence: Evidence, records: Records) -> Chunk:
    """The last piece: whether nfdump came to the end, and what it complained of."""
    said.seek(0)
    words = " ".join(said.read(2_000).decode("utf-8", "replace").split())
    if late:
        records.reject(evidence.origin, f"nfdump took longer than {TIMEOUT_S:.0f} s; the flows before that were read")
    elif code:
        records.reject(evidence.origin, f"nfdump stopped with {code} after {flows} lines: {words or 'it said nothing'}")
    elif not flows and words:
        records.reject(evidence.origin, f"nfdump found no flow: {words}")
    return records.chunk()


SOURCE: Final = Source(
    name="nfcapd",
    title="nfcapd flow files (read by nfdump)",
    kinds=(KIND,),
    sniff=_sniff,
    read=_read,
)
