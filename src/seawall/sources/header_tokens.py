"""The head of a syslog line as tokens: times, counters, words, words with a process id, nodes of a chassis.

Letters: `T` time, `X` time followed by a colon, `U` uptime, `I` number and colon, `i` number, `w` word,
`W` word and colon, `P` word[pid], `v` severity word, `N` node of a chassis (`RP/0/RSP0/CPU0:`) or word stuck to a time.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from seawall.sources.times import NO_STAMP, UPTIME, read_stamp

# Programs whose name has blanks; any two words before a number would make hosts of programs.
SPACED: Final = re.compile(rb"(?P<name>Oracle(?: Unified)? Audit)\[(?P<pid>\d{1,10})\]")
MAX_TOKENS: Final = 12  # deep enough for three relays and a header
_PRI: Final = re.compile(rb"<(\d{1,3})>")
_WORD: Final = re.compile(rb"[^\s]+")
WITH_PID: Final = re.compile(rb"(?P<name>[^\s\[\]]+)\[(?P<pid>\d{1,10})\]:?$")
_GLUED: Final = re.compile(rb"(?P<name>[^\s:]+):(?=[*.]?(?:[A-Z][a-z]{2} |\d{4} [A-Z][a-z]{2} |\d{4}-\d))")
_ASIDE: Final = re.compile(rb"\([A-Za-z0-9 _\-]{1,20}\)(?=[ :]|$)")  # `host (Stack)`
_LEVELS = rb"(?:emerg|alert|crit|err|error|warning|warn|notice|info|debug)"
_LEVEL: Final = re.compile(_LEVELS + rb"$")
_SELECTOR: Final = re.compile(  # `local7.notice`: a column of collectors that write the PRI out
    rb"(?:kern|user|mail|daemon|auth|syslog|lpr|news|uucp|cron|authpriv|ftp|ntp|audit|alert|clock|local[0-7])\."
    + _LEVELS
    + rb"(?=[ \t])",
    re.IGNORECASE,
)


class Token(NamedTuple):
    """One token: its letter, where it stands in the head, and for a time where its digits stand."""

    letter: str
    start: int
    end: int  # without colon
    after: int  # with it
    stamp: tuple[int, ...] = NO_STAMP


def tokens_of(head: bytes, at: int, *, any_zone: bool) -> tuple[list[Token], tuple[int, int]]:
    """Tokens of a head that begins at `at`, and where the digits of its last PRI stand."""
    tokens: list[Token] = []
    pri, begin = (0, 0), at
    while at < len(head) and len(tokens) < MAX_TOKENS:
        if head[at] in b" \t:":
            if head[at] == 58 and tokens and tokens[-1].letter == "T":
                tokens[-1] = tokens[-1]._replace(letter="X", after=at + 1)
            at += 1
        elif (found := _PRI.match(head, at)) and (at == begin or tokens):
            pri, at = (at + 1, len(found[1])), found.end()
            if not tokens and (version := re.compile(rb"\d (?=\d{10}[. ])").match(head, at)):
                at = version.end()  # Meraki: RFC 5424 in front, epoch behind
        elif (tokens and (found := _ASIDE.match(head, at))) or (found := _SELECTOR.match(head, at)):
            at = found.end()
        elif head.startswith(b"%$", at):
            at = end + 2 if (end := head.find(b"%$", at + 2)) > 0 else len(head)
        else:
            tokens.append(_token(head, at, first=not tokens and pri[1] > 0, any_zone=any_zone))
            at = tokens[-1].after
    return tokens, pri


def _token(head: bytes, at: int, *, first: bool, any_zone: bool) -> Token:
    fenced = head[at] == 91  # `[2026-11-22 10:15:30]`
    stamp = read_stamp(head, at + fenced, any_zone=any_zone) or (read_stamp(head, at, epoch=True) if first else None)
    if stamp and (not fenced or head[stamp.end : stamp.end + 1] == b"]"):
        return Token("T", at + fenced, stamp.end, stamp.end + fenced, stamp.row)
    if found := UPTIME.match(head, at):
        return Token("U", at, found.end(), found.end() + head.startswith(b":", found.end()))
    if found := _GLUED.match(head, at):
        return Token("N", at, found.end("name"), found.end())
    if found := SPACED.match(head, at):
        return Token("P", at, found.end(), found.end() + head.startswith(b":", found.end()))
    word = _WORD.match(head, at)
    end = word.end() if word else at + 1
    text = head[at:end]
    colon = text.endswith(b":")
    if WITH_PID.match(text):
        return Token("P", at, end - colon, end)
    if b"/" in text and b"CPU" in text:
        return Token("N", at, end - colon, end)
    if _LEVEL.match(text):
        return Token("v", at, end, end)
    number = text[: len(text) - colon].isdigit()
    return Token(("I" if colon else "i") if number else ("W" if colon else "w"), at, end - colon, end)
