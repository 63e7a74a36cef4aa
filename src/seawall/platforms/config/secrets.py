"""What may be known of a secret after it is masked: how it is kept, whether it is a well-known one, which are equal.

The value itself is never held. Two equal secrets have equal fingerprints within one run; the key of the fingerprint
is drawn anew by each process and never written, so that a report can be used to guess nothing.
"""

from __future__ import annotations

import hashlib
import re
import secrets as random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from seawall.platforms.masking import ANY_SECRET, MASK, mask

WELL_KNOWN: Final = frozenset(
    [
        "public",
        "private",
        "cisco",
        "admin",
        "snmp",
        "community",
        "ilmi",
        "cable-docsis",
        "password",
        "secret",
        "test",
        "lab",
        "default",
        "arista",
        "juniper",
        "nokia",
        "huawei",
        "root",
        "changeme",
        "123456",
        "write",
        "read",
        "manager",
        "monitor",
        "security",
        "all",
        "snmpd",
    ]
)
_KEY: Final = bytearray(random.token_bytes(32))  # of this process, or of the run it belongs to
_CRYPT: Final = re.compile(r"\$(\d{1,2}[abxy]?|sha1|sha512|y|argon2id?|nt)\$", re.I)
_TELLING: Final = rf"{ANY_SECRET}|[A-Za-z0-9+/]{{60}}"
_SNMP: Final = re.compile(r"config system snmp community|(?:\S+: )?snmp \{")
_NAMED: Final = re.compile(
    r"\s*(?:\S+: )?(?:set name|(?:set snmp )?community) +(?P<v>\"[^\"]{1,300}\"|[^\s\";{]{1,300})"
)
_MANY: Final = 1_000  # lines from which on one search of them all is cheaper
_CACHED: Final = 300  # characters of a line that may come again
_LAST_CHANCE: Final = 8  # secrets looked at in one line


@dataclass(frozen=True, slots=True)
class Secret:
    """One masked value."""

    form: str  # crypt mark as `$1$`, `$5$`, `$9$`; `%^%#` (VRP); `ENC` (FortiOS); "" if the value has no mark
    known: str | None  # the value, only where it is one everybody knows (`public`)
    fingerprint: bytes  # equal values have equal ones within one run
    length: int  # characters

    def __repr__(self) -> str:
        return f"<secret {self.form or 'without mark'}>"


@lru_cache(maxsize=65_536)
def _masked(text: str) -> tuple[str, tuple[Secret, ...]]:
    shown = mask(text)
    return (text, ()) if shown == text else (shown, tuple(secret_of(value) for value in _values(text, shown)))


def masked(text: str) -> tuple[str, tuple[Secret, ...]]:
    """A line with its secrets masked, and what may be known of each."""
    return _masked(text) if len(text) <= _CACHED else _masked.__wrapped__(text)


class Veil:
    """Masks the lines of one configuration; long ones are searched at once for those that can hold a secret."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._may: frozenset[int] | None = None
        self._communities = _communities(lines)
        if len(lines) >= _MANY:
            found = pc.match_substring_regex(pa.array(lines, pa.string()), _TELLING, ignore_case=True)
            self._may = frozenset(pc.indices_nonzero(found).to_pylist())

    def __call__(self, number: int, text: str) -> tuple[str, tuple[Secret, ...]]:
        """The text of line `number` (from 1), masked."""
        if (shown := self._communities.get(number)) and (found := _NAMED.match(text)) and MASK not in text:
            return f"{text[: found.start('v')]}{shown}{text[found.end('v') :]}", (secret_of(found["v"]),)
        return (text, ()) if self._may is not None and number - 1 not in self._may else masked(text)


def _communities(lines: Sequence[str]) -> dict[int, str]:
    """Lines that name an SNMP community as their section alone may say (FortiOS, Junos, SR OS MD-CLI), and its mask.

    Each community has a mask of its own: two that looked alike would be judged as one.
    """
    masks: dict[bytes, str] = {}
    found: dict[int, str] = {}
    deep = 0  # sections open below one of SNMP, itself counted
    fortios = False
    for number, line in enumerate(lines, 1):
        text = line.strip()
        named = text.startswith("set snmp community ")
        if not deep:
            deep = int(_SNMP.fullmatch(text) is not None)
            fortios = text.startswith("config")
        elif fortios:
            deep += text.startswith("config ") - (text == "end")
            named = deep == 1 and text.startswith("set name ")
        else:
            deep = max(0, deep + text.count("{") - text.count("}"))
            named = text.startswith(("community ", "inactive: community "))
        if named and (name := _NAMED.match(text)) and MASK not in text:
            mark = fingerprint(name["v"].strip('"'))
            found[number] = masks.setdefault(mark, f"{MASK}-{len(masks) + 1}" if masks else MASK)
    return found


def _values(text: str, shown: str) -> list[str]:
    """What stood where the masks stand now."""
    parts = shown.split(MASK)
    values: list[str] = []
    at = len(parts[0])
    for number, part in enumerate(parts[1:_LAST_CHANCE], 2):
        end = len(text) - len(part) if number == len(parts) else (text.find(part, at + 1) if part else len(text))
        if end < at:
            break
        if (value := text[at:end]) and value != MASK:
            values.append(value)
        at = end + len(part)
    return values


def secret_of(value: str) -> Secret:
    """What may be known of a value that is to be masked."""
    value = value.strip("\"'")
    form = ""
    if found := _CRYPT.match(value):
        form = found[0]
    elif value[:3] in ("%^%", "%@%", "%$%", "@%@", "^^^"):
        form = value[:4]
    known = value if value.lower() in WELL_KNOWN else None
    return Secret(form, known, fingerprint(value), len(value))


def fingerprint(value: str) -> bytes:
    """What stands for a value in comparisons: equal values have equal ones within one run."""
    return hashlib.blake2b(value.encode("utf-8", "replace"), key=bytes(_KEY), digest_size=16).digest()


def run_key() -> bytes:
    """The key of this run's fingerprints, for processes that share the work."""
    return bytes(_KEY)


def use_key(key: bytes) -> None:
    """Take part in a run: the same values then have the same fingerprints in all its processes."""
    _KEY[:] = key
    _masked.cache_clear()  # it holds fingerprints of the key before
