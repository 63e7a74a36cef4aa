"""Outlook's .msg files as messages of RFC 5322 (MS-OXMSG: one property per stream of a compound file).

The transport headers the server saw are kept where Outlook kept them; else From, To, Subject and Date are made from
its own properties, and nothing can be said of how the message came.
"""

from __future__ import annotations

import base64
import io
import re
import struct
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, Final

from seawall.errors import InputError
from seawall.sources.mail.rtf import page_of, unpacked

OLE_MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAX_DEPTH: Final = 8  # messages within messages
MAX_ATTACHMENTS: Final = 200
MAX_RECIPIENTS: Final = 200
_MADE: Final = re.compile(r"(?im)^(?:content-[\w-]+|mime-version):.*(?:\n[ \t].*)*\n?")
_SUBJECT, _HEADERS, _BODY, _HTML, _RTF = "0037", "007D", "1000", "1013", "1009"
_SENDER_NAME, _FROM_NAME, _TO, _CC = "0C1A", "0042", "0E04", "0E03"
_SENDERS: Final = ("5D02", "5D01", "0065", "0C1F")  # SMTP addresses first; the others may be Exchange's own names
_RECIPIENT: Final = ("39FE", "3003")
_MESSAGE_ID, _ANSWERS, _REFERENCES = "1035", "1042", "1039"
_FILE_NAME, _SHORT_NAME, _SHOWN_NAME, _MIME_TYPE, _DATA, _CONTENT_ID = "3707", "3704", "3001", "370E", "3701", "3712"
_SENT, _DELIVERED, _KIND, _PAGE_CODE, _TEXT_CODE = 0x0039, 0x0E06, 0x0C15, 0x3FDE, 0x3FFD
_EPOCH: Final = datetime(1601, 1, 1, tzinfo=UTC)


def message_of(raw: bytes, *, where: str) -> bytes:
    """The message a .msg file holds.

    Raises:
        InputError: it is no Outlook message, is damaged, or the part that reads compound files is not installed.
    """
    try:
        import olefile
    except ImportError:
        raise InputError(
            "reading .msg needs an optional part", where=where, mend="make extras, or save the message as .eml"
        ) from None
    try:
        with olefile.OleFileIO(io.BytesIO(raw), raise_defects=olefile.DEFECT_FATAL) as box:
            if not any(path[0].startswith("__properties_version1") for path in box.listdir()):
                raise InputError("a compound file, but no Outlook message", where=where, mend="hand in .msg or .eml")
            return _message(box, (), 0)
    except (OSError, ValueError, IndexError, KeyError, TypeError, AttributeError, RecursionError, MemoryError) as error:
        # olefile lets all of these out where a compound file is cut or lies about itself
        raise InputError(f"damaged .msg file: {error}", where=where, mend="save the message again") from None


def _message(box: Any, below: tuple[str, ...], depth: int) -> bytes:
    """The message in a storage, as bytes of RFC 5322."""
    head = _head(box, below, 24 if depth else 32)
    parts = _bodies(box, below, _fixed(box, below, 24 if depth else 32))
    names = _storages(box, below, "__attach")
    for name in names[:MAX_ATTACHMENTS]:
        parts.append(_attachment(box, (*below, name), depth))
    boundary = "=_seawall_msg_" + "x" * depth + "_"
    body = "".join(f"--{boundary}\n{part}\n" for part in parts)
    made = f'{head}\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="{boundary}"\n\n{body}--{boundary}--\n'
    return made.encode("utf-8", "replace")


def _head(box: Any, below: tuple[str, ...], skip: int) -> str:
    """The header the server saw, and of what it lacks what Outlook itself knows; without what describes the body."""
    kept = _text(box, below, _HEADERS).replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    lines = [line for line in kept.split("\n") if line.strip()]  # an empty line would end the header
    while lines and not re.match(r"[!-9;-~]+[ \t]*:", lines[0]):
        del lines[0]  # e.g. Microsoft Mail Internet Headers Version 2.0
    head = _MADE.sub("", "\n".join(lines) + "\n").strip("\n")
    there = {found.lower() for found in re.findall(r"(?m)^([!-9;-~]+?)[ \t]*:", head)}
    own = _made_header(box, below, skip)
    return "\n".join(filter(None, [head, *(f"{n}: {v}" for n, v in own.items() if v and n.lower() not in there)]))


