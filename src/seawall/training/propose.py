"""Counts of Phish Scale cues a program can see in a message: a proposal, which a person corrects and confirms.

Seven of the scale's cues need eyes or judgement (logos, design, distracting detail, …): they are named as not counted,
never as zero.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email import policy
from email.parser import BytesParser
from email.utils import getaddresses
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urlsplit

from seawall.errors import InputError
from seawall.training.cues import BY_ID

MAX_BYTES: Final = 25 << 20
MAX_TEXT: Final = 100_000  # characters of one message looked at
MAX_PARTS: Final = 200
NOT_COUNTED: Final = ("spelling", "inconsistency", "branding", "logo", "design", "detail", "special")

# Words by cue; each match is one instance. English: other languages are for the person who confirms.
_WORDS: Final[Mapping[str, re.Pattern[str]]] = {
    cue: re.compile(rf"\b(?:{words})\b", re.I)
    for cue, words in {
        "urgency": r"urgent(?:ly)?|immediately|right now|as soon as possible|asap|at once|today|tonight|"
        r"within (?:the next )?"
        r"\d+ (?:minutes?|hours?|days?)|before \d{1,2}(?::\d\d)?|by (?:noon|midnight|monday|tuesday|"
        r"wednesday|thursday|friday)|"
        r"expires? (?:soon|today|tomorrow)|last chance|final (?:notice|reminder)|time.sensitive",
        "threat": r"(?:will be|is|has been|being) (?:suspended|locked|closed|terminated|blocked|deactivated|"
        r"disabled|deleted)|"
        r"legal action|held responsible|penalt(?:y|ies)|lose (?:your )?access|failure to|consequences|court",
        "sensitive": r"passwords?|pass ?codes?|verification code|one.time (?:code|pass\w*)|pin|log ?in|"
        r"sign ?in|credit card|"
        r"card number|bank (?:account|details)|social security|passport|date of birth|wire transfer|"
        r"gift cards?|"
        r"verify your (?:account|identity)|confirm your (?:account|identity|details)",
        "legal": r"copyright|all rights reserved|confidential(?:ity)?|privileged|disclaimer|pursuant to|"
        r"terms (?:of|and) \w+|"
        r"registered (?:office|in)|u\.?s\.?c\.?",
        "security-icon": r"verified sender|secure message|scanned by|virus.free|protected by|100 ?% (?:safe|"
        r"secure)|\U0001f512",
        "humanitarian": r"donat\w+|charity|orphans?|victims?|refugees?|disaster relief|in need of help",
        "too-good": r"you(?:'ve| have)? won|winner|prize|free (?:gift|holiday|trial)|refund|reward|bonus|"
        r"cash ?back|inheritance",
        "limited": r"limited time|offer ends|only (?:today|this week)|while stocks last|first \d+ (?:people|"
        r"customers)",
        "process": r"invoice|purchase order|voice ?mail|shared (?:a )?(?:file|document)|ticket|delivery|"
        r"parcel|payslip|"
        r"timesheet|fax|docusign|sign the document|quarantine|mailbox (?:is )?(?:full|quota)",
        "authority": r"ceo|cfo|director|chairman|police|detective|officer|tax office|helpdesk|help desk|"
        r"it support|"
        r"service desk|human resources|administrator",
    }.items()
}  # fmt: skip
_GREETING: Final = re.compile(
    r"^\s*(?:dear|hello|hi|good (?:morning|"
    r"day))\b[ ,]*(?P<who>[^\n,!:]{0,40})",
    re.I | re.M,
)
_ANYBODY: Final = re.compile(r"^(?:$|sir|madam|customer|user|employee|colleague|client|member|friend|"
r"beneficiary|valued|all|"
                             r"there|account|team|everybody|recipient)", re.I)  # fmt: skip
_SIGNED: Final = re.compile(r"(?:extension|ext\.?|tel\.?|phone|\+\d)[\s:]*[\d ()-]{3,}", re.I)
_RISKY: Final = re.compile(
    r"\.(?:exe|scr|com|bat|cmd|ps1|vbs|js|jse|wsf|hta|lnk|iso|img|vhdx?|zip|rar|7z|gz|html?|svg|docm|xlsm|"
    r"pptm|one|jar|"
    r"chm|msi)$",
    re.I,
)
_TEXT_DOMAIN: Final = re.compile(r"(?:https?://)?(?:www\.)?((?:[a-z0-9-]+\.)+[a-z]{2,})", re.I)


@dataclass(frozen=True, slots=True)
class Counted:
    """Proposed counts, and the words each was counted for."""

    counts: Mapping[str, int]
    reasons: Mapping[str, tuple[str, ...]]
    not_counted: tuple[str, ...] = NOT_COUNTED


@dataclass(frozen=True, slots=True)
class Read:
    """What of a message the counting looks at."""

    text: str
    links: tuple[tuple[str, str], ...] = ()  # words shown, target
    headers: Mapping[str, str] | None = None  # None: a bare text, so nothing is said of sender or greeting style
    attachments: tuple[str, ...] = ()


def propose(read: Read, own: tuple[str, ...] = ()) -> Counted:
    """Count what can be counted. `own` are domains a look-alike would imitate."""
    found = dict[str, list[str]]()
    for cue, words in (*_in_words(read.text), *_in_headers(read, own), *_in_links(read, own)):
        found.setdefault(cue, []).append(" ".join(words.split())[:80])
    order = [cue for cue in BY_ID if cue in found]
    return Counted({cue: len(found[cue]) for cue in order}, {cue: tuple(found[cue][:20]) for cue in order})


def _in_words(text: str) -> Iterator[tuple[str, str]]:
    for cue, pattern in _WORDS.items():
        yield from ((cue, match.group()) for match in pattern.finditer(text))
    greeting = _GREETING.search(text)
    if greeting is None:
        yield "greeting", "no greeting"
    elif _ANYBODY.match(greeting["who"].strip()):
        yield "greeting", greeting.group()
    if not _SIGNED.search(text[-600:]):
        yield "signer", "no telephone or extension at the end"


def _in_headers(read: Read, own: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for name in read.attachments:
        if _RISKY.search(name):
            yield "attachment", name
    if read.headers is None:
        return
    senders = getaddresses([read.headers.get("from", "")])
    name, address = senders[0] if senders else ("", "")
    domain = address.rpartition("@")[2].lower()
    for other in ("reply-to", "return-path"):
        for _, back in getaddresses([read.headers.get(other, "")]):
            if back and back.rpartition("@")[2].lower() != domain:
                yield "sender", f"{other}: {back}"
    if "@" in name and name.rpartition("@")[2].strip(" >\"'").lower() != domain:
        yield "sender", name
    if domain and looks_like(domain, own):
        yield "domain", domain


def _in_links(read: Read, own: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for words, target in read.links:
        host = _host(target)
        shown = _TEXT_DOMAIN.fullmatch(words.strip().partition("/")[0] if "//" not in words else _host(words) or "")
        if shown and host and not _same(shown[1].lower(), host):
            yield "link", f"{words.strip()} → {host}"
        if host and looks_like(host, own):
            yield "domain", host


def looks_like(domain: str, own: tuple[str, ...]) -> bool:
    """Whether a domain imitates one's own: its name inside another, or a letter or two away."""
    for mine in own:
        if domain == mine or domain.endswith(f".{mine}"):
            return False
    core = [mine.split(".")[0] for mine in own]
    labels = domain.split(".")
    parts = [part for label in labels for part in label.split("-")]
    return any(
        len(name) >= 4 and (name in parts or any(name in label or _near(name, label) for label in labels))
        for name in core
    )


