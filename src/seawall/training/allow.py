"""The gate every exercise message goes through: nothing leaves the allow list, whatever asked for it.

A message passes if its one recipient is a person of the roster who did not opt out and whose domain is one's own, its
sender is of an own domain, it wears the marker, carries no file, and names no address, link or host outside. The gate
looks at the very bytes that are sent, read again, not at what somebody meant to send.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses
from typing import Final
from urllib.parse import urlsplit

from seawall.errors import UsageError
from seawall.model.settings import TrainingSettings
from seawall.training.roster import ADDRESS, Roster

MARKER: Final = "X-Seawall-Exercise"  # header of every message: its campaign; the mail team can see and stop it
TOKEN: Final = "X-Seawall-Exercise-Token"  # noqa: S105 - the header by which a report is matched
MAX_MESSAGE: Final = 64 << 10  # bytes
# Headers by which a message, a reply or a receipt could go elsewhere.
_STRAYING: Final = (
    "cc", "bcc", "resent-to", "resent-cc", "resent-bcc", "resent-from", "sender", "disposition-notification-to",
    "return-receipt-to", "errors-to", "return-path", "apparently-to", "x-envelope-to", "list-unsubscribe", "list-post",
)  # fmt: skip
# Mailboxes for anybody are nobody's own domain.
_ANYBODYS: Final = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "hotmail.com",
        "live.com",
        "msn.com",
        "yahoo.com",
        "ymail.com",
        "icloud.com",
        "me.com",
        "aol.com",
        "gmx.de",
        "gmx.net",
        "gmx.com",
        "web.de",
        "t-online.de",
        "proton.me",
        "protonmail.com",
        "mail.ru",
        "yandex.ru",
        "qq.com",
        "163.com",
        "orange.fr",
        "free.fr",
        "laposte.net",
        "libero.it",
    ]
)
_HOST: Final = re.compile(r"(?<![\w@.-])((?:[a-z0-9\u00a1-\U0010ffff-]+\.)+([a-z\u00a1-\U0010ffff][\w-]+))", re.I)
_SCHEME: Final = re.compile(r"([a-z][a-z0-9+.-]{1,20}):(?://|\\\\)([^\s/\\?#]*)", re.I)
_AT: Final = re.compile(r"[^\s<>()\[\],;:\"]+@[^\s<>()\[\],;:\"]+")
# An address header as it is written: an encoded or plain name, or none, and one address.
_PLAIN: Final = re.compile(
    r"(?:(?:[\w .&'/+-]*|\"[\w .,:&'/()+-]*\"|(?:=\?utf-8\?[bq]\?[\w+/=?-]*\?=\s*)+)\s*<[^<>@\s\",]+@[^<>@\s\",]+>"
    r"|[^<>@\s\",]+@[^<>@\s\",]+)",
    re.I | re.ASCII,
)
# Ends of file names, which are no hosts: `plan.pdf`.
_FILES: Final = frozenset(
    [
        "pdf",
        "doc",
        "docx",
        "xls",
        "xlsx",
        "ppt",
        "pptx",
        "txt",
        "csv",
        "log",
        "cfg",
        "conf",
        "png",
        "jpg",
        "jpeg",
        "gif",
        "ics",
        "xml",
        "json",
        "yml",
    ]
)


@dataclass(frozen=True, slots=True)
class Gate:
    """Who may be reached, from which domains, with a link to where."""

    domains: Set[str]  # own, in small letters
    people: Mapping[str, str]  # address in small letters → person
    page: str = ""  # host of the page behind a link; empty: no link may stand in a message

    def check(self, raw: bytes, recipient: str) -> None:
        """Refuse a message that could reach anybody or anything outside.

        Raises:
            UsageError: says what of it may not leave.
        """
        if len(raw) > MAX_MESSAGE:
            _refuse(f"a message of {len(raw):,} bytes", "write at most 64 KiB")
        self._recipient(recipient)
        self._as_written(raw)
        message = BytesParser(policy=policy.default).parsebytes(raw)
        assert isinstance(message, EmailMessage)
        if message.defects or message.get_content_type() != "text/plain" or message.is_multipart():
            _refuse("it is not one plain text", "exercises carry text alone: no file, no HTML")
        for name in _STRAYING:
            if name in message:
                _refuse(f"it has a header {name}", "only From, To, Reply-To and Subject are written")
        for name in (MARKER, TOKEN, "From", "To", "Subject"):
            if len(message.get_all(name, [])) != 1:
                _refuse(f"it needs the header {name} once", "see docs/how-to/training.md")
        if [address.lower() for address in _addresses(message, "to")] != [recipient.lower()]:
            _refuse("To is not the one recipient", "one message goes to one person")
        for name in ("from", "reply-to"):
            found = _addresses(message, name)
            if name in message and (len(found) != 1 or not self._own(found[0])):
                _refuse(f"{name} is not one address of an own domain", "use a domain of [training] domains")
        self._words(f"{message['Subject']}\n{message.get_content()}")

    def _as_written(self, raw: bytes) -> None:
        """The address headers letter by letter: no two programs may read them differently."""
        written = BytesParser(policy=policy.compat32).parsebytes(raw, headersonly=True)
        for name in ("from", "to", "reply-to"):
            for value in written.get_all(name, []):
                unfolded = re.sub(r"\r?\n(?=[ \t])", "", str(value))
                if not unfolded.isprintable() or not _PLAIN.fullmatch(unfolded):
                    _refuse(
                        f"{name} can be read in two ways",
                        "write Name <name@own-domain>, letters and digits in the name",
                    )

    def _recipient(self, recipient: str) -> None:
        if not ADDRESS.fullmatch(recipient) or not self._own(recipient):
            _refuse(f"{recipient!r} is in no own domain", "exercises reach [training] domains alone")
        if recipient.lower() not in self.people:
            _refuse(f"{recipient!r} is nobody who takes part", "the roster names who does; opting out takes one out")

    def _own(self, address: str) -> bool:
        found = ADDRESS.fullmatch(address)
        return found is not None and found[2].lower() in self.domains

    def _words(self, text: str) -> None:
        """Links, addresses and hosts in the text: mail programs turn all of them into something to click."""
        for scheme, authority in _SCHEME.findall(text):
            host = _host(f"{scheme}://{authority}")
            if scheme.lower() != "https" or not self.page or host != self.page or "@" in authority:
                _refuse(f"a link to {scheme}://{authority}", "write {link}: it leads to your own page")
        for address in _AT.findall(text):
            if not self._own(address.strip(".!?'")):
                _refuse(f"the address {address}", "name addresses of own domains alone")
        for host, end in _HOST.findall(text):
            whole = host.lower()
            inside = whole == self.page or any(whole == own or whole.endswith(f".{own}") for own in self.domains)
            if not inside and end.lower() not in _FILES:
                _refuse(f"the name {host}", "mail programs make links of names: use own domains, or write it in words")


def gate(settings: TrainingSettings, roster: Roster, opted_out: Set[str]) -> Gate:
    """The gate the settings and the roster describe.

    Raises:
        UsageError: no own domain, one that is anybody's or none at all, or a page that is no https address.
    """
    domains = {domain.strip().lower().rstrip(".") for domain in settings.domains}
    if not domains:
        raise UsageError("no own domain", where="seawall.toml", mend='[training] domains = ["carrier.example"]')
    for domain in domains:
        if domain in _ANYBODYS or not ADDRESS.fullmatch(f"x@{domain}"):
            raise UsageError(
                f"{domain!r} is no domain of your own",
                where="seawall.toml",
                mend="name the domain of your staff's mail",
            )
    people = {
        member.address.lower(): member.person
        for member in roster.members
        if member.address and member.person not in opted_out
    }
    page = _host(settings.page) if settings.page else ""
    if settings.page and (not settings.page.lower().startswith("https://") or not page):
        raise UsageError(f"{settings.page!r} is no page", where="seawall.toml", mend='page = "https://train.…"')
    if page and not any(page == own or page.endswith(f".{own}") for own in domains):
        raise UsageError(f"the page {page} is in no own domain", where="seawall.toml", mend="serve it from one")
    return Gate(frozenset(domains), people, page)


def _addresses(message: EmailMessage, name: str) -> list[str]:
    return [address for _, address in getaddresses([str(value) for value in message.get_all(name, [])])]


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def _refuse(what: str, mend: str) -> None:
    raise UsageError(f"the message may not leave: {what}", mend=mend)
