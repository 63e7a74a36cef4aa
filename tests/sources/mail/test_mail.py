from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.sources import mail, recognise
from seawall.sources.opening import evidence_from_bytes
from tests.corpus import corpus_path
from tests.sources.reading import read_bytes, read_path

HEAD = b"From: a@b.example\nTo: c@d.example\nSubject: s\nDate: Mon, 9 Nov 2026 03:14:05 +0100\n"


def row(message: bytes) -> dict[str, object]:
    (found,) = read_bytes(mail.SOURCE, message, "m.eml").rows("mail")
    return found


def knows(content: bytes) -> bool:
    return recognise(evidence_from_bytes(content, "x")) is mail.SOURCE


@pytest.mark.corpus
@pytest.mark.parametrize("folder", ["mail", "mail-modern"])
def test_every_real_message_is_known_and_read(folder: str) -> None:
    for path in sorted(corpus_path(folder, "eml").iterdir()):
        result = read_path(path)
        assert result.counts() == {"mail": 1}
        assert result.rejected == 0


def test_only_headers_of_mail_are_mail() -> None:
    assert knows(HEAD + b"\nhello")
    assert knows(b"From a@b.example Mon Nov  9 03:14:05 2026\n" + HEAD + b"\nhello")
    for other in (
        b"To: be or not\nthat is\n",
        b"key: value\nother: thing\nthird: one\n",
        b"From here on\nall is well\n",
    ):
        assert not knows(other)


def test_the_topmost_result_counts_and_later_ones_may_be_forged() -> None:
    stamps = (
        b"Authentication-Results: mx1.us.example; spf=fail; dkim=none\n"
        + b"Authentication-Results: mx1.us.example; spf=pass\n"
    )
    made = row(stamps + HEAD + b"\n")
    assert (made["spf"], made["dkim"], made["dmarc"], made["auth_server"]) == ("fail", "none", None, "mx1.us.example")


def test_a_name_that_poses_as_an_address_stays_a_name() -> None:
    made = row(b'From: "boss@us.example" <eve@bad.example>\n' + HEAD[17:] + b"\n")
    assert (made["from_name"], made["mail_from"]) == ("boss@us.example", "eve@bad.example")


def test_secrets_and_long_bodies_do_not_become_rows() -> None:
    made = row(HEAD + b"\npassword: hunter2\n" + b"word " * 10_000)
    assert "hunter2" not in str(made)
    assert len(str(made["body_excerpt"])) <= mail.EXCERPT


def test_links_are_bounded_and_told_with_their_hosts() -> None:
    body = b"\n".join(b"http://h%d.bad.example/%d" % (n % 3, n) for n in range(500))
    made = row(HEAD + b"\n" + body)
    assert len(str(made["urls"]).split()) == mail.MAX_URLS
    assert made["url_hosts"] == "h0.bad.example,h1.bad.example,h2.bad.example"


def test_a_message_without_date_takes_its_last_hops() -> None:
    made = row(b"Received: from x by y; Mon, 9 Nov 2026 03:14:05 +0000\nFrom: a@b.example\nTo: c@d.example\n\n")
    assert made["time_quality"] == "received"


def test_a_mailbox_of_many_is_read_across_blocks_whatever_lines_begin_with_from(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mail, "BLOCK_BYTES", 97)
    one = b"From a@b.example Mon Nov  9 03:14:05 2026\n" + HEAD + b"\n>From the start\nFrom now on\n\n"
    result = read_bytes(mail.SOURCE, one * 40, "box")
    assert result.counts() == {"mail": 40}
    assert {r["body_excerpt"] for r in result.rows("mail")} == {"From the start From now on"}
    assert len({r["event_id"] for r in result.rows("mail")}) == 40


@given(st.binary(max_size=300))
def test_any_bytes_give_mail_and_rejects(content: bytes) -> None:
    read_bytes(mail.SOURCE, content)
    read_bytes(mail.SOURCE, HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" + content)
    read_bytes(mail.SOURCE, b"From a@b Mon Nov  9 03:14:05 2026\n" + content)
