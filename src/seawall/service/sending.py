"""From the outbox to the channels: what is due goes, what a channel does not take waits, ever longer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from seawall.errors import SeawallError
from seawall.model.compartment import NOTICE, compartmented
from seawall.model.finding import Finding
from seawall.model.notifying import MailChannel, SyslogChannel, Told, WebhookChannel, channels_of
from seawall.model.settings import Settings
from seawall.model.severity import Severity
from seawall.reporting.ocsf import finding_to_ocsf
from seawall.service import channels
from seawall.state.outbox import Delivery, Outbox

NAMED: Final = 20  # incidents one message names; it counts the rest
OCSF_AT_ONCE: Final = 100
_OCSF_PRI: Final = 13 * 8 + 5  # log audit, notice


def send_due(outbox: Outbox, settings: Settings, now: datetime) -> dict[str, str]:
    """Give every channel what is due; returns channel → why it did not take it. One channel's trouble is its own."""
    troubles: dict[str, str] = {}
    for name, attempt in _attempts(outbox, settings, now):
        due = outbox.due(now, name)
        if not due:
            continue
        try:
            sent = attempt(due)
        except SeawallError as error:
            hours = timedelta(hours=settings.notify.give_up_hours)
            outbox.failed([one.id for one in due], str(error), now, hours)
            troubles[name] = str(error)
            continue
        if sent:
            outbox.sent(sent, now)
    return troubles


Attempt = Callable[[Sequence[Delivery]], list[int]]  # ids of those that went


def _attempts(outbox: Outbox, settings: Settings, now: datetime) -> Iterator[tuple[str, Attempt]]:
    for name, channel in channels_of(settings.notify).items():
        last = outbox.last_sent(name)
        if last is None or now - last >= timedelta(seconds=settings.notify.pause_s) or last > now:
            yield name, _notices(outbox, settings, channel, now)
    for hec in settings.out.hec:
        yield hec.name, _findings(outbox, lambda events, hec=hec: channels.send_hec(hec, events))  # type: ignore[misc]
    for syslog in settings.out.syslog:
        yield syslog.name, _findings(outbox, lambda events, one=syslog: _ocsf_lines(one, events, now))  # type: ignore[misc]
    for ticket in settings.out.tickets:
        yield ticket.name, _tickets(settings, ticket, now)


def _notices(
    outbox: Outbox, settings: Settings, channel: MailChannel | WebhookChannel | SyslogChannel, now: datetime
) -> Attempt:
    def attempt(due: Sequence[Delivery]) -> list[int]:
        for told in messages_of(outbox, settings, due):
            send_notice(channel, told, now)
        return [one.id for one in due]

    return attempt


def messages_of(outbox: Outbox, settings: Settings, due: Sequence[Delivery]) -> Iterator[Told]:
    """What is due to one channel as few messages: one for all incidents, one for each officer's sentence."""
    sentences = {f.id: f.why for f in outbox.state.findings() if f.detector == NOTICE}
    incidents = list(dict.fromkeys(one.thing for one in due if one.thing not in sentences))
    if incidents:
        named = tuple(incidents[:NAMED])
        yield Told(named, tuple(link_of(settings, id_) for id_ in named), more=len(incidents) - len(named))
    for one in due:
        if one.thing in sentences:
            yield Told((), sentence=sentences[one.thing])


def link_of(settings: Settings, incident: str) -> str:
    """Where the console shows an incident; empty if the settings name no console."""
    base = settings.notify.link.rstrip("/")
    return f"{base}/incidents/{incident}" if base else ""


def send_notice(channel: MailChannel | WebhookChannel | SyslogChannel, told: Told, now: datetime) -> None:
    """Give a channel a notice. Raises PeerError if it does not take it."""
    if isinstance(channel, MailChannel):
        channels.send_mail(channel, told, now)
    elif isinstance(channel, WebhookChannel):
        channels.send_webhook(channel, channels.notice_body(told, now), now)
    else:
        texts = channels.cef(told) if channel.form == "cef" else channels.lines_of(told)
        channels.send_syslog(channel, texts, now)


def _findings(outbox: Outbox, send: Callable[[list[dict[str, object]]], None]) -> Attempt:
    def attempt(due: Sequence[Delivery]) -> list[int]:
        held = {finding.id: finding for finding in outbox.state.findings()}
        some = due[:OCSF_AT_ONCE]
        going = [(one, held[one.thing]) for one in some if one.thing in held and _goes(held[one.thing])]
        gone = [one.id for one in some if one.id not in {kept.id for kept, _ in going}]
        if gone:
            outbox.drop(gone, "withdrawn")
        if going:
            send([finding_to_ocsf(finding) for _, finding in going])
        return [one.id for one, _ in going]

    return attempt


def _goes(finding: Finding) -> bool:
    return not compartmented(finding)


def _ocsf_lines(channel: SyslogChannel, events: Sequence[dict[str, object]], now: datetime) -> None:
    import orjson

    channels.send_syslog(channel, (orjson.dumps(event).decode() for event in events), now, pri=_OCSF_PRI)


def _tickets(settings: Settings, channel: WebhookChannel, now: datetime) -> Attempt:
    def attempt(due: Sequence[Delivery]) -> list[int]:
        for one in due[:NAMED]:
            body = {
                "v": 1,
                "kind": "ticket",
                "incident": one.thing,
                "severity": Severity(one.level).word,
                "link": link_of(settings, one.thing),
            }
            channels.send_webhook(channel, body, now)
        return [one.id for one in due[:NAMED]]

    return attempt
