"""What a request asks for: `added_after`, `limit`, `next` and `match[...]` (TAXII 2.1, 3.4 and 3.5)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from seawall.sharing.taxii.moments import micros_after, read_moment
from seawall.sharing.taxii.refusal import Refusal

MATCHES: Final = frozenset({"id", "type", "version", "spec_version"})
WORDS: Final = frozenset({"first", "last", "all"})  # of match[version], besides timestamps
_MOST_VALUES: Final = 500  # of one match: they become parameters of one SQL question
_LONGEST: Final = 200
_MATCH: Final = re.compile(r"match\[([^\]]*)\]")


@dataclass(frozen=True, slots=True)
class Question:
    """Which records are asked for, and how many at most. All matches hold together; within one, any value does."""

    limit: int
    after: int = -(2**62)  # added later than this microsecond
    ids: tuple[str, ...] | None = None
    types: tuple[str, ...] | None = None
    versions: tuple[str, ...] = ("last",)  # words, or moments as `read_moment` gives them
    spec_versions: tuple[str, ...] | None = None  # None = the newest of each object
    next: str | None = None
    key: str = ""  # everything but limit and next, in one spelling: what a page belongs to

    def continued(self, after: int) -> Question:
        """The same question, behind a record that was sent already."""
        return replace(self, after=max(self.after, after))

    def of_one(self, object_id: str) -> Question:
        """The same question about one object alone."""
        return replace(self, ids=(object_id,))


def read_question(
    pairs: Iterable[tuple[str, str]], *, page_max: int, matches: frozenset[str] = MATCHES, versions: str = "last"
) -> Question:
    """Read a query string's pairs; `matches` are the filters this endpoint knows, `versions` is its default.

    Raises:
        Refusal: 400, naming the parameter and what is wrong with it.
    """
    found: dict[str, str] = {}
    for name, value in pairs:
        matched = _MATCH.fullmatch(name)
        if matched and matched[1] not in matches:
            raise Refusal(400, f"{_shown(name)[1:-1]} is no filter here: {_known(matches)}")
        if not matched and name not in ("added_after", "limit", "next"):
            continue  # not of TAXII: proxies and clients add their own
        if name in found:
            raise Refusal(400, f"{name} stands twice; list several values with commas")
        found[name] = value
    question = Question(
        limit=_limit(found.get("limit"), page_max),
        ids=_values(found, "id"),
        types=_values(found, "type"),
        versions=_versions(_values(found, "version") or (versions,)),
        spec_versions=_spec_versions(_values(found, "spec_version")),
        next=found.get("next"),
        key="&".join(f"{name}={found[name]}" for name in sorted(found) if name not in ("limit", "next")),
    )
    if "added_after" in found:
        question = replace(question, after=_moment("added_after", found["added_after"]))
    return question


def _limit(text: str | None, page_max: int) -> int:
    if text is None:
        return page_max
    if not re.fullmatch(r"[0-9]{1,18}", text) or int(text) < 1:
        raise Refusal(400, f"limit {_shown(text)} is no positive whole number")
    return min(int(text), page_max)


def _values(found: dict[str, str], name: str) -> tuple[str, ...] | None:
    text = found.get(f"match[{name}]")
    if text is None:
        return None
    values = tuple(dict.fromkeys(part.strip() for part in text.split(",")))
    if not all(value and value.isascii() and value.isprintable() for value in values):
        raise Refusal(400, f"match[{name}] holds an empty value, or one that no id, type or version can be")
    if len(values) > _MOST_VALUES or any(len(value) > _LONGEST for value in values):
        raise Refusal(400, f"match[{name}] holds more than {_MOST_VALUES} values, or one longer than {_LONGEST}")
    return values


def _versions(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(value if value in WORDS else _ordered(value) for value in values)


def _ordered(text: str) -> str:
    try:
        return read_moment(text)
    except ValueError:
        raise Refusal(400, f"match[version] {_shown(text)} is neither first, last, all nor a timestamp") from None


def _spec_versions(values: tuple[str, ...] | None) -> tuple[str, ...] | None:
    for value in values or ():
        if not re.fullmatch(r"\d{1,3}\.\d{1,3}", value):
            raise Refusal(400, f"match[spec_version] {_shown(value)} is no version such as 2.1")
    return values


def _moment(name: str, text: str) -> int:
    try:
        return micros_after(text)
    except ValueError as error:
        raise Refusal(400, f"{name} {_shown(text)}: {error}; write 2026-11-24T18:00:00.000000Z") from None


def _known(matches: frozenset[str]) -> str:
    return ", ".join(f"match[{name}]" for name in sorted(matches)) or "there is none"


def _shown(text: str) -> str:
    """A value of the request, short and printable."""
    return repr(text[:60].encode("ascii", "backslashreplace").decode())
