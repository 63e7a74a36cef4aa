"""Text evidence in bounded blocks of whole lines, however dirty the bytes are.

Every text source reads through here, so that line numbers, encodings and monsters are dealt with once: UTF-8 (with or
without BOM), UTF-16 (with BOM) and lines of Latin-1 all become UTF-8; NUL bytes, which power cuts leave in log files,
are dropped, but one inside a text, which somebody put there, stays to be seen as U+FFFD; CRLF becomes LF; a line above
`MAX_LINE_BYTES` is never held in memory, only counted.
"""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from seawall.errors import InputError
from seawall.sources.base import BLOCK_BYTES, MAX_LINE_BYTES, Evidence, Shard

Positions = NDArray[np.int64]

_UTF16: Final = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
NOTE_NUL: Final = "NUL bytes dropped, or shown as U+FFFD inside a text"
_INSIDE: Final = re.compile(rb"(?<=[^\0\r\n])\0{1,3}(?=[^\0\r\n])")
_MOSTLY_NUL: Final = 8  # one byte in so many: not a text with a NUL in it, but one of two bytes a character
NOTE_LATIN1: Final = "lines that are not UTF-8 read as Latin-1"
NOTE_CUT: Final = "the last line has no line end; it may be cut off"


@dataclass(frozen=True, slots=True)
class LineBlock:
    """Some whole lines, one after another, as valid UTF-8.

    Line `i` is `data[starts[i]:ends[i]]`, without its line end, and stands on line `first + i` of the evidence.
    A line too long to hold has a block of its own: no lines, `too_long` its length in bytes, `first` its number.
    """

    data: bytes
    starts: Positions
    ends: Positions
    first: int
    read_bytes: int = 0  # decompressed bytes of the evidence this block used up
    too_long: int = 0
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.starts)

    def texts(self) -> Iterator[tuple[int, str]]:
        """(line number, text) of each line, for sources that read line by line."""
        return enumerate(self.whole().decode().split("\n") if len(self) else (), self.first)

    def whole(self) -> bytes:
        """All lines, a line feed between each two: a block's lines stand one behind the other."""
        return self.data[self.starts[0] : self.ends[-1]] if len(self) else b""


def line_blocks(evidence: Evidence) -> Iterator[LineBlock]:
    """The evidence's lines in blocks of about `BLOCK_BYTES`, in order.

    Raises:
        InputError: the file cannot be read on (disk error, broken compression).
    """
    try:
        with evidence.open() as stream:
            yield from _blocks(_utf8(stream))
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(
            f"cannot be read on: {getattr(error, 'strerror', None) or error}",
            where=evidence.origin,
            mend="copy the file again; what was read before this point was kept",
        ) from error


def shard_blocks(path: Path, shard: Shard) -> Iterator[LineBlock]:
    """The lines of one shard in the very blocks a reading of the whole file would give.

    Raises:
        InputError: the file cannot be read on, or has become shorter since it was cut into shards.
    """
    try:
        with path.open("rb") as stream:
            stream.seek(shard.start)
            carry = stream.read(shard.begin - shard.start)
            yield from _blocks(_pieces(stream, shard), carry, shard.line, last=shard.last)
            if stream.tell() < shard.end:
                raise InputError("became shorter while it was read", where=str(path), mend="copy it again")
    except OSError as error:
        raise InputError(f"cannot be read on: {error.strerror}", where=str(path), mend="copy it again") from error


def _pieces(stream: BinaryIO, shard: Shard) -> Iterator[tuple[bytes, int]]:
    at = shard.begin
    while at < shard.end and (piece := stream.read(min(shard.block, shard.end - at))):
        yield (piece if at else piece.removeprefix(codecs.BOM_UTF8)), len(piece)
        at += len(piece)


def blocks_of(data: bytes, first: int) -> Iterator[LineBlock]:
    """Blocks of whole lines that stand in memory, the last one ended too; `first` is the number of the first."""
    return _split(data, first, len(data))


def head_lines(head: bytes, limit: int) -> list[bytes]:
    """First whole lines of a head as UTF-8, for `sniff`; the last one may be cut off."""
    return list(_head_lines(head)[:limit])


