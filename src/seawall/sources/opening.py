"""Opens one file of evidence: compression is transparent, recognised by its first bytes, and bounded.

A stream never raises once it is open: where the bytes cannot be trusted any further (a cut-off or poisoned gz, a
failing disk) it ends, and the reason is kept in `Evidence.troubles`. What could be read is evidence all the same.
A file that grows while it is read is read to the size it had when it was found.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from seawall.sources.base import HEAD_BYTES, Evidence, Place, Reject, Skipped
from seawall.sources.containers import Wrapping, wrapping_of
from seawall.sources.containers.arrow_codecs import stream_of
from seawall.sources.containers.base import READ_BYTES, Blocks

BOMB_BYTES: Final = 256 << 20  # decompressed bytes below which any ratio is allowed
BOMB_RATIO: Final = 400  # repetitive logs reach about 100; deflate itself cannot pass 1032
MAX_WRAPS: Final = 8  # a gz in a gz in …


def open_evidence(path: Path, origin: str) -> Evidence | Reject:
    """The evidence in one regular file, or why there is none: unreadable, or empty."""
    try:
        size = path.stat().st_size
    except OSError as error:
        return Reject(origin, cannot(error))
    return open_place(Place(origin, path, size=size))


def open_place(place: Place) -> Evidence | Reject:
    """The evidence at a place, its compression (in any nesting) seen through."""
    opening = _Opening(place)
    try:
        head = opening.stored_head()
    except OSError as error:
        return Reject(place.origin, cannot(error))
    if not head:
        return Skipped(place.origin, "empty file")
    while (wrapping := wrapping_of(head)) is not None:
        if len(opening.wraps) == MAX_WRAPS:
            what = f"compressed more than {MAX_WRAPS} times over; unpack it by hand if it is genuine"
            return Reject(place.origin, what)
        opening.wraps = (*opening.wraps, wrapping)
        tried = _Opening(place, opening.wraps)
        with closing(tried.stream()) as stream:
            head = stream.read(HEAD_BYTES)
        if not head:
            empty = Skipped(place.origin, f"empty file inside {wrapping.name}")
            return tried.troubles[0] if tried.troubles else empty
    path = None if opening.wraps else place.path
    return Evidence(
        place.origin, head, opening.stream, path, place.size, opening.troubles, opening.remarks, place=place
    )


def evidence_from_bytes(content: bytes, origin: str) -> Evidence:
    """Evidence that stands in memory: a record of a collector, or a sample."""
    place = Place(origin, None, content, len(content))
    return Evidence(origin, content[:HEAD_BYTES], lambda: io.BytesIO(content), None, len(content), place=place)


def digest(evidence: Evidence) -> str:
    """SHA-256 of the decompressed content, hex; memory bounded. A file that ends early has the digest of its start."""
    sha256 = hashlib.sha256()
    with closing(evidence.open()) as stream:
        while block := stream.read(READ_BYTES):
            sha256.update(block)
    return sha256.hexdigest()


def later_head(evidence: Evidence) -> bytes:
    """What a reader sees of a file whose start says nothing: past NULs, or past a first line longer than a head.

    Power cuts leave megabytes of NULs in logs, and one monster of a line must not hide the rest. Empty if there is
    no such text within `LATER_BYTES`.
    """
    first = evidence.head.lstrip(b"\0")
    skip_line = bool(first) and b"\n" not in evidence.head
    if len(evidence.head) < HEAD_BYTES or (first and not skip_line):
        return b""
    seen = 0
    with closing(evidence.open()) as stream:
        while seen < LATER_BYTES and (block := stream.read(READ_BYTES)):
            seen += len(block)
            rest = block.partition(b"\n")[2] if skip_line else block.lstrip(b"\0")
            if rest or (skip_line and b"\n" in block):
                return rest + stream.read(max(0, HEAD_BYTES - len(rest)))
    return b""


LATER_BYTES: Final = 256 << 20


@dataclass(slots=True)
class _Opening:
    """A place being opened, and what went wrong there."""

    place: Place
    wraps: tuple[Wrapping, ...] = ()
    troubles: list[Reject] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def stored_head(self) -> bytes:
        if self.place.path is None:
            return self.place.content[:HEAD_BYTES]
        with self.place.path.open("rb") as stored:
            return stored.read(min(HEAD_BYTES, self.place.size))

    def stream(self) -> BinaryIO:
        if self.place.path is None and not self.wraps:
            return io.BytesIO(self.place.content)
        blocks = self._stored()
        for wrapping in self.wraps:
            blocks = self._bounded(wrapping.read(blocks, self.say), wrapping.name)
        return stream_of(blocks)

    def _stored(self) -> Blocks:
        """The bytes as stored; a file that stops being readable ends there, and that is said."""
        place = self.place
        if place.path is None:
            yield place.content
            return
        left = place.size
        try:
            with place.path.open("rb") as stored:
                while left and (block := stored.read(min(left, READ_BYTES))):
                    left -= len(block)
                    yield block
                now = os.fstat(stored.fileno()).st_size
        except OSError as error:
            self.say(f"reading stopped: {error.strerror}; copy the file again from where it came")
            return
        if left:
            self.say(f"became shorter while it was read: {place.size - left} of {place.size} bytes; copy it again")
        elif now > place.size:
            self._remark(f"grew while it was read: the first {place.size} bytes were taken, read it again for the rest")

    def _bounded(self, blocks: Blocks, name: str) -> Blocks:
        """Content, until it is absurdly much for what is stored."""
        given, most = 0, max(BOMB_BYTES, self.place.size * BOMB_RATIO)
        for block in blocks:
            given += len(block)
            if given > most:
                self.say(too_much(name, given))
                return
            yield block

    def say(self, what: str) -> None:
        """Keep a trouble once, however often the file is read."""
        if (trouble := Reject(self.place.origin, what)) not in self.troubles:
            self.troubles.append(trouble)

    def _remark(self, what: str) -> None:
        if what not in self.remarks:
            self.remarks.append(what)


def blocks_of(stream: BinaryIO) -> Iterator[bytes]:
    """The content of a stream, a block at a time."""
    with closing(stream):
        while block := stream.read(READ_BYTES):
            yield block


def too_much(name: str, given: int) -> str:
    """What to say of a container that unpacks without end."""
    return (
        f"{name} unpacks to more than {given >> 20} MiB, over {BOMB_RATIO} times its size; reading stopped there, "
        "unpack it by hand if it is genuine"
    )


def cannot(error: OSError) -> str:
    """What to say of a file that cannot be opened."""
    return f"cannot be read: {error.strerror}; check its path and permissions, or leave it out"
