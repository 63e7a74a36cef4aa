from __future__ import annotations

from datetime import UTC, datetime

from seawall import sources
from seawall.drills.acts import Act
from seawall.drills.render import mail
from seawall.sources.opening import evidence_from_bytes
from tests.sources.reading import read_evidence

AT = datetime(2026, 11, 9, 3, 14, 5, tzinfo=UTC)
DETAIL = {
    "to": "noc@carrier.example", "subject": "Überprüfung", "text": "see https://login.bad.example/x\nFrom here on",
    "name": "The Boss", "reply_to": "boss@elsewhere.example", "dmarc": "fail", "file": "plan.zip", "content": "abc",
    "html": "<p>hello <b>you</b></p>",
}  # fmt: skip


def act(number: int) -> Act:
    return Act(AT, "mx1", "mail", account=f"a{number}@partner.example", source="198.51.100.7", detail=DETAIL)


def rows(content: bytes) -> list[dict[str, object]]:
    evidence = evidence_from_bytes(content, "m.eml")
    found = sources.recognise(evidence)
    assert found is not None
    assert found.name == "mail"
    result = read_evidence(found, evidence)
    assert not result.rejected
    return result.rows("mail")


def test_a_message_is_read_back() -> None:
    (row,) = rows(mail.write(act(1), 1))
    assert row["time"] == AT
    expected = {
        "mail_from": "a1@partner.example", "from_name": "The Boss", "mail_to": "noc@carrier.example",
        "subject": "Überprüfung", "reply_to": "boss@elsewhere.example", "spf": "pass", "dmarc": "fail",
        "auth_server": "mx1.carrier.example", "attachments": 1, "attachment_names": "plan.zip", "parts": 3,
        "attachment_sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "urls": "https://login.bad.example/x", "url_hosts": "login.bad.example", "first_hop": "198.51.100.7",
        "defects": None, "return_path": "a1@partner.example", "message_id": "drill-1@partner.example",
    }  # fmt: skip
    assert {name: row[name] for name in expected} == expected


def test_a_mailbox_gives_each_message_as_it_was_alone() -> None:
    messages = [mail.write(act(n), n) for n in range(5)]
    alone = [rows(message)[0]["body_excerpt"] for message in messages]
    boxed = rows(mail.mailbox(messages))
    assert [row["body_excerpt"] for row in boxed] == alone
    assert [row["origin"] for row in boxed] == [f"m.eml#{n}" for n in range(1, 6)]
