"""An exercise end to end: through a real SMTP server into real mailboxes, reported by mail, measured by group."""

from __future__ import annotations

import mailbox
import smtplib
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox

from seawall.errors import UsageError
from seawall.model.clock import FixedClock
from seawall.model.settings import TrainingSettings
from seawall.state import open_state
from seawall.state.exercises import ExerciseState
from seawall.training import allow, exercise, reports
from seawall.training.campaign import Campaign, Message
from seawall.training.mailing import LostError, Smtp, digest
from seawall.training.roster import Member, Roster

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
LURE = Message("vpn", "Service desk <desk@carrier.example>", "Your VPN ends tonight", "Renew: {link}\n")
GENUINE = Message("menu", "Canteen <canteen@carrier.example>", "Menu of the week", "Soup on Monday.\n", lure=False)
CAMPAIGN = Campaign("autumn", "Autumn", (LURE, GENUINE), everybody=True)
ROSTER = Roster(
    (
        *(Member(f"p{n}", f"p{n}@carrier.example", "noc" if n < 12 else "shop") for n in range(15)),
        Member("out", "out@carrier.example", "noc"),
        Member("far", "far@elsewhere.test", "noc"),
        Member("none"),
    )
)


class _Controller(Controller):
    """aiosmtpd asks the port it was given whether it lives: with port 0 it must ask the one it got."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()


class Server:
    """A real SMTP server on a free port of this machine, that keeps what it takes in a Maildir."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.controller = _Controller(Mailbox(str(folder)), hostname="127.0.0.1", port=0)

    def __enter__(self) -> Server:
        self.controller.start()
        self.port = self.controller.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        return self

    def __exit__(self, *_: Any) -> None:
        self.controller.stop()

    def settings(self) -> TrainingSettings:
        return TrainingSettings(
            domains=("carrier.example",), smtp_host="127.0.0.1", smtp_port=self.port, smtp_security="none",
            page="https://train.carrier.example",
        )  # fmt: skip


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with Server(tmp_path / "delivered") as made:
        yield made


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ExerciseState]:
    with open_state(tmp_path / "state.db") as state:
        yield ExerciseState(state)


def report(original: mailbox.MaildirMessage, at: datetime, *, attached: bool) -> EmailMessage:
    """What somebody's mail program makes of `report as attachment`, or of plain forwarding."""
    made = EmailMessage()
    made["From"] = f"Somebody <{original['To']}>"
    made["To"] = "report@carrier.example"
    made["Subject"] = f"Fwd: {original['Subject']}"
    made["Date"] = format_datetime(at)
    made.set_content("Looks odd.\n" + ("" if attached else original.get_payload()))
    if attached:
        inner = EmailMessage()
        for name, value in original.items():
            if name.lower() not in ("mime-version", "content-type", "content-transfer-encoding"):
                inner[name] = value
        inner.set_content(original.get_payload())
        made.add_attachment(inner)
    return made


def test_a_campaign_goes_out_comes_back_and_is_measured_by_group(server: Server, store, tmp_path: Path) -> None:
    settings = server.settings()
    gate = allow.gate(settings, ROSTER, {"out"})
    planned = exercise.plan(CAMPAIGN, ROSTER, gate)
    assert (len(planned.members), planned.left_out) == (15, 3)
    clock = FixedClock(NOW)
    with Smtp(settings) as transport:
        sent = list(exercise.send(store, planned, gate, transport, settings.page, clock, 30))
    assert [one.state for one, _, _ in sent] == ["delivered"] * 30
    delivered = list(mailbox.Maildir(server.folder))
    assert {m["X-RcptTo"] for m in delivered} == {f"p{n}@carrier.example" for n in range(15)}
    assert {m[allow.MARKER] for m in delivered} == {"autumn"}
    lures = {m["To"]: m for m in delivered if m["Subject"] == LURE.subject}
    others = {m["To"]: m for m in delivered if m["Subject"] == GENUINE.subject}

    # Six people report the lure, four of them as attachment; one reports the canteen. Through the same server.
    made = [
        report(lures[f"p{n}@carrier.example"], NOW + timedelta(minutes=5 + n), attached=n < 4) for n in range(6)
    ] + [report(others["p7@carrier.example"], NOW + timedelta(minutes=30), attached=True)]
    with smtplib.SMTP("127.0.0.1", server.port) as smtp:
        for one in made:
            smtp.send_message(one)
    inbox = mailbox.Maildir(tmp_path / "inbox")
    for message in mailbox.Maildir(server.folder):
        if message["X-RcptTo"] == "report@carrier.example":
            inbox.add(message)
    later = NOW + timedelta(hours=2)
    addresses = {m.address: m.person for m in ROSTER.members if m.address}
    found = reports.collect(store, addresses, tmp_path / "inbox", later)
    assert (found.matched, found.again, found.by_others, found.other_mail) == (7, 0, 0, 0)
    assert reports.collect(store, addresses, tmp_path / "inbox", later).again == 7

    # A scanner fetches every link at once; two people press the button later.
    scanned = reports.Visit(NOW + timedelta(seconds=2), "198.51.100.7", "Mozilla/5.0")
    for m in lures.values():
        assert reports.visited(store, m[allow.TOKEN], scanned, (), 10) == "machine"
    for n in (8, 9):
        at = NOW + timedelta(minutes=40 + n)
        pressed = reports.Visit(at, "192.0.2.9", "Mozilla/5.0", at - timedelta(seconds=4))
        assert reports.visited(store, lures[f"p{n}@carrier.example"][allow.TOKEN], pressed, (), 10) == "person"

    result = exercise.results(exercise.find(store, "autumn"), store.messages("autumn"))
    whole = result["whole"]
    assert (whole["people"], whole["delivered"], whole["reporters"], whole["clicks"]) == (15, 15, 6, 2)
    assert whole["report_rate"] == pytest.approx(6 / 15)
    assert whole["first_report_s"] == pytest.approx(300)
    assert (whole["useful_reports"], whole["machine_fetches"]) == (4, 15)
    assert (whole["report_before_click"], whole["resilience"], whole["false_alarms"]) == (True, 3, 1)
    assert whole["d_prime"] is not None
    assert whole["d_prime"] > 0
    assert [group["group"] for group in result["groups"]] == ["others"], "shop has three people: nobody is told apart"
    assert not any(m.person in repr(result).split("'") for m in ROSTER.members if m.person != "none")

    # When its time has come, what is known of persons goes and the result stays.
    assert exercise.expire(store, NOW + timedelta(days=31)) == ["autumn"]
    assert store.messages() == []
    assert exercise.results(exercise.find(store, "autumn"), [])["whole"] == whole


