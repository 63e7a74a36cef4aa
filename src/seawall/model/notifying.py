"""Who is told, and where findings go: `[notify]`, `[out]`, `[detect]` and `[door]` of `seawall.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Word = Literal["informational", "low", "medium", "high", "critical"]


@dataclass(frozen=True)
class MailChannel:
    """Notices by mail (SMTP, RFC 5321)."""

    name: str
    host: str
    sender: str
    to: tuple[str, ...]
    port: int = 587
    tls: Literal["starttls", "tls", "none"] = "starttls"  # none: only to the loopback
    user: str = ""
    password: str = ""  # env:NAME or file:PATH
    ca: str = ""  # PEM file of the authority behind the server's certificate, if not the system's


@dataclass(frozen=True)
class WebhookChannel:
    """Notices, or tickets, as signed JSON over HTTP: HMAC-SHA-256 over time and body, in `X-Seawall-Signature`."""

    name: str
    url: str
    secret: str  # env:NAME or file:PATH
    ca: str = ""  # PEM file


@dataclass(frozen=True)
class SyslogChannel:
    """Lines to a syslog server or SIEM (RFC 5424): notices as CEF or plain text, findings as OCSF."""

    name: str
    host: str
    port: int = 514
    transport: Literal["udp", "tcp", "tls"] = "tcp"  # tcp and tls count octets (RFC 6587, RFC 5425)
    form: Literal["cef", "text"] = "cef"
    ca: str = ""  # PEM file


@dataclass(frozen=True)
class HecChannel:
    """Splunk's HTTP Event Collector, or whatever speaks it."""

    name: str
    url: str  # e.g. https://siem:8088/services/collector/event
    token: str  # env:NAME or file:PATH
    index: str = ""
    ca: str = ""  # PEM file


@dataclass(frozen=True)
class Escalation:
    """Who is told when nobody has acknowledged an incident for so long."""

    after_minutes: float
    to: tuple[str, ...]  # names of channels; they are told only then


@dataclass(frozen=True)
class NotifySettings:
    """Who is told of an incident: its id and a link, nothing else, as the intruder may read the mail."""

    link: str = ""  # e.g. "https://seawall.example.net": the console; a notice links <link>/incidents/<id>
    least: Word = "high"  # incidents below are told to nobody
    pause_s: float = 60.0  # between two messages of one channel; what comes meanwhile goes into one
    give_up_hours: float = 24.0  # after which a notice a channel does not take is given up, and counted
    mail: tuple[MailChannel, ...] = ()
    webhook: tuple[WebhookChannel, ...] = ()
    syslog: tuple[SyslogChannel, ...] = ()
    escalate: tuple[Escalation, ...] = ()


@dataclass(frozen=True)
class OutSettings:
    """Where findings go as OCSF, and incidents as tickets, so that Seawall lives beside the SIEM that is there."""

    least: Word = "low"  # findings below stay here
    hec: tuple[HecChannel, ...] = ()
    syslog: tuple[SyslogChannel, ...] = ()  # OCSF as the message; `form` does not count
    tickets: tuple[WebhookChannel, ...] = ()  # its secret signs both ways


@dataclass(frozen=True)
class DetectSettings:
    """How detection goes on while events arrive."""

    look_back_days: float = 31.0  # how far questions over time look back; 0: over everything the lake holds
    settle_s: float = 30.0  # least pause between two complete askings
    settle_share: float = 0.33  # of the time a complete asking may take; what is left goes to new events


@dataclass(frozen=True)
class DoorSettings:
    """The service's own small HTTP door: /healthz, /metrics and what ticket systems answer."""

    listen: str = "127.0.0.1:9464"  # empty: none
    token: str = ""  # env:NAME or file:PATH; asked of /metrics as a bearer token; needed off the loopback
    certificate: str = ""  # PEM file; with it the door speaks TLS
    key: str = ""


def channels_of(notify: NotifySettings) -> dict[str, MailChannel | WebhookChannel | SyslogChannel]:
    """Channels of notices by name; of two with one name the later."""
    every: tuple[MailChannel | WebhookChannel | SyslogChannel, ...] = (*notify.mail, *notify.webhook, *notify.syslog)
    return {channel.name: channel for channel in every}


@dataclass(frozen=True)
class Told:
    """What one message says: ids and links, or an officer's sentence."""

    ids: tuple[str, ...]
    links: tuple[str, ...] = ()
    sentence: str = ""  # only of a compartmented finding an officer released
    more: int = 0  # incidents left out of `ids`
    test: bool = False
    escalated: bool = False
