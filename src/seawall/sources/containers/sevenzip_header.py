"""The header of a 7z: which members there are, and how their content is packed (7zFormat.txt of the LZMA SDK)."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field, replace
from typing import BinaryIO, Final

from seawall.sources.containers.base import MAX_NAME_BYTES

MAX_HEADER: Final = 32 << 20  # bytes
MAX_ITEMS: Final = 1_000_000  # of anything a header counts
_END, _HEADER, _ARCHIVE, _STREAMS, _FILES = 0, 1, 2, 4, 5
_PACK, _UNPACK, _SUBS, _SIZE, _CRC, _FOLDER, _CODER_SIZES, _COUNT = 6, 7, 8, 9, 10, 11, 12, 13
_EMPTY_STREAM, _EMPTY_FILE, _NAMES, _ATTRIBUTES, _ENCODED = 14, 15, 17, 21, 23


class Broken(Exception):  # noqa: N818 - never leaves the room
    """The header makes no sense."""


@dataclass(frozen=True, slots=True)
class Coder:
    """One step of packing."""

    method: bytes
    properties: bytes
    simple: bool  # one stream in, one out


@dataclass(frozen=True, slots=True)
class Folder:
    """Members packed together."""

    coders: tuple[Coder, ...]  # the one that gives the content first
    unpacked: int = 0  # bytes of content
    offset: int = 0  # of the packed bytes, in the file
    packed: int = 0  # bytes
    sizes: tuple[int, ...] = ()  # of the members
    main: int = 0  # which coder gives the content
    summed: bool = False  # whether a checksum of the whole is kept


@dataclass(frozen=True, slots=True)
class Entry:
    """One name."""

    name: str
    has_stream: bool
    is_folder: bool
    is_link: bool


@dataclass(frozen=True, slots=True)
class Header:
    """Everything a 7z lists."""

    folders: tuple[Folder, ...] = ()
    entries: tuple[Entry, ...] = ()


class _Bytes:
    """Reads a header from its start to its end, and never further."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def take(self, count: int) -> bytes:
        if count < 0 or self._at + count > len(self._data):
            raise Broken("")
        self._at += count
        return self._data[self._at - count : self._at]

    def byte(self) -> int:
        return self.take(1)[0]

    def number(self) -> int:
        """7z's own numbers: the first byte says how many follow."""
        first, value, mask = self.byte(), 0, 0x80
        for index in range(8):
            if not first & mask:
                return value | (first & (mask - 1)) << 8 * index
            value |= self.byte() << 8 * index
            mask >>= 1
        return value

    def count(self) -> int:
        """A number of things, of which no honest archive has more than `MAX_ITEMS`."""
        if (count := self.number()) > MAX_ITEMS:
            raise Broken("7z claims more members than any archive has; unpack it by hand")
        return count

    def bits(self, count: int) -> list[bool]:
        raw = self.take((count + 7) // 8)
        return [bool(raw[i >> 3] & 0x80 >> (i & 7)) for i in range(count)]

    def maybe_all(self, count: int) -> list[bool]:
        return [True] * count if self.byte() else self.bits(count)


def read_header(stream: BinaryIO) -> tuple[Header, Folder | None]:
    """The header of the 7z in `stream`, or the folder in which it is packed. Raises `Broken`."""
    stream.seek(0)
    start = stream.read(32)
    if len(start) < 32 or zlib.crc32(start[12:32]) != int.from_bytes(start[8:12], "little"):
        raise Broken("")
    offset, size = int.from_bytes(start[12:20], "little"), int.from_bytes(start[20:28], "little")
    if not size:
        return Header(), None
    if size > MAX_HEADER:
        raise Broken(f"7z lists more than {MAX_HEADER >> 20} MiB of names; unpack it by hand")
    if stream.seek(0, 2) < 32 + offset + size:
        raise Broken("")
    stream.seek(32 + offset)
    content = stream.read(size)
    if len(content) < size or zlib.crc32(content) != int.from_bytes(start[28:32], "little"):
        raise Broken("")
    if content[0] != _ENCODED:
        return streams_of(content), None
    folders = _streams(_Bytes(content[1:]))
    if len(folders) != 1 or folders[0].unpacked > MAX_HEADER:
        raise Broken("")
    return Header(), folders[0]


def streams_of(content: bytes) -> Header:
    """What an unpacked header lists. Raises `Broken`."""
    data = _Bytes(content)
    if data.byte() != _HEADER:
        raise Broken("")
    folders: tuple[Folder, ...] = ()
    entries: tuple[Entry, ...] = ()
    while (tag := data.byte()) != _END:
        if tag == _ARCHIVE:
            while data.byte() != _END:
                data.take(data.number())
        elif tag == _STREAMS:
            folders = _streams(data)
        elif tag == _FILES:
            entries = _files(data)
        else:
            raise Broken("")
    return Header(folders, entries)


def _streams(data: _Bytes) -> tuple[Folder, ...]:
    position, packed = 0, [0]
    folders: list[Folder] = []
    while (tag := data.byte()) != _END:
        if tag == _PACK:
            position, packed = _pack(data)
        elif tag == _UNPACK:
            folders = _unpack(data)
        elif tag == _SUBS:
            folders = _substreams(data, folders)
        else:
            raise Broken("")
    placed = []
    offset = 32 + position
    for index, one in enumerate(folders):  # folders of one packed stream each; others are said when they are read
        size = packed[index] if index < len(packed) else 0
        placed.append(replace(one, offset=offset, packed=size, sizes=one.sizes or (one.unpacked,)))
        offset += size
    return tuple(placed)


def _pack(data: _Bytes) -> tuple[int, list[int]]:
    position, count, sizes = data.number(), data.count(), [0]
    while (tag := data.byte()) != _END:
        if tag == _SIZE:
            sizes = [data.number() for _ in range(count)]
        elif tag == _CRC:
            _digests(data, count)
        else:
            raise Broken("")
    return position, sizes


def _digests(data: _Bytes, count: int) -> list[bool]:
    there = data.maybe_all(count)
    data.take(4 * sum(there))
    return there


def _unpack(data: _Bytes) -> list[Folder]:
    if data.byte() != _FOLDER:
        raise Broken("")
    count = data.count()
    if data.byte():
        raise Broken("7z keeps its list elsewhere, which is not read; unpack it by hand")
    folders = [_folder(data) for _ in range(count)]
    if data.byte() != _CODER_SIZES:
        raise Broken("")
    sized = []
    for one in folders:
        outs = [data.number() for _ in one.coders]
        sized.append(replace(one, unpacked=outs[one.main]))
    while (tag := data.byte()) != _END:
        if tag != _CRC:
            raise Broken("")
        sums = _digests(data, count)
        sized = [replace(one, summed=has) for one, has in zip(sized, sums, strict=True)]
    return sized


def _folder(data: _Bytes) -> Folder:
    coders = []
    ins = outs = 0
    number = data.count()
    if not 0 < number <= 16:
        raise Broken("")
    for _ in range(number):
        flags = data.byte()
        method = data.take(flags & 0x0F)
        takes, gives = (data.count(), data.count()) if flags & 0x10 else (1, 1)
        properties = data.take(data.count()) if flags & 0x20 else b""
        coders.append(Coder(method, properties, takes == gives == 1))
        ins, outs = ins + takes, outs + gives
    bound = {}  # whose input is whose output
    for _ in range(max(0, outs - 1)):
        taker = data.count()
        bound[taker] = data.count()
    packed = ins - max(0, outs - 1)
    if packed > 1:
        for _ in range(packed):
            data.count()
    main = next((i for i in range(number) if i not in bound.values()), 0)
    order = [main]
    while bound.get(order[-1], number) < number and len(order) < number:
        order.append(bound[order[-1]])
    return Folder(tuple(coders[i] for i in order) if len(order) == number else tuple(coders), main=main)


def _substreams(data: _Bytes, folders: list[Folder]) -> list[Folder]:
    counts = [1] * len(folders)
    sizes: list[tuple[int, ...]] = [(one.unpacked,) for one in folders]
    tag = data.byte()
    if tag == _COUNT:
        counts = [data.count() for _ in folders]
        tag = data.byte()
    if sum(counts) > MAX_ITEMS:
        raise Broken("7z claims more members than any archive has; unpack it by hand")
    sizes = []
    for one, count in zip(folders, counts, strict=True):
        known = [data.number() for _ in range(max(0, count - 1))] if tag == _SIZE else []
        last = one.unpacked - sum(known)
        if last < 0:
            raise Broken("")
        sizes.append((*known, last) if count else ())
    if tag == _SIZE:
        tag = data.byte()
    while tag != _END:
        if tag != _CRC:
            raise Broken("")
        _digests(data, sum(n for one, n in zip(folders, counts, strict=True) if n != 1 or not one.summed))
        tag = data.byte()
    return [replace(one, sizes=size) for one, size in zip(folders, sizes, strict=True)]


@dataclass(slots=True)
class _Listing:
    names: list[str] = field(default_factory=list)
    empty: list[bool] = field(default_factory=list)
    empty_files: list[bool] = field(default_factory=list)
    attributes: dict[int, int] = field(default_factory=dict)


def _files(data: _Bytes) -> tuple[Entry, ...]:
    count = data.count()
    found = _Listing(empty=[False] * count)
    while (tag := data.byte()) != _END:
        part = _Bytes(data.take(data.number()))
        if tag == _EMPTY_STREAM:
            found.empty = part.bits(count)
        elif tag == _EMPTY_FILE:
            found.empty_files = part.bits(sum(found.empty))
        elif tag == _NAMES and part.byte() == 0:
            raw = part._data[part._at :].decode("utf-16-le", "replace")
            found.names = [name[:MAX_NAME_BYTES] for name in raw.split("\0")[:count]]
        elif tag == _ATTRIBUTES:
            there = part.maybe_all(count)
            part.byte()
            found.attributes = {i: int.from_bytes(part.take(4), "little") for i, has in enumerate(there) if has}
    return tuple(_entries(found, count))


def _entries(found: _Listing, count: int) -> list[Entry]:
    entries, empties = [], iter(found.empty_files)
    names = found.names + [f"member {i + 1}" for i in range(len(found.names), count)]
    for index in range(count):
        attributes = found.attributes.get(index, 0)
        is_empty = found.empty[index]
        is_folder = is_empty and not next(empties, False)
        is_link = bool(attributes & 0x8000) and attributes >> 16 & 0o170000 == 0o120000
        entries.append(Entry(names[index], not is_empty, is_folder, is_link))
    return entries