def _bodies(box: Any, below: tuple[str, ...], fixed: dict[int, int]) -> list[str]:
    """The texts of a message: plain, and its page, which may stand in the rich text alone."""
    parts = []
    if plain := _text(box, below, _BODY, _charset(fixed.get(_TEXT_CODE, 0))):
        parts.append(_leaf("text/plain; charset=utf-8", plain.encode("utf-8", "replace")))
    if page := _stream(box, below, _HTML, "0102"):
        charset = re.search(rb"charset=[\"']?([\w-]{1,30})", page[:2_000])
        known = _charset(fixed.get(_PAGE_CODE, 0)) or (charset[1].decode() if charset else "utf-8")
        parts.append(_leaf(f"text/html; charset={known}", page))
    elif text := _text(box, below, _HTML, _charset(fixed.get(_PAGE_CODE, 0))):
        parts.append(_leaf("text/html; charset=utf-8", text.encode("utf-8", "replace")))
    elif packed := _stream(box, below, _RTF, "0102"):
        type_, told = page_of(unpacked(packed))
        if told.strip() and not (plain and type_ == "text/plain"):
            parts.append(_leaf(f"{type_}; charset=utf-8", told.encode("utf-8", "replace")))
    return parts


def _charset(page: int) -> str:
    """The name of a code page of Windows; empty where it is none or unknown."""
    names = {
        65001: "utf-8",
        20127: "us-ascii",
        20866: "koi8-r",
        50220: "iso-2022-jp",
        51932: "euc-jp",
        54936: "gb18030",
    }
    if 28591 <= page <= 28605:
        return f"iso-8859-{page - 28590}"
    return names.get(page) or (f"cp{page}" if 400 <= page < 1362 else "")


def _fixed(box: Any, below: tuple[str, ...], skip: int) -> dict[int, int]:
    """Numbers and times of a storage's table of properties (MS-OXMSG 2.4), by tag."""
    path = "/".join((*below, "__properties_version1.0"))
    if not box.exists(path):
        return {}
    with box.openstream(path) as stream:
        table = stream.read(64 << 10)[skip:]
    rows = (struct.unpack("<HHIQ", table[at : at + 16]) for at in range(0, len(table) - 15, 16))
    return {tag: value & 0xFFFFFFFF if kind == 3 else value for kind, tag, _, value in rows if kind in (3, 0x40)}


def _storages(box: Any, below: tuple[str, ...], start: str) -> list[str]:
    """Names of the storages right below one, e.g. its attachments."""
    found = {p[-1] for p in box.listdir(streams=False, storages=True) if _right_below(p, below)}
    return sorted(name for name in found if name.startswith(start))


def _right_below(path: list[str], below: tuple[str, ...]) -> bool:
    return len(path) == len(below) + 1 and tuple(path[: len(below)]) == below


def _made_header(box: Any, below: tuple[str, ...], skip: int) -> dict[str, str]:
    """What Outlook's own properties tell; nobody vouches for it."""
    senders = [_one_line(_text(box, below, tag)) for tag in _SENDERS]
    sender = next((one for one in senders if "@" in one), next(filter(None, senders), ""))
    name = _one_line(_text(box, below, _FROM_NAME) or _text(box, below, _SENDER_NAME)).replace('"', "'")
    to, cc = _recipients(box, below)
    fixed = _fixed(box, below, skip)
    return {
        "From": f'"{name}" <{sender}>' if sender or name else "",
        "To": ", ".join(to) or _one_line(_text(box, below, _TO)),
        "Cc": ", ".join(cc) or _one_line(_text(box, below, _CC)),
        "Subject": _one_line(_text(box, below, _SUBJECT)),
        "Date": _date(fixed.get(_SENT) or fixed.get(_DELIVERED) or 0),
        "Message-ID": _one_line(_text(box, below, _MESSAGE_ID)),
        "In-Reply-To": _one_line(_text(box, below, _ANSWERS)),
        "References": _one_line(_text(box, below, _REFERENCES)),
    }


