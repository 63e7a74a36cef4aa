"""A mail message as plain values: what the reader hands to whoever judges it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from email.utils import getaddresses
from functools import cached_property


def mailboxes(text: str) -> list[tuple[str, str]]:
    """Names and addresses of a field as sent; of comments within comments, which Python reads by recursion, none."""
    if text.count("(") > 50:
        text = text.replace("(", " ").replace(")", " ")
    return getaddresses([text])


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a message's header, unfolded."""

    name: str  # lower case
    value: str  # as sent
    shown: str  # as a reader may safely see it: decoded, one line, nothing invisible


@dataclass(frozen=True)
class MailPart:
    """A leaf of a message."""

    type: str  # as declared, lower case, e.g. text/html
    name: str  # file name; empty if it has none
    attached: bool  # by its disposition or its name
    content: bytes  # decoded
    text: str = ""  # of text parts that are not attached, and of attached HTML and SVG

    @cached_property
    def sha256(self) -> str:
        """Of the decoded content, hex."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class Mail:
    """One message, unwrapped from the report it came in."""

    origin: str  # where it stands: path below the PATH given, `inbox.mbox#3` in a mailbox
    fields: tuple[Field, ...]  # topmost first
    parts: tuple[MailPart, ...]
    raw: bytes  # as received, at most 64 MiB
    size: int  # bytes, whole
    defects: tuple[str, ...] = ()  # what is wrong with its form
    reporter: str = ""  # address of whoever forwarded it as an attachment
    unjudgeable: str = ""  # why no verdict can be given; empty if it can

    def first(self, name: str) -> str:
        """The first field of a name as shown; empty if there is none."""
        return next((field.shown for field in self.fields if field.name == name), "")

    def raw_first(self, name: str) -> str:
        """The first field of a name as sent; empty if there is none."""
        return next((field.value for field in self.fields if field.name == name), "")

    def all(self, name: str) -> list[str]:
        """Every field of a name as shown, topmost first."""
        return [field.shown for field in self.fields if field.name == name]
