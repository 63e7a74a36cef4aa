"""Messages people and gateways hand in."""

from __future__ import annotations

from typing import Final

from seawall.model.columns import Column, EventKind

KINDS: Final[tuple[EventKind, ...]] = (
    EventKind(
        "mail",
        "A mail message (.eml, mbox). Display text is decoded, on one line, and free of control and direction "
        "characters; of the body only the start and a digest are kept.",
        (
            Column("mail_from", "text", "address of From"),
            Column("from_name", "text", "display name of From: what a reader sees, chosen by the sender"),
            Column("mail_to", "text", "addresses of To and Cc, comma-separated, at most 50"),
            Column("recipients", "int", "addresses in To, Cc and Bcc"),
            Column("subject", "text", "Subject, decoded"),
            Column("message_id", "text", "Message-ID without its brackets"),
            Column("in_reply_to", "text", "In-Reply-To without its brackets"),
            Column("reply_to", "text", "address of Reply-To"),
            Column("return_path", "text", "address of Return-Path; empty for a bounce"),
            Column("received_hops", "int", "Received lines"),
            Column("received_chain", "text", "who handed it on, the last hop first, joined by ` < `, at most 20 hops"),
            Column(
                "first_hop", "text", "address or name in the earliest Received line: where it entered, if not forged"
            ),
            Column(
                "spf",
                "text",
                "result in the topmost Authentication-Results (else Received-SPF); as stamped, not checked",
            ),
            Column("dkim", "text", "as spf"),
            Column("dmarc", "text", "as spf"),
            Column("auth_server", "text", "who stamped the results"),
            Column("dkim_domains", "text", "domains that signed, comma-separated; signatures are not checked"),
            Column("mailer", "text", "X-Mailer or User-Agent"),
            Column("content_types", "text", "types of its parts, comma-separated, each once"),
            Column("parts", "int", "MIME parts that are no containers"),
            Column("attachments", "int", "parts with a file name, or marked as attachment"),
            Column("attachment_names", "text", "their names, joined by ` | `"),
            Column("attachment_types", "text", "their types as declared, joined by ` | `"),
            Column("attachment_sha256", "text", "SHA-256 of their decoded content, hex, joined by ` | `"),
            Column("urls", "text", "links in its text parts, blank-separated, at most 100"),
            Column("url_hosts", "text", "their hosts, comma-separated, each once"),
            Column("body_excerpt", "text", "first 500 characters of its first text part, secrets masked"),
            Column("body_sha256", "text", "SHA-256 of everything below the header, hex"),
            Column("bytes", "int", "octets of the whole message"),
            Column("defects", "text", "what is wrong with its form, comma-separated"),
        ),
    ),
)
