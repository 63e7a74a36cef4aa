from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.sources.mail import mime
from seawall.sources.mail.mime import Walk, display, parts_of, read_header, text_of, typed


def nested(depth: int) -> bytes:
    content = b"Content-Type: text/plain\n\ninnermost\n"
    for level in range(depth):
        mark = f"b{level}".encode()
        head = b"Content-Type: multipart/mixed; boundary=" + mark + b"\n\n"
        content = head + b"--" + mark + b"\n" + content + b"\n--" + mark + b"--\n"
    return content


def test_fifty_levels_are_read_to_the_innermost() -> None:
    walk = Walk()
    assert [part.content.strip() for part in parts_of(nested(50), walk)] == [b"innermost"]
    assert not walk.defects


def test_deeper_than_the_limit_is_said_and_ends() -> None:
    walk = Walk()
    assert len(list(parts_of(nested(5_000), walk))) == 1
    assert "nested too deep" in walk.defects


def test_a_bomb_of_parts_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    walk = Walk()
    content = b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 5_000
    assert len(list(parts_of(content, walk))) <= mime.MAX_PARTS
    assert any("more than" in defect for defect in walk.defects)
    monkeypatch.setattr(mime, "MAX_WORK_BYTES", 1_000)
    walk = Walk(left=1_000)
    list(parts_of(nested(40), walk))
    assert "too much nested content" in walk.defects


def test_an_attached_message_is_walked_too() -> None:
    inner = b"Subject: x\nContent-Type: text/html\n\n<p>hi</p>"
    content = b"Content-Type: message/rfc822\n\n" + inner
    assert [part.type for part in parts_of(content, Walk())] == ["message/rfc822", "text/html"]


@pytest.mark.parametrize(
    ("encoding", "body", "content"),
    [
        ("base64", base64.b64encode(b"hello"), b"hello"),
        ("BASE64 ", b"aGVs\r\n bG8", b"hello"),
        ("base64", b"aGVsbG8x=trailing", None),
        ("quoted-printable", b"a=3Db=\nc", b"a=bc"),
        ("x-strange", b"as is", b"as is"),
    ],
)
def test_transfer_encodings_are_undone(encoding: str, body: bytes, content: bytes | None) -> None:
    message = b"Content-Transfer-Encoding: " + encoding.encode() + b"\n\n" + body
    (part,) = parts_of(message, Walk())
    assert content is None or part.content == content


def test_a_wrong_charset_is_no_crash() -> None:
    for charset in ("utf-8", "no-such", "idna", "utf-7", "undefined", "rot13", "hex", "unicode_escape", ""):
        assert text_of(b"caf\xe9 \xff", charset)


def test_what_a_reader_would_see_holds_nothing_invisible() -> None:
    assert display("=?utf-8?b?" + base64.b64encode("a\u202egnp.exe\u200b".encode()).decode() + "?=") == "agnp.exe"
    assert display("a\x1b[31mb\r\nc\x00") == "a [31mb  c"
    assert display("=?no-such?q?x=41?=") == "xA"


def test_names_split_and_encoded_are_one() -> None:
    value = "attachment; filename*0*=utf-8''%e2%82%ac; filename*1=\"uro.pdf\""
    assert typed(value) == ("attachment", {"filename": "€uro.pdf"})
    assert typed('text/plain; charset="utf-8"; name="a;b"')[1] == {"charset": "utf-8", "name": "a;b"}


def test_a_header_is_unfolded_and_ends_at_the_empty_line() -> None:
    header = read_header(b"A: 1\r\n\t2\r\nb : 3\r\nno field\r\n\r\nC: 4")
    assert header.fields == (("a", "1 2"), ("b", "3"))
    assert read_header(b"\nbody").size == 1


@given(st.binary(max_size=300))
def test_any_bytes_are_walked_to_an_end(content: bytes) -> None:
    for start in (
        b"",
        b'Content-Type: multipart/mixed; boundary=""\n\n',
        b"Content-Type: multipart/x; boundary=-\n\n--",
    ):
        list(parts_of(start + content, Walk()))
    typed(content.decode("latin-1"))
    display("=?" + content.decode("latin-1"))
