"""What an attachment truly is, whatever its name says: by its first bytes, and what it would do if opened."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import Final

from seawall.model.mail import MailPart

MAX_LOOKED: Final = 8 << 20  # bytes of one attachment that are searched
MAX_MEMBERS: Final = 2_000
_MAGIC: Final = (
    (b"%PDF", "pdf"), (b"MZ", "program"), (b"\x7fELF", "program"), (b"PK\x03\x04", "zip"), (b"PK\x05\x06", "zip"),
    (b"Rar!\x1a\x07", "rar"), (b"7z\xbc\xaf\x27\x1c", "7z"), (b"\x1f\x8b", "gzip"), (b"\xd0\xcf\x11\xe0", "ole"),
    (b"{\\rtf", "rtf"), (b"\x4c\x00\x00\x00\x01\x14\x02\x00", "shortcut"),
    (b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d", "onenote"),
    (b"\x89PNG", "png"), (b"\xff\xd8\xff", "jpeg"), (b"GIF8", "gif"), (b"BM", "bmp"), (b"MSCF", "cab"),
    (b"vhdxfile", "disk image"),
    (b"conectix", "disk image"), (b"\xca\xfe\xba\xbe", "java"), (b"ITSF", "help file"),
)  # fmt: skip
_RUNS: Final = frozenset(
    [
        "exe",
        "scr",
        "com",
        "pif",
        "cpl",
        "msi",
        "msp",
        "bat",
        "cmd",
        "ps1",
        "vbs",
        "vbe",
        "js",
        "jse",
        "wsf",
        "wsh",
        "hta",
        "lnk",
        "jar",
        "iso",
        "img",
        "vhd",
        "vhdx",
        "chm",
        "scf",
        "url",
        "reg",
        "one",
        "dll",
        "sys",
        "xll",
        "application",
        "appref-ms",
        "settingcontent-ms",
        "library-ms",
        "msc",
        "appx",
        "msix",
        "apk",
        "dmg",
        "pkg",
        "sh",
    ]
)
_MACROS: Final = frozenset(["docm", "dotm", "xlsm", "xltm", "xlam", "pptm", "potm", "ppam", "ppsm", "sldm", "xlsb"])
_PAGES: Final = frozenset(["htm", "html", "shtml", "xhtml", "mht", "mhtml", "svg", "xht"])
_ARCHIVES: Final = frozenset(["zip", "rar", "7z", "gz", "tar", "tgz", "cab", "arj", "ace", "bz2", "xz", "z"])
_DOCUMENTS: Final = frozenset(
    [
        "pdf",
        "doc",
        "docx",
        "xls",
        "xlsx",
        "ppt",
        "pptx",
        "txt",
        "jpg",
        "jpeg",
        "png",
        "gif",
        "csv",
        "rtf",
        "odt",
        "ods",
        "mp3",
        "wav",
    ]
)
_SMUGGLE: Final = re.compile(
    r"atob\s*\(|new\s+Blob\s*\(|msSaveOrOpenBlob|createObjectURL|String\.fromCharCode|unescape\s*\(|eval\s*\(|document\.write"
    r"|location\s*(?:\.href|\.replace|\.assign)?\s*[=(]|data:application/|fromBase64",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found out about one attachment."""

    name: str
    true: str  # what it is by its bytes
    danger: str = ""  # program, macro, smuggling, form, script, locked, page, archive-program, disguised; empty: none
    why: str = ""
    archive: bool = False


def look(part: MailPart) -> Looked:
    """What an attachment truly is, and whether opening it is dangerous."""
    head = part.content[:16].lstrip(b"\xef\xbb\xbf \r\n\t") if part.type.startswith("text/") else part.content[:16]
    true = next((name for magic, name in _MAGIC if head.startswith(magic)), "")
    if not true and part.content[32_769:32_774] == b"CD001":
        true = "disk image"
    name = part.name.lower().rstrip(". ")
    ends = re.findall(r"\.([a-z0-9-]{1,20})(?=\.|$)", name)
    ending = ends[-1] if ends else ""
    if not true and (part.text[:5_000].lstrip().lower().startswith(("<!doctype html", "<html")) or ending in _PAGES):
        true = "svg" if ending == "svg" else "html"
    true = true or ("text" if part.type.startswith("text/") else "unknown")
    if true in ("program", "shortcut", "disk image", "onenote", "java", "help file") or ending in _RUNS:
        told = f"a {true}" if true != "unknown" and true != "text" else f"a .{ending} file"
        return Looked(part.name, true, "program", f"{told} runs code when opened")
    if len(ends) > 1 and ends[-2] in _DOCUMENTS and ending not in _DOCUMENTS | _ARCHIVES | {"p7m", "p7s", "asc", "sig"}:
        return Looked(part.name, true, "disguised", f"named like a .{ends[-2]}, but ends in .{ending}")
    if "\u202e" in part.name:
        return Looked(part.name, true, "disguised", "its name is turned around to hide its ending")
    if true in ("html", "svg"):
        return _page(part, true)
    if true == "zip":
        return _zip(part, ending)
    if true == "ole":
        return _ole(part)
    if true == "pdf":
        return _pdf(part)
    if true == "rtf" and re.search(rb"\\objdata|\\objautlink|\\objupdate", part.content[:MAX_LOOKED]):
        return Looked(part.name, true, "macro", "a document with an embedded object that starts by itself")
    if true in ("rar", "7z", "cab"):
        return Looked(part.name, true, "", "an archive whose members are not looked into", archive=True)
    if ending in _MACROS:
        return Looked(part.name, true, "macro", f"a .{ending} file is made to carry macros")
    if true in ("program",) or (ending in _DOCUMENTS and true in ("html",)):
        return Looked(part.name, true, "disguised", f"named .{ending}, but is {true}")
    return Looked(part.name, true)


