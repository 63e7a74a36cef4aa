"""Reads text evidence in blocks of whole lines, so that memory stays bounded whatever a file holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from seawall.sources.base import BLOCK_BYTES, MAX_LINE_BYTES


@dataclass(frozen=True, slots=True)
class Block:
    """Some neighbouring lines of a file."""

    lines: list[bytes]  # without their line feeds; a carriage return before one is still there
    first: int  # number of the first line, from 1
    size: int  # bytes of the file it stands for
    data: bytes = b""  # the lines in one piece, parted by line feeds
    too_long: bool = False  # the one line that stood here was longer than MAX_LINE_BYTES; `lines` is empty
    cut: bool = False  # the last line has no line feed: the file ends in it


def read_blocks(stream: BinaryIO) -> Iterator[Block]:
    """The lines of a stream, a few megabytes at a time; lines longer than `MAX_LINE_BYTES` are passed over."""
    number = 1
    rest = b""
    while data := stream.read(BLOCK_BYTES):
        data = rest + data
        whole = data.rfind(b"\n") + 1
        rest = data[whole:]
        for block in _whole_lines(data[:whole], number):
            number = block.first + max(1, len(block.lines))
            yield block
        if len(rest) > MAX_LINE_BYTES:
            skipped, rest, ended = _pass_over(stream, rest)
            yield Block([], number, skipped, too_long=True)
            number += 1
            if not ended:
                return
    whole = rest.rfind(b"\n") + 1  # whole lines may stand behind one that was passed over
    for block in _whole_lines(rest[:whole], number):
        number = block.first + max(1, len(block.lines))
        yield block
    if last := rest[whole:]:
        too_long = len(last) > MAX_LINE_BYTES
        yield (
            Block([], number, len(last), too_long=True)
            if too_long
            else Block([last], number, len(last), last, cut=True)
        )


def _whole_lines(data: bytes, first: int) -> Iterator[Block]:
    """Blocks of lines that all end in a line feed."""
    if data:
        piece = data[:-1]
        yield from _without_giants(piece.split(b"\n"), first, piece)


def _without_giants(lines: list[bytes], first: int, data: bytes) -> Iterator[Block]:
    """Blocks of the lines that are short enough, and one empty block for each that is not."""
    if max(map(len, lines)) <= MAX_LINE_BYTES:
        yield Block(lines, first, len(data) + 1, data)
        return
    start = 0
    for index, line in enumerate(lines):
        if len(line) > MAX_LINE_BYTES:
            if index > start:
                yield from _whole(lines[start:index], first + start)
            yield Block([], first + index, len(line) + 1, too_long=True)
            start = index + 1
    if start < len(lines):
        yield from _whole(lines[start:], first + start)


def _whole(lines: list[bytes], first: int) -> Iterator[Block]:
    data = b"\n".join(lines)
    yield Block(lines, first, len(data) + 1, data)


def _pass_over(stream: BinaryIO, start: bytes) -> tuple[int, bytes, bool]:
    """Skip to the end of a line: bytes passed over, what was read after it, and whether it ended."""
    skipped = len(start)
    while data := stream.read(BLOCK_BYTES):
        line, feed, rest = data.partition(b"\n")
        skipped += len(line) + len(feed)
        if feed:
            return skipped, rest, True
    return skipped, b"", False
