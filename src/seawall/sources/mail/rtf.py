"""Rich text of Outlook messages as HTML or plain text: packed (MS-OXRTFCP), and HTML within RTF (MS-OXRTFEX).

Outlook often keeps a message's page only inside its RTF. What a page hid from the reader of RTF stays in the page.
"""

from __future__ import annotations

import html
import re
import struct
from dataclasses import dataclass, field, replace
from typing import Final

MAX_BYTES: Final = 2 << 20  # of unpacked RTF that are looked at
MAX_DEPTH: Final = 1_000  # groups within groups
_PACKED, _PLAIN = 0x75465A4C, 0x414C454D  # LZFu, MELA
_RING: Final = 4_096
_START: Final = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans Serif"
    rb"SymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    + b"\r\n"
    + rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_TOKEN: Final = re.compile(
    r"\\([a-zA-Z]{1,32})(-?\d{1,9})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.S
)
_SKIPPED: Final = frozenset(
    [
        "fonttbl",
        "colortbl",
        "stylesheet",
        "info",
        "pict",
        "object",
        "header",
        "footer",
        "listtable",
        "themedata",
        "generator",
        "mhtmltag",
        "datastore",
        "bkmkstart",
        "bkmkend",
        "nonshppict",
        "xmlnstbl",
        "rsidtbl",
        "datafield",
    ]
)
_SIGNS: Final = {"tab": "\t", "lquote": "\u2018", "rquote": "\u2019", "ldblquote": "\u201c", "rdblquote": "\u201d"} | {
    "bullet": "\u2022", "endash": "\u2013", "emdash": "\u2014",
}  # fmt: skip
_HYPERLINK: Final = re.compile(r"HYPERLINK\s+(?:\\\w\s+)*\"?([^\s\"]{1,2000})", re.I)


def unpacked(packed: bytes) -> bytes:
    """RTF as it was before Outlook packed it; at most `MAX_BYTES` of it.

    Raises:
        ValueError: it is no packed RTF.
    """
    if len(packed) < 16:
        raise ValueError("rich text without its header")
    _, size, kind, _ = struct.unpack("<IIII", packed[:16])
    if kind == _PLAIN:
        return packed[16 : 16 + min(size, MAX_BYTES)]
    if kind != _PACKED:
        raise ValueError("rich text packed in an unknown way")
    return _unpacked(packed[16:], min(size, MAX_BYTES))


def _unpacked(data: bytes, most: int) -> bytes:
    ring = bytearray(_START.ljust(_RING, b"\0"))
    at, write = 0, len(_START)
    out = bytearray()
    while at < len(data) and len(out) < most:
        control = data[at]
        at += 1
        for bit in range(8):
            if not control >> bit & 1:
                if at >= len(data):
                    break
                out.append(data[at])
                ring[write] = data[at]
                write, at = (write + 1) % _RING, at + 1
                continue
            if at + 1 >= len(data):
                at = len(data)
                break
            word = data[at] << 8 | data[at + 1]
            at += 2
            start = word >> 4
            if start == write:  # the mark of the end
                return bytes(out[:most])
            for step in range((word & 15) + 2):
                byte = ring[(start + step) % _RING]
                out.append(byte)
                ring[write] = byte
                write = (write + 1) % _RING
    return bytes(out[:most])


@dataclass(slots=True)
class _Group:
    """What holds within one pair of braces."""

    skipped: bool = False
    tag: bool = False  # markup of the page itself
    silent: bool = False  # \\htmlrtf: for readers of RTF alone
    instruction: bool = False  # of a field: where a link leads
    link: bool = False  # a field whose link was opened
    fallback: int = 1  # characters that stand for a Unicode one


