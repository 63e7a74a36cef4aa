"""bzip2: blocks of up to 900 kB, so damage costs the block it stands in and what follows."""

from __future__ import annotations

import bz2
from typing import Final, cast

from seawall.sources.containers.base import Blocks, Decompressor, Say, Wrapping, decompressed


def _is_one(head: bytes) -> bool:
    """`BZh1` to `BZh9`, then the magic of a block or of the end: three letters alone may begin a text."""
    return head[:3] == b"BZh" and head[3:4].isdigit() and head[4:10] in (b"1AY&SY", b"\x17rE8P\x90")


def _read(stored: Blocks, say: Say) -> Blocks:
    return decompressed("bz2", lambda: cast("Decompressor", bz2.BZ2Decompressor()), stored, say, (OSError, ValueError))


CONTAINER: Final = Wrapping("bz2", _is_one, _read)
