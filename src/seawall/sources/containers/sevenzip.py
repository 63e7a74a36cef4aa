"""7z (7zFormat.txt of the LZMA SDK): its header, and the coders the standard library and Arrow have.

Read by ourselves: every library holds what a hostile header claims, and unpacks to a disk. Copy, LZMA, LZMA2, delta,
the branch filters, deflate, bzip2 and zstd are read; what else a member is made with, or that it is encrypted, is said.
"""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from seawall.sources.containers.arrow_codecs import arrow_blocks
from seawall.sources.containers.base import (
    MAX_MEMORY,
    STEP_BYTES,
    Archive,
    Blocks,
    Member,
    Say,
    damaged,
    no_blocks,
)
from seawall.sources.containers.sevenzip_header import Broken, Coder, Entry, Folder, Header, read_header, streams_of

MAGIC: Final = b"7z\xbc\xaf\x27\x1c"
_FILTERS: Final[dict[bytes, int]] = {
    b"\x03": lzma.FILTER_DELTA,
    b"\x03\x03\x01\x03": lzma.FILTER_X86,
    b"\x03\x03\x02\x05": lzma.FILTER_POWERPC,
    b"\x03\x03\x04\x01": lzma.FILTER_IA64,
    b"\x03\x03\x05\x01": lzma.FILTER_ARM,
    b"\x03\x03\x07\x01": lzma.FILTER_ARMTHUMB,
    b"\x03\x03\x08\x05": lzma.FILTER_SPARC,
    b"\x04": lzma.FILTER_X86,
    b"\x05": lzma.FILTER_POWERPC,
    b"\x07": lzma.FILTER_ARM,
}
_COPY, _LZMA, _LZMA2 = b"\x00", b"\x03\x01\x01", b"\x21"
_DEFLATE, _BZIP2, _ZSTD = b"\x04\x01\x08", b"\x04\x02\x02", b"\x04\xf7\x11\x01"
_AES: Final = b"\x06\xf1\x07\x01"
_LOCKED: Final = "encrypted; unpack it with its password and give the folder"


def _members(stream: BinaryIO, say: Say) -> Iterator[Member]:
    try:
        header = _open_header(stream, say)
    except (Broken, lzma.LZMAError, EOFError) as error:
        reason = str(error) if isinstance(error, Broken) else ""
        say(reason or "7z has no readable list of its members (cut off or damaged); copy the file again")
        return
    entries = iter(header.entries)
    for folder in header.folders:
        yield from _of_folder(stream, folder, entries, say)
    for entry in entries:
        if not entry.is_folder and not entry.has_stream:
            yield Member(entry.name, no_blocks(), "empty file", wrong=False)


def _open_header(stream: BinaryIO, say: Say) -> Header:
    """The header; where it is packed, unpacked first (once: a header packed twice is nobody's)."""
    header, packed = read_header(stream)
    if packed is None:
        return header
    content = b"".join(_unpacked(stream, packed, say))
    return streams_of(content)


def _of_folder(stream: BinaryIO, folder: Folder, entries: Iterator[Entry], say: Say) -> Iterator[Member]:
    """The members packed together in one folder, in order: they follow each other in one stream of content."""
    mine: list[Entry] = []
    for entry in entries:
        if entry.has_stream:
            mine.append(entry)
            if len(mine) == len(folder.sizes):
                break
        elif not entry.is_folder:
            yield Member(entry.name, no_blocks(), "empty file", wrong=False)
        if not folder.sizes:
            break
    if why := _cannot(folder):
        for entry in mine:
            yield Member(entry.name, no_blocks(), why)
        return
    content = _Reader(_unpacked(stream, folder, say))
    for entry, size in zip(mine, folder.sizes, strict=False):
        blocks = content.take(size)
        if entry.is_link:
            yield Member(entry.name, no_blocks(), "a link in an archive: noted, not followed", wrong=False)
        else:
            yield Member(entry.name, blocks)
        for _ in blocks:  # what the reader did not want
            pass
        if content.ended and entry is not mine[-1]:
            say(damaged("7z"))
            return


class _Reader:
    """Cuts one stream of content into members."""

    def __init__(self, blocks: Blocks) -> None:
        self._blocks = blocks
        self._left = b""
        self.ended = False

    def take(self, count: int) -> Blocks:
        while count > 0:
            block = self._left or next(self._blocks, b"")
            if not block:
                self.ended = True
                return
            self._left = block[count:]
            yield block[:count]
            count -= min(count, len(block))


