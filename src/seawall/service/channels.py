"""How each kind of channel is given something: mail, signed webhook, syslog, HTTP Event Collector.

A channel either takes all it was given or raises PeerError, whose text says what the other side answered and never
holds a secret. Every wait is bounded; redirects are not followed; TLS checks names and certificates.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import smtplib
import socket
import ssl
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Any, Final
from urllib.parse import urlsplit

from seawall import __version__
from seawall.errors import InputError, PeerError
from seawall.model.finding import utc_text
from seawall.model.notifying import HecChannel, MailChannel, SyslogChannel, Told, WebhookChannel
from seawall.model.settings import Secret

TIMEOUT_S: Final = 15.0
SIGNATURE: Final = "X-Seawall-Signature"
_ANSWER_BYTES: Final = 4_096
_NOTICE_PRI: Final = 13 * 8 + 1  # log audit, alert
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


def lines_of(told: Told) -> list[str]:
    """A notice as text: ids and links, or the officer's sentence. Nothing else: the intruder may read it."""
    if told.test:
        return ["This is a test of Seawall's notices. Nothing happened."]
    if told.sentence:
        return [told.sentence]
    lines = [f"incident {id_}" + (f" {link}" if link else "") for id_, link in _pairs(told)]
    return [*lines, f"and {told.more} more"] if told.more else lines


def _pairs(told: Told) -> Iterator[tuple[str, str]]:
    for number, id_ in enumerate(told.ids):
        yield id_, told.links[number] if number < len(told.links) else ""


def send_mail(channel: MailChannel, told: Told, now: datetime) -> None:
    """One message to all its readers. Raises PeerError if the server took it for none or not all of them."""
    message = EmailMessage()
    message["From"], message["To"] = channel.sender, ", ".join(channel.to)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid(domain=channel.sender.rpartition("@")[2] or "localhost")
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    what = (
        "test" if told.test else "notice" if told.sentence else f"incident {told.ids[0][:12]}" if told.ids else "notice"
    )
    message["Subject"] = f"Seawall: {what}" + (
        f" and {len(told.ids) + told.more - 1} more" if len(told.ids) > 1 else ""
    )
    message.set_content("\n".join(lines_of(told)) + "\n")
    if channel.tls == "none" and channel.host not in _LOOPBACK:
        raise InputError(f"notify.mail {channel.name}: no TLS off this machine", mend='tls = "starttls" or "tls"')
    try:
        with _smtp(channel) as server:
            refused = server.send_message(message, from_addr=channel.sender, to_addrs=list(channel.to))
    except smtplib.SMTPResponseException as error:
        raise PeerError(f"the mail server answered {error.smtp_code}", where=channel.host) from None
    except (smtplib.SMTPException, OSError) as error:
        raise PeerError(f"the mail server did not take it: {_said(error)}", where=channel.host) from None
    if refused:
        raise PeerError(f"the mail server refused {len(refused)} of {len(channel.to)} readers", where=channel.host)


@contextmanager
def _smtp(channel: MailChannel) -> Iterator[smtplib.SMTP]:
    context = _context(channel.ca)
    server: smtplib.SMTP
    if channel.tls == "tls":
        server = smtplib.SMTP_SSL(channel.host, channel.port, timeout=TIMEOUT_S, context=context)
    else:
        server = smtplib.SMTP(channel.host, channel.port, timeout=TIMEOUT_S)
    with server:
        if channel.tls == "starttls":
            server.starttls(context=context)
        if channel.user:
            server.login(channel.user, Secret(channel.password).reveal())
        yield server


