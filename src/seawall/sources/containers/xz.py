"""xz: one or more streams; a dictionary larger than we allow is refused before it is allocated."""

from __future__ import annotations

import lzma
from typing import Final, cast

from seawall.sources.containers.base import MAX_MEMORY, Blocks, Decompressor, Say, Wrapping, decompressed


def _machine() -> Decompressor:
    return cast("Decompressor", lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=MAX_MEMORY))


def _read(stored: Blocks, say: Say) -> Blocks:
    return decompressed("xz", _machine, stored, say, (lzma.LZMAError,))


CONTAINER: Final = Wrapping("xz", lambda head: head.startswith(b"\xfd7zXZ\0"), _read)
