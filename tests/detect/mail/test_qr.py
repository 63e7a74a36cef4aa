"""Codes in pictures are read, judged as links, and said to be unread where nothing reads them."""

from __future__ import annotations

import base64
import io
import struct
import sys
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.detect.mail import qr
from seawall.detect.mail.judging import Verdict, judge
from seawall.detect.mail.telltales import telltales
from seawall.detect.mail.world import World
from tests.detect.mail.letters import letter, read

zxingcpp = pytest.importorskip("zxingcpp", reason="reading codes needs an optional part: make extras")
images = pytest.importorskip("PIL.Image", reason="reading codes needs an optional part: make extras")
OWN = World(frozenset({"velmora.example"}), frozenset({"kestrelnet.example"}), ("velmora",), told=True)
LURE = "HTTPS://ID.VELRNORA.EXAMPLE/KEEP"
NOTE = "Scan the code with your telephone to open portal.velmora.example and keep your second factor.\n"


def picture(says: str, form: str = "PNG", *, turned: int = 0, clear: bool = False, inverted: bool = False) -> bytes:
    """A picture of a QR code."""
    code = zxingcpp.create_barcode(says, zxingcpp.BarcodeFormat.QRCode).to_image(scale=5)
    made = images.fromarray(code).convert("L")
    if inverted:
        made = made.point(lambda value: 255 - value)
    if clear:  # black on nothing, as many makers of codes write it
        ink = made.point(lambda value: 255 - value)
        made = images.new("RGBA", ink.size, (0, 0, 0, 0))
        made.putalpha(ink)
    out = io.BytesIO()
    made.rotate(turned, expand=True, fillcolor=None if clear else 255).save(out, form)
    return out.getvalue()


def judged(content: bytes, type_: str = "image/png", name: str = "code.png", text: str = NOTE) -> Verdict:
    message = letter(text)
    main, _, sub = type_.partition("/")
    message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return judge(read(message), OWN)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF"])
@pytest.mark.parametrize("turned", [0, 90, 7])
def test_a_code_is_read_in_every_form_and_turn(form: str, turned: int) -> None:
    (code,) = qr.codes_in([("a", picture(LURE, form, turned=turned))])
    assert (code.says, code.link) == (LURE, "https://id.velrnora.example/KEEP")


@pytest.mark.parametrize("how", ["clear", "inverted"])
def test_a_code_is_read_as_a_screen_shows_it(how: str) -> None:
    (code,) = qr.codes_in([("a", picture(LURE, clear=how == "clear", inverted=how == "inverted"))])
    assert code.says == LURE


@pytest.mark.parametrize(
    ("says", "link"),
    [
        ("velmora-login.example/k?x=1", "https://velmora-login.example/k?x=1"),
        ("MEBKM:TITLE:Portal;URL:http://a.example/x;;", "http://a.example/x;;"),
        ("WIFI:S:guest;T:WPA;P:x;;", ""),
        ("mailto:a@b.example", ""),
        ("4711", ""),
    ],
)
def test_what_a_telephone_would_open_is_the_link(says: str, link: str) -> None:
    assert qr.Code("a", says).link == link


def test_the_link_of_a_code_is_judged_as_any_link_and_searched_for() -> None:
    verdict = judged(picture(LURE))
    cues = {cue.name: cue for cue in verdict.cues}
    assert verdict.verdict == "phish"
    assert {"look-alike-link", "link-mismatch", "qr-code"} <= cues.keys()
    assert "shows portal.velmora.example, leads to id.velrnora.example" in cues["link-mismatch"].reason
    assert cues["look-alike-link"].where == "attachment:code.png"
    assert ("domain", "id.velrnora.example") in {(one.type, one.value) for one in telltales(verdict)}


def test_a_code_to_ones_own_pages_leaves_a_wanted_message_wanted() -> None:
    verdict = judged(picture("https://portal.velmora.example/rooms"), text="Scan the code to book a meeting room.\n")
    assert verdict.verdict == "wanted"


def test_the_bytes_and_not_the_name_say_what_is_a_picture() -> None:
    verdict = judged(picture(LURE, "JPEG"), "application/octet-stream", "scan.dat")
    assert verdict.facts is not None
    assert [code.says for code in verdict.facts.codes] == [LURE]


def test_a_picture_inside_the_page_is_read() -> None:
    source = base64.b64encode(picture(LURE, "GIF")).decode()
    verdict = judge(read(letter(html=f'<p>{NOTE}</p><img src="data:image/gif;base64,{source}">')), OWN)
    assert verdict.facts is not None
    assert [target.host for target in verdict.facts.acting if target.picture] == ["id.velrnora.example"]


def test_without_the_reader_a_code_is_said_to_be_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    content = picture(LURE)
    monkeypatch.setitem(sys.modules, "zxingcpp", None)
    (cue,) = [cue for cue in judged(content).cues if cue.name == "qr-code"]
    assert "not read" in cue.reason
    assert "make extras" in cue.reason


def bomb(side: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    lines = zlib.compress(b"\0" * 1_000_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [5_000, 12_000, 60_000])
def test_a_picture_that_would_fill_the_memory_is_not_unpacked_and_that_is_said(side: int) -> None:
    (code,) = qr.codes_in([("a", bomb(side))])
    assert code.why.startswith("larger than")


def test_more_pictures_than_are_looked_into_are_said() -> None:
    plain = io.BytesIO()
    images.new("L", (40, 30), 200).save(plain, "PNG")
    assert qr.codes_in([("a", plain.getvalue())] * 5) == []
    assert qr.codes_in([("a", plain.getvalue())] * 50)[-1].why == "more pictures than are looked into"


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["PNG", "JPEG", "GIF", "WEBP", "BMP"]), st.integers(0, 700), st.binary(max_size=40))
def test_a_damaged_picture_never_stops_the_judge(form: str, at: int, noise: bytes) -> None:
    whole = picture(LURE, form)
    broken = whole[:at] + noise + whole[at + len(noise) :]
    assert all(code.says or code.why for code in qr.codes_in([("a", broken), ("b", whole[: at + 20])]))
