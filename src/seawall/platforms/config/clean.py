"""What terminals, editors and people do to a saved configuration, undone."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

_MAGIC: Final = (
    (b"PK\x03\x04", "a Word document, spreadsheet or ZIP archive"),
    (b"\xd0\xcf\x11\xe0", "an old Word or Excel document"),
    (b"{\\rtf", "a rich-text document"),
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "compressed (gzip)"),
    (b"BZh", "compressed (bzip2)"),
    (b"\xfd7zXZ", "compressed (xz)"),
    (b"\x28\xb5\x2f\xfd", "compressed (zstd)"),
    (b"7z\xbc\xaf", "an archive (7z)"),
    (b"\x7fELF", "a program"),
    (b"\x89PNG", "a picture"),
    (b"Salted__", "encrypted (OpenSSL)"),
    (b"-----BEGIN PGP MESSAGE", "encrypted (PGP)"),
    (b"age-encryption.org/", "encrypted (age)"),
    (b"$ANSIBLE_VAULT", "encrypted (Ansible vault)"),
    (b"-----BEGIN CMS", "encrypted (CMS)"),
    (b"-----BEGIN PKCS7", "encrypted (PKCS 7)"),
)
_ODD: Final = bytes(byte for byte in range(32) if byte not in (3, 7, 8, 9, 10, 12, 13, 27))  # that text does not have
_MORE: Final = re.compile(
    r"[ \t]*(?:<?-+ ?\(?more\)?(?: ?\(?\d{1,3}%\)?)? ?-+>?|"
    r"---\(more(?: \d{1,3}%)?\)---|press any key to continue[^\x08]{0,40})"
    r"[ \t]*(?:\x08+ *)*(?:\x1b\[\d{0,3}[A-Z] *)*",
    re.I,
)
_ESCAPE: Final = re.compile(r"\x1b(?:\[[0-9;?]{0,20}[A-Za-z]|[()][0-9A-B]|[=>])")
_PROMPT: Final = re.compile(
    r"(?P<prompt>[A-Za-z0-9_.@:/()*~\[\]<-]{1,80}(?: \(\S{1,40}\))? ?[#>]) ?"
    r"(?:sh(?:ow?)? \S|show$|term(?:inal)? \S|more \S|dis(?:play)? \S|cli |exit$|quit$|logout$|admin \S|wr(?:ite)? "
    r"|copy |info\b)"
)


@dataclass
class Cleaned:
    """A file as lines: as they were, and as a device would have written them."""

    raw: list[str]
    lines: list[str]
    doubts: list[str] = field(default_factory=list)


def unreadable(content: bytes) -> str:
    """Why a file is no text of a configuration, and what to do; empty if it may be one."""
    head = content[:65_536]
    if not head.strip(b"\0\r\n\t \xef\xbb\xbf"):
        return "the file is empty: save the configuration again"
    for magic, what in _MAGIC:
        if head.lstrip(b"\xef\xbb\xbf\r\n ").startswith(magic):
            return f"the file is {what}, not text: export the configuration as plain text"
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return ""
    odd = len(head[:8_192]) - len(head[:8_192].translate(None, _ODD))
    if odd * 50 > len(head[:8_192]) or head[:8_192].count(0) > 2:
        return "the file is binary or encrypted, not text: export the configuration as plain text"
    return ""


def cleaned(content: bytes) -> Cleaned:
    """Lines of UTF-8, UTF-16 with its mark, or Latin-1; ^M, pager prompts, terminal codes and prompts taken away."""
    raw = _text(content).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    found = Cleaned(raw, raw)
    text = "\n".join(raw)
    low = text.lower()
    if "\x08" in text or "\x1b" in text or "more" in low or "press any key" in low:
        _unpaged(found)
    prompts = {at["prompt"] for line in found.lines if (">" in line or "#" in line) and (at := _PROMPT.match(line))}
    if prompts:
        _unprompted(found, prompts)
    return found


def _text(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace").replace("\0", "")
    content = content.removeprefix(b"\xef\xbb\xbf")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _unpaged(found: Cleaned) -> None:
    lines: list[str] = []
    pages = codes = 0
    for line in found.lines:
        now = line
        if ("more" in now.lower() or "ress any" in now) and (new := _MORE.sub("", now, count=4)) != now:
            now, pages = new, pages + 1
        if "\x08" in now or "\x1b" in now:
            now, codes = _ESCAPE.sub("", now).rpartition("\x08")[2], codes + 1
        lines.append(now)
    found.lines = lines
    if pages:
        found.doubts.append(f"`--More--` stood in {pages} lines and was taken away: lines may be missing")
    if codes:
        found.doubts.append(f"terminal codes stood in {codes} lines and were taken away")


def _unprompted(found: Cleaned, prompts: set[str]) -> None:
    lines = ["" if line.strip() in prompts or _PROMPT.match(line) else line for line in found.lines]
    count = sum(now != before for now, before in zip(lines, found.lines, strict=True))
    found.lines = lines
    found.doubts.append(f"{count} lines are a terminal's prompt, not configuration")
