"""Which reports are one campaign: messages alike in words, or sharing a lure, however many people report them."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from seawall.detect.mail.judging import Verdict
from seawall.detect.mail.textmodel import words_of

_BITS: Final = 64
_BANDS: Final = 8
_ALIKE: Final = 7  # bits of 64 that may differ
_FEW: Final = 25  # words below which the words alone say nothing
_MANY: Final = 200  # members of one band that are compared with each other; beyond, with the first only
_PREFIX: Final = re.compile(r"^\s*(?:(?:re|fwd?|aw|wg|antw|tr|rv|enc)\s*:\s*)+", re.I)


def fingerprint(words: Sequence[str]) -> int:
    """Simhash of the runs of three words (Charikar 2002): texts alike differ in few bits."""
    sums = [0] * _BITS
    for at in range(max(1, len(words) - 2)):
        digest = int.from_bytes(hashlib.blake2b(" ".join(words[at : at + 3]).encode(), digest_size=8).digest(), "big")
        for bit in range(_BITS):
            sums[bit] += 1 if digest >> bit & 1 else -1
    return sum(1 << bit for bit in range(_BITS) if sums[bit] > 0)


def campaigns(verdicts: Sequence[Verdict]) -> list[int]:
    """For each message the number of its campaign; campaigns count from 1 in order of their first message."""
    leads = list(range(len(verdicts)))

    def lead(one: int) -> int:
        while leads[one] != one:
            leads[one] = leads[leads[one]]
            one = leads[one]
        return one

    for one, other in _pairs(verdicts):
        first, second = sorted((lead(one), lead(other)))
        leads[second] = first
    numbers: dict[int, int] = {}
    return [numbers.setdefault(lead(one), len(numbers) + 1) for one in range(len(verdicts))]


def _pairs(verdicts: Sequence[Verdict]) -> Iterator[tuple[int, int]]:
    """Messages that belong together."""
    exact: dict[str, int] = {}
    bands: dict[tuple[int, int], list[int]] = defaultdict(list)
    prints: list[int] = []
    for at, one in enumerate(verdicts):
        for key in _keys(one):
            if (before := exact.setdefault(key, at)) != at:
                yield before, at
        words = words_of(one.facts.subject, one.facts.new_text)[:800] if one.facts else []
        prints.append(fingerprint(words) if len(words) >= _FEW else 0)
        if not prints[at]:
            continue
        for band in range(_BANDS):
            held = bands[band, prints[at] >> band * 8 & 0xFF]
            for other in held[:_MANY]:
                if (prints[other] ^ prints[at]).bit_count() <= _ALIKE:
                    yield other, at
                    break
            held.append(at)


def _keys(one: Verdict) -> Iterator[str]:
    """What two messages hardly share by chance."""
    facts = one.facts
    if facts is None:
        return
    if ident := facts.mail.first("message-id"):
        yield f"id {ident} {facts.sender.address}"
    subject = re.sub(r"[\d\W_]+", " ", _PREFIX.sub("", facts.subject).lower()).strip()
    if len(subject) >= 12 and facts.sender.org:
        yield f"subject {subject} {facts.sender.org}"
    for part in facts.attached:
        if len(part.content) > 200 and not part.type.startswith("image/"):
            yield f"attachment {part.sha256}"
