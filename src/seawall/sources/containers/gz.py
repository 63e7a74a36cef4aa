"""gzip (RFC 1952): one or more members, read to where they are cut off or broken."""

from __future__ import annotations

import zlib
from typing import Final

from seawall.sources.containers.base import READ_BYTES, Blocks, Say, Wrapping, cut_off, damaged

MAGIC: Final = b"\x1f\x8b"
_SALVAGE_STEP: Final = 256  # stored bytes; small, because a failing call gives nothing at all


def _read(stored: Blocks, say: Say) -> Blocks:
    inflate = zlib.decompressobj(wbits=31)
    started = False  # whether the present member has begun
    for block in stored:
        rest = block
        while rest:
            if not started:
                rest = rest.lstrip(b"\0")  # members may be padded with zeros
                inflate, started = zlib.decompressobj(wbits=31), bool(rest)
                continue
            before = inflate.copy()
            try:
                content = inflate.decompress(rest, READ_BYTES)
            except zlib.error:
                yield from _salvaged(before, rest)
                say(damaged("gz"))
                return
            if content:
                yield content
            rest = inflate.unused_data if inflate.eof else inflate.unconsumed_tail
            started = not inflate.eof
    if started:
        yield from _salvaged(inflate, b"")
        say(cut_off("gz"))


def _salvaged(inflate: zlib._Decompress, rest: bytes) -> Blocks:
    """What an inflater can still give of its last input, in small steps up to the damage."""
    try:
        for start in range(0, len(rest), _SALVAGE_STEP):
            if content := inflate.decompress(rest[start : start + _SALVAGE_STEP]):
                yield content
        if not inflate.eof and (content := inflate.flush()):
            yield content
    except zlib.error:
        return


CONTAINER: Final = Wrapping("gz", lambda head: head.startswith(MAGIC), _read)
