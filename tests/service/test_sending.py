"""Notices reach real servers, say an id and a link, come once, and wait for a channel that does not take them."""

from __future__ import annotations

import hmac
import json
import re
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from seawall.errors import PeerError
from seawall.model.compartment import TAG, notice_finding
from seawall.model.entities import Entity
from seawall.model.finding import Evidence, Finding
from seawall.model.incident import Incident
from seawall.model.notifying import (
    Escalation,
    HecChannel,
    MailChannel,
    NotifySettings,
    OutSettings,
    SyslogChannel,
    WebhookChannel,
)
from seawall.model.settings import Settings
from seawall.model.severity import Severity
from seawall.service import channels
from seawall.service.planning import plan_escalations, plan_notices
from seawall.service.sending import send_due
from seawall.state import open_state
from seawall.state.outbox import Outbox
from tests.service.receivers import http_server, mail_server, syslog_server

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SECRET = "0123456789abcdef"


def finding(name: str, event: str = "e1", severity: Severity = Severity.HIGH) -> Finding:
    return Finding(
        id=name * 32,
        detector="area.test",
        title="An intruder's account svc_x",
        severity=severity,
        confidence=80,
        first=NOW,
        last=NOW,
        count=1,
        entities=(Entity("device", "pe1", "target"),),
        why="because svc_x",
        subject="pe1",
        evidence=(Evidence(event, "a.log:1", "svc_x logged in"),),
        evidence_total=1,
    )


def incident(name: str, *findings: Finding, severity: Severity = Severity.HIGH) -> Incident:
    ids = tuple(one.id for one in findings)
    return Incident(name * 32, "Intruder svc_x", severity, 90, NOW, NOW, (), ids, (), (), ("svc_x",))


@pytest.fixture
def outbox(tmp_path: Path):
    with open_state(tmp_path / "state.db") as state:
        yield Outbox(state)


@pytest.fixture
def secret(tmp_path: Path) -> str:
    (tmp_path / "secret").write_text(SECRET)
    return f"file:{tmp_path / 'secret'}"


def plan(outbox: Outbox, settings: Settings, incidents: list[Incident], found: list[Finding]) -> int:
    outbox.state.save_findings(found)
    return plan_notices(outbox, settings, incidents, found, outbox.state.findings(), NOW)


def test_mail_webhook_and_syslog_say_id_and_link_once_and_nothing_of_the_intruder(outbox: Outbox, secret: str) -> None:
    with mail_server() as mails, http_server() as posts, syslog_server() as (port, lines):
        settings = Settings(
            notify=NotifySettings(
                link="https://seawall.example",
                pause_s=0,
                mail=(
                    MailChannel(
                        "soc", "127.0.0.1", "seawall@carrier.example", ("soc@carrier.example",), mails.port, "none"
                    ),
                ),
                webhook=(WebhookChannel("hook", posts.url, secret),),
                syslog=(SyslogChannel("siem", "127.0.0.1", port),),
            )
        )
        one = finding("a")
        assert plan(outbox, settings, [incident("a", one)], [one]) == 3
        assert send_due(outbox, settings, NOW) == {}
        assert plan(outbox, settings, [incident("a", one)], [one]) == 0, "the same incident again is no news"
        assert send_due(outbox, settings, NOW + timedelta(hours=1)) == {}
        deadline = time.monotonic() + 20
        while not lines and time.monotonic() < deadline:
            pass
    (mail,) = mails.messages
    link = f"https://seawall.example/incidents/{'a' * 32}"
    assert mail.get_payload(decode=True).decode().strip() == f"incident {'a' * 32} {link}"
    ((_, headers, body),) = posts.got
    said = re.fullmatch(r"t=(\d+),v1=([0-9a-f]{64})", headers["X-Seawall-Signature"])
    assert said is not None
    assert hmac.new(SECRET.encode(), said[1].encode() + b"." + body, "sha256").hexdigest() == said[2]
    assert json.loads(body)["incidents"] == [{"id": "a" * 32, "link": link}]
    octets, _, message = lines[0].partition(b" ")
    assert (len(lines), int(octets)) == (1, len(message))
    assert f"|incident|Incident|5|externalId={'a' * 32} request={link}".encode() in message
    assert b"svc_x" not in mail.as_bytes() + body + message


def test_an_incident_under_a_new_id_is_no_news_but_a_worse_one_is(outbox: Outbox, secret: str) -> None:
    settings = Settings(notify=NotifySettings(webhook=(WebhookChannel("hook", "http://127.0.0.1:1/", secret),)))
    first, late = finding("a", "e1"), finding("b", "e1")
    assert plan(outbox, settings, [incident("a", first)], [first]) == 1
    assert plan(outbox, settings, [incident("b", late)], [late]) == 0
    worse = incident("b", late, severity=Severity.CRITICAL)
    assert plan(outbox, settings, [worse], []) == 1
    assert {one.thing for one in outbox.every()} == {"a" * 32}


