from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.detect.mail.judging import VERDICTS, judge
from seawall.detect.mail.pages import read_page
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


@pytest.mark.parametrize(
    ("sender", "subject", "text"),
    [
        pytest.param(
            "Ola <ola@velmora.example>",
            "Links",
            "Pages from the meeting:\n\nhttps://wiki.velmora.example/ran\nhttps://www.3gpp.test/specs\n"
            "https://datatracker.test/doc/rfc5322\nhttps://stats.velmora.example/d/1\n",
            id="a-list-of-links",
        ),
        pytest.param(
            "GitHub <noreply@github.com>",
            "Please reset your password",
            "We heard that you lost your password. Use this link within 3 hours:\n\nhttps://github.com/password_reset/a\n\n"
            "You receive this email because a password reset was requested for your account.\n",
            id="a-reset-one-asked-for",
        ),
        pytest.param(
            "Maja <maja@sunda-mobile.example>",
            "Re: Roaming test SIMs",
            "Thanks, the SIMs arrived this morning. We test on Thursday and send you the CDRs.\n",
            id="test-sims",
        ),
        pytest.param(
            "Jira <jira@velmora.atlassian.net>",
            "[JIRA] (NOC-991) Rotate SNMP community",
            "Please rotate today and paste the new community into the vault only.\n\n"
            "https://velmora.atlassian.net/browse/NOC-991\n",
            id="own-name-at-a-platform",
        ),
        pytest.param("Ola <ola@velmora.example>", "Re: lunch", "Thanks!\n", id="a-word-of-thanks"),
    ],
)
@pytest.mark.parametrize("world", [OWN, World()], ids=["told", "untold"])
def test_daily_mail_is_wanted(sender: str, subject: str, text: str, world: World) -> None:
    verdict = judge(read(letter(text, sender=sender, subject=subject)), world)
    assert verdict.verdict == "wanted", verdict.why


def test_a_shown_address_before_another_one_in_brackets_is_a_mismatch() -> None:
    verdict = judge(read(letter("www.velmora.example <https://collect.test/k> please.\n")), OWN)
    assert "link-mismatch" in {cue.name for cue in verdict.cues}


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(
            b"From: a@b.example\n"
            + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(100)),
            id="nested-past-the-limit",
        ),
        pytest.param(b"X-A: y\n" * 3_000 + b"From: a@b.example\nSubject: x\n\nhello\n", id="too-many-fields"),
        pytest.param(b"Subject: " + b"A" * 600_000 + b"\nFrom: a@b.example\n\nhello\n", id="a-field-too-long"),
        pytest.param(b"From: a@b.example\nTo: noc@velmora.example\nSubject: x\n\n", id="nothing-in-it"),
    ],
)
def test_what_was_not_there_to_be_read_makes_no_verdict(raw: bytes) -> None:
    assert judge(mail_of(raw, "x.eml"), OWN).verdict == "unsure"


def test_what_follows_thousands_of_open_tags_is_still_read() -> None:
    page = read_page('<a href="http://a.example/' * 2_000 + '"><a href="https://b.example">in</a>')
    assert page.links[-1].url == "https://b.example"
