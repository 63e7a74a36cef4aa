"""Pictures that look like a QR code. What a code says is not read: no decoder of ours exists yet, and that is told."""

from __future__ import annotations

import struct
import zlib
from typing import Final

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_SIDE: Final = (60, 2_000)  # pixels of a code that a telephone can read
_TONES: Final = 4  # different bytes in its lines: black, white, and what the filters of PNG make of them
MAX_PIXELS: Final = 4 << 20


def looks_like_a_code(image: bytes) -> bool:
    """Whether a PNG (ISO/IEC 15948) is a square of two tones, half dark and half light, as a QR code is."""
    if not image.startswith(_SIGNATURE) or image[12:16] != b"IHDR" or len(image) < 33:
        return False
    width, height, depth, colour = struct.unpack(">IIBB", image[16:26])
    if width != height or not _SIDE[0] <= width <= _SIDE[1]:
        return False
    try:
        lines = zlib.decompressobj().decompress(_pixels(image), MAX_PIXELS)
    except zlib.error:
        return False
    step = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}.get(colour, 1)
    length = (width * depth * step + 7) // 8 + 1
    rows = {lines[at + 1 : at + length] for at in range(0, len(lines) - length + 1, length)}
    tones = set(b"".join(rows)) if depth == 8 else {0, 255}
    return len(tones) <= _TONES and 12 <= len(rows) <= width


def _pixels(image: bytes) -> bytes:
    """The compressed lines of a PNG, from all its IDAT chunks."""
    found: list[bytes] = []
    at = 8
    while at + 8 <= len(image) and len(found) < 1_000:
        (size,) = struct.unpack(">I", image[at : at + 4])
        if image[at + 4 : at + 8] == b"IDAT":
            found.append(image[at + 8 : at + 8 + size])
        at += 12 + size
    return b"".join(found)
