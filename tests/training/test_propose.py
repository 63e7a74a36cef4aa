"""Counts a program makes: what it saw and where; a proposal, and never a crash."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import InputError
from seawall.training.cues import BY_ID
from seawall.training.propose import NOT_COUNTED, Read, looks_like, propose, read_message
from tests import corpus

MAIL = b"""\
From: "desk@carrier.example" <it@carr1er.test>
Reply-To: x@mailbox.test
Subject: Your mailbox is full
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/html; charset=utf-8

<style>urgent urgent</style><p>Dear customer,</p><p>confirm today at
<a href="https://login.test/x">portal.carrier.example</a> or <a href="https://portal.carrier.example/">here</a>.</p>
--b
Content-Type: application/zip
Content-Disposition: attachment; filename="plan.zip"

x
--b--
"""


def test_each_cue_is_counted_with_the_words_it_was_counted_for() -> None:
    counted = propose(read_message(MAIL, where="a.eml"), ("carrier.example",))
    assert counted.counts["sender"] == 2
    assert counted.reasons["link"] == ("portal.carrier.example → login.test",)
    assert counted.reasons["domain"] == ("carr1er.test",)
    assert counted.reasons["attachment"] == ("plan.zip",)
    assert counted.reasons["urgency"] == ("today",), "what a page does not show is not counted"
    assert counted.reasons["greeting"] == ("Dear customer",)
    assert not set(counted.counts) & set(NOT_COUNTED)


def test_an_ordinary_message_has_few() -> None:
    raw = (b"From: Ana Lind <ana@carrier.example>\nSubject: Minutes\n\nHello Samir,\n\nthe minutes are in our folder.\n"
           b"\nAna, extension 4410\n")  # fmt: skip
    assert propose(read_message(raw, where="a.eml"), ("carrier.example",)).counts == {}


@pytest.mark.parametrize(
    ("domain", "imitates"),
    [("carrier.example", False), ("mail.carrier.example", False), ("carr1er.example", True), ("carrier-vpn.test", True),
     ("carrier.example.login.test", True), ("barrier.test", True), ("kestrel.test", False), ("", False)],
)  # fmt: skip
def test_what_imitates_ones_own_domain(domain: str, imitates: bool) -> None:
    assert looks_like(domain, ("carrier.example",)) is imitates


@given(
    st.binary(max_size=300)
    | st.builds(lambda a, n: MAIL[:n] + a + MAIL[n:], st.binary(max_size=40), st.integers(0, 600))
)
def test_any_bytes_are_counted_or_refused(raw: bytes) -> None:
    with contextlib.suppress(InputError):
        counted = propose(read_message(raw, where="x.eml"), ("carrier.example",))
        assert set(counted.counts) <= set(BY_ID)
        assert all(count > 0 for count in counted.counts.values())


def test_a_bare_text_has_no_sender_to_judge() -> None:
    assert "sender" not in propose(Read("Pay today")).counts


@pytest.mark.corpus
def test_every_message_of_the_modern_sample_is_counted() -> None:
    files = sorted(corpus.corpus_path("mail-modern", "eml").glob("*.eml"))[:60]
    assert files
    for file in files:
        propose(read_message(file.read_bytes(), where=file.name), ("velmora.example",))
