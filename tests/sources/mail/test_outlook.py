"""Real .msg bytes: headers, page, rich text alone, files, messages within; and what is cut or lies."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.detect.mail.judging import judge
from seawall.detect.mail.world import World
from seawall.model.mail import Mail
from seawall.sources.mail.whole import mails_in
from seawall.sources.opening import evidence_from_bytes
from tests.sources.mail.outlook_files import Tree, attachment, binary, compound, packed_rtf, recipient, table, text

pytest.importorskip("olefile", reason="reading .msg needs an optional part: make extras")
HEADERS = (
    "Microsoft Mail Internet Headers Version 2.0\r\n"
    "Received: from out.example ([192.0.2.7])\r\n by mx1.velmora.example; "
    "Mon, 2 Mar 2026 09:00:00 +0000\r\nAuthentication-Results: mx1.velmora.example; dmarc=fail\r\n"
    'Content-Type: multipart/mixed;\r\n\tboundary="x"\r\nFrom: "IT" <it@velrnora.example>\r\n'
    "To: noc@velmora.example\r\nSubject: Sign in\r\nDate: Mon, 2 Mar 2026 09:00:00 +0000\r\n\r\n"
)
PAGE = '<html><a href="https://velrnora.example/k">https://id.velmora.example</a> Grüße</html>'
SENT = (0x0039, 0x40, 134_168_688_000_000_000)


def body(skip: int = 32) -> Tree:
    return {**table(skip, SENT, (0x3FDE, 3, 65001)), **text("007D", HEADERS), **binary("1013", PAGE.encode())}


def mail(tree: Tree) -> Mail:
    (found,) = mails_in(evidence_from_bytes(compound(tree), "x.msg"))
    assert isinstance(found, Mail)
    assert not found.unjudgeable
    return found


def links(found: Mail) -> list[str]:
    facts = judge(found, World(frozenset({"velmora.example"}), told=True)).facts
    assert facts is not None
    return [target.url for target in facts.targets]


def test_header_page_and_files_come_out_as_they_were_sent() -> None:
    found = mail({**body(), **attachment(0, "große.bin", bytes(range(256)) * 40, "application/x-thing")})
    assert found.first("from") == '"IT" <it@velrnora.example>'
    assert [field.name for field in found.fields].count("content-type") == 1
    assert [(part.type, part.name) for part in found.parts] == [("text/html", ""), ("application/x-thing", "große.bin")]
    assert found.parts[1].content == bytes(range(256)) * 40
    assert "Grüße" in found.parts[0].text
    assert judge(found, World(frozenset({"velmora.example"}), told=True)).verdict == "phish"


def test_without_the_servers_header_outlooks_own_properties_tell() -> None:
    names = {**text("0C1A", "Ines"), **text("0C1F", "/O=ORG/CN=INES"), **text("5D01", "ines@kestrelnet.example")}
    to = {**recipient(0, "Noc", "noc@velmora.example"), **recipient(1, "B", "b@velmora.example", 3)}
    found = mail({**table(32, SENT), **names, **to, **text("0037", "Fenster", ""), **text("1000", "Hallo\r\n")})
    told = {field.name: field.value for field in found.fields}
    assert told["from"] == '"Ines" <ines@kestrelnet.example>'
    assert told["to"] == '"Noc" <noc@velmora.example>'
    assert told["date"] == "Sun, 01 Mar 2026 20:00:00 +0000"
    assert "Hallo" in found.parts[0].text


def test_text_in_the_writers_own_code_page_is_read() -> None:
    found = mail({**table(32, (0x3FFD, 3, 1251)), **text("007D", HEADERS), **text("1000", "Привет", "cp1251")})
    assert found.parts[0].text == "Привет"


@pytest.mark.parametrize(
    ("rtf", "seen"),
    [
        pytest.param(
            rb"{\rtf1\ansi\ansicpg1252\fromhtml1 \deff0{\fonttbl{\f0\fswiss Arial;}}"
            rb"{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 "
            rb"{\*\htmltag84 <a href=\"https://velrnora.example/k\">}\htmlrtf x\htmlrtf0 "
            rb"Sign in{\*\htmltag92 </a>} Gr\'fc\'dfe \u8364?{\*\mhtmltag84 <a href=\"cid:1\">}\htmlrtf }\htmlrtf0 "
            rb"{\*\htmltag72 </p>}}",
            "Sign in Grüße €",
            id="a page inside",
        ),
        pytest.param(
            rb'{\rtf1\ansi\ansicpg1252{\field{\*\fldinst{HYPERLINK "https://velrnora.example/k"}}{\fldrslt Sign in}}'
            rb" Gr\'fc\'dfe \u8364?\par}",
            "Sign in Grüße €",
            id="rich text of its own",
        ),
    ],
)
def test_a_message_that_is_rich_text_alone_shows_its_words_and_links(rtf: bytes, seen: str) -> None:
    found = mail({**table(32), **text("007D", HEADERS), **binary("1009", packed_rtf(rtf))})
    assert links(found) == ["https://velrnora.example/k"]
    facts = judge(found, World()).facts
    assert facts is not None
    assert facts.text == seen


def test_plain_text_kept_as_rich_text_is_told() -> None:
    rtf = rb"{\rtf1\ansi\fromtext {\fonttbl{\f0 Arial;}}see https://velrnora.example/k\par now}"
    found = mail({**table(32), **text("007D", HEADERS), **binary("1009", packed_rtf(rtf))})
    assert (found.parts[0].type, found.parts[0].text) == ("text/plain", "see https://velrnora.example/k\nnow")


def test_a_report_of_outlook_gives_the_message_it_carries() -> None:
    outer = {**table(32), **text("0C1A", "Amelie"), **text("5D01", "amelie@velmora.example"), **text("1000", "Real?")}
    found = mail({**outer, **attachment(0, "Sign in", body(24))})
    assert (found.first("subject"), "amelie@velmora.example" in found.reporter) == ("Sign in", True)
    assert links(found)[0] == "https://velrnora.example/k"


def test_an_empty_line_in_the_kept_header_ends_nothing_and_adds_no_part() -> None:
    found = mail({**body(), **text("007D", HEADERS.replace("Subject", "X-A: b\r\n\r\nSubject"))})
    assert found.first("subject") == "Sign in"


WHOLE = compound({**body(), **binary("1009", packed_rtf(b"{\\rtf1 x}" * 20)), **attachment(0, "a", body(24))})


@settings(max_examples=80, deadline=None)
@given(st.integers(0, len(WHOLE)), st.binary(max_size=30), st.integers(0, len(WHOLE)))
def test_a_damaged_msg_gets_a_message_or_a_reason(at: int, noise: bytes, cut: int) -> None:
    broken = (WHOLE[:at] + noise + WHOLE[at + len(noise) :])[: max(8, len(WHOLE) - cut % 600)]
    assert list(mails_in(evidence_from_bytes(broken, "x.msg")))
