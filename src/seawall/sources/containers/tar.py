"""tar (POSIX.1-2001 ustar and pax, GNU long names), read as a stream and never written to a disk as it says.

Paths, links, devices and owners in a tar are data: nothing is created from them. The reader is our own because the
library's holds a hostile pax header of any size in memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from seawall.sources.containers.base import (
    MAX_NAME_BYTES,
    READ_BYTES,
    Archive,
    Blocks,
    Member,
    Say,
    cut_off,
    damaged,
    no_blocks,
)

BLOCK: Final = 512
_MAX_HEADER: Final = 1 << 20  # of a pax or long-name record; larger ones are passed over
_MAX_SIZE: Final = 1 << 56
_FILES: Final = frozenset(b"0\0" + b"7")
_WORDS: Final = {b"1": "a hard link", b"2": "a link", b"3": "a device", b"4": "a device", b"6": "a fifo"}
_PAX: Final = re.compile(rb"(\d{1,20}) ([^=\n]{1,256})=")


def _is_one(head: bytes) -> bool:
    """A first header whose checksum is right; the magic alone is missing from old tars."""
    return len(head) >= BLOCK and _checksum_is_right(head[:BLOCK]) and any(head[:100])


def _checksum_is_right(header: bytes) -> bool:
    said = _number(header[148:156])
    bare = header[:148] + b" " * 8 + header[156:]
    return said is not None and said > 0 and said == sum(bare)


def _number(field: bytes) -> int | None:
    """An octal number, or a binary one where the first bit is set (GNU)."""
    if field[:1] in (b"\x80", b"\xff"):
        return int.from_bytes(field[1:], "big") if field[:1] == b"\x80" else None
    text = field.strip(b"\0 ")
    if not text:
        return 0
    return int(text, 8) if re.fullmatch(rb"[0-7]+", text) else None


class _Tar:
    """A tar being read from its start to its end."""

    def __init__(self, stream: BinaryIO, say: Say) -> None:
        self._stream, self._say = stream, say
        self._left = 0  # bytes of the present member and its padding not yet drawn
        self._name: bytes | None = None  # from a long-name or pax record before the member
        self._size: int | None = None
        self._sparse = False

    def members(self) -> Iterator[Member]:
        lost = False
        while True:
            self._skip()
            header = self._read(BLOCK)
            if not header.strip(b"\0") and len(header) == BLOCK:
                continue  # two such blocks end an archive; more may follow where tars were put together
            if len(header) < BLOCK:
                if header.strip(b"\0"):
                    self._say(cut_off("tar"))
                return
            if not _checksum_is_right(header):
                if not lost:
                    self._say("tar is damaged; going on with the next member that can be found")
                lost = True
                continue
            lost = False
            if (member := self._member(header)) is not None:
                yield member

    def _member(self, header: bytes) -> Member | None:
        kind = header[156:157]
        size = _number(header[124:136])
        if size is None or size > _MAX_SIZE:
            self._say(damaged("tar"))
            return None
        if kind in b"xgLKXN" and kind:
            self._extend(kind, size)
            return None
        size = size if self._size is None else self._size
        name = self._name if self._name is not None else _ustar_name(header)
        sparse = self._sparse or kind == b"S"
        self._name, self._size, self._sparse = None, None, False
        has_content = kind in b"0\x007S" or kind not in b"123456"
        self._left = _padded(size) if has_content else 0
        shown = name[:MAX_NAME_BYTES].decode("utf-8", "surrogateescape")
        if kind == b"5" or name.endswith(b"/"):
            return None
        if sparse:
            return Member(shown, no_blocks(), "a sparse file; unpack the tar by hand to read it")
        if kind in _WORDS:
            return Member(shown, no_blocks(), f"{_WORDS[kind]} in an archive: noted, not followed", wrong=False)
        return Member(shown, self._content(size))

    def _extend(self, kind: bytes, size: int) -> None:
        """A record that says something of the next member: its long name, its size beyond 8 GiB."""
        self._left = _padded(size)
        if size > _MAX_HEADER:
            self._say(f"tar holds a header of {size} bytes; passed over")
            return
        record = b"".join(self._content(size))
        if kind == b"L":
            self._name = record.rstrip(b"\0")
        elif kind in b"xX":
            self._take_pax(record)

    def _take_pax(self, record: bytes) -> None:
        at = 0
        while (found := _PAX.match(record, at)) is not None:
            end = at + int(found[1])
            if end <= found.end() or end > len(record):
                return
            value = record[found.end() : end - 1]
            if found[2] == b"path":
                self._name = value
            elif found[2] == b"size" and value.isdigit() and len(value) < 18:
                self._size = int(value)
            elif found[2].startswith(b"GNU.sparse"):
                self._sparse = True
            at = end

    def _content(self, size: int) -> Blocks:
        left = size
        while left:
            block = self._read(min(left, READ_BYTES))
            if not block:
                self._say(cut_off("tar"))
                self._left = 0
                return
            left -= len(block)
            self._left -= len(block)
            yield block

    def _skip(self) -> None:
        while self._left > 0:
            block = self._read(min(self._left, READ_BYTES))
            if not block:
                self._say(cut_off("tar"))
                self._left = 0
                return
            self._left -= len(block)

    def _read(self, count: int) -> bytes:
        """Up to `count` bytes; fewer only at the end of the stream."""
        found = self._stream.read(count)
        while 0 < len(found) < count and (more := self._stream.read(count - len(found))):
            found += more
        return found


def _ustar_name(header: bytes) -> bytes:
    name = header[:100].split(b"\0")[0]
    prefix = header[345:500].split(b"\0")[0] if header[257:263] == b"ustar\0" else b""
    return prefix + b"/" + name if prefix else name


def _padded(size: int) -> int:
    return -(-size // BLOCK) * BLOCK


def _members(stream: BinaryIO, say: Say) -> Iterator[Member]:
    return _Tar(stream, say).members()


CONTAINER: Final = Archive("tar", _is_one, _members)