def _near(one: str, other: str) -> bool:
    """Whether two names differ by at most one letter (two from eight letters on); Levenshtein, stopped early."""
    most = 1 if len(one) < 8 else 2
    if abs(len(one) - len(other)) > most or len(other) > 63:
        return False
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1] <= most


def _same(shown: str, host: str) -> bool:
    return host == shown or host.endswith(f".{shown}") or shown.endswith(f".{host}")


def _host(url: str) -> str:
    try:
        return (urlsplit(url.strip()).hostname or "").lower()
    except ValueError:
        return ""


def read_message(raw: bytes, *, where: str) -> Read:
    """What of an .eml is counted: texts, links, headers, names of attachments.

    Raises:
        InputError: too large, or no message at all.
    """
    if len(raw) > MAX_BYTES:
        raise InputError("a message is at most 25 MiB", where=where, mend="take the attachment away")
    try:
        message = BytesParser(policy=policy.compat32).parsebytes(raw)
        parts = [part for _, part in zip(range(MAX_PARTS), message.walk(), strict=False)]
    except (ValueError, LookupError, RecursionError, AssertionError, TypeError) as error:
        raise InputError(f"no message: {error}", where=where, mend="give an .eml as it was received") from error
    if not message.keys():
        raise InputError("no headers, so no message", where=where, mend="give an .eml as it was received, or --text")
    plain, page, names = list[str](), _Page(), list[str]()
    for part in parts:
        if name := part.get_filename():
            names.append(str(name)[:200])
        kind = part.get_content_type()
        if kind in ("text/plain", "text/html") and not name:
            text = _decoded(part.get_payload(decode=True), part.get_content_charset())
            if kind == "text/html":
                page.feed(text)
            else:
                plain.append(text)
    headers = {name.lower(): _unfolded(value) for name, value in message.items()}
    text = "\n".join(plain) if "".join(plain).strip() else "".join(page.words)
    return Read(f"{headers.get('subject', '')}\n{text}"[:MAX_TEXT], tuple(page.links), headers, tuple(names))


def _decoded(payload: object, charset: str | None) -> str:
    raw = payload if isinstance(payload, bytes) else b""
    try:
        return raw[: MAX_TEXT * 4].decode(charset or "utf-8", "replace")
    except (LookupError, ValueError):
        return raw[: MAX_TEXT * 4].decode("utf-8", "replace")


def _unfolded(value: object) -> str:
    from email.header import decode_header, make_header

    try:
        return " ".join(str(make_header(decode_header(str(value)))).split())[:2000]
    except (ValueError, LookupError, UnicodeError):
        return " ".join(str(value).split())[:2000]


class _Page(HTMLParser):
    """Words and links of an HTML part; nothing is fetched."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words = list[str]()
        self.links = list[tuple[str, str]]()
        self._target: str | None = None
        self._shown = list[str]()
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a link, a break, or what is not shown."""
        if tag in ("script", "style", "head", "title"):
            self._silent += 1
        elif tag == "a":
            self._target, self._shown = dict(attrs).get("href") or "", []
        elif tag in ("br", "p", "div", "tr", "li"):
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """End it."""
        if tag in ("script", "style", "head", "title"):
            self._silent = max(0, self._silent - 1)
        elif tag == "a" and self._target is not None:
            if len(self.links) < 500:
                self.links.append(("".join(self._shown)[:300], self._target[:2000]))
            self._target = None

    def handle_data(self, data: str) -> None:
        """Words that are shown."""
        if not self._silent:
            self.words.append(data)
            if self._target is not None:
                self._shown.append(data)