@lru_cache(maxsize=2)  # every source asks for the same head
def _head_lines(head: bytes) -> tuple[bytes, ...]:
    for bom, encoding in _UTF16.items():
        if head.startswith(bom):
            head = head[2:].decode(encoding, "replace").encode()
    lines = head.removeprefix(codecs.BOM_UTF8).replace(b"\0", b"").splitlines()
    return tuple(line for line in lines if line.strip())


def _utf8(stream: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """Pieces of the stream without BOM, UTF-16 turned into UTF-8, each with its length as stored."""
    piece = stream.read(BLOCK_BYTES)
    encoding = _UTF16.get(piece[:2])
    if encoding is None:
        yield piece.removeprefix(codecs.BOM_UTF8), len(piece)
        while piece := stream.read(BLOCK_BYTES):
            yield piece, len(piece)
        return
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    text = piece[2:]
    while piece:
        yield decoder.decode(text).encode("utf-8", "replace"), len(piece)
        piece = text = stream.read(BLOCK_BYTES)
    yield decoder.decode(b"", final=True).encode("utf-8", "replace"), 0


def _blocks(
    pieces: Iterator[tuple[bytes, int]], carry: bytes = b"", number: int = 1, *, last: bool = True
) -> Iterator[LineBlock]:
    """`carry` is the start of a line whose rest follows; without `last`, what is left over belongs to another shard."""
    skipped = used = 0
    for piece, stored in pieces:
        used += stored
        if skipped:
            end = piece.find(b"\n")
            if end < 0:
                skipped += len(piece)
                continue
            yield _monster(number, skipped + end, used)
            number, skipped, used, piece = number + 1, 0, 0, piece[end + 1 :]
        data = carry + piece
        end = data.rfind(b"\n") + 1
        carry = data[end:]
        if end:
            yield from (found := list(_split(data[:end], number, used)))
            number, used = number + sum(len(block) or 1 for block in found), 0
        if len(carry) > MAX_LINE_BYTES:
            carry, skipped = b"", len(carry)
    if not last:
        return
    if skipped:
        yield _monster(number, skipped, used)
    elif carry:
        yield from _split(carry + b"\n", number, used, (NOTE_CUT,))
    elif used:
        yield LineBlock(b"", _NONE, _NONE, number, used)


def _split(data: bytes, first: int, used: int, notes: tuple[str, ...] = ()) -> Iterator[LineBlock]:
    """Blocks of the whole lines in `data`: one, unless lines too long to keep stand between."""
    if b"\0" in data:
        data, notes = _without_nul(data), (*notes, NOTE_NUL)
    try:
        data.decode()
    except UnicodeDecodeError:
        data, notes = b"".join(map(_line_as_utf8, data.splitlines(keepends=True))), (*notes, NOTE_LATIN1)
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n")
    ends = np.flatnonzero(np.frombuffer(data, np.uint8) == 10)
    starts = np.concatenate((np.zeros(1, np.int64), ends[:-1] + 1))
    begin = 0
    for monster in [*np.flatnonzero(ends - starts > MAX_LINE_BYTES).tolist(), len(ends)]:
        if monster > begin:
            yield LineBlock(data, starts[begin:monster], ends[begin:monster], first + begin, used, notes=notes)
            used, notes = 0, ()
        if monster < len(ends):
            yield _monster(first + monster, int(ends[monster] - starts[monster]), used)
            used = 0
        begin = monster + 1


def _without_nul(data: bytes) -> bytes:
    """The text without the NULs that a power cut or two bytes a character left; one inside a text as U+FFFD."""
    if data.count(b"\0") * _MOSTLY_NUL < len(data):
        data = _INSIDE.sub("\ufffd".encode(), data)
    return data.translate(None, b"\0")


def _line_as_utf8(line: bytes) -> bytes:
    try:
        line.decode()
    except UnicodeDecodeError:
        return line.decode("latin-1").encode()
    return line


_NONE: Final[Positions] = np.zeros(0, np.int64)


def _monster(number: int, length: int, used: int) -> LineBlock:
    return LineBlock(b"", _NONE, _NONE, number, used, too_long=length)
