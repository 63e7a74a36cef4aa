"""A mail message as a gateway keeps it, and a mailbox of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from seawall.drills.acts import Act


def write(act: Act, number: int) -> bytes:
    """The message a `mail` act leaves, CRLF lines.

    `act.account` is the sender's address. `detail`: to, subject, text, and optionally html, name (display name),
    reply_to, spf, dkim, dmarc, file (name of an attachment) and content (its text).
    """
    d: Mapping[str, str] = act.detail
    made = EmailMessage(policy=SMTP)
    made["Return-Path"] = f"<{act.account}>"
    stamp = format_datetime(act.time)
    made["Received"] = (
        f"from relay.partner.example (relay.partner.example [{act.source}]) by mx1.carrier.example; {stamp}"
    )
    results = "; ".join(f"{how}={d.get(how, 'pass')}" for how in ("spf", "dkim", "dmarc"))
    made["Authentication-Results"] = f"mx1.carrier.example; {results}"
    made["From"] = f"{d['name']} <{act.account}>" if "name" in d else str(act.account)
    made["To"] = d["to"]
    made["Subject"] = d["subject"]
    made["Date"] = stamp
    made["Message-ID"] = f"<drill-{number}@partner.example>"
    if "reply_to" in d:
        made["Reply-To"] = d["reply_to"]
    made.set_content(d["text"])
    if "html" in d:
        made.add_alternative(d["html"], subtype="html")
    if "file" in d:
        made.add_attachment(d.get("content", "").encode(), maintype="application", subtype="zip", filename=d["file"])
    return made.as_bytes()


def mailbox(messages: Sequence[bytes]) -> bytes:
    """The messages as an mbox (RFC 4155, `>From ` where a line of theirs begins like a new message)."""
    boxed = []
    for message in messages:
        lines = message.replace(b"\r\n", b"\n").split(b"\n")
        quoted = [b">" + line if line.lstrip(b">").startswith(b"From ") else line for line in lines]
        boxed.append(
            b"From drill@partner.example Mon Nov  9 03:14:05 2026\n" + b"\n".join(quoted).rstrip(b"\n") + b"\n\n"
        )
    return b"".join(boxed)
