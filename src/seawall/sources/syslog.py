"""Network-device syslog: RFC 3164, RFC 5424, the vendors' own forms, and relays in front of them.

A block of lines is cut with numpy: where the mnemonic starts, how long the head is, which shape it has. Headers are
read once per shape (`headers`), digits of times at once (`times`), text columns are copied by Arrow. Python runs per
line only where a message has a meaning (`platforms`), a secret (`masking`) or an odd form.

What is a line: one that has a PRI, a time with something behind it, or a `%FACILITY-SEVERITY-MNEMONIC`. Anything else
is a reject; so is a continuation of the line before, because guessing which lines belong together would let an
attacker's text hide in another device's record.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from seawall.sources.base import Chunk, Cut, Evidence, Reading, Sharding, Source
from seawall.sources.headers import MAX_HEAD_BYTES, Form, read_head
from seawall.sources.lines import LineBlock, head_lines, line_blocks
from seawall.sources.pausing import collector_paused
from seawall.sources.syslog_forms import begins_special
from seawall.sources.syslog_frames import FRAME
from seawall.sources.syslog_rows import Cutter, SyslogReader
from seawall.sources.within import KINDS, Within

_LOOKED_AT: Final = 200  # lines of the head that decide
_OTHERS: Final = re.compile(
    rb"\s*[{\[]\s*(?:\"|$)|#(?:separator|fields|path)\b|\d{9,10}\.\d{6}\t|"
    rb"[^\t]{5,40}(?:\t[^\t]*){4,}$|<\?xml|<!|!\s*$|## Last"
)
_MNEMONIC: Final = re.compile(
    rb"(?:^|[\s:>])%(?:[A-Z][A-Za-z0-9_]*(?:-[A-Za-z0-9_.]+)*-[0-7]-[A-Za-z0-9_]+|%\d\d\w+/\d/\w+)"
)
_PRI: Final = re.compile(rb"<\d{1,3}>")
_STOP: Final = re.compile(rb": |[=,\"({]| \[")


def sniff(evidence: Evidence) -> int:
    """How sure the head is syslog: 95 for lines with PRI or mnemonic, 75 for times and hosts alone."""
    lines = head_lines(evidence.head, _LOOKED_AT)
    if not lines:
        return 0
    sure = plain = other = 0
    for line in lines:
        kind = _kind(line)
        sure, plain, other = sure + (kind == 2), plain + (kind == 1), other + (kind < 0)
    if sure * 2 >= len(lines):
        return 95
    if other > len(lines) / 4:
        return 0
    if (sure + plain) * 2 >= len(lines):
        return 75
    return 40 if sure >= 3 else 30 if (sure + plain) * 5 >= len(lines) else 0


def _kind(line: bytes) -> int:
    """2 = certainly syslog, 1 = a time and more, 0 = cannot tell, -1 = something else."""
    if frame := FRAME.match(line):
        line = line[frame.end() :]
    if _MNEMONIC.search(line[:MAX_HEAD_BYTES]) or _PRI.match(line) or begins_special(line):
        return 2
    if _OTHERS.match(line):
        return -1
    stop = _STOP.search(line, 0, MAX_HEAD_BYTES)
    head = (
        line[: stop.start() + 1 if stop and line[stop.start() : stop.start() + 1] == b":" else stop.start()]
        if stop
        else line[:MAX_HEAD_BYTES]
    )
    row = read_head(head, mnemonic=False)
    return {Form.NONE: 0, Form.ACCOUNTING: 2}.get(Form(row[0]), 1)


def read(evidence: Evidence, reading: Reading) -> Iterator[Chunk]:
    """Events of kind `syslog`, of richer kinds that stand inside its lines (`within`), and rejects, block by block.

    Raises:
        InputError: the file cannot be read on.
    """
    yield from _settle(evidence.origin, reading, _cut(evidence.origin, reading, line_blocks(evidence)))


def _cut(origin: str, reading: Reading, blocks: Iterable[LineBlock]) -> Iterator[Cut]:
    cutter = Cutter(origin, reading)
    for block in blocks:
        with collector_paused():
            made = cutter.read(block)
        yield made


def _settle(origin: str, reading: Reading, cuts: Iterable[Cut]) -> Iterator[Chunk]:
    with Within(origin, reading) as within:
        reader = SyslogReader(origin, reading)
        for cut in cuts:
            with collector_paused():
                made = within.enriched(reader.settle(cut))
            yield made
        yield reader.end()


SOURCE: Final = Source(
    "syslog", "Network-device syslog", ("syslog", *KINDS), sniff, read, sharding=Sharding(_cut, _settle)
)
