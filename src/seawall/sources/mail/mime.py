"""MIME in bounded steps (RFC 2045 to 2049): a message's header and its leaf parts, whatever was done to break it.

Python's own parser recurses, so a message nested deep enough fells it; this walk keeps its own stack, and stops at
limits a reader can see in the list of defects.
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.header import decode_header
from typing import Final

MAX_DEPTH: Final = 60
MAX_PARTS: Final = 1_000
MAX_HEADER_BYTES: Final = 512 << 10
MAX_FIELDS: Final = 2_000
MAX_WORK_BYTES: Final = 512 << 20  # bytes looked at in all: each level of nesting looks at its content again
_FIELD: Final = re.compile(rb"([!-9;-~]{1,100})[ \t]*:(.*)$", re.S)
_PARAMETER: Final = re.compile(r";\s*([\w*.'%-]{1,60})\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^\s;\"]*))")
UNSEEN: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Header:
    """The fields above a body, in order, unfolded, names in lower case."""

    fields: tuple[tuple[str, str], ...] = ()
    size: int = 0  # bytes up to the body

    def first(self, name: str) -> str:
        """The first field of a name; empty if there is none."""
        return next((value for key, value in self.fields if key == name), "")

    def all(self, name: str) -> list[str]:
        """Every field of a name, topmost first."""
        return [value for key, value in self.fields if key == name]


@dataclass(frozen=True, slots=True)
class Part:
    """A leaf of a message."""

    type: str  # lower case, e.g. text/html
    charset: str
    name: str  # file name; empty if it has none
    attached: bool  # by its disposition or its name
    content: bytes  # decoded


@dataclass(slots=True)
class Walk:
    """What a walk met beside the parts."""

    defects: dict[str, None] = field(default_factory=dict)  # a set that keeps its order
    types: dict[str, None] = field(default_factory=dict)
    left: int = MAX_WORK_BYTES

    def blame(self, what: str) -> None:
        """Note a defect, once."""
        self.defects[what] = None


def read_header(message: bytes) -> Header:
    """The header at the start of a message or part; a line that is no field ends it (RFC 5322, 2.2)."""
    end = len(message)
    for mark in (b"\r\n\r\n", b"\n\n"):
        at = message.find(mark, 0, MAX_HEADER_BYTES + 4)
        if at >= 0 and at + len(mark) < end:
            end = at + len(mark)
    if message[:1] == b"\n" or message[:2] == b"\r\n":
        return Header((), 1 if message[:1] == b"\n" else 2)
    lines: list[bytes] = []
    for line in message[: min(end, MAX_HEADER_BYTES)].replace(b"\r\n", b"\n").split(b"\n"):
        if line[:1] in (b" ", b"\t") and lines:
            lines[-1] += b" " + line.strip()
        elif line:
            lines.append(line)
    fields = []
    for line in lines[:MAX_FIELDS]:
        if found := _FIELD.match(line):
            fields.append((found[1].decode("ascii").lower(), _as_text(found[2]).strip()))
    return Header(tuple(fields), end)


def too_long(message: bytes, header: Header) -> str:
    """Why a header was not read to its end; empty if it was. What is missing, its sender may be, is then unknown."""
    if len(header.fields) >= MAX_FIELDS:
        return f"its header has {MAX_FIELDS} fields or more"
    if header.size == len(message) > MAX_HEADER_BYTES:
        return f"its header is longer than {MAX_HEADER_BYTES >> 10} KiB"
    return ""


def _as_text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def parts_of(message: bytes, walk: Walk) -> Iterator[Part]:
    """The leaves of a message, in order; attached messages are walked too, and are leaves themselves."""
    stack = [(message, 0, "text/plain")]
    given = 0
    while stack:
        content, depth, unnamed = stack.pop()
        walk.left -= len(content)
        if walk.left < 0:
            walk.blame("too much nested content")
            return
        header = read_header(content)
        body = content[header.size :]
        type_, parameters = typed(header.first("content-type") or unnamed)
        walk.types.setdefault(type_)
        boundary = parameters.get("boundary", "")
        if type_.startswith("multipart/") and boundary and depth < MAX_DEPTH:
            inner = "message/rfc822" if type_ == "multipart/digest" else "text/plain"
            pieces = _pieces(body, boundary.encode("utf-8", "replace"), walk)
            stack += [(piece, depth + 1, inner) for piece in reversed(pieces)]
            continue
        if type_.startswith("multipart/"):
            walk.blame("nested too deep" if boundary else "multipart without boundary")
        given += 1
        if given > MAX_PARTS:
            walk.blame(f"more than {MAX_PARTS} parts")
            return
        decoded = _decoded(body, header.first("content-transfer-encoding"), walk)
        disposition, more = typed(header.first("content-disposition") or "inline")
        name = display(more.get("filename") or parameters.get("name") or "", 255)
        attached = disposition == "attachment" or bool(name) or type_ == "message/rfc822"
        yield Part(type_, parameters.get("charset", ""), name, attached, decoded)
        if type_ in ("message/rfc822", "message/global") and depth < MAX_DEPTH:
            stack.append((decoded, depth + 1, "text/plain"))


def _pieces(body: bytes, boundary: bytes, walk: Walk) -> list[bytes]:
    """The parts between boundary lines; what stands before the first and after the last is no part."""
    marks = list(re.finditer(rb"(?:\A|\r?\n)--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r?\n|\Z)", body))
    pieces = []
    for number, mark in enumerate(marks, 1):
        after = marks[number] if number < len(marks) else None
        if mark[1]:
            break
        if after is None:
            walk.blame("multipart is not closed")
        pieces.append(body[mark.end() : after.start() if after else len(body)].removeprefix(b"\r").removeprefix(b"\n"))
        if len(pieces) > MAX_PARTS:
            walk.blame(f"more than {MAX_PARTS} parts")
            break
    if not marks:
        walk.blame("multipart without parts")
    return pieces


def _decoded(body: bytes, encoding: str, walk: Walk) -> bytes:
    match encoding.partition(";")[0].strip().lower():
        case "base64":
            plain = re.sub(rb"[^A-Za-z0-9+/]", b"", body)
            try:
                return base64.b64decode(plain + b"=" * (-len(plain) % 4))
            except binascii.Error:
                walk.blame("base64 is damaged")
                return base64.b64decode(plain[: len(plain) // 4 * 4])
        case "quoted-printable":
            return quopri.decodestring(body)
        case "" | "7bit" | "8bit" | "binary":
            return body
        case _:
            walk.blame("unknown transfer encoding")
            return body


def typed(value: str) -> tuple[str, dict[str, str]]:
    """A type and its parameters, e.g. of Content-Type (RFC 2045; names split or encoded as in RFC 2231)."""
    type_ = display(value.partition(";")[0], 100).strip().lower()
    found: dict[str, str] = {}
    for match in list(_PARAMETER.finditer(value[:8_192]))[:50]:
        name = match[1].lower()
        text = re.sub(r"\\(.)", r"\1", match[2]) if match[2] is not None else match[3]
        base, star, rest = name.partition("*")
        if star and (rest == "" or rest.endswith("*") or rest.isdigit()):
            text = _percent(text) if rest == "" or rest.endswith("*") else text
            found[base] = found.get(base, "") + text
        else:
            found.setdefault(name, text)
    return type_, found


def _percent(text: str) -> str:
    charset, quote, rest = text.partition("''")
    raw = re.sub(rb"%([0-9a-fA-F]{2})", lambda m: bytes([int(m[1], 16)]), (rest if quote else text).encode())
    return text_of(raw, charset if quote else "utf-8")


def text_of(raw: bytes, charset: str) -> str:
    """Bytes as text in the charset they claim; in Latin-1 where that is no charset or a lie."""
    name = charset.strip().strip("\"'").lower() or "utf-8"
    if name not in _NO_TEXT:
        try:
            return raw.decode(name)
        except (LookupError, UnicodeError, ValueError):
            pass
    return _as_text(raw)


_NO_TEXT: Final = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}


def display(value: str, width: int = 1_000) -> str:
    """A header's text as a reader may safely see it: encoded words decoded (RFC 2047), one line, nothing invisible."""
    text = value
    if "=?" in value:
        try:
            pieces = decode_header(value[:20_000])
            text = "".join(p if isinstance(p, str) else text_of(p, charset or "utf-8") for p, charset in pieces)
        except (ValueError, LookupError, UnicodeError, binascii.Error, HeaderParseError):
            text = value
    text = UNSEEN.sub("", text)
    return "".join(c if c.isprintable() else " " for c in text[:width]).strip()
