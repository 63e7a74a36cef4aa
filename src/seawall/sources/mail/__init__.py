"""Mail as evidence: single messages (.eml, RFC 5322) and mailboxes (mbox, RFC 4155).

Authentication results are told as the receiving server stamped them; nothing is verified and nothing is fetched.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import urlsplit

from seawall.model.mail import mailboxes
from seawall.platforms.masking import mask
from seawall.sources.base import BLOCK_BYTES, Chunk, Evidence, Reading, Source
from seawall.sources.mail.mime import Header, Part, Walk, display, parts_of, read_header, text_of
from seawall.sources.records import NEVER, Records, When

MAX_MESSAGE_BYTES: Final = 64 << 20
MAX_URLS: Final = 100
EXCERPT: Final = 500
_BATCH: Final = 200  # messages in one piece
_TELLING: Final = frozenset(
    {"received", "return-path", "from", "to", "subject", "date", "message-id", "mime-version", "dkim-signature", "cc"}
    | {"delivered-to", "x-mailer", "reply-to", "content-type", "authentication-results", "arc-seal", "sender"}
)
_FIELD_LINE: Final = re.compile(rb"[!-9;-~]{1,100}[ \t]*:")
_MBOX: Final = re.compile(rb"From \S+.*\b(?:19|20)\d\d\b")
_MBOX_START: Final = re.compile(rb"(?:\A|\n\r?\n)(?=From \S+[^\n]{0,200}\b(?:19|20)\d\d\b)")
_URL: Final = re.compile(r"\b(?:https?|ftp)://[^\s<>\"'\\^`{|}\x00-\x1f]{3,2000}", re.I)
_TAGS: Final = re.compile(r"<(?:style|script)\b.*?</(?:style|script)\s*>|<[^<>]{1,5000}>", re.I | re.S)
_RESULT: Final = re.compile(r"\b(spf|dkim|dmarc)\s*=\s*(\w{1,20})", re.I)
_HOP_FROM: Final = re.compile(r"\bfrom\s+(\S{1,255})", re.I)
_HOP_BY: Final = re.compile(r"\bby\s+(\S{1,255})", re.I)
_HOP_ADDRESS: Final = re.compile(r"[\[(](?:IPv6:)?([0-9A-Fa-f.:]{3,45})[\])]")


def _sniff(evidence: Evidence) -> int:
    head = evidence.head
    if _MBOX.match(head):
        at = head.find(b"\n") + 1
        return 90 if _telling(head[at:]) >= 3 else 0
    return 88 if _telling(head.lstrip(b"\r\n")) >= 3 else 0


def _telling(head: bytes) -> int:
    """How many fields of mail a header names before its end; 0 if a line of it is no field."""
    names = set()
    for number, line in enumerate(head[:32_768].replace(b"\r\n", b"\n").split(b"\n")):
        if not line.strip():
            break
        if line[:1] in (b" ", b"\t") and number:
            continue
        if not _FIELD_LINE.match(line):
            return 0
        names.add(line.partition(b":")[0].strip().lower().decode("ascii"))
    return len(names & _TELLING)


def _read(evidence: Evidence, reading: Reading) -> Iterator[Chunk]:
    """Read a message, or every message of a mailbox."""
    with Records("mail", evidence.origin, reading) as records:
        boxed = is_mailbox(evidence)
        used = waiting = 0
        for number, (message, size) in enumerate(messages(evidence, boxed=boxed), 1):
            place = f"{evidence.origin}#{number}" if boxed else evidence.origin
            used, waiting = used + size, waiting + 1
            if size > MAX_MESSAGE_BYTES:
                records.reject(place, f"message larger than {MAX_MESSAGE_BYTES >> 20} MiB; its start was read")
            _take(message, size, place, records)
            if waiting >= _BATCH:
                yield records.chunk(used)
                used = waiting = 0
        yield records.chunk(used)


def is_mailbox(evidence: Evidence) -> bool:
    """Whether a file is a mailbox of many messages (RFC 4155)."""
    return _MBOX.match(evidence.head) is not None


def looks_like_mail(evidence: Evidence) -> bool:
    """Whether a file begins as a message or mailbox does."""
    return _sniff(evidence) > 0


def messages(evidence: Evidence, *, boxed: bool) -> Iterator[tuple[bytes, int]]:
    """(start of a message up to the limit, its whole size), one after another."""
    with closing(evidence.open()) as stream:
        if not boxed:
            content = stream.read(MAX_MESSAGE_BYTES + 1)
            yield content[:MAX_MESSAGE_BYTES], len(content)
            return
        carry, dropped = b"", 0
        while block := stream.read(BLOCK_BYTES):
            data = carry + block
            starts = [m.end() for m in _MBOX_START.finditer(data, max(0, len(carry) - 256)) if m.end() > 0]
            at = 0
            for start in starts:
                yield _unboxed(data[at:start]), start - at + dropped
                at, dropped = start, 0
            carry = data[at:]
            if len(carry) > MAX_MESSAGE_BYTES + BLOCK_BYTES:
                dropped += len(carry) - MAX_MESSAGE_BYTES
                carry = carry[: MAX_MESSAGE_BYTES - 256] + carry[-256:]
        if carry.strip():
            yield _unboxed(carry), len(carry) + dropped


def _unboxed(raw: bytes) -> bytes:
    """A message without its `From ` line; `>From ` in the body as it was before it was boxed."""
    _, _, rest = raw.partition(b"\n") if raw.startswith(b"From ") else (b"", b"", raw)
    return re.sub(rb"(?m)^>(?=>*From )", b"", rest)[:MAX_MESSAGE_BYTES]


def _take(message: bytes, size: int, place: str, records: Records) -> None:
    header = read_header(message)
    if not header.fields:
        records.reject(place, "no mail: it has no header")
        return
    walk = Walk()
    parts = list(parts_of(message, walk))
    values = {**_addressed(header), **_handed_on(header), **_stamped(header), **_content(parts)}
    values |= {
        "bytes": size,
        "content_types": ",".join(walk.types)[:2_000],
        "defects": ",".join(walk.defects) or None,
        "body_sha256": hashlib.sha256(message[header.size :]).hexdigest(),
        "user": values["mail_from"],
    }
    when = _when(header)
    records.add(place, message, when, None, values)


def _when(header: Header) -> When:
    """The Date, which the sender chose; else the latest hop's."""
    for text, quality in ((header.first("date"), "exact"), (header.first("received").rpartition(";")[2], "received")):
        try:
            found = parsedate_to_datetime(text.strip()[:100])
            quality = "zone_assumed" if found.tzinfo is None else quality
            micros = round((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp() * 1e6)
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
        return When(micros, quality)
    return NEVER


def _addressed(header: Header) -> dict[str, Any]:
    """Who wrote to whom."""
    to = _addresses(header, "to", "cc")
    name, sender = _mailbox(header.first("from"))
    return {
        "mail_from": sender or None,
        "from_name": name or None,
        "mail_to": ",".join(to[:50]) or None,
        "recipients": len(to) + len(_addresses(header, "bcc")),
        "subject": mask(display(header.first("subject"))) or None,
        "message_id": display(header.first("message-id"), 500).strip("<> ") or None,
        "in_reply_to": display(header.first("in-reply-to"), 500).strip("<> ") or None,
        "reply_to": _mailbox(header.first("reply-to"))[1] or None,
        "return_path": _mailbox(header.first("return-path"))[1] if header.first("return-path") else None,
        "mailer": display(header.first("x-mailer") or header.first("user-agent"), 200) or None,
    }


def _mailbox(value: str) -> tuple[str, str]:
    """Display name and address of the first mailbox of a field; the name is decoded last, so it cannot pose as one."""
    for name, address in mailboxes(value[:10_000])[:1]:
        return display(name, 300), display(address, 320).lower()
    return "", ""


def _addresses(header: Header, *names: str) -> list[str]:
    found = [one for name in names for value in header.all(name)[:100] for one in mailboxes(value[:100_000])]
    return list(dict.fromkeys(a for _, address in found[:5_000] if (a := display(address, 320).lower())))


def _handed_on(header: Header) -> dict[str, Any]:
    """The Received lines: only those above the first server one trusts cannot be forged."""
    hops = [display(value, 2_000) for value in header.all("received")]
    names = [found[1] for hop in hops[:20] if (found := _HOP_FROM.search(hop) or _HOP_BY.search(hop))]
    first = hops[-1] if hops else ""
    address = _HOP_ADDRESS.search(first)
    origin = address[1] if address else (found[1] if (found := _HOP_FROM.search(first)) else None)
    return {"received_hops": len(hops), "received_chain": " < ".join(names) or None, "first_hop": origin}


def _stamped(header: Header) -> dict[str, Any]:
    """SPF, DKIM and DMARC as the topmost results say (RFC 8601)."""
    results = display(header.first("authentication-results"), 10_000)
    found = {name.lower(): word.lower() for name, word in reversed(_RESULT.findall(results))}
    if "spf" not in found and (said := display(header.first("received-spf"), 200)):
        found["spf"] = said.split()[0].lower().rstrip(";:")
    signed = [m[1].lower() for value in header.all("dkim-signature") if (m := re.search(r"\bd=([^;\s]{1,255})", value))]
    return {
        **{name: found.get(name) for name in ("spf", "dkim", "dmarc")},
        "auth_server": results.partition(";")[0].split()[0][:255] if results.partition(";")[0].split() else None,
        "dkim_domains": ",".join(dict.fromkeys(signed[:20])) or None,
    }


def _content(parts: list[Part]) -> dict[str, Any]:
    """Attachments, links and the start of the text."""
    attached = [part for part in parts if part.attached]
    urls: dict[str, None] = {}
    excerpt = ""
    for part in parts:
        if part.type.startswith("text/") and not part.attached:
            text = text_of(part.content[: 4 << 20], part.charset)
            for found in _URL.finditer(text):
                if len(urls) >= MAX_URLS:
                    break
                urls.setdefault(mask(found.group().replace("&amp;", "&").rstrip(".,;:)]")))
            excerpt = excerpt or _excerpt(text, part.type)
    return {
        "parts": len(parts),
        "attachments": len(attached),
        "attachment_names": " | ".join(p.name for p in attached)[:4_000] or None,
        "attachment_types": " | ".join(p.type for p in attached)[:4_000] or None,
        "attachment_sha256": " | ".join(hashlib.sha256(p.content).hexdigest() for p in attached[:100]) or None,
        "urls": " ".join(urls) or None,
        "url_hosts": ",".join(dict.fromkeys(filter(None, map(_host, urls)))) or None,
        "body_excerpt": excerpt or None,
    }


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def _excerpt(text: str, type_: str) -> str:
    if type_ == "text/html":
        text = _TAGS.sub(" ", text[:200_000])
    return mask(" ".join(display(text[:20_000], 20_000).split())[:EXCERPT])[:EXCERPT]


SOURCE: Final = Source(
    name="mail",
    title="Mail messages (.eml, mbox)",
    kinds=("mail",),
    sniff=_sniff,
    read=_read,
)
