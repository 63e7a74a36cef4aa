"""What a message asks and promises: patterns an analyst can edit, each found with its place in the text.

RE2 runs them, which takes linear time whatever the text is.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Final

from seawall.detect.mail.cues import Cue, Toward
from seawall.detect.mail.facts import Facts

_TEXT: Final = 20_000  # characters that are looked at


@dataclass(frozen=True)
class Wording:
    """One entry of the list."""

    name: str
    toward: Toward
    weight: float
    reason: str
    patterns: tuple[Any, ...]  # compiled


@lru_cache(maxsize=1)
def wordings() -> tuple[Wording, ...]:
    """The list, compiled once."""
    import re2  # type: ignore[import-untyped]

    options = re2.Options()
    options.case_sensitive = False
    options.never_nl = False
    raw = tomllib.loads((resources.files("seawall") / "content/mail/words.toml").read_text(encoding="utf-8"))
    return tuple(
        Wording(
            entry["name"], entry["toward"], float(entry["weight"]), entry["reason"],
            tuple(re2.compile(pattern, options) for pattern in entry["patterns"]),
        )
        for entry in raw["cue"]
    )  # fmt: skip


def word_cues(facts: Facts) -> Iterator[Cue]:
    """Every wording of the subject and the new part of the text; the first place of each."""
    subject, body = facts.subject[:500], facts.new_text[:_TEXT]
    offset = max(0, facts.text.find(body[:80])) if body else 0
    for wording in wordings():
        found = count = None
        for where, text in (("body", body), ("subject", subject)):
            hits = [hit for pattern in wording.patterns if (hit := pattern.search(text))]
            if hits and found is None:
                found, count = (where, min(hits, key=lambda hit: int(hit.start()))), len(hits)
        if found is None or count is None:
            continue
        where, hit = found
        start, end = hit.span()
        shift = offset if where == "body" else 0
        weight = wording.weight * (1.0 + 0.2 * min(count - 1, 2))
        text = " ".join(hit.group(0).split())
        yield Cue(wording.name, wording.toward, weight, wording.reason, where, text, start + shift, end + shift)
