"""What a phish leaves to search for and to share: never a domain that others rightly use."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from seawall.detect.mail.brands import owned_by_a_brand
from seawall.detect.mail.domains import FREEMAIL, SHORTENERS, is_ip
from seawall.detect.mail.facts import Facts
from seawall.detect.mail.judging import Verdict

_PHONE: Final = re.compile(r"(?<![\w/.:-])\+?\(?\d[\d ().-]{7,17}\d(?![\w/-])")


@dataclass(frozen=True, slots=True)
class Telltale:
    """A value to search for. Types are those of indicator lists; `phone` is for people only."""

    type: str  # domain, url, email, hash, ip, phone
    value: str
    confidence: str  # high, medium, low
    note: str


def telltales(verdict: Verdict) -> tuple[Telltale, ...]:
    """Values of one phish, the most telling first, each once; empty for any other verdict."""
    if verdict.verdict != "phish" or verdict.facts is None:
        return ()
    return tuple({(one.type, one.value): one for one in _all(verdict, verdict.facts)}.values())


def _all(verdict: Verdict, facts: Facts) -> Iterator[Telltale]:
    forged = verdict.auth.fails
    for target in facts.acting[:40]:
        if not target.host or not _is_theirs(facts, target.org):
            continue
        if target.org not in SHORTENERS:
            kind = "ip" if is_ip(target.host) else "domain"
            yield Telltale(kind, _ascii(target.host), "medium", "a link of the phish leads there")
        yield Telltale("url", target.url[:2_000], "high", "a link of the phish")
    if facts.sender.org and _is_theirs(facts, facts.sender.org) and not forged:
        yield Telltale("email", facts.sender.address, "high", "sender of the phish")
        if facts.sender.org not in FREEMAIL:
            yield Telltale("domain", _ascii(facts.sender.host), "medium", "the phish was sent from it")
    if facts.reply.address and facts.reply.org != facts.sender.org and facts.reply.org not in facts.world.known:
        yield Telltale("email", facts.reply.address, "high", "answers to the phish go there")
    for looked, part in zip(verdict.looked, (p for p in facts.attached if p.type != "message/rfc822"), strict=False):
        if looked.danger:
            yield Telltale("hash", part.sha256, "high", f"attachment {looked.name}: {looked.why}")
    if any(cue.name in ("call-this-number", "refuses-a-call") for cue in verdict.cues):
        for found in list(_PHONE.finditer(facts.new_text))[:5]:
            yield Telltale("phone", " ".join(found[0].split()), "low", "the phish wants it called")


def _is_theirs(facts: Facts, org: str) -> bool:
    return bool(org) and org not in facts.world.known and not owned_by_a_brand(org)


def _ascii(host: str) -> str:
    """A host as name servers and logs write it."""
    try:
        return host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def gathered(verdicts: Sequence[Verdict]) -> list[Telltale]:
    """Values of many phish, each once."""
    return list({(one.type, one.value): one for verdict in verdicts for one in telltales(verdict)}.values())
