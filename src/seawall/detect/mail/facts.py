"""A message's facts, looked up once for every question that is put to it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from functools import cached_property
from typing import Final
from urllib.parse import unquote, urlsplit

from seawall.detect.mail.domains import host_in, organisation, shown
from seawall.detect.mail.pages import Link, Page, read_page, tidy
from seawall.detect.mail.qr import Code, codes_in, is_picture, pictures_of_page
from seawall.detect.mail.world import World, seen_from
from seawall.model.mail import Mail, MailPart, mailboxes

MAX_BODY: Final = 60_000  # characters of text the words are looked for in
_URL: Final = re.compile(r"\b(?:https?|ftp)://[^\s<>\"'\\^`{|}\x00-\x1f]{3,2000}", re.I)
_ZERO: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)
_QUOTED: Final = re.compile(
    r"^\s*(?:>|-{2,}\s*(?:original|forwarded|urspr|message d|mensaje)"
    r"|(?:on|am|le|el)\s.{5,80}\b(?:wrote|schrieb|écrit|escribió)\b)",
    re.I | re.M,
)
_BANNER: Final = re.compile(
    r"\[?\b(?:external (?:sender|e-?mail|message)|this (?:e-?mail|message) (?:came|originated|was sent) from outside"
    r"|caution:)[^\n]{0,160}",
    re.I,
)
_BESIDE_A_CODE: Final = re.compile(
    r"[^\n]{0,200}\b(?:qr|q\.r\.|scan|scann\w{1,4}|escane\w{1,4}|camera|kamera|caméra|cámara)\b[^\n]{0,200}", re.I
)
_NAMED: Final = re.compile(r"(?<![@\w.-])(?:https?://)?(?:[\w-]{1,63}\.){1,6}[a-z]{2,24}\b(?!@)", re.I)
_FOOTER: Final = re.compile(
    r"\b(?:unsubscribe|opt out|manage (?:your )?(?:notifications|preferences|subscription)|"
    r"you (?:receive|are receiving) this|"
    r"view (?:this )?(?:e-?mail )?in (?:your )?browser|abmelden|se désabonner|darse de baja|privacy policy)",
    re.I,
)


@dataclass(frozen=True)
class Address:
    """A mailbox as a header names it."""

    name: str = ""  # display name
    address: str = ""  # lower case
    written: str = ""  # as sent: a capital I in a domain is a look-alike of l

    @property
    def host(self) -> str:
        """What stands behind the @."""
        return self.address.rpartition("@")[2]

    @property
    def org(self) -> str:
        """The organisation the host belongs to."""
        return organisation(self.host)


@dataclass(frozen=True)
class Target:
    """Where a link leads."""

    link: Link
    url: str  # behind redirectors that carry their target
    host: str
    org: str
    picture: str = ""  # name of the picture whose code says it; empty for a link in the text


@dataclass
class Facts:
    """Everything read off one message before it is judged."""

    mail: Mail
    world: World  # with own domains read off the message where no site file told them
    sender: Address = field(default_factory=Address)
    reply: Address = field(default_factory=Address)
    bounce: Address = field(default_factory=Address)  # Return-Path
    to: list[Address] = field(default_factory=list)
    subject: str = ""
    text: str = ""  # visible body
    hidden: str = ""
    zero_width: int = 0
    pages: list[Page] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    images: list[MailPart] = field(default_factory=list)
    codes: list[Code] = field(default_factory=list)  # QR codes and kin in its pictures
    attached: list[MailPart] = field(default_factory=list)

    @cached_property
    def new_text(self) -> str:
        """The text above what is quoted of earlier messages, without the gateway's own banner."""
        text = _BANNER.sub(" ", self.text)
        found = _QUOTED.search(text)
        fresh = text[: found.start()] if found else text
        return fresh if len(fresh.strip()) > 60 or not found else text

    @cached_property
    def is_reply(self) -> bool:
        """Whether it claims to answer something."""
        return bool(re.match(r"\s*(?:re|aw|antw|sv|tr|rv)\s*:", self.subject, re.I))

    @cached_property
    def has_footer(self) -> bool:
        """Whether it ends as bulk mail does."""
        return bool(_FOOTER.search(self.text) or self.mail.first("list-unsubscribe") or self.mail.first("list-id"))

    @cached_property
    def acting(self) -> list[Target]:
        """Links a reader is meant to follow: not those of a footer, a signature or a picture."""
        return [t for t in self.targets if t.picture or not (_FOOTER.search(t.link.text) or _is_housekeeping(t.url))]


def _is_housekeeping(url: str) -> bool:
    return bool(re.search(r"unsubscribe|optout|opt-out|/u/|preferences|privacy|terms|mailto:", url, re.I))


