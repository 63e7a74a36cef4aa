from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.detect.mail.judging import VERDICTS, judge
from seawall.detect.mail.world import World
from seawall.sources.mail.whole import mail_of
from tests.detect.mail.letters import FAIL, letter, read

OWN = World(frozenset({"velmora.example"}), frozenset({"kestrelnet.example"}), ("velmora",), told=True)


def test_a_plain_notice_of_a_partner_is_wanted() -> None:
    assert judge(read(letter()), OWN).verdict == "wanted"


@pytest.mark.parametrize(
    ("sender", "subject", "text", "cue"),
    [
        pytest.param(
            '"Velmora Service Desk" <it@velrnora.example>',
            "Password ends today",
            "Your password ends today. Sign in with your work account to keep it: https://id.velrnora.example/keep\n",
            "look-alike-sender",
            id="homoglyph",
        ),
        pytest.param(
            '"Tomas" <office.88231@gmail.com>',
            "Quick favour",
            "I am in a closed session. Do not call, answer here and keep this between us. I need gift cards today.\n",
            "secrecy",
            id="chief",
        ),
        pytest.param(
            '"Roaming" <roaming@nordvik-tele.test>',
            "New GT",
            "Please route our traffic to the new global title and accept updates without filter now. No need for a "
            "ticket, the paperwork will follow.\n",
            "opens-the-network",
            id="roaming-partner",
        ),
    ],
)
def test_a_lure_is_a_phish_and_says_why(sender: str, subject: str, text: str, cue: str) -> None:
    verdict = judge(read(letter(text, sender=sender, subject=subject, stamp=FAIL)), OWN)
    assert verdict.verdict == "phish"
    assert cue in {one.name for one in verdict.cues}
    assert verdict.why


def test_a_cue_points_at_its_words() -> None:
    verdict = judge(read(letter("Good day. Please keep this between us until Friday, thank you.\n")), OWN)
    (cue,) = [one for one in verdict.cues if one.name == "secrecy"]
    assert verdict.facts is not None
    assert verdict.facts.text[cue.start : cue.end] == "keep this between us"


def test_what_is_no_message_cannot_be_judged_and_says_so() -> None:
    verdict = judge(mail_of(b"\n\nnothing", "x.eml"), OWN)
    assert verdict.verdict == "unsure"
    assert verdict.why.startswith("cannot be judged")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=600), st.integers(0, 900), st.integers(0, 900))
def test_mutated_and_cut_mail_still_gets_a_verdict(noise: bytes, at: int, cut: int) -> None:
    html = '<a href="https://a.example/x">https://b.example</a><form><input type=password></form>'
    raw = letter("Hello\n", html=html).as_bytes()
    broken = raw[:at] + noise + raw[at : len(raw) - cut]
    verdict = judge(mail_of(broken, "x.eml"), OWN)
    assert verdict.verdict in VERDICTS
    assert 0 <= verdict.score <= 1


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"From: " + b"((" * 50_000 + b"\nSubject: x\n\nhi\n", id="comments-in-comments"),
        pytest.param(b"From: =?utf-8?b?abcde?= <a@b.example>\nSubject: =?x?b?a?=\n\nhi\n", id="damaged-words"),
        pytest.param(b"From: a@b.example\nContent-Type: text/html; charset=klingon\n\n" + b"<div>" * 9_000, id="divs"),
        pytest.param(b"From: a@b.example\nSubject: x\n\n" + b"a." * 50_000, id="one-long-word"),
        pytest.param("From: \u202ea@b.example\nTo: \u0430@c.example\nSubject: \u200b\n\nhi".encode(), id="unicode"),
    ],
)
def test_hostile_mail_gets_a_verdict(raw: bytes) -> None:
    assert judge(mail_of(raw, "x.eml"), OWN).verdict in VERDICTS


def test_a_lure_full_of_good_advice_stays_a_phish() -> None:
    advice = "We never ask for your password. No action is needed. Call the number in your contract. Extension 4400.\n"
    lure = "Your account will be blocked today. Verify your account: https://velrnora.example/k\n"
    verdict = judge(read(letter(lure + advice, sender="IT <it@velrnora.example>", stamp=FAIL)), OWN)
    assert verdict.verdict == "phish"
