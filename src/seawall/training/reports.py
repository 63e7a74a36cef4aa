"""What came back of an exercise: reports in the mailbox people send them to, and visits to the page.

A report counts for the person the message went to. It is *useful* if it holds the original with its headers, by which
the mail team can find it in other boxes. A visit is a person's only once somebody acted on the page: scanners and link
previews fetch links too.
"""

from __future__ import annotations

import ipaddress
import mailbox
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import Message
from email.parser import BytesParser
from email.utils import getaddresses, parsedate_to_datetime
from pathlib import Path
from typing import Final, Literal

from seawall.errors import InputError
from seawall.state.exercises import ExerciseState, Sent
from seawall.training.allow import TOKEN
from seawall.training.mailing import digest

MAX_REPORT: Final = 25 << 20  # bytes of one report
MAX_REPORTS: Final = 100_000
_TOKENS: Final = re.compile(r"(?:/t/|X-Seawall-Exercise-Token:\s*)([A-Za-z0-9_-]{24})(?![A-Za-z0-9_-])")
_ACTED_AFTER: Final = timedelta(seconds=1)  # between a page being shown and a person's press
_MACHINES: Final = re.compile(r"bot|crawl|spider|scan|preview|curl|wget|python|headless|safelinks|proofpoint", re.I)


@dataclass(frozen=True, slots=True)
class Collected:
    """What a mailbox of reports held."""

    matched: int = 0  # reports of exercise messages by those who got them
    again: int = 0  # the same once more
    by_others: int = 0  # of an exercise message, by somebody else: passed on
    other_mail: int = 0  # of other mail: for `seawall mail triage`
    unreadable: int = 0


def collect(store: ExerciseState, addresses: Mapping[str, str], path: Path, now: datetime) -> Collected:
    """Match reports with what was sent and keep when each came.

    `addresses` maps an address in small letters to its person. PATH is a Maildir, an mbox, an .eml file, or a folder
    of those.

    Raises:
        InputError: there is nothing to read.
    """
    tally = dict.fromkeys(Collected.__dataclass_fields__, 0)
    for message in read_mailbox(path):
        tally[_match(store, addresses, message, now)] += 1
    return Collected(**tally)


def _match(store: ExerciseState, addresses: Mapping[str, str], message: Message | None, now: datetime) -> str:
    if message is None:
        return "unreadable"
    found = next((one for one in tokens(message) if store.by_token(digest(one[0]))), None)
    if found is None or str(message.get("Auto-Submitted", "no")).strip().lower() not in ("no", ""):
        return "other_mail"
    token, useful = found
    sent = store.by_token(digest(token))
    assert sent is not None
    senders = [addresses.get(address.lower()) for _, address in getaddresses([str(message.get("From", ""))])]
    if senders != [sent.person]:
        return "by_others"
    if sent.reported is not None:
        if useful and not sent.useful:
            store.note(replace(sent, useful=True))
        return "again"
    at = _when(message) or now
    store.note(replace(sent, reported=min(max(at, sent.sent or at), now), useful=useful))
    return "matched"


def tokens(message: Message) -> Iterator[tuple[str, bool]]:
    """Tokens in a report, each with whether it came with the original's headers; those that did come first."""
    texts = list[str]()
    for number, part in enumerate(message.walk()):
        if number > 200:
            return
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            original = inner[0] if isinstance(inner, list) and inner else None
            if isinstance(original, Message) and original.get(TOKEN):
                yield str(original[TOKEN]).strip(), True
        elif part.get_content_maintype() == "text" and not part.is_multipart():
            payload = part.get_payload(decode=True)
            texts.append(payload.decode("utf-8", "replace")[:200_000] if isinstance(payload, bytes) else "")
    for text in texts:
        for token in _TOKENS.findall(text):
            yield token, False


def read_mailbox(path: Path) -> Iterator[Message | None]:
    """Messages of a Maildir, an mbox, an .eml file or a folder of those; None for one that cannot be read.

    Raises:
        InputError: nothing is there, or it is no mailbox.
    """
    if not path.exists():
        raise InputError("no mailbox", where=str(path), mend="name a Maildir, an mbox, an .eml or a folder of them")
    for count, raw in enumerate(_raw(path), 1):
        if count > MAX_REPORTS:
            raise InputError(f"more than {MAX_REPORTS:,} messages", where=str(path), mend="take older ones away")
        yield None if raw is None else _parsed(raw)


def _raw(path: Path) -> Iterator[bytes | None]:
    if path.is_dir() and (path / "cur").is_dir() and (path / "new").is_dir():
        for folder in ("new", "cur"):
            yield from (_bytes(file) for file in sorted((path / folder).iterdir()) if file.is_file())
    elif path.is_dir():
        for file in sorted(path.rglob("*")):
            if file.suffix.lower() in (".eml", ".mbox", "") and file.is_file():
                yield from _raw(file)
    elif _is_mbox(path):
        box = mailbox.mbox(path, create=False)
        try:
            yield from (box.get_bytes(key)[:MAX_REPORT] for key in box.keys())  # noqa: SIM118 - no mapping
        finally:
            box.close()
    else:
        yield _bytes(path)


def _is_mbox(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(5) == b"From "


def _bytes(file: Path) -> bytes | None:
    try:
        return None if file.stat().st_size > MAX_REPORT else file.read_bytes()
    except OSError:
        return None


def _parsed(raw: bytes) -> Message | None:
    """A message, leniently: `compat32` reads what is broken."""
    try:
        return BytesParser(policy=policy.compat32).parsebytes(raw)
    except (ValueError, LookupError, RecursionError, AssertionError, TypeError):
        return None


def _when(message: Message) -> datetime | None:
    """When a report arrived: as our own server stamped it (the topmost Received), else as its sender says."""
    for text in (str(message.get("Received", "")).rpartition(";")[2], str(message.get("Date", ""))):
        try:
            at = parsedate_to_datetime(text.strip())
            return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


Visitor = Literal["person", "machine", "unknown"]


@dataclass(frozen=True, slots=True)
class Visit:
    """One request for the page behind a link."""

    at: datetime  # UTC
    address: str
    agent: str = ""
    shown: datetime | None = None  # when the page was shown whose button was pressed; None for a mere fetch


def judge(visit: Visit, sent: datetime | None, scanners: Sequence[str], seconds: int) -> Visitor:
    """Who was it: a person acted on the page; a machine is one of the scanners', too quick, or says so itself."""
    try:
        address = ipaddress.ip_address(visit.address)
        scanned = any(address in ipaddress.ip_network(network, strict=False) for network in scanners)
    except ValueError:
        scanned = False
    quick = sent is None or visit.at - sent < timedelta(seconds=seconds)
    if scanned or quick or _MACHINES.search(visit.agent) or not visit.agent:
        return "machine"
    if visit.shown is None:
        return "unknown"
    return "person" if _ACTED_AFTER <= visit.at - visit.shown <= timedelta(days=1) else "machine"


def visited(store: ExerciseState, token: str, visit: Visit, scanners: Sequence[str], seconds: int) -> Visitor | None:
    """Keep a visit; None for a token nobody was sent."""
    sent = store.by_token(digest(token))
    if sent is None:
        return None
    who = judge(visit, sent.sent, scanners, seconds)
    changed: Sent = {
        "machine": replace(sent, scans=sent.scans + 1),
        "unknown": replace(sent, opened=sent.opened or visit.at),
        "person": replace(sent, clicked=sent.clicked or visit.at),
    }[who]
    store.note(changed)
    return who
