"""Syslog headers: which bytes of a line are its host, counter, time and program.

Every vendor writes the same few things in another order, and relays put headers in front of headers. So a head is cut
into tokens (time, counter, word, word with process id, node …), the tokens are written as a string of letters, and a
short list of patterns over that string says which token plays which role. To know a new form is one pattern more.

Nothing here looks at the value of a digit. Therefore two heads that differ only in digits have their parts in the same
places, and `Shapes` reads each distinct shape once for millions of lines.
The letters are those of `header_tokens`.
"""

from __future__ import annotations

import re
from enum import IntEnum
from typing import Final

import numpy as np

from seawall.sources.header_tokens import SPACED, WITH_PID, Token, tokens_of
from seawall.sources.times import NO_STAMP, STAMP_WIDTH, Ints, read_stamp

MAX_HEAD_BYTES: Final = 240
_MAX_SHAPES: Final = 50_000  # kept at a time; hostile heads cost time, never memory


class Form(IntEnum):
    """What kind of line a head announces."""

    NONE = 0  # no syslog header at all, unless a mnemonic follows
    PLAIN = 1  # a time or a PRI
    RFC5424 = 2
    NODE = 3  # with a chassis node: IOS XR
    YEAR_FIRST = 4  # `2026 Nov 22 …`: NX-OS, EOS
    TAGGED = 5  # RFC 3164 host and program in front of a mnemonic: EOS
    ACCOUNTING = 6  # a line of an NX-OS accounting log file
    SHORT = 7  # the head was cut too early; look again with a longer one


# Columns of a shape's row: form, body, then (offset, length) pairs, then two stamps.
FORM, BODY, PRI, HOST, PROGRAM, PID, SEQUENCE, MSGID = 0, 1, 2, 4, 6, 8, 10, 12
TIME: Final = 14
RELAYED: Final = TIME + STAMP_WIDTH
WIDTH: Final = RELAYED + STAMP_WIDTH

_HOSTLIKE: Final = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._\-]*$|[0-9a-fA-F]*:[0-9a-fA-F:.%]+$")
_SIGNS: Final = (b">", b"|", b";", b"-", b"=")
_ACCOUNTING: Final = re.compile(rb".*:type$", re.DOTALL)
_5424, _5424_BARE = (
    re.compile(
        pri + rb"\d{1,2} (?P<time>-|[0-9][^ ]+) (?P<host>[^ ]+) (?P<prog>[^ ]+) (?P<pid>[^ ]+) (?P<msgid>[^ ]+)(?: |$)"
    )
    for pri in (rb"<(?P<pri>\d{1,3})>", rb"(?:<(?P<pri>\d{1,3})>)?")
)
_CISCO_NAME: Final = re.compile(rb"%[A-Z][A-Za-z0-9_\-.]*-[0-7]-[A-Za-z0-9_\-]+:?$")

# With a mnemonic behind it, the whole head must fit.
_BEFORE_MNEMONIC: Final = tuple(
    re.compile(pattern + r"$")
    for pattern in (
        r"(?P<t>T)(?P<host>w)v?(?P<prog>[WP])(?P<seq>I)?",
        r"(?P<t>T)(?P<host>[wW])",
        r"(?P<t>T)(?P<prog>P)",
        r"(?P<rt>T)(?P<host>w)(?P<seq>I)?U?(?P<prog>[PW])?",
        r"(?P<rt>T)w?I(?P<host>W)?(?P<seq>I)?U?(?P<prog>[PW])?",
        r"(?P<rt>T)w(?:Tw)*(?P<t>T)(?P<host>w)(?P<prog>[WP])?(?P<seq>I)?",
        r"(?P<rt>T)w(?:Tw)*(?P<count>I)?(?P<more>I)?(?P<host>[wW])(?P<seq>I)?(?P<node>N)?(?P<task>W)?(?P<t>[TX])"
        r"(?P<prog>[PW])?",
        r"(?P<rt>T)(?P<host>w)(?P<count>I)?(?P<seq>I)?(?P<node>N)?(?P<t>[TX])(?P<prog>[PW])?",
        r"(?P<count>I)?(?P<more>I)?(?P<host>[wW])?(?P<seq>I)?(?P<node>N)?(?P<task>W)?(?P<t>[TX])(?P<prog>[PW])?"
        r"(?P<seq2>I)?",
        r"(?P<t>T)w(?P<host>w)(?P<prog>[WP])?",
        r"(?P<host>w)(?P<prog>w)(?P<t>T)W?",
        r"(?P<count>I)?(?P<host>[wW])?(?P<seq>I)?(?P<node>N)?U?(?P<prog>[PW])?",
        r"(?P<count>I)?(?P<host>[wW])?i*I?",
    )
)
# Without one, the header is as much of the front as fits, and the text begins behind it.
_BEFORE_TEXT: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<rt>T)w(?:Tw)*(?P<t>T)(?P<host>w)(?P<prog>[WP])",
        r"(?P<rt>T)(?P<host>w)(?P<t>T)(?P<prog>[WP])",
        r"(?P<t>T)w(?P<host>w)(?P<prog>P)",
        r"(?P<t>T)(?P<host>w)v?(?P<prog>[WP])",
        r"(?P<t>T)(?P<prog>[WP])",
        r"(?P<rt>T)w(?:Tw)*(?P<t>T)(?P<host>w)",
        r"(?P<rt>T)w(?:Tw)*(?P<count>I)?(?P<host>[wW])(?P<seq>I)?(?P<node>N)?(?P<t>X)(?P<prog>P)?",
        r"(?P<count>I)?(?P<host>[wW])?(?P<seq>I)?(?P<node>N)?(?P<t>X)(?P<prog>P)?",
        r"(?P<t>T)(?P<host>w)",
        r"(?P<host>w)(?P<prog>w)(?P<t>T)",
        r"(?P<host>w)(?P<t>T)(?P<prog>[WP])?",
        r"(?P<t>T)",
        r"(?P<prog>[WP])",
    )
)