@dataclass(slots=True)
class _Writer:
    page: str  # html, text, or empty: RTF that never was anything else
    charset: str = "cp1252"
    out: list[str] = field(default_factory=list)
    bytes_: bytearray = field(default_factory=bytearray)
    instruction: list[str] = field(default_factory=list)
    skip: int = 0  # characters still to leave out after a Unicode one
    starred: bool = False

    def put(self, text: str, group: _Group) -> None:
        """Text as it belongs into the page."""
        if self.skip:
            dropped = min(self.skip, len(text))
            self.skip, text = self.skip - dropped, text[dropped:]
        if group.instruction:
            self.instruction.append(text)
        elif not (group.skipped or group.silent):
            self.out.append(text if group.tag or self.page == "text" else html.escape(text, quote=False))

    def flush(self, group: _Group) -> None:
        """Bytes of the writer's own code page, which may need each other."""
        if self.bytes_:
            raw, self.bytes_ = bytes(self.bytes_), bytearray()
            try:
                text = raw.decode(self.charset, "replace")
            except LookupError:
                text = raw.decode("cp1252", "replace")
            self.put(text, group)


def page_of(rtf: bytes) -> tuple[str, str]:
    """(`text/html` or `text/plain`, what a reader is shown): the page inside the RTF, or the RTF itself as a page."""
    text = rtf[:MAX_BYTES].decode("latin-1")
    head = text[:2_000]
    writer = _Writer("html" if "\\fromhtml" in head else "text" if "\\fromtext" in head else "")
    stack: list[_Group] = []
    group = _Group()
    for token in _TOKEN.finditer(text):
        word, number, byte, sign, brace, plain = token.groups()
        if byte is not None:
            if writer.skip:
                writer.skip -= 1
            else:
                writer.bytes_.append(int(byte, 16))
            continue
        writer.flush(group)
        if brace == "{":
            if len(stack) >= MAX_DEPTH:
                break
            stack.append(group)
            group = replace(group, link=False)
            writer.skip = 0
        elif brace == "}":
            _closed(writer, group, stack[-1] if stack else None)
            group = stack.pop() if stack else _Group()
            writer.skip = 0
        elif word:
            _word(writer, group, word, number)
        elif sign:
            _sign(writer, group, sign)
        elif plain:
            writer.put(plain, group)
        if word or plain:
            writer.starred = False
    writer.flush(group)
    return ("text/plain" if writer.page == "text" else "text/html"), "".join(writer.out)


def _closed(writer: _Writer, group: _Group, outer: _Group | None) -> None:
    """The end of a group: a link is opened behind its instruction, and closed with its field."""
    if group.instruction and not (outer and outer.instruction):
        found = _HYPERLINK.search("".join(writer.instruction))
        writer.instruction.clear()
        if found and outer is not None and not (outer.skipped or outer.silent) and not writer.page:
            writer.out.append(f'<a href="{html.escape(found[1])}">')
            outer.link = True
    if group.link:
        writer.out.append("</a>")


def _sign(writer: _Writer, group: _Group, sign: str) -> None:
    if sign == "*":
        writer.starred = True
    elif sign in "{}\\":
        writer.put(sign, group)
    elif sign == "~":
        writer.put("\u00a0", group)
    elif sign in "\r\n":
        writer.put("\n", group)


def _word(writer: _Writer, group: _Group, word: str, number: str | None) -> None:
    """One control word."""
    if word == "ansicpg" and number:
        writer.charset = "utf-8" if number == "65001" else f"cp{number}"
    elif word == "htmltag" and writer.page == "html" and writer.starred:
        group.tag, group.skipped = True, False
    elif word == "fldinst":
        group.instruction = True
    elif word in _SKIPPED or writer.starred:
        group.skipped = True
    elif word == "htmlrtf" and writer.page == "html":
        group.silent = number != "0"
    elif word == "uc":
        group.fallback = max(0, min(int(number or 1), 10))
    elif word == "u" and number:
        code = int(number) & 0xFFFF
        writer.skip = 0
        writer.put("\ufffd" if 0xD800 <= code < 0xE000 else chr(code), group)
        writer.skip = group.fallback
    elif word in ("par", "line"):
        if writer.page or group.instruction or group.skipped or group.silent:
            writer.put("\n", group)
        else:
            writer.out.append("<br>\n")
    elif word in _SIGNS:
        writer.put(_SIGNS[word], group)
