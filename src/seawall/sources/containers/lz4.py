"""LZ4 frames (the format of the `lz4` program)."""

from __future__ import annotations

from typing import Final

from seawall.sources.containers.arrow_codecs import arrow_blocks
from seawall.sources.containers.base import Blocks, Say, Wrapping


def _read(stored: Blocks, say: Say) -> Blocks:
    return arrow_blocks("lz4", "lz4", stored, say)


CONTAINER: Final = Wrapping("lz4", lambda head: head.startswith(b"\x04\x22\x4d\x18"), _read)
