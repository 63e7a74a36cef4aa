"""zip (APPNOTE 6.3): by its central directory, or member by member from the start where that is gone."""

from __future__ import annotations

import bz2
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final, cast

from seawall.sources.containers.base import (
    MAX_NAME_BYTES,
    READ_BYTES,
    STEP_BYTES,
    Archive,
    Blocks,
    Member,
    Say,
    cut_off,
    damaged,
    no_blocks,
)

LOCAL: Final = b"PK\x03\x04"
EMPTY: Final = b"PK\x05\x06"
ENCRYPTED: Final = 0x1
_SIZES_FOLLOW: Final = 0x8
_METHODS: Final = {0: "stored", 8: "deflate", 12: "bzip2", 14: "lzma"}
_LINK: Final = 0o120000
_LOCKED: Final = "encrypted; unpack it with its password and give the folder"
_ERRORS: Final = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, NotImplementedError)
_MAX_DIRECTORY: Final = 64 << 20  # the library holds the central directory in memory


# What the first member of a document or a program is called: those are read by other means, or not at all.
_DOCUMENTS: Final = (b"[Content_Types].xml", b"_rels/", b"mimetype", b"META-INF/")


def _is_one(head: bytes) -> bool:
    if head.startswith(LOCAL):
        return not head[30:60].startswith(_DOCUMENTS)
    return head.startswith(EMPTY) and len(head) >= 22


def _members(stream: BinaryIO, say: Say) -> Iterator[Member]:
    try:
        if _directory_bytes(stream) > _MAX_DIRECTORY:
            say(f"zip lists more than {_MAX_DIRECTORY >> 20} MiB of names; unpack it by hand")
            return
        with zipfile.ZipFile(stream) as archive:
            for info in archive.infolist():
                if not info.is_dir():
                    yield _listed(archive, info, say)
    except (zipfile.BadZipFile, struct.error, OverflowError, ValueError, OSError, NotImplementedError):
        say("zip has no readable list of its members (cut off or damaged); read member by member from its start")
        yield from _from_the_start(stream, say)


def _directory_bytes(stream: BinaryIO) -> int:
    """How large the central directory is said to be; 0 if nothing says so."""
    end = stream.seek(0, 2)
    stream.seek(max(0, end - 66_000))
    tail = stream.read(66_000)
    at = tail.rfind(EMPTY)
    stream.seek(0)
    if at < 0 or len(tail) < at + 20:
        return 0
    size = int.from_bytes(tail[at + 12 : at + 16], "little")
    return min(end, size) if size != 0xFFFFFFFF else end >> 4  # zip64: a directory is never most of an archive


def _listed(archive: zipfile.ZipFile, info: zipfile.ZipInfo, say: Say) -> Member:
    name = info.filename[:MAX_NAME_BYTES]
    if info.flag_bits & ENCRYPTED:
        return Member(name, no_blocks(), _LOCKED)
    if info.external_attr >> 16 & 0o170000 == _LINK:
        return Member(name, no_blocks(), "a link in an archive: noted, not followed", wrong=False)
    if info.compress_type not in _METHODS:
        what = f"compressed by method {info.compress_type}, which is not read; unpack it by hand"
        return Member(name, no_blocks(), what)
    return Member(name, _listed_blocks(archive, info, say))


def _listed_blocks(archive: zipfile.ZipFile, info: zipfile.ZipInfo, say: Say) -> Blocks:
    try:
        with archive.open(info) as stream:
            while block := stream.read(STEP_BYTES):
                yield block
    except _ERRORS as error:
        say(damaged("zip member", error))


class _Scan:
    """The members of a zip without a directory, one local header after another."""

    def __init__(self, stream: BinaryIO, say: Say) -> None:
        stream.seek(0)
        self._stream, self._say = stream, say
        self._kept = b""  # read but not used

    def members(self) -> Iterator[Member]:
        while True:
            header = self._take(30)
            if len(header) < 30 or not header.startswith(LOCAL):
                if header.startswith(LOCAL):
                    self._say(cut_off("zip"))
                return
            flags, method = struct.unpack("<HH", header[6:10])
            stored, size, name_length, extra_length = struct.unpack("<IIHH", header[18:30])
            name = self._take(name_length)[:MAX_NAME_BYTES].decode("utf-8", "surrogateescape")
            stored = _wide(self._take(extra_length), size, stored)
            unknown = bool(flags & _SIZES_FOLLOW) and not stored
            if flags & ENCRYPTED or method not in (0, 8, 12) or (unknown and method != 8):
                yield Member(name, no_blocks(), _LOCKED if flags & ENCRYPTED else "not readable without the zip's list")
                if unknown:
                    return
                self._drop(stored)
            elif name.endswith("/"):
                self._drop(stored)
            else:
                blocks = self._content(method, None if unknown else stored)
                yield Member(name, blocks)
                for _ in blocks:  # what the reader did not want
                    pass
            if flags & _SIZES_FOLLOW:
                self._find_next()

    def _content(self, method: int, stored: int | None) -> Blocks:
        if method == 0:
            yield from self._stored_blocks(stored or 0)
            return
        make: Callable[[], object] = (lambda: zlib.decompressobj(-15)) if method == 8 else bz2.BZ2Decompressor
        machine = cast("zlib._Decompress", make())
        for block in self._stored_blocks(stored):
            rest = block
            try:
                while rest and not machine.eof:
                    if content := machine.decompress(rest, STEP_BYTES):
                        yield content
                    rest = machine.unconsumed_tail if method == 8 else b""
            except (zlib.error, OSError) as error:
                self._say(damaged("zip member", error))
                return
            if machine.eof and stored is None:
                self._kept = machine.unused_data + self._kept
                return
        if not machine.eof:
            self._say(cut_off("zip"))

    def _stored_blocks(self, stored: int | None) -> Blocks:
        left = stored
        while left is None or left > 0:
            block = self._take(STEP_BYTES if left is None else min(left, STEP_BYTES))
            if not block:
                if left:
                    self._say(cut_off("zip"))
                return
            left = None if left is None else left - len(block)
            yield block

    def _find_next(self) -> None:
        """Move to the next local header, past the sizes that follow a member; a few bytes away, or nowhere."""
        near = self._take(64)
        at = re.search(re.escape(LOCAL), near)
        self._kept = (near[at.start() :] if at else b"") + self._kept

    def _drop(self, count: int) -> None:
        while count > 0 and (block := self._take(min(count, READ_BYTES))):
            count -= len(block)

    def _take(self, count: int) -> bytes:
        taken, self._kept = self._kept[:count], self._kept[count:]
        while len(taken) < count and (more := self._stream.read(count - len(taken))):
            taken += more
        return taken


def _wide(extra: bytes, size: int, stored: int) -> int:
    """The stored size, from the zip64 field where the header has no room for it."""
    at = 0
    while stored == 0xFFFFFFFF and at + 4 <= len(extra):
        tag, length = struct.unpack("<HH", extra[at : at + 4])
        field = extra[at + 4 : at + 4 + length]
        if tag == 1:
            numbers = [int.from_bytes(field[i : i + 8], "little") for i in range(0, len(field) - 7, 8)]
            index = 1 if size == 0xFFFFFFFF else 0
            return numbers[index] if len(numbers) > index else stored
        at += 4 + length
    return stored


def _from_the_start(stream: BinaryIO, say: Say) -> Iterator[Member]:
    return _Scan(stream, say).members()


CONTAINER: Final = Archive("zip", _is_one, _members, seeks=True)
