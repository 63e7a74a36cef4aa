from __future__ import annotations

from email.message import EmailMessage

from seawall.model.mail import Mail
from seawall.sources.base import Reject
from seawall.sources.mail.whole import mail_of, mails_in
from seawall.sources.opening import evidence_from_bytes
from tests.detect.mail.letters import letter


def mails(content: bytes, name: str) -> list[Mail | Reject]:
    return list(mails_in(evidence_from_bytes(content, name)))


def test_a_report_gives_the_message_it_carries_and_its_reporter() -> None:
    outer = EmailMessage()
    outer["From"], outer["To"], outer["Subject"] = "amelie@velmora.example", "abuse@velmora.example", "Fwd: odd"
    outer.set_content("Is this real?\n")
    outer.add_attachment(letter(subject="Win a prize"))
    mail = mail_of(outer.as_bytes(), "r.eml")
    assert mail.first("subject") == "Win a prize"
    assert mail.reporter == "amelie@velmora.example"


def test_a_mailbox_gives_each_message_its_number() -> None:
    one = letter().as_bytes()
    box = b"".join(b"From x@a.example Mon Mar  2 09:00:00 2026\n" + one + b"\n" for _ in range(3))
    assert [mail.origin for mail in mails(box, "in.mbox") if isinstance(mail, Mail)] == [
        "in.mbox#1",
        "in.mbox#2",
        "in.mbox#3",
    ]


def test_what_is_no_mail_is_left_and_what_is_named_mail_is_said() -> None:
    assert isinstance(mails(b"file,label\na,b\n", "labels.csv")[0], Reject)
    (broken,) = mails(b"\x00\x01\x02", "x.eml")
    assert isinstance(broken, Mail)
    assert broken.unjudgeable


def test_a_cut_msg_says_what_to_do() -> None:
    (mail,) = mails(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 200, "x.msg")
    assert isinstance(mail, Mail)
    assert "damaged" in mail.unjudgeable or "make extras" in mail.unjudgeable


def test_a_field_cannot_be_injected_by_an_encoded_word() -> None:
    raw = b"From: a@b.example\nSubject: =?utf-8?q?x=0D=0AReply-To=3A_evil=40c.example?=\n\nbody\n"
    mail = mail_of(raw, "x.eml")
    assert mail.first("reply-to") == ""
    assert "\n" not in mail.first("subject")
