"""The secrecy of interception outranks detail: a notice to anybody but the agency carries no target and no warrant.

What is known to be secret (warrants and taps of the incident, the registry of the case) is looked for by value; what
only looks like a subscriber's identifier, by form. A notice that holds one is refused, not mended: a person reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

SHORTEST: Final = 4  # characters of a value that is looked for; shorter ones stand in every text
_FORMS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("a LIID", re.compile(r"\bli-?id\b\W{0,4}(?:\w+\W{1,3}){0,2}?[\w/-]*\d", re.IGNORECASE)),
    (
        "a warrant number",
        re.compile(r"\bwarrants?\b\W{0,4}(?:(?:no|nr|number|id|ref)\b\W{0,4})?[\w/-]*\d", re.IGNORECASE),
    ),
    ("a subscriber's identifier", re.compile(r"\b(?:imsi|imei|msisdn|supi|gpsi)\b\W{0,4}\w*\d", re.IGNORECASE)),
    ("an address of a person", re.compile(r"\b(?:sips?|tel):[+\w]", re.IGNORECASE)),
    ("a number of 14 to 16 digits (IMSI, IMEI)", re.compile(r"(?<![\w.])\d{14,16}(?![\w.])")),
)
_PHONE: Final = re.compile(r"(?<![\w.])\+\d(?:[ ()-]{0,2}\d){7,14}(?!\w)")


@dataclass(frozen=True, slots=True)
class Leak:
    """A field that holds what its reader must not learn. The value itself is never repeated."""

    field: str
    what: str


def leaks(fields: Mapping[str, str], secrets: Iterable[str], contacts: Iterable[str]) -> list[Leak]:
    """Fields with a secret value, or with what looks like one. Telephone numbers may stand in fields of `contacts`."""
    known = sorted({secret.strip().lower() for secret in secrets if len(secret.strip()) >= SHORTEST})
    own = set(contacts)
    found = []
    for name, text in fields.items():
        low = text.lower()
        if any(_stands_in(secret, low) for secret in known):
            found.append(Leak(name, "a warrant, tap or target of this case"))
        found += [Leak(name, what) for what, form in _FORMS if form.search(text)]
        if name not in own and _PHONE.search(text):
            found.append(Leak(name, "a telephone number"))
    return found


def _stands_in(secret: str, text: str) -> bool:
    at = text.find(secret)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(secret) : at + len(secret) + 1]
        if not (before.isalnum() or after.isalnum()):
            return True
        at = text.find(secret, at + 1)
    return False
