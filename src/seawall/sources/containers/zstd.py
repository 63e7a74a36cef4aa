"""Zstandard (RFC 8878): frames, windows up to 128 MiB as `zstd` itself allows by default."""

from __future__ import annotations

from typing import Final

from seawall.sources.containers.arrow_codecs import arrow_blocks
from seawall.sources.containers.base import Blocks, Say, Wrapping


def _read(stored: Blocks, say: Say) -> Blocks:
    return arrow_blocks("zst", "zstd", stored, say)


CONTAINER: Final = Wrapping("zst", lambda head: head.startswith(b"\x28\xb5\x2f\xfd"), _read)