def _recipients(box: Any, below: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Those a message is addressed to, and those it is copied to; blind copies are nobody's business."""
    told: dict[int, list[str]] = {1: [], 2: []}
    for name in _storages(box, below, "__recip")[:MAX_RECIPIENTS]:
        at = (*below, name)
        address = next((one for tag in _RECIPIENT if "@" in (one := _one_line(_text(box, at, tag)))), "")
        kind = _fixed(box, at, 8).get(_KIND, 1) & 0xF
        if address and kind in told:
            shown = _one_line(_text(box, at, _SHOWN_NAME)).replace('"', "'")
            told[kind].append(f'"{shown}" <{address}>')
    return told[1], told[2]


def _date(ticks: int) -> str:
    """A FILETIME, 100 ns since 1601 UTC, as a header writes it; empty outside the calendar."""
    try:
        return format_datetime(_EPOCH + timedelta(microseconds=ticks // 10)) if ticks else ""
    except OverflowError:
        return ""


def _attachment(box: Any, below: tuple[str, ...], depth: int) -> str:
    texts = (_one_line(_text(box, below, tag)) for tag in (_FILE_NAME, _SHORT_NAME, _SHOWN_NAME))
    name = next(filter(None, texts), "").replace("\\", "/").replace('"', "'")
    inner = (*below, f"__substg1.0_{_DATA}000D")
    if box.exists("/".join(inner)):
        holds = depth < MAX_DEPTH and box.exists("/".join((*inner, "__properties_version1.0")))
        if holds:
            return f"Content-Type: message/rfc822\n\n{_message(box, inner, depth + 1).decode()}"
        return _leaf(f'application/x-ole-object; name="{name}"', b"", f'attachment; filename="{name}"')
    type_ = _one_line(_text(box, below, _MIME_TYPE)).lower()
    content = _stream(box, below, _DATA, "0102")
    if type_.startswith("multipart/"):  # a signed message is kept whole, as an attachment of itself
        return _leaf("message/global", content)
    if not re.fullmatch(r"[\w.+-]{1,60}/[\w.+-]{1,80}", type_) or type_.startswith("message/"):
        type_ = "application/octet-stream"
    inline = bool(_text(box, below, _CONTENT_ID)) and type_.startswith("image/")
    return _leaf(f'{type_}; name="{name}"', content, f'{"inline" if inline else "attachment"}; filename="{name}"')


def _leaf(type_: str, content: bytes, disposition: str = "inline") -> str:
    coded = base64.encodebytes(content).decode("ascii")
    return f"Content-Type: {type_}\nContent-Disposition: {disposition}\nContent-Transfer-Encoding: base64\n\n{coded}"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _text(box: Any, below: tuple[str, ...], tag: str, charset: str = "") -> str:
    """A text property, kept as UTF-16 (001F) or in the writer's own code page (001E)."""
    if wide := _stream(box, below, tag, "001F"):
        return wide.decode("utf-16-le", "replace").rstrip("\0")
    narrow = _stream(box, below, tag, "001E")
    for name in ("utf-8", charset or "cp1252"):
        try:
            return narrow.decode(name).rstrip("\0")
        except (UnicodeDecodeError, LookupError):
            continue
    return narrow.decode("cp1252", "replace").rstrip("\0")


def _stream(box: Any, below: tuple[str, ...], tag: str, type_: str) -> bytes:
    path = "/".join((*below, f"__substg1.0_{tag}{type_}"))
    if not box.exists(path):
        return b""
    with box.openstream(path) as stream:
        content: bytes = stream.read()
    return content
