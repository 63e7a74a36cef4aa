"""Nothing leaves the allow list, whatever the roster, the settings and the campaign say."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from email import message_from_bytes
from email.utils import getaddresses
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import UsageError
from seawall.model.clock import FixedClock
from seawall.model.settings import TrainingSettings
from seawall.training import allow, exercise
from seawall.training.campaign import Campaign, Message
from seawall.training.mailing import post
from seawall.training.roster import ADDRESS, Member, Roster

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
OWN = ("carrier.example", "corp.carrier.example")
SETTINGS = TrainingSettings(domains=OWN, page="https://train.carrier.example")

_domains = st.sampled_from([*OWN, "evil.test", "carrier.example.evil.test", "xcarrier.example", "carrier.example\u200b",
                            "c\u0430rrier.example", "CARRIER.example", "carrier.example,x@evil.test",
                            "carrier.example>\r\nBcc: <x@evil.test"])  # fmt: skip
_addresses = st.builds(
    "{}@{}".format, st.sampled_from(["ana", "bo", "x@evil.test", '"a b"', "a%evil.test", "@"]), _domains
)
_words = st.lists(st.sampled_from([
    "Hello", "{link}", "{person}", "https://evil.test/x", "http://train.carrier.example/", "evil.test",
    "www.evil.test/a",
    "https://train.carrier.example@evil.test/", "//evil.test", "plan.pdf", "x@evil.test", "desk@carrier.example",
    "https:\\\\evil.test", "\r\nBcc: x@evil.test", "javascript://evil.test", "\u0435vil.test",
    "intranet.carrier.example",
    "mailto:x@evil.test", "\n.\nMAIL FROM:<x@evil.test>",
]), max_size=5).map(" ".join)  # fmt: skip


class Wire:
    """Stands where the mail server stands, and remembers everything it is given."""

    def __init__(self) -> None:
        self.taken = list[tuple[str, str, bytes]]()

    def send(self, envelope_from: str, recipient: str, raw: bytes) -> None:
        self.taken.append((envelope_from, recipient, raw))


@given(
    st.lists(st.builds(Member, st.text("abc", min_size=1, max_size=2), _addresses), max_size=5),
    st.sets(st.sampled_from(["a", "b", "ab"])), _addresses, _words, _words, st.text(max_size=20),
)  # fmt: skip
def test_whatever_is_asked_for_only_people_of_the_roster_at_own_domains_are_reached(
    members, out, sender, subject, body, name
) -> None:
    wire, roster = Wire(), Roster(tuple(members))
    campaign = Campaign("c", "c", (Message("m", f"{name} <{sender}>", subject or "s", body),), everybody=True)
    gate = allow.gate(SETTINGS, roster, out)
    with contextlib.suppress(UsageError):
        planned = exercise.plan(campaign, roster, gate)
        list(post(exercise.letters(planned, gate, SETTINGS.page, NOW), gate, wire))
    allowed = {m.address.lower() for m in members if m.person not in out}
    for envelope_from, recipient, raw in wire.taken:
        assert recipient.lower() in allowed
        message = message_from_bytes(raw)
        assert message[allow.MARKER] == "c"
        everybody = [
            a for v in ("to", "cc", "bcc", "from", "reply-to") for _, a in getaddresses(message.get_all(v, []))
        ]
        for address in (envelope_from, recipient, *everybody):
            found = ADDRESS.fullmatch(address)
            assert found is not None, raw
            assert found[2].lower() in OWN
        assert b"evil" not in raw.lower()
        assert "\u0435vil" not in message.get_payload(decode=True).decode()  # type: ignore[union-attr]


def test_an_ordinary_message_passes() -> None:
    wire = Wire()
    roster = Roster((Member("ana", "ana@carrier.example"),))
    gate = allow.gate(SETTINGS, roster, set())
    text = "Dear {person}, see {link} and plan.pdf, e.g. before 18.30. desk@carrier.example, intranet.carrier.example"
    campaign = Campaign("c", "c", (Message("m", "Désk <desk@carrier.example>", "Ünïcode", text),), everybody=True)
    list(post(exercise.letters(exercise.plan(campaign, roster, gate), gate, SETTINGS.page, NOW), gate, wire))
    assert len(wire.taken) == 1


LETTER = (
    b"From: d <d@carrier.example>\r\nTo: ana@carrier.example\r\nSubject: s\r\nX-Seawall-Exercise: c\r\n"
    b"X-Seawall-Exercise-Token: t\r\nContent-Type: text/plain\r\n\r\nHello\r\n"
)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Subject: s", b"Subject: s\r\nBcc: x@carrier.example"),
        (b"Subject: s", b"Subject: s\r\nCc: x@evil.test"),
        (b"Subject: s", b"Subject: s\r\nResent-To: x@evil.test"),
        (b"Subject: s", b"Subject: s\r\nDisposition-Notification-To: x@evil.test"),
        (b"Subject: s", b"Subject: s\r\nReply-To: x@evil.test"),
        (b"Subject: s", b"Subject: s\r\nTo: x@evil.test"),
        (b"To: ana@", b"To: x@evil.test, ana@"),
        (b"From: d <d@carrier.example>", b"From: d@carrier.example <d@evil.test>"),
        (b"X-Seawall-Exercise: c\r\n", b""),
        (b"text/plain", b"text/html"),
        (b"text/plain", b"multipart/mixed; boundary=x"),
        (b"Hello", b"http://train.carrier.example/"),
        (b"Hello", b"x" * (65 << 10)),
    ],
)
def test_the_gate_reads_the_very_bytes_that_are_sent(old: bytes, new: bytes) -> None:
    gate = allow.gate(SETTINGS, Roster((Member("ana", "ana@carrier.example"),)), set())
    gate.check(LETTER, "ana@carrier.example")
    with pytest.raises(UsageError, match="may not leave"):
        gate.check(LETTER.replace(old, new), "ana@carrier.example")


@pytest.mark.parametrize("domain", ["gmail.com", "com", "", "carrier example", "*.carrier.example", "[192.0.2.1]"])
def test_a_domain_that_cannot_be_ones_own_is_refused(domain: str) -> None:
    with pytest.raises(UsageError):
        allow.gate(TrainingSettings(domains=(domain,)), Roster(), set())


@pytest.mark.parametrize("page", ["http://train.carrier.example", "https://evil.test", "https://", "train"])
def test_a_page_outside_is_refused(page: str) -> None:
    with pytest.raises(UsageError):
        allow.gate(TrainingSettings(domains=OWN, page=page), Roster(), set())


def test_no_domain_means_nothing_can_be_sent(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no own domain"):
        allow.gate(TrainingSettings(), Roster((Member("ana", "ana@carrier.example"),)), set())
    assert FixedClock(NOW).now() == NOW
