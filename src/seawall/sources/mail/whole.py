"""Whole messages for whoever judges them: from .eml, mbox and .msg, unwrapped from the report they came in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Final

from seawall.errors import InputError
from seawall.model.mail import Field, Mail, MailPart
from seawall.sources.base import Evidence, Reject
from seawall.sources.mail import MAX_MESSAGE_BYTES, is_mailbox, looks_like_mail, messages
from seawall.sources.mail.mime import UNSEEN, Part, Walk, display, parts_of, read_header, text_of, too_long
from seawall.sources.mail.outlook import OLE_MAGIC, message_of

MAX_TEXT: Final = 2 << 20  # bytes of a text part that are decoded
_TOLD: Final = frozenset({"from", "to", "cc", "subject", "reply-to", "sender", "return-path"})
_AS_MAIL: Final = (".eml", ".mbox", ".msg", ".mbx", ".mht")
_WRAPPERS: Final = frozenset({"multipart/report"})  # bounces: their attached message is ours, not the reported one


def mails_in(evidence: Evidence) -> Iterator[Mail | Reject]:
    """Every message of a file; a `Reject` if it is no mail at all and is not named like one."""
    if evidence.head.startswith(OLE_MAGIC):
        yield from _outlook(evidence)
        return
    if not looks_like_mail(evidence) and not evidence.origin.lower().endswith(_AS_MAIL):
        yield Reject(evidence.origin, "no mail message")
        return
    boxed = is_mailbox(evidence)
    for number, (raw, size) in enumerate(messages(evidence, boxed=boxed), 1):
        yield mail_of(raw, f"{evidence.origin}#{number}" if boxed else evidence.origin, size=size)


def mail_of(raw: bytes, origin: str, *, size: int | None = None) -> Mail:
    """One message of its bytes (RFC 5322), whatever was done to break it; a report gives the message it carries."""
    size = len(raw) if size is None else size
    header = read_header(raw)
    if not header.fields:
        why = "it is empty" if not raw.strip() else "it has no mail header"
        return Mail(origin, (), (), raw, size, unjudgeable=why)
    if why := too_long(raw, header):
        return Mail(origin, (), (), raw, size, unjudgeable=why)
    walk = Walk()
    leaves = list(parts_of(raw, walk))
    reported = _reported(leaves, walk)
    if reported is not None:
        inner = mail_of(reported, origin)
        if not inner.unjudgeable:
            reporter = display(header.first("from"), 320)
            return Mail(
                origin, inner.fields, inner.parts, inner.raw, size, inner.defects, reporter or inner.reporter, ""
            )
    if size > MAX_MESSAGE_BYTES:
        walk.blame(f"larger than {MAX_MESSAGE_BYTES >> 20} MiB: its start was judged")
    fields = tuple(Field(name, value[:20_000], display(value, 4_000)) for name, value in header.fields)
    for field in fields:
        if field.name in _TOLD and UNSEEN.search(field.value):
            walk.blame(f"invisible characters in {field.name.title()}")
    return Mail(origin, fields, tuple(map(_part, leaves)), raw, size, tuple(walk.defects))


def _reported(leaves: list[Part], walk: Walk) -> bytes | None:
    """The one message attached to a report: a short note with a mail behind it, which is how people report."""
    attached = [part for part in leaves if part.type == "message/rfc822"]
    if not attached or _WRAPPERS & set(walk.types) or not walk.types:
        return None
    before = leaves[: leaves.index(attached[0])]
    if any(part.attached for part in before) or sum(len(part.content) for part in before) > 20_000:
        return None
    return attached[0].content


def _part(part: Part) -> MailPart:
    text = ""
    wanted = part.type.startswith("text/") and (not part.attached or part.type == "text/html")
    named = part.name.lower().endswith((".htm", ".html", ".shtml", ".svg", ".xhtml"))
    if wanted or named or part.type == "image/svg+xml":
        text = text_of(part.content[:MAX_TEXT], part.charset)
    return MailPart(part.type, part.name, part.attached, part.content, text)


def _outlook(evidence: Evidence) -> Iterator[Mail | Reject]:
    with closing(evidence.open()) as stream:
        raw = stream.read(MAX_MESSAGE_BYTES + 1)
    try:
        message = message_of(raw[:MAX_MESSAGE_BYTES], where=evidence.origin)
    except InputError as error:
        if not evidence.origin.lower().endswith(".msg"):
            yield Reject(evidence.origin, "no mail message")
            return
        yield Mail(evidence.origin, (), (), b"", len(raw), unjudgeable=f"{error.what}; {error.mend}".rstrip("; "))
        return
    yield mail_of(message, evidence.origin, size=len(raw))
