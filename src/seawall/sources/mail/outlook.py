"""Outlook's .msg files as messages of RFC 5322 (MS-OXMSG: one property per stream of a compound file).

The transport headers the server saw are kept where Outlook kept them; else From, To, Subject and Date are made from
its own properties, and nothing can be said of how the message came.
"""

from __future__ import annotations

import base64
import io
import re
from typing import Any, Final

from seawall.errors import InputError

OLE_MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAX_DEPTH: Final = 8  # messages within messages
MAX_ATTACHMENTS: Final = 200
_MADE: Final = re.compile(r"(?im)^(?:content-[\w-]+|mime-version):.*(?:\n[ \t].*)*\n?")
_SUBJECT, _HEADERS, _BODY, _HTML = "0037", "007D", "1000", "1013"
_SENDER_NAME, _SENDER_ADDRESS, _SENDER_SMTP, _TO = "0C1A", "0C1F", "5D01", "0E04"
_MESSAGE_ID, _FILE_NAME, _SHORT_NAME, _MIME_TYPE, _DATA = "1035", "3707", "3704", "370E", "3701"


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
    head = _MADE.sub("", _text(box, below, _HEADERS).replace("\r\n", "\n").strip("\n") + "\n").strip("\n")
    if not re.match(r"[!-9;-~]+:", head):
        head = _made_header(box, below)
    plain, html = _text(box, below, _BODY), _stream(box, below, _HTML, "0102") or _text(box, below, _HTML).encode()
    parts = []
    if plain:
        parts.append(_leaf("text/plain; charset=utf-8", plain.encode()))
    if html:
        charset = re.search(rb"charset=[\"']?([\w-]{1,30})", html[:2_000])
        parts.append(_leaf(f"text/html; charset={charset[1].decode() if charset else 'utf-8'}", html))
    names = sorted({path[len(below)] for path in box.listdir(streams=False, storages=True) if _attached(path, below)})
    for name in names[:MAX_ATTACHMENTS]:
        parts.append(_attachment(box, (*below, name), depth))
    boundary = "=_seawall_msg_" + "x" * depth + "_"
    body = "".join(f"--{boundary}\n{part}\n" for part in parts)
    made = f'{head}\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="{boundary}"\n\n{body}--{boundary}--\n'
    return made.encode("utf-8", "replace")


def _attached(path: list[str], below: tuple[str, ...]) -> bool:
    return tuple(path[: len(below)]) == below and len(path) == len(below) + 1 and path[-1].startswith("__attach")


def _made_header(box: Any, below: tuple[str, ...]) -> str:
    sender = _text(box, below, _SENDER_SMTP) or _text(box, below, _SENDER_ADDRESS)
    told = {
        "From": f'"{_one_line(_text(box, below, _SENDER_NAME))}" <{_one_line(sender)}>',
        "To": _text(box, below, _TO),
        "Subject": _text(box, below, _SUBJECT),
        "Message-ID": _text(box, below, _MESSAGE_ID),
    }
    return "\n".join(f"{name}: {_one_line(value)}" for name, value in told.items() if value)


def _attachment(box: Any, below: tuple[str, ...], depth: int) -> str:
    name = _one_line(_text(box, below, _FILE_NAME) or _text(box, below, _SHORT_NAME)).replace('"', "'")
    inner = (*below, f"__substg1.0_{_DATA}000D")
    if box.exists("/".join(inner)) and depth < MAX_DEPTH:
        return f"Content-Type: message/rfc822\n\n{_message(box, inner, depth + 1).decode()}"
    type_ = _one_line(_text(box, below, _MIME_TYPE)) or "application/octet-stream"
    return _leaf(f'{type_}; name="{name}"', _stream(box, below, _DATA, "0102"), f'attachment; filename="{name}"')


def _leaf(type_: str, content: bytes, disposition: str = "inline") -> str:
    coded = base64.encodebytes(content).decode("ascii")
    return f"Content-Type: {type_}\nContent-Disposition: {disposition}\nContent-Transfer-Encoding: base64\n\n{coded}"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _text(box: Any, below: tuple[str, ...], tag: str) -> str:
    """A text property, kept as UTF-16 (001F) or in the writer's own code page (001E)."""
    if wide := _stream(box, below, tag, "001F"):
        return wide.decode("utf-16-le", "replace").rstrip("\0")
    narrow = _stream(box, below, tag, "001E")
    try:
        return narrow.decode("utf-8").rstrip("\0")
    except UnicodeDecodeError:
        return narrow.decode("cp1252", "replace").rstrip("\0")


def _stream(box: Any, below: tuple[str, ...], tag: str, type_: str) -> bytes:
    path = "/".join((*below, f"__substg1.0_{tag}{type_}"))
    if not box.exists(path):
        return b""
    with box.openstream(path) as stream:
        content: bytes = stream.read()
    return content