def sign(secret: bytes, at: int, body: bytes) -> str:
    """The signature header of a body sent at a moment (seconds since 1970): HMAC-SHA-256 over `<at>.<body>`."""
    mac = hmac.new(secret, str(at).encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={mac}"


def send_webhook(channel: WebhookChannel, body: dict[str, Any], now: datetime) -> None:
    """POST signed JSON. Raises PeerError unless the answer is 2xx."""
    data = json.dumps(body, sort_keys=True).encode()
    secret = Secret(channel.secret).reveal().encode()
    headers = {"Content-Type": "application/json", SIGNATURE: sign(secret, int(now.timestamp()), data)}
    post(channel.url, data, headers, channel.ca)


def notice_body(told: Told, now: datetime) -> dict[str, Any]:
    """A notice as JSON."""
    kind = "test" if told.test else "compartmented" if told.sentence else "incident"
    found: dict[str, Any] = {"v": 1, "kind": kind, "sent": utc_text(now), "text": "\n".join(lines_of(told))}
    if kind == "incident":
        found["incidents"] = [{"id": id_, "link": link} for id_, link in _pairs(told)]
        found |= {"more": told.more, "escalated": told.escalated}
    return found


def send_hec(channel: HecChannel, events: Sequence[dict[str, Any]]) -> None:
    """OCSF events to an HTTP Event Collector, in one request. Raises PeerError unless the answer is 2xx."""
    made = []
    for event in events:
        wrapped: dict[str, Any] = {
            "time": event["time"] / 1000,
            "source": "seawall",
            "sourcetype": "ocsf:detection_finding",
        }
        if channel.index:
            wrapped["index"] = channel.index
        made.append(json.dumps(wrapped | {"event": event}))
    headers = {"Authorization": f"Splunk {Secret(channel.token).reveal()}", "Content-Type": "application/json"}
    post(channel.url, "\n".join(made).encode(), headers, channel.ca)


def post(url: str, data: bytes, headers: dict[str, str], ca: str = "") -> None:
    """POST once, follow nothing. Raises PeerError unless the answer is 2xx, InputError for a wrong address."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not host or parts.username:
        raise InputError("no address to post to", where=url.partition("?")[0], mend="write https://host/path")
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        connection = http.client.HTTPSConnection(host, parts.port, timeout=TIMEOUT_S, context=_context(ca))
    elif host in _LOOPBACK:
        connection = http.client.HTTPConnection(host, parts.port, timeout=TIMEOUT_S)
    else:
        raise InputError("plain http off this machine", where=host, mend="write https://")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", path, data, {"User-Agent": f"Seawall/{__version__}", **headers})
        answer = connection.getresponse()
        answer.read(_ANSWER_BYTES)
    except (OSError, http.client.HTTPException) as error:
        raise PeerError(f"did not answer: {_said(error)}", where=host) from None
    finally:
        connection.close()
    if not 200 <= answer.status < 300:
        raise PeerError(f"answered {answer.status}", where=host, mend="see its log")


def cef(told: Told) -> list[str]:
    """A notice in the Common Event Format, one line an incident; severity is not told, so it is the middle one."""
    head = f"CEF:0|Seawall|Seawall|{_cef_head(__version__)}"
    if not told.ids:
        return [f"{head}|{'test' if told.test else 'notice'}|{_cef_head(lines_of(told)[0])}|5|"]
    every = [
        f"{head}|incident|Incident|5|externalId={_cef_value(id_)}" + (f" request={_cef_value(link)}" if link else "")
        for id_, link in _pairs(told)
    ]
    return [*every, f"{head}|incident|Incidents|5|cnt={told.more}"] if told.more else every


def _cef_head(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ").replace("\r", " ")


def _cef_value(text: str) -> str:
    return text.replace("\\", "\\\\").replace("=", "\\=").replace("\n", "\\n").replace("\r", "\\n")


def send_syslog(channel: SyslogChannel, texts: Iterable[str], now: datetime, *, pri: int = _NOTICE_PRI) -> None:
    """RFC 5424 messages; TCP and TLS count octets. Raises PeerError if the connection does not take them."""
    moment = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    host = socket.gethostname()[:255] or "-"
    messages = [f"<{pri}>1 {moment} {host} seawall - - - {text}".encode() for text in texts]
    kind = socket.SOCK_DGRAM if channel.transport == "udp" else socket.SOCK_STREAM
    try:
        if kind == socket.SOCK_DGRAM:
            _send_datagrams(channel, messages)
            return
        with (
            socket.create_connection((channel.host, channel.port), timeout=TIMEOUT_S) as raw,
            _wrapped(channel, raw) as stream,
        ):
            stream.sendall(b"".join(b"%d %b" % (len(message), message) for message in messages))
    except (OSError, ssl.SSLError) as error:
        raise PeerError(f"the syslog server did not take it: {_said(error)}", where=channel.host) from None


def _send_datagrams(channel: SyslogChannel, messages: Sequence[bytes]) -> None:
    family, kind, number, _, address = socket.getaddrinfo(channel.host, channel.port, type=socket.SOCK_DGRAM)[0]
    with socket.socket(family, kind, number) as sender:
        sender.settimeout(TIMEOUT_S)
        for message in messages:
            sender.sendto(message, address)


@contextmanager
def _wrapped(channel: SyslogChannel, raw: socket.socket) -> Iterator[socket.socket]:
    if channel.transport != "tls":
        yield raw
        return
    with _context(channel.ca).wrap_socket(raw, server_hostname=channel.host) as stream:
        yield stream
        stream.unwrap()


def _context(ca: str) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=ca or None)
    except (OSError, ssl.SSLError) as error:
        raise InputError(f"no certificates of an authority: {_said(error)}", where=ca, mend="name a PEM file") from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _said(error: BaseException) -> str:
    return getattr(error, "strerror", None) or str(error)[:120] or type(error).__name__