def read_head(head: bytes, *, mnemonic: bool, more: bool = False) -> tuple[int, ...]:
    """The parts of one head, as a row of `WIDTH` numbers.

    `mnemonic` says that a `%MNEMONIC` follows the head; `more` that the line goes on where the head was cut.
    """
    if (found := _5424.match(head)) and (row := _rfc5424(found)):
        return row
    tokens, pri = tokens_of(head, 0, any_zone=mnemonic)
    if tokens and tokens[0].letter in "TX" and _ACCOUNTING.match(head) and not pri[1]:
        return _row(Form.ACCOUNTING, tokens[0].after, pri, {"t": tokens[0]})
    letters = "".join(token.letter for token in tokens)
    for pattern in _BEFORE_MNEMONIC if mnemonic else _BEFORE_TEXT:
        if fits := pattern.match(letters):
            roles = {role: tokens[fits.start(role)] for role, text in fits.groupdict().items() if text}
            if mnemonic or ((pri[1] or _plausible(head, letters, roles)) and _nested(head, roles)):
                break
    else:
        roles, fits = _loose(tokens) if mnemonic else {}, None
    if more and not mnemonic and pri[1] and not {"t", "rt"} & roles.keys() and letters[:1] in ("I", "W"):
        return _row(Form.SHORT, 0, pri, {})
    body = len(head) if mnemonic else tokens[fits.end() - 1].after if fits else pri[0] + pri[1] + 1 if pri[1] else 0
    known = pri[1] or mnemonic or "t" in roles or "rt" in roles
    return _row(_form(letters, roles, head, mnemonic=mnemonic) if known else Form.NONE, body, pri, roles)


def read_inner(head: bytes, at: int, outer: list[int], *, mnemonic: bool) -> tuple[int, ...] | None:
    """The parts of a line whose header at `at` stands behind another one (`outer`); None if there is none.

    What the inner header does not say, the outer one answers; the outer time becomes the time of arrival.
    """
    wrapped = None if mnemonic else _5424_BARE.match(head, at)
    if wrapped and (row := _rfc5424(wrapped)):
        inner = list(row)
    else:
        tokens, pri = tokens_of(head, at, any_zone=mnemonic)
        letters = "".join(token.letter for token in tokens)
        patterns = _BEFORE_MNEMONIC if mnemonic else _BEFORE_TEXT if pri[1] else ()
        fits = next((found for pattern in patterns if (found := pattern.match(letters))), None)
        if fits is None:
            return None
        roles = {role: tokens[fits.start(role)] for role, text in fits.groupdict().items() if text}
        body = len(head) if mnemonic else tokens[fits.end() - 1].after
        inner = list(_row(_form(letters, roles, head, mnemonic=mnemonic), body, pri, roles))
        inner = list(_with_pid(tuple(inner), head))
    for part in (PRI, HOST, PROGRAM, PID, SEQUENCE, MSGID):
        if not inner[part + 1]:
            inner[part : part + 2] = outer[part : part + 2]
    arrived = outer[RELAYED:] if outer[-1] else outer[TIME:RELAYED]
    if inner[RELAYED - 1]:
        inner[RELAYED:] = arrived
    else:
        inner[TIME:] = outer[TIME:]
    return tuple(inner)


def _plausible(head: bytes, letters: str, roles: dict[str, Token]) -> bool:
    """Whether a line without PRI or mnemonic looks the part: a host that could be one, and text behind it."""
    host = roles.get("host")
    if host is None:
        return letters[:2] != "T" and not letters.startswith(("Tw", "Ti", "TI", "TU")) and letters != "T"
    return (
        bool(_HOSTLIKE.match(head[host.start : host.end]))
        and head[host.after : host.after + 2].strip(b" ")[:1] not in _SIGNS
    )


