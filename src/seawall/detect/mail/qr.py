"""What the codes in pictures say (ISO/IEC 18004 and kin): decoded offline, in bounded steps; what is not read is told.

A telephone follows what a code says without anybody having seen it, so it is judged as any other link of the message.
"""

from __future__ import annotations

import base64
import binascii
import io
import re
import struct
import time
import warnings
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

MAX_IMAGES: Final = 12  # of one message
MAX_BYTES: Final = 12 << 20  # of one picture
MAX_PIXELS: Final = 16 << 20  # of one picture, before it is unpacked
MAX_ALL_PIXELS: Final = 48 << 20  # of all pictures of a message
MAX_SECONDS: Final = 3.0  # of processor time for one message; asked between pictures
MAX_CODES: Final = 8
_SMALLER: Final = 1_800  # pixels of a side from which a picture is scaled down first
_PICTURE: Final = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"BM", b"RIFF")
_FORMATS: Final = ("PNG", "JPEG", "GIF", "BMP", "WEBP")  # none of those that start a program of their own
_SIDE: Final = (60, 2_000)  # pixels of a code that a telephone can read
_TONES: Final = 4  # different bytes in its lines: black, white, and what the filters of PNG make of them
_DATA_URI: Final = re.compile(r"data:image/[\w.+-]{1,20}(?:;[\w=-]{1,40})*;base64,", re.I)
_LINK: Final = re.compile(r"\b(https?)://([^\s/?#\"'<>]{1,255})([^\s\"'<>]{0,2000})", re.I)
_BARE: Final = re.compile(r"((?:[\w-]{1,63}\.){1,6}[a-z]{2,24})(?::\d{1,5})?(/[^\s]{0,2000})?", re.I)
_BY_ITSELF: Final = re.compile(r"(?:mailto|tel|sms|smsto|wifi|bitcoin|geo|begin|otpauth|matmsg):", re.I)


@dataclass(frozen=True, slots=True)
class Code:
    """A picture with a code, or one that looks like it."""

    name: str  # file name of the picture, or `inline picture`
    says: str = ""  # what it says, at most 2,000 characters; empty if it was not read
    why: str = ""  # why it was not read

    @property
    def link(self) -> str:
        """The address a telephone would open; empty if there is none."""
        if found := _LINK.search(self.says):
            return f"{found[1].lower()}://{found[2].lower()}{found[3]}"
        bare = None if _BY_ITSELF.match(self.says) else _BARE.fullmatch(self.says.strip())
        return f"https://{self.says.strip()}" if bare else ""


def is_picture(content: bytes) -> bool:
    """Whether bytes begin as a picture that can be looked into, whatever it is called."""
    return content.startswith(_PICTURE)


def codes_in(pictures: Iterable[tuple[str, bytes]]) -> list[Code]:
    """What the codes in pictures say; of pictures that look like a code and could not be read, why."""
    found: list[Code] = []
    reader = _reader()
    left, began = MAX_ALL_PIXELS, time.process_time()
    for number, (name, content) in enumerate(pictures):
        if len(found) >= MAX_CODES:
            break
        if not is_picture(content):
            continue
        if number >= MAX_IMAGES or left <= 0 or time.process_time() - began > MAX_SECONDS:
            found.append(Code(name, why="more pictures than are looked into"))
            break
        said: list[str] = []
        why = "the part that reads codes is not installed (make extras)"
        if reader is not None:
            why, said, used = _read(reader, content, left)
            left -= used
        found += [Code(name, text[:2_000]) for text in said[:MAX_CODES]]
        if not said and (why.startswith("larger") or looks_like_a_code(content)):
            found.append(Code(name, why=why or "no code could be made out"))
    return found[:MAX_CODES]


def _reader() -> Any:
    """The decoder; None where it is not installed."""
    try:
        import PIL.Image
        import zxingcpp
    except ImportError:
        return None
    return PIL.Image, zxingcpp


def _read(reader: Any, content: bytes, left: int) -> tuple[str, list[str], int]:
    """(why nothing was read, what the codes say, pixels looked at)."""
    images, zxing = reader
    if len(content) > MAX_BYTES:
        return f"larger than {MAX_BYTES >> 20} MiB", [], 0
    one = zxing.BarcodeFormat
    kinds = zxing.BarcodeFormats([one.QRCode, one.MicroQRCode, one.Aztec, one.DataMatrix])
    pixels = 0
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of pictures that are large or damaged: said below
            with images.open(io.BytesIO(content), formats=_FORMATS) as picture:
                pixels = picture.width * picture.height
                if pixels > min(MAX_PIXELS, left):
                    return f"larger than {min(MAX_PIXELS, left):,} pixels", [], 0
                grey = _grey(images, picture)
                if max(grey.size) > _SMALLER:
                    grey.thumbnail((_SMALLER, _SMALLER))
        found = zxing.read_barcodes(grey, formats=kinds)
    except images.DecompressionBombError:
        return "larger than can be unpacked safely", [], 0
    except (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError) as error:
        return f"damaged: {str(error)[:80]}", [], pixels
    except (EOFError, struct.error, zlib.error, ArithmeticError, MemoryError, RuntimeError) as error:
        return f"damaged: {type(error).__name__}", [], pixels
    return "", list(dict.fromkeys(code.text for code in found if code.valid and code.text)), pixels


def _grey(images: Any, picture: Any) -> Any:
    """The first frame in grey, on white where it is transparent: as a screen shows it."""
    if picture.mode in ("1", "L", "I;16", "I", "F"):
        return picture.convert("L")
    clear = picture.convert("RGBA")
    sheet = images.new("RGBA", clear.size, "white")
    sheet.alpha_composite(clear)
    return sheet.convert("L")


def pictures_of_page(sources: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Pictures a page carries in itself (RFC 2397)."""
    for source in sources:
        if head := _DATA_URI.match(source):
            try:
                coded = re.sub(r"%[0-9a-fA-F]{2}|[^A-Za-z0-9+/]", "", source[head.end() :])
                yield "inline picture", base64.b64decode(coded[: len(coded) // 4 * 4] + _pad(coded))
            except (binascii.Error, ValueError):
                continue  # not base64: no program shows it either


def _pad(coded: str) -> str:
    rest = coded[len(coded) // 4 * 4 :]
    return rest + "=" * (-len(rest) % 4) if len(rest) > 1 else ""


def looks_like_a_code(image: bytes) -> bool:
    """Whether a PNG (ISO/IEC 15948) is a square of two tones, half dark and half light, as a QR code is."""
    if not image.startswith(_PICTURE[0]) or image[12:16] != b"IHDR" or len(image) < 33:
        return False
    width, height, depth, colour = struct.unpack(">IIBB", image[16:26])
    if width != height or not _SIDE[0] <= width <= _SIDE[1]:
        return False
    try:
        lines = zlib.decompressobj().decompress(_pixels(image), 4 << 20)
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