class Broken:
    """A transport that dies at the n-th letter, as a machine does."""

    def __init__(self, at: int) -> None:
        self.at, self.sent = at, list[str]()

    def send(self, envelope_from: str, recipient: str, raw: bytes) -> None:
        if len(self.sent) == self.at:
            raise KeyboardInterrupt
        self.sent.append(recipient)


def test_sending_again_after_a_crash_sends_no_message_twice(store: ExerciseState) -> None:
    gate = allow.gate(TrainingSettings(domains=("carrier.example",)), ROSTER, {"out"})
    campaign = replace(CAMPAIGN, message=(replace(LURE, body="Come to room 4."),))
    planned = exercise.plan(campaign, ROSTER, gate)
    first, second = Broken(4), Broken(99)
    with pytest.raises(KeyboardInterrupt):
        list(exercise.send(store, planned, gate, first, "", FixedClock(NOW), 30))
    list(exercise.send(store, planned, gate, second, "", FixedClock(NOW), 30))
    assert len(first.sent) == 4
    assert len(second.sent) == 10  # the one that died under way is unknown, and said
    assert not set(first.sent) & set(second.sent)
    result = exercise.results(exercise.find(store, "autumn"), store.messages("autumn"))
    assert (result["unknown"], result["whole"]["delivered"]) == (1, 14)
    with pytest.raises(UsageError, match="is sent"):
        list(exercise.send(store, planned, gate, second, "", FixedClock(NOW), 30))


def test_stopping_stops_the_next_message(store: ExerciseState) -> None:
    gate = allow.gate(TrainingSettings(domains=("carrier.example",)), ROSTER, set())
    planned = exercise.plan(replace(CAMPAIGN, message=(GENUINE, replace(LURE, body="x"))), ROSTER, gate)
    transport = Broken(99)
    for _, number, _ in exercise.send(store, planned, gate, transport, "", FixedClock(NOW), 30):
        if number == 3:
            store.set_state("autumn", "stopped")
    assert len(transport.sent) == 3


def test_under_ten_people_no_figure_is_shown_at_all(store: ExerciseState) -> None:
    gate = allow.gate(TrainingSettings(domains=("carrier.example",)), ROSTER, set())
    few = replace(CAMPAIGN, everybody=False, groups=("shop",), message=(replace(LURE, body="x"),))
    planned = exercise.plan(few, ROSTER, gate)
    assert any("no result will be shown" in doubt for doubt in planned.doubts)
    list(exercise.send(store, planned, gate, Broken(99), "", FixedClock(NOW), 30))
    result = exercise.results(exercise.find(store, "autumn"), store.messages("autumn"))
    assert (result["whole"], result["groups"]) == (None, [])


def test_the_state_holds_no_token_anybody_could_use(store: ExerciseState) -> None:
    gate = allow.gate(TrainingSettings(domains=("carrier.example",)), ROSTER, set())
    planned = exercise.plan(replace(CAMPAIGN, message=(replace(LURE, body="x"),)), ROSTER, gate)
    (letter, *_) = exercise.letters(planned, gate, "", NOW)
    assert len(digest(letter.token)) == 64
    assert letter.token.encode() in letter.raw
    assert threading.active_count() < 50


class Gone(Broken):
    """A server that goes away at the n-th letter."""

    def send(self, envelope_from: str, recipient: str, raw: bytes) -> None:
        if len(self.sent) == self.at:
            raise LostError("gone")
        self.sent.append(recipient)


def test_a_server_that_goes_away_ends_the_sending_and_refuses_nobody(store: ExerciseState) -> None:
    gate = allow.gate(TrainingSettings(domains=("carrier.example",)), ROSTER, set())
    planned = exercise.plan(replace(CAMPAIGN, message=(replace(LURE, body="x"),)), ROSTER, gate)
    with pytest.raises(LostError):
        list(exercise.send(store, planned, gate, Gone(3), "", FixedClock(NOW), 30))
    second = Broken(99)
    list(exercise.send(store, planned, gate, second, "", FixedClock(NOW), 30))
    states = [sent.state for sent in store.messages("autumn")]
    assert (states.count("unknown"), states.count("refused"), len(second.sent)) == (1, 0, 12)
