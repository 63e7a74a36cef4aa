from __future__ import annotations

import io
import struct
import zipfile

import pytest

from seawall.detect.mail.attached import look
from seawall.model.mail import MailPart


def part(content: bytes, name: str, type_: str = "application/octet-stream") -> MailPart:
    text = content.decode("latin-1") if name.endswith((".html", ".svg")) else ""
    return MailPart(type_, name, attached=True, content=content, text=text)


def zipped(*names: str, locked: bool = False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        for name in names:
            box.writestr(name, "x")
    raw = out.getvalue()
    if locked:  # bit 0 of the flags, in the member's own header and in the directory (APPNOTE 4.4.4)
        at = raw.index(b"PK\x01\x02")
        flags = struct.pack("<H", 1)
        raw = raw[:6] + flags + raw[8 : at + 8] + flags + raw[at + 10 :]
    return raw


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("content", "name", "danger"),
    [
        pytest.param(b"MZ\x90\0", "invoice.pdf", "program", id="program named as a document"),
        pytest.param(b"\x4c\0\0\0\x01\x14\x02\0", "x.lnk", "program", id="shortcut"),
        pytest.param(b"WScript.Echo 1", "x.vbs", "program", id="script file"),
        pytest.param(b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d", "x.bin", "program", id="onenote"),
        pytest.param(b"\0" * 32_769 + b"CD001", "x.dat", "program", id="disk image"),
        pytest.param(b"plain", "report.pdf.thing", "disguised", id="two endings"),
        pytest.param(b"plain", "gpj\u202eexe.x", "disguised", id="name turned around"),
        pytest.param(zipped("a.txt"), "a.pdf", "disguised", id="archive named as a document"),
        pytest.param(zipped("[Content_Types].xml", "word/vbaProject.bin"), "a.docm", "macro", id="macros, new"),
        pytest.param(OLE + "_VBA_PROJECT".encode("utf-16-le"), "a.doc", "macro", id="macros, old"),
        pytest.param(b"{\\rtf1 \\objupdate \\objdata 01}", "a.rtf", "macro", id="object in rich text"),
        pytest.param(b"<html><script>saveAs(new Blob([atob('x')]))</script>", "a.html", "smuggling", id="smuggling"),
        pytest.param(b"<html><form action=x><input type=password>", "a.html", "form", id="form"),
        pytest.param(b"<svg><script>x</script></svg>", "a.svg", "script", id="svg with a script"),
        pytest.param(b"<html>hello", "a.html", "page", id="page"),
        pytest.param(b"%PDF-1.7 /OpenAction << /S /JavaScript /JS (x) >>", "a.pdf", "script", id="pdf with a script"),
        pytest.param(b"%PDF-1.7 /EmbeddedFile", "a.pdf", "script", id="file in a pdf"),
        pytest.param(b"%PDF-1.7 trailer /Encrypt 5 0 R", "a.pdf", "locked", id="locked pdf"),
        pytest.param(OLE + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", "locked", id="locked document"),
        pytest.param(zipped("a.txt", locked=True), "a.zip", "locked", id="locked zip"),
        pytest.param(zipped("deep/x.js"), "a.zip", "archive-program", id="program in an archive"),
        pytest.param(zipped("x.html"), "a.zip", "page", id="page in an archive"),
        pytest.param(zipped("notes.txt"), "a.zip", "", id="harmless archive"),
        pytest.param(zipped("[Content_Types].xml", "word/document.xml"), "a.docx", "", id="harmless document"),
        pytest.param(b"%PDF-1.7 text", "a.pdf", "", id="harmless pdf"),
        pytest.param(b"PK\x03\x04cut", "a.zip", "", id="damaged archive"),
    ],
)
def test_what_opening_it_would_do_is_told_by_its_bytes(content: bytes, name: str, danger: str) -> None:
    looked = look(part(content, name))
    assert looked.danger == danger
    assert looked.why or not danger