def facts_of(mail: Mail, world: World) -> Facts:
    """Read a message's facts."""
    facts = Facts(mail, seen_from(mail, world))
    facts.sender = _address(mail, "from")
    facts.reply = _address(mail, "reply-to")
    facts.bounce = _address(mail, "return-path")
    facts.to = _addresses(mail, "to")[:50]
    facts.subject = mail.first("subject")
    plain: list[str] = []
    for part in mail.parts[:400]:
        if part.attached:
            facts.attached.append(part)
        elif part.type == "text/html":
            facts.pages.append(read_page(part.text))
        elif part.type.startswith("text/"):
            plain.append(part.text[:MAX_BODY])
        if part.type.startswith("image/"):
            facts.images.append(part)
    _fill_text(facts, plain)
    _fill_links(facts, plain)
    _fill_codes(facts)
    return facts


def _fill_text(facts: Facts, plain: list[str]) -> None:
    """The text a reader sees: of HTML where there is some, since that is what programs show."""
    html = "\n".join(page.text for page in facts.pages)
    text = html if len(html) >= 40 or not any(plain) else "\n".join(plain)
    facts.zero_width = len(_ZERO.findall(text[:MAX_BODY]))
    facts.text = tidy(_ZERO.sub("", text[:MAX_BODY]))
    facts.hidden = "\n".join(page.hidden for page in facts.pages)[:MAX_BODY]


def _fill_links(facts: Facts, plain: list[str]) -> None:
    seen: set[tuple[str, str]] = set()
    every = [link for page in facts.pages for link in page.links]
    for text in [*plain, *(page.text for page in facts.pages)]:
        for found in _URL.finditer(text):
            if any(link.url.startswith(found[0][:60]) for link in every):
                continue
            every.append(Link(found[0].rstrip(".,;:)]"), _label(text[max(0, found.start() - 90) : found.start()])))
    for link in every[:300]:
        url = _behind(link.url)
        host = _host(url)
        if (url, link.text) not in seen:
            seen.add((url, link.text))
            facts.targets.append(Target(link, url, host, organisation(host)))


def _fill_codes(facts: Facts) -> None:
    """What codes in pictures lead to; what is seen of it is what the text says beside them."""
    parts = [*facts.images, *(p for p in facts.attached if not p.type.startswith("image/") and is_picture(p.content))]
    pictures = [(part.name or "inline picture", part.content) for part in parts]
    pictures += [one for page in facts.pages for one in pictures_of_page(page.images)]
    if not pictures:
        return
    facts.codes = codes_in(pictures)
    beside = " ".join(found[0].strip() for found in list(_BESIDE_A_CODE.finditer(facts.text))[:3])[:500]
    if named := _NAMED.search(beside):  # "scan to open portal.velmora.example" shows that place
        beside = named[0]
    for code in facts.codes:
        if code.link:
            url = _behind(code.link)
            host = _host(url)
            facts.targets.append(Target(Link(code.link, beside), url, host, organisation(host), code.name))


def _label(before: str) -> str:
    """What names an address in plain text. A host before it is its label in `www.a.example <https://…>` alone: in a
    list of links each address merely follows another one."""
    words = before.rstrip("<([ \n")
    label = words.rpartition("\n")[2][-80:]
    bracketed = before.rstrip(" ")[-1:] in ("<", "(", "[")
    return "" if not bracketed and host_in(label) else label


def _behind(url: str) -> str:
    """The target a rewriting gateway or redirector carries in its own address, unwrapped at most three times."""
    for _ in range(3):
        if not re.search(
            r"safelinks\.protection|urldefense|google\.[a-z.]{2,6}/url|/amp/s/|[?&](?:u|url|q|target|redirect|redir|dest|goto|link)=https?",
            url,
            re.I,
        ):
            break
        found = re.search(
            r"[?&](?:u|url|q|target|redirect|redir|dest|goto|link)=(https?(?::|%3a)[^&\s]+)|/v3/__(https?:[^\s]+?)__;|/amp/s/([^\s]+)",
            url,
            re.I,
        )
        if not found:
            break
        inner = unquote(found[1] or found[2] or f"https://{found[3]}")
        if inner == url:
            break
        url = inner
    return url


def _host(url: str) -> str:
    try:
        return shown((urlsplit(url).hostname or "").lower())
    except ValueError:
        return host_in(url)


def _address(mail: Mail, name: str) -> Address:
    return next(iter(_addresses(mail, name)), Address())


def _addresses(mail: Mail, name: str) -> list[Address]:
    """Mailboxes of the first field of a name; split as sent, so that an encoded name cannot pose as an address."""
    raw = mail.raw_first(name)[:10_000]
    found = []
    for label, address in mailboxes(raw)[:100] if raw else []:
        try:
            shown_name = str(make_header(decode_header(label))) if "=?" in label else label
        except (ValueError, LookupError, UnicodeError, HeaderParseError):
            shown_name = label
        plain = _ZERO.sub("", address.strip())
        found.append(Address(_ZERO.sub("", " ".join(shown_name.split()))[:300], plain.lower()[:320], plain[:320]))
    return found or [Address("", "", "")]
