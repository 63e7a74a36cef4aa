"""What stands in the ledger: small facts with digests and names of things, never text about people.

An entry is the canonical JSON of `{body, keys, kind, ts, v}`, at most 65,535 bytes. `keys` are the names it is found by
later. Texts are tokens (no space, printable ASCII): a sentence, a person's name or an excerpt does not fit, its SHA-256
does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from seawall.errors import InputError
from seawall.ledger.canonical import EXACT, MAX_DEPTH
from seawall.model.finding import utc_text

VERSION: Final = 1
MAX_ENTRY_BYTES: Final = 65_535  # an entry bundle counts in 16 bits
_KIND: Final = re.compile(r"[a-z][a-z0-9_.-]{0,63}")
_TOKEN: Final = re.compile(r"[\x21-\x7e]{0,1024}")
# Of tokens and whole numbers this writes the very bytes of `canonical`, in half the time; a test compares them.
_ENCODE: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry somebody wants to write."""

    kind: str  # finding, hunt, custody, approval, action, view, decision, person ...
    body: Mapping[str, Any]
    keys: Mapping[str, str] = field(default_factory=dict)  # names it can be found by, e.g. {"nonce": "..."}


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it stands. Times are UTC, by the clock of the machine that wrote it."""

    index: int
    at: datetime
    kind: str
    keys: Mapping[str, str]
    body: Mapping[str, Any]
    raw: bytes  # exactly what the tree was given
    clock_back: timedelta = timedelta(0)  # how far the clock stood before the latest time of any earlier entry

    @property
    def latest(self) -> datetime:
        """The latest time of this entry and all before it."""
        return self.at + self.clock_back


def encode(draft: Draft, at: datetime, *, after: datetime | None) -> bytes:
    """The bytes of a draft written at `at`; if that lies before the latest time so far, the entry says so.

    Raises:
        InputError: the draft is no set of tokens and whole numbers, or is too long.
    """
    if not _KIND.fullmatch(draft.kind):
        raise InputError(f"{draft.kind!r} is no kind of ledger entry", mend="use small letters, digits and . _ -")
    body, keys = dict(draft.body), dict(draft.keys)
    _check(body, "body")
    _check(keys, "keys")
    document: dict[str, Any] = {
        "body": body,
        "keys": keys,
        "kind": draft.kind,
        "ts": utc_text(at),
        "v": VERSION,
    }
    if after is not None and at < after:
        document["clock_back_us"] = (after - at) // timedelta(microseconds=1)
    raw = _ENCODE(document).encode("ascii")
    if len(raw) > MAX_ENTRY_BYTES:
        raise InputError(f"an entry of {len(raw)} bytes does not fit the ledger", mend="log its SHA-256 instead")
    return raw


def decode(raw: bytes, index: int) -> Entry:
    """An entry from its bytes. Raises InputError if this version did not write it."""
    where = f"ledger entry {index}"
    try:
        document = json.loads(raw)
        if document["v"] != VERSION:
            raise InputError(
                f"written by version {document['v']} of the ledger", where=where, mend="use a later Seawall"
            )
        return Entry(
            index=index,
            at=datetime.fromisoformat(document["ts"]),
            kind=str(document["kind"]),
            keys=dict(document["keys"]),
            body=dict(document["body"]),
            raw=raw,
            clock_back=timedelta(microseconds=int(document.get("clock_back_us", 0))),
        )
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise InputError("no entry of this ledger", where=where, mend="run: seawall ledger verify") from error


def keys_of(raw: bytes) -> dict[str, str]:
    """The names an entry can be found by; none if it is not one of ours."""
    try:
        keys = json.loads(raw)["keys"]
        return {str(name): str(value) for name, value in keys.items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def _check(value: Any, where: str, depth: int = 1) -> None:
    kind = type(value)
    if kind is str:
        if not _TOKEN.fullmatch(value):
            raise InputError("free text does not belong in the ledger", where=where, mend="log its SHA-256 instead")
    elif kind is int:
        if not -EXACT < value < EXACT:
            raise InputError(f"{value} is beyond 2**53", where=where, mend="write big numbers as text")
    elif depth > MAX_DEPTH:
        raise InputError(f"nested more than {MAX_DEPTH} deep", where=where, mend="log its SHA-256 instead")
    elif kind is dict:
        for name, item in value.items():
            if type(name) is not str or not _TOKEN.fullmatch(name):
                raise InputError("a name in an entry is a token", where=where, mend="use letters, digits and _")
            _check(item, f"{where}.{name}", depth + 1)
    elif kind is list or kind is tuple:
        for item in value:
            _check(item, where, depth + 1)
    elif value is not None and kind is not bool:
        raise InputError(f"a {kind.__name__} does not belong in the ledger", where=where, mend="write it as text")
