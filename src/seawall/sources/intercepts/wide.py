"""Exports saved in UTF-16, as a redirection of Windows' own shell writes them, handed on in UTF-8."""

from __future__ import annotations

import codecs
import io
from dataclasses import replace
from typing import BinaryIO, Final

from seawall.sources.base import Evidence

_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_BLOCK: Final = 1 << 16


class _Narrowed(io.RawIOBase):
    """UTF-16 octets as UTF-8; a sign that is none becomes the replacement character."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-16")("replace")
        self._rest = b""

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """The next octets."""
        while not self._rest:
            block = self._stream.read(_BLOCK)
            self._rest = self._decoder.decode(block, final=not block).encode("utf-8", "replace")
            if not block:
                break
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    def close(self) -> None:
        """Close the file below too."""
        if not self.closed:
            self._stream.close()
        super().close()


def narrowed(evidence: Evidence) -> Evidence:
    """The same evidence in UTF-8 where it begins with a mark of UTF-16; XML, whose reader knows it, stays as it is."""
    if not evidence.head.startswith(_MARKS):
        return evidence
    head = evidence.head.decode("utf-16", "replace")
    if head.lstrip(" \t\r\n").startswith("<"):  # the blanks of XML; others are text
        return evidence

    def opened() -> BinaryIO:
        return io.BufferedReader(_Narrowed(evidence.open()))

    return replace(evidence, head=head.encode("utf-8", "replace"), open=opened)
