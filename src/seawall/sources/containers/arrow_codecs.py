"""Decompression by the codecs that come with Arrow: no dependency more."""

from __future__ import annotations

import io

import pyarrow as pa

from seawall.sources.containers.base import STEP_BYTES, Blocks, Say, cut_off, damaged


class _Blocks(io.RawIOBase):
    """A raw stream over blocks of bytes, none of them empty; `taken` counts what went through."""

    def __init__(self, blocks: Blocks) -> None:
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


def stream_of(blocks: Blocks, buffer: int = 1 << 20) -> io.BufferedReader:
    """A readable stream over blocks."""
    return io.BufferedReader(_Blocks(blocks), buffer)


def arrow_blocks(name: str, codec: str, stored: Blocks, say: Say) -> Blocks:
    """The content of frames one after another, ending where it is cut off or broken."""
    with pa.CompressedInputStream(pa.PythonFile(stream_of(stored), mode="r"), codec) as stream:
        while True:
            try:
                content = stream.read(STEP_BYTES)
            except (OSError, pa.ArrowException) as error:
                say(cut_off(name) if "runcated" in str(error) else damaged(name, error))
                return
            if not content:
                return
            yield content
