"""What a target identifier is once it is read: its kind, one canonical spelling, and how much it covers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MAX_IDENTIFIER_CHARS: Final = 1_024
SINGLE: Final = "single"  # the width of an identifier that names one subscriber, device or mailbox

KINDS: Final[tuple[str, ...]] = (
    "msisdn",  # E.164 number, "+" and digits
    "imsi",  # ITU-T E.212, 6 to 15 digits
    "imei",  # 3GPP TS 23.003 clause 6: the 14 digits of type and serial number
    "ipv4",  # prefix, or first-last
    "ipv6",
    "mac",  # 12 hex digits
    "eui64",  # 16 hex digits
    "nai",  # RFC 7542, realm in lower case
    "mail",  # RFC 5321, folded
    "sip",  # user@host, RFC 3261
    "other",  # a form Seawall cannot normalise: compared letter by letter
    "record",  # no identifier at all: the raw bytes of a record, for its event id
)


class NotNormalError(ValueError):
    """Why an identifier could not be normalised. The text quotes nothing of it."""


@dataclass(frozen=True, slots=True, repr=False)
class Identifier:
    """One identifier in its canonical spelling. It never prints itself.

    `blocks` cover exactly what it covers (one for a single number or a prefix, several for a range); `ancestors`
    are every wider block around its first block. Both are canonical texts: containment is equality between them.
    """

    kind: str  # one of KINDS
    value: str  # canonical, in clear
    width: str = SINGLE  # "single", "/24", "1000 numbers", "any user" …
    why: str = ""  # if it is not normalised: why, without quoting it
    also: tuple[Identifier, ...] = ()  # other names that by its standard belong to the same subscriber

    @property
    def normal(self) -> bool:
        """Whether it was understood."""
        return not self.why

    def __repr__(self) -> str:
        return f"Identifier({self.kind}, ***)"