def _nested(head: bytes, roles: dict[str, Token]) -> bool:
    """Whether a second time belongs to a header too: without program only if it is no time of an application's own."""
    inner = roles.get("t") if "rt" in roles and "prog" not in roles else None
    return inner is None or inner.letter == "X" or not head[inner.start : inner.start + 1].isdigit()


def _loose(tokens: list[Token]) -> dict[str, Token]:
    """Roles in a head no pattern fits: the last time, and the first word behind or before it."""
    time = next((t for t in reversed(tokens) if t.letter in "TX"), None)
    host = next((t for t in tokens if t.letter in "wW" and (time is None or t.start > time.start)), None)
    return {role: token for role, token in (("t", time), ("host", host)) if token}


def _form(letters: str, roles: dict[str, Token], head: bytes, *, mnemonic: bool) -> Form:
    if (node := roles.get("node")) and b"/" in head[node.start : node.end]:
        return Form.NODE
    if mnemonic and letters.startswith("TwW") and roles.get("prog"):
        return Form.TAGGED
    if (time := roles.get("t")) and re.match(rb"[*.]?\d{4} ", head[time.start :]):
        return Form.YEAR_FIRST
    return Form.PLAIN


def _rfc5424(found: re.Match[bytes]) -> tuple[int, ...] | None:
    time = found["time"]
    stamp = read_stamp(found.string, found.start("time")) or read_stamp(found.string, found.start("time"), epoch=True)
    if time != b"-" and (stamp is None or stamp.end != found.end("time")):
        return None
    roles = {"t": Token("T", *found.span("time"), 0, stamp.row)} if stamp else {}
    name = "prog" if _CISCO_NAME.match(found["prog"]) else "msgid"  # some relays take the mnemonic for a program
    for role in ("host", "prog"):
        if found[role] != b"-" and role != name:
            roles[role] = Token("w", *found.span(role), 0)
    pri = found.span("pri") if found["pri"] else (0, 0)
    row = list(_row(Form.RFC5424, found.end(), pri, roles, lengths=False))
    if re.fullmatch(rb"\d{1,10}", found["pid"]):
        row[PID : PID + 2] = found.start("pid"), len(found["pid"])
    row[MSGID : MSGID + 2] = found.start(name), len(found[name])
    return tuple(row)


def _row(
    form: Form, body: int, pri: tuple[int, int], roles: dict[str, Token], *, lengths: bool = True
) -> tuple[int, ...]:
    row = [0] * WIDTH
    row[FORM], row[BODY] = form, body
    row[PRI : PRI + 2] = pri if lengths else (pri[0], pri[1] - pri[0])
    if "host" not in roles and "node" in roles and form != Form.NODE:
        roles["host"] = roles["node"]
    if program := roles.get("prog") or roles.get("task"):
        row[PROGRAM : PROGRAM + 2] = program.start, program.end - program.start
    counter = roles.get("seq") or roles.get("seq2") or roles.get("more") or roles.get("count")
    for column, token in ((HOST, roles.get("host")), (SEQUENCE, counter)):
        if token:
            row[column : column + 2] = token.start, token.end - token.start
    for column, role in ((TIME, "t"), (RELAYED, "rt")):
        row[column : column + STAMP_WIDTH] = roles[role].stamp if role in roles else NO_STAMP
    return tuple(row)


class Shapes:
    """Rows of heads already met, by shape: the head with every digit written as `0`."""

    def __init__(self) -> None:
        self._rows: dict[tuple[bytes, bool, bool], tuple[int, ...]] = {}

    def rows(self, shapes: list[bytes], heads: list[bytes], *, mnemonic: bool, more: bool) -> Ints:
        """A row for each distinct shape; `heads` are one example of each."""
        if len(self._rows) > _MAX_SHAPES:
            self._rows.clear()
        known, table = self._rows, np.zeros((len(shapes), WIDTH), np.int64)
        for i, (shape, head) in enumerate(zip(shapes, heads, strict=True)):
            key = (shape, mnemonic, more)
            row = known.get(key)
            if row is None:
                row = known[key] = _with_pid(read_head(head, mnemonic=mnemonic, more=more), head)
            table[i] = row
        return table


def _with_pid(row: tuple[int, ...], head: bytes) -> tuple[int, ...]:
    """The row with `program[pid]` told apart."""
    start, length = row[PROGRAM], row[PROGRAM + 1]
    parts = list(row)
    program = head[start : start + length]
    if found := SPACED.match(program) or WITH_PID.match(program):
        parts[PROGRAM + 1] = len(found["name"])
        parts[PID : PID + 2] = start + found.start("pid"), len(found["pid"])
    if head[start : start + 1] == b"*" and length > 1:  # the task of a wireless controller
        parts[PROGRAM], parts[PROGRAM + 1] = start + 1, length - 1
    return tuple(parts)