def test_a_channel_that_is_down_gets_it_when_it_is_back_and_is_given_up_in_the_end(outbox: Outbox) -> None:
    with mail_server() as mails:
        mail = MailChannel("soc", "127.0.0.1", "s@carrier.example", ("x@carrier.example",), mails.port, "none")
        settings = Settings(notify=NotifySettings(pause_s=0, mail=(mail,)))
        one, two = finding("a", "e1"), finding("b", "e2")
        plan(outbox, settings, [incident("a", one)], [one])
        mails.answer = "451 come again"
        assert "451" in send_due(outbox, settings, NOW)["soc"]
        assert send_due(outbox, settings, NOW + timedelta(seconds=1)) == {}, "not at once again"
        mails.answer = "250 OK"
        send_due(outbox, settings, NOW + timedelta(minutes=2))
        assert len(mails.messages) == 1
        plan(outbox, settings, [incident("b", two)], [two])
        mails.answer = "550 no"
        send_due(outbox, settings, NOW + timedelta(hours=25))
        send_due(outbox, settings, NOW + timedelta(hours=27))
    assert outbox.counts() == {("soc", "notice", "sent"): 1, ("soc", "notice", "given up"): 1}


def test_silence_tells_the_next_people_and_an_acknowledgement_ends_it(outbox: Outbox, secret: str) -> None:
    hooks = tuple(WebhookChannel(name, "http://127.0.0.1:1/", secret) for name in ("soc", "boss"))
    notify = NotifySettings(webhook=hooks, escalate=(Escalation(30, ("boss",)),))
    one, two = finding("a", "e1"), finding("b", "e2")
    assert plan(outbox, Settings(notify=notify), [incident("a", one), incident("b", two)], [one, two]) == 2
    assert plan_escalations(outbox, notify, NOW + timedelta(minutes=29)) == 0
    assert outbox.acknowledge("a" * 32, "a.lind", NOW)
    assert plan_escalations(outbox, notify, NOW + timedelta(minutes=31)) == 1
    assert plan_escalations(outbox, notify, NOW + timedelta(minutes=32)) == 0
    newest = outbox.every()[0]
    assert (newest.channel, newest.thing[0]) == ("boss", "b")


def test_a_storm_of_incidents_is_one_message_that_counts_what_it_does_not_name(outbox: Outbox) -> None:
    many = [replace(finding("a", f"e{n}"), id=f"{n:032x}") for n in range(60)]
    with mail_server() as mails:
        mail = MailChannel("soc", "127.0.0.1", "s@carrier.example", ("x@carrier.example",), mails.port, "none")
        settings = Settings(notify=NotifySettings(mail=(mail,)))
        every = [replace(incident("a", one), id=one.id) for one in many]
        assert plan(outbox, settings, every, many) == 60
        send_due(outbox, settings, NOW)
    (message,) = mails.messages
    assert "and 40 more" in message.get_payload()


def test_of_the_intercept_case_only_the_released_sentence_leaves(outbox: Outbox, secret: str) -> None:
    closed = replace(finding("c", "e3", Severity.CRITICAL), tags=(TAG,))
    released = notice_finding("o.berg", "0" * 32, NOW)
    with http_server() as posts:
        settings = Settings(
            notify=NotifySettings(pause_s=0, webhook=(WebhookChannel("hook", posts.url, secret),)),
            out=OutSettings(hec=(HecChannel("splunk", posts.url, secret),)),
        )
        plan(outbox, settings, [incident("c", closed)], [closed, released])
        send_due(outbox, settings, NOW)
    bodies = [body for _, _, body in posts.got]
    assert not any(b"c" * 32 in body for body in bodies)
    assert json.loads(bodies[0])["text"] == "compartmented finding, call officer o.berg"


def test_findings_go_to_a_siem_as_ocsf_and_withdrawn_ones_do_not(outbox: Outbox, secret: str) -> None:
    with http_server() as posts, syslog_server() as (port, lines):
        settings = Settings(
            out=OutSettings(
                hec=(HecChannel("splunk", posts.url, secret, "main"),), syslog=(SyslogChannel("q", "127.0.0.1", port),)
            )
        )
        one, gone = finding("a"), finding("b", "e2")
        plan(outbox, settings, [], [one, gone])
        outbox.state.withdraw([gone.id])
        assert send_due(outbox, settings, NOW) == {}
        deadline = time.monotonic() + 20
        while not lines and time.monotonic() < deadline:
            pass
    ((_, headers, body),) = posts.got
    event = json.loads(body)
    assert headers["Authorization"] == f"Splunk {SECRET}"
    assert (event["index"], event["event"]["class_uid"], event["event"]["metadata"]["uid"]) == ("main", 2004, one.id)
    assert json.loads(lines[0].partition(b" - - - ")[2])["metadata"]["uid"] == one.id
    assert outbox.counts()[("splunk", "ocsf", "dropped")] == 1


def test_plain_http_off_this_machine_and_a_redirect_are_refused(secret: str) -> None:
    from seawall.errors import InputError

    with pytest.raises(InputError, match="plain http"):
        channels.post("http://siem.example/x", b"", {})
    with http_server() as posts:
        posts.status = 302
        with pytest.raises(PeerError, match="302"):
            channels.send_webhook(WebhookChannel("hook", posts.url, secret), {}, NOW)


def test_a_hostile_id_breaks_no_line_of_cef() -> None:
    from seawall.model.notifying import Told

    (text,) = channels.cef(Told(("a|b=c\nCEF:0",), ("https://x/?a=b",)))
    assert "\n" not in text
    assert text.endswith(r"externalId=a|b\=c\nCEF:0 request=https://x/?a\=b")
