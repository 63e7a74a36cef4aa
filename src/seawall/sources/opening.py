"""Opens one file of evidence: gz is transparent, recognised by its first bytes, and bounded.

A stream never raises once it is open: where the bytes cannot be trusted any further (a cut-off or poisoned gz, a
failing disk) it ends, and the reason is kept in `Evidence.troubles`. What could be read is evidence all the same.
"""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import BinaryIO, Final

from seawall.sources.base import HEAD_BYTES, Evidence, Reject, Skipped

GZIP_MAGIC: Final = b"\x1f\x8b"
BOMB_BYTES: Final = 256 << 20  # decompressed bytes below which any ratio is allowed
BOMB_RATIO: Final = 400  # repetitive logs reach about 100; deflate itself cannot pass 1032
_READ_BYTES: Final = 1 << 20


def open_evidence(path: Path, origin: str) -> Evidence | Reject:
    """The evidence in one regular file, or why there is none: unreadable, or empty."""
    try:
        with path.open("rb") as stored:
            head = stored.read(HEAD_BYTES)
            size = path.stat().st_size
    except OSError as error:
        return Reject(origin, f"cannot be read: {error.strerror}; check its permissions, or leave it out")
    if not head:
        return Skipped(origin, "empty file")
    troubles: list[Reject] = []
    if not head.startswith(GZIP_MAGIC):
        return Evidence(origin, head, lambda: _guarded(path, origin, troubles), path, size, troubles)
    with closing(_unzipped(path, origin, troubles)) as stream:
        head = stream.read(HEAD_BYTES)
    if not head:
        return troubles[0] if troubles else Skipped(origin, "empty file inside gz")
    return Evidence(origin, head, lambda: _unzipped(path, origin, troubles), None, size, troubles)


def evidence_from_bytes(content: bytes, origin: str) -> Evidence:
    """Evidence that stands in memory: a record of a collector, or a sample."""
    return Evidence(origin, content[:HEAD_BYTES], lambda: io.BytesIO(content), None, len(content))


def digest(evidence: Evidence) -> str:
    """SHA-256 of the decompressed content, hex; memory bounded. A file that ends early has the digest of its start."""
    sha256 = hashlib.sha256()
    with closing(evidence.open()) as stream:
        while block := stream.read(_READ_BYTES):
            sha256.update(block)
    return sha256.hexdigest()


def _guarded(path: Path, origin: str, troubles: list[Reject]) -> BinaryIO:
    return _stream(_stored_blocks(path, origin, troubles))


def _unzipped(path: Path, origin: str, troubles: list[Reject]) -> BinaryIO:
    return _stream(_inflated_blocks(_stored_blocks(path, origin, troubles), origin, troubles))


def _stream(blocks: Iterator[bytes]) -> BinaryIO:
    return io.BufferedReader(_Blocks(blocks), _READ_BYTES)


class _Blocks(io.RawIOBase):
    """A raw stream over blocks of bytes, none of them empty."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._left = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._left:
            self._left = memoryview(next(self._blocks, b""))
        count = min(len(self._left), len(buffer))
        buffer[:count] = self._left[:count]
        self._left = self._left[count:]
        return count


def _stored_blocks(path: Path, origin: str, troubles: list[Reject]) -> Iterator[bytes]:
    """The bytes as stored; a file that stops being readable ends there, and that is said."""
    try:
        with path.open("rb") as stored:
            while block := stored.read(_READ_BYTES):
                yield block
    except OSError as error:
        _say(troubles, origin, f"reading stopped: {error.strerror}; copy the file again from where it came")


def _inflated_blocks(stored: Iterator[bytes], origin: str, troubles: list[Reject]) -> Iterator[bytes]:
    """The content of a gz of one or more members (RFC 1952), ending where it is cut off, broken or absurd."""
    inflate = zlib.decompressobj(wbits=31)
    taken = given = 0
    started = False  # whether the present member has begun
    for block in stored:
        taken += len(block)
        rest = block
        while rest:
            if not started:
                rest = rest.lstrip(b"\0")  # members may be padded with zeros
                inflate, started = zlib.decompressobj(wbits=31), bool(rest)
                continue
            before = inflate.copy()
            try:
                content = inflate.decompress(rest, _READ_BYTES)
            except zlib.error:
                yield from _salvaged(before, rest)
                _say(troubles, origin, "gz is damaged from here on; what stood before the damage was read")
                return
            given += len(content)
            if given > BOMB_BYTES and given > (taken - len(inflate.unconsumed_tail)) * BOMB_RATIO:
                _say(troubles, origin, _too_much(given))
                return
            if content:
                yield content
            rest = inflate.unused_data if inflate.eof else inflate.unconsumed_tail
            started = not inflate.eof
    if started:
        yield from _salvaged(inflate, b"")
        _say(troubles, origin, "gz is cut off; what stood before the cut was read, copy the file again for the rest")


def _salvaged(inflate: zlib._Decompress, rest: bytes) -> Iterator[bytes]:
    """What an inflater can still give of its last input, in small steps up to the damage."""
    step = 256  # input bytes; small, because a failing call gives nothing at all
    try:
        for start in range(0, len(rest), step):
            if content := inflate.decompress(rest[start : start + step]):
                yield content
        if not inflate.eof and (content := inflate.flush()):
            yield content
    except zlib.error:
        return


def _too_much(given: int) -> str:
    return (
        f"gz unpacks to more than {given >> 20} MiB, over {BOMB_RATIO} times its size; reading stopped there, "
        "unpack it by hand if it is genuine"
    )


def _say(troubles: list[Reject], origin: str, what: str) -> None:
    """Keep a trouble once, however often the file is read."""
    if (trouble := Reject(origin, what)) not in troubles:
        troubles.append(trouble)