def _cannot(folder: Folder) -> str:
    """Why the coders of a folder cannot be undone, as a sentence; empty if they can."""
    known = {_COPY, _LZMA, _LZMA2, _DEFLATE, _BZIP2, _ZSTD, *_FILTERS}
    if any(coder.method == _AES for coder in folder.coders):
        return _LOCKED
    for coder in folder.coders:
        if coder.method not in known or not coder.simple:
            return f"packed by 7z method {coder.method.hex()}, which is not read; unpack it by hand"
    return ""


def _unpacked(stream: BinaryIO, folder: Folder, say: Say) -> Blocks:
    """The content of a folder. Raises `Broken` for coders that cannot be undone."""
    if why := _cannot(folder):
        raise Broken("7z: its list of members is " + why if why == _LOCKED else why)
    blocks = _stored(stream, folder.offset, folder.packed)
    filters: list[dict[str, Any]] = []
    for coder in reversed(folder.coders):  # coders are listed from content to packed; filters bind to what follows
        if coder.method in _FILTERS:
            filters.append(_filter(coder))
        elif coder.method in (_LZMA, _LZMA2):
            chain = [_filter(c) for c in folder.coders[: folder.coders.index(coder)] if c.method in _FILTERS]
            blocks = _lzma_blocks([*chain, _filter(coder)], blocks, say)
            filters = []
            break
        else:
            blocks = _plain_blocks(coder.method, blocks, say)
    if filters:
        raise Broken("7z filters without LZMA are not read; unpack it by hand")
    total = sum(folder.sizes) if folder.sizes else folder.unpacked
    return _first(blocks, total)


def _first(blocks: Blocks, count: int) -> Blocks:
    for block in blocks:
        if count <= 0:
            return
        yield block[:count]
        count -= len(block)


def _filter(coder: Coder) -> dict[str, Any]:
    if coder.method == _LZMA:
        return _checked(lzma._decode_filter_properties(lzma.FILTER_LZMA1, coder.properties))  # type: ignore[attr-defined]
    if coder.method == _LZMA2:
        return _checked(lzma._decode_filter_properties(lzma.FILTER_LZMA2, coder.properties))  # type: ignore[attr-defined]
    if coder.method == b"\x03":
        return {"id": lzma.FILTER_DELTA, "dist": (coder.properties or b"\0")[0] + 1}
    return {"id": _FILTERS[coder.method]}


def _checked(properties: dict[str, Any]) -> dict[str, Any]:
    if properties.get("dict_size", 0) > MAX_MEMORY:
        raise Broken(f"7z needs more than {MAX_MEMORY >> 20} MiB of memory to unpack; unpack it by hand")
    return properties


def _stored(stream: BinaryIO, offset: int, count: int) -> Blocks:
    while count > 0:
        stream.seek(offset)
        block = stream.read(min(count, STEP_BYTES))
        if not block:
            return
        offset, count = offset + len(block), count - len(block)
        yield block


def _lzma_blocks(filters: list[dict[str, Any]], stored: Blocks, say: Say) -> Blocks:
    try:
        machine = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=filters)
        for block in stored:
            rest = block
            while not machine.eof:
                content = machine.decompress(rest, STEP_BYTES)
                if content:
                    yield content
                rest = b""
                if machine.needs_input:
                    break
    except (lzma.LZMAError, EOFError, ValueError) as error:
        say(damaged("7z", error))


def _plain_blocks(method: bytes, stored: Blocks, say: Say) -> Blocks:
    if method == _COPY:
        yield from stored
    elif method == _ZSTD:
        yield from arrow_blocks("7z", "zstd", stored, say)
    elif method == _BZIP2:
        machine = bz2.BZ2Decompressor()
        try:
            for block in stored:
                rest = block
                while rest or not machine.needs_input:
                    if machine.eof:
                        rest, machine = machine.unused_data or rest, bz2.BZ2Decompressor()
                        if not rest:
                            break
                    if content := machine.decompress(rest, STEP_BYTES):
                        yield content
                    rest = machine.unused_data if machine.eof else b""
        except (OSError, EOFError, ValueError) as error:
            say(damaged("7z", error))
    else:
        inflate = zlib.decompressobj(-15)
        try:
            for block in stored:
                rest = block
                while rest and not inflate.eof:
                    if content := inflate.decompress(rest, STEP_BYTES):
                        yield content
                    rest = inflate.unconsumed_tail
        except zlib.error as error:
            say(damaged("7z", error))


CONTAINER: Final = Archive("7z", lambda head: head.startswith(MAGIC), _members, seeks=True)