def _page(part: MailPart, true: str) -> Looked:
    text = part.text or part.content[:MAX_LOOKED].decode("latin-1")
    if re.search(r"<script|on(?:load|error|click)\s*=|javascript:", text, re.I) and _SMUGGLE.search(text):
        return Looked(
            part.name, true, "smuggling", "a page whose script builds or fetches what the gateway could not see"
        )
    if re.search(r"type\s*=\s*[\"']?password", text, re.I):
        return Looked(part.name, true, "form", "a page that asks for a password from your own disk")
    if re.search(r"<form|http-equiv\s*=\s*[\"']?refresh", text, re.I):
        return Looked(part.name, true, "form", "a page that sends what you type, or leads on, from your own disk")
    if re.search(r"<script|javascript:|<foreignobject", text, re.I):
        return Looked(part.name, true, "script", f"{'an image' if true == 'svg' else 'a page'} with a script")
    return Looked(part.name, true, "page", "a web page as attachment opens outside the mail program's guard")


def _zip(part: MailPart, ending: str) -> Looked:
    try:
        with zipfile.ZipFile(io.BytesIO(part.content)) as box:
            members = box.infolist()[:MAX_MEMBERS]
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, zlib.error, UnicodeError, IndexError):
        return Looked(part.name, "zip", "", "an archive that is damaged", archive=True)
    names = [member.filename.lower() for member in members]
    if any(name.endswith("vbaproject.bin") for name in names):
        return Looked(part.name, "office", "macro", "a document with macros")
    if "[content_types].xml" in names:
        return Looked(part.name, "office")
    if any(member.flag_bits & 1 for member in members):
        return Looked(
            part.name, "zip", "locked", "a locked archive: nobody but its reader can look into it", archive=True
        )
    for name in names:
        ends = name.rpartition(".")[2]
        if ends in _RUNS | _MACROS:
            return Looked(part.name, "zip", "archive-program", f"an archive with a .{ends} file in it", archive=True)
        if ends in _PAGES:
            return Looked(part.name, "zip", "page", "an archive with a web page in it", archive=True)
    if ending in _DOCUMENTS:
        return Looked(part.name, "zip", "disguised", f"named .{ending}, but is an archive", archive=True)
    return Looked(part.name, "zip", archive=True)


def _ole(part: MailPart) -> Looked:
    content = part.content[:MAX_LOOKED]
    if "EncryptedPackage".encode("utf-16-le") in content:
        return Looked(part.name, "office", "locked", "a locked document: nobody but its reader can look into it")
    if "_VBA_PROJECT".encode("utf-16-le") in content or b"Attribute VB_" in content:
        return Looked(part.name, "office", "macro", "a document with macros")
    return Looked(part.name, "office")


def _pdf(part: MailPart) -> Looked:
    content = part.content[:MAX_LOOKED]
    if re.search(rb"/JavaScript\b|/JS\s*[(<]|/Launch\b", content):
        return Looked(part.name, "pdf", "script", "a PDF that runs a script or starts a program")
    if re.search(rb"/EmbeddedFile\b", content):
        return Looked(part.name, "pdf", "script", "a PDF with a file hidden in it")
    if re.search(rb"/Encrypt\s+\d+\s+\d+\s+R", content):
        return Looked(part.name, "pdf", "locked", "a locked PDF: nobody but its reader can look into it")
    return Looked(part.name, "pdf")


def links_in_pdf(part: MailPart) -> list[str]:
    """Addresses a PDF leads to, those of compressed parts included, as far as a bounded look goes."""
    content = part.content[:MAX_LOOKED]
    found = re.findall(rb"/URI\s*\(((?:[^()\\]|\\.){4,2000})\)", content)
    for stream in re.findall(rb"stream\r?\n(.{10,200000}?)endstream", content, re.S)[:50]:
        try:
            plain = zlib.decompressobj().decompress(stream, 1 << 20)
        except zlib.error:
            continue
        found += re.findall(rb"/URI\s*\(((?:[^()\\]|\\.){4,2000})\)", plain)
    return [url.decode("latin-1") for url in dict.fromkeys(found)][:50]
