"""Writes an exercise's messages and hands them to one's own mail server, through the gate and no other way."""

from __future__ import annotations

import hashlib
import secrets
import smtplib
import ssl
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Final, Protocol

from seawall.errors import PeerError, UsageError
from seawall.model.clock import Clock
from seawall.model.settings import Secret, TrainingSettings
from seawall.training.allow import MARKER, TOKEN, Gate
from seawall.training.campaign import Campaign, Message
from seawall.training.roster import Member

TIMEOUT_S: Final = 30.0
_HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one person, ready to go."""

    member: Member
    message: Message
    token: str  # stands in the message alone; the state keeps its digest
    raw: bytes
    envelope_from: str


class LostError(PeerError):
    """The server is gone in the middle: nothing more can be sent now, and the last message may or may not have been."""


class Transport(Protocol):
    """Whatever takes a letter to the mail server."""

    def send(self, envelope_from: str, recipient: str, raw: bytes) -> None:
        """Hand one letter over. Raises PeerError if it is refused, LostError if the server is gone."""
        ...


def digest(token: str) -> str:
    """How the state knows a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def write(campaign: Campaign, message: Message, member: Member, gate: Gate, page: str, now: datetime) -> Letter:
    """One letter, seen by the gate already.

    Raises:
        UsageError: it may not leave; nothing was sent.
    """
    token = secrets.token_urlsafe(18)
    link = f"{page.rstrip('/')}/t/{token}" if page else ""
    if "{link}" in message.body and not link:
        raise UsageError(f"{message.id} has a {{link}} and there is no page", mend="[training] page = 'https://…'")
    letter = EmailMessage()
    try:
        letter["From"] = message.sender
        letter["To"] = member.address
        letter["Subject"] = message.subject
        letter["Date"] = format_datetime(now)
        letter["Message-ID"] = f"<{secrets.token_hex(12)}@{member.address.rpartition('@')[2]}>"
        letter[MARKER] = campaign.id
        letter[TOKEN] = token
        letter["Auto-Submitted"] = "auto-generated"  # so that no absence note answers it
        letter.set_content(message.body.replace("{link}", link).replace("{person}", member.person))
        raw = letter.as_bytes()
    except (ValueError, IndexError, LookupError, AttributeError) as error:
        raise UsageError(f"{message.id} cannot be written: {error}", mend="mend its sender or subject") from error
    gate.check(raw, member.address)
    return Letter(member, message, token, raw, parseaddr(str(letter["From"]))[1])


def post(letters: Sequence[Letter], gate: Gate, transport: Transport) -> Iterator[tuple[Letter, str]]:
    """Send letters one by one, each through the gate once more; yields each with `delivered` or why it was refused.

    Raises:
        UsageError: one may not leave; those before it were sent.
        LostError: the server is gone.
    """
    for letter in letters:
        gate.check(letter.raw, letter.member.address)
        try:
            transport.send(letter.envelope_from, letter.member.address, letter.raw)
        except LostError:
            raise
        except PeerError as error:
            yield letter, error.what
        else:
            yield letter, "delivered"


class Smtp:
    """One's own mail server (RFC 5321). A context manager that closes the connection."""

    def __init__(self, settings: TrainingSettings) -> None:
        if not settings.smtp_host:
            raise UsageError("no mail server", where="seawall.toml", mend='[training] smtp_host = "mail.…"')
        if settings.smtp_security == "none" and settings.smtp_host not in _HERE:
            raise UsageError(
                f"{settings.smtp_host} would be spoken to in clear",
                where="seawall.toml",
                mend='smtp_security = "starttls"',
            )
        self._settings = settings
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> Smtp:
        told = self._settings
        try:
            context = ssl.create_default_context()
            if told.smtp_security == "tls":
                self._server = smtplib.SMTP_SSL(told.smtp_host, told.smtp_port, timeout=TIMEOUT_S, context=context)
            else:
                self._server = smtplib.SMTP(told.smtp_host, told.smtp_port, timeout=TIMEOUT_S)
                if told.smtp_security == "starttls":
                    self._server.starttls(context=context)
            if told.smtp_user:
                self._server.login(told.smtp_user, Secret(told.smtp_password).reveal())
        except (OSError, smtplib.SMTPException) as error:
            raise PeerError(
                f"the mail server does not take us: {_told(error)}",
                where=told.smtp_host,
                mend="check [training] smtp_…",
            ) from error
        return self

    def send(self, envelope_from: str, recipient: str, raw: bytes) -> None:
        """Hand one letter over. Raises PeerError if the server refuses it, LostError if it is gone."""
        assert self._server is not None, "used as a context manager"
        try:
            self._server.sendmail(envelope_from, [recipient], raw)
        except smtplib.SMTPServerDisconnected as error:
            raise LostError(
                "the mail server went away", where=self._settings.smtp_host, mend="send again: it goes on where it was"
            ) from error
        except (OSError, smtplib.SMTPException) as error:
            raise PeerError(_told(error), where=self._settings.smtp_host, mend="ask the mail team") from error

    def __exit__(self, *_: object) -> None:
        if self._server is not None:
            try:
                self._server.quit()
            except (OSError, smtplib.SMTPException):
                self._server.close()


def _told(error: Exception) -> str:
    """A server's words without the recipient's address."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "recipient refused: " + ", ".join(str(code) for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code}"
    return type(error).__name__


def paced(per_minute: int, clock: Clock, wait: Callable[[float], None]) -> Callable[[], None]:
    """A call before each letter that keeps to the rate: it waits as long as is left of the beat."""
    beat = 60.0 / max(1, per_minute)
    last: datetime | None = None

    def keep() -> None:
        nonlocal last
        if last is not None:
            left = beat - (clock.now() - last).total_seconds()
            if left > 0:
                wait(min(left, beat))
        last = clock.now()

    return keep
