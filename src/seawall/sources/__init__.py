"""Bytes in, event tables and rejects out: one file per format.

To add a format: write one file with a `SOURCE`, a sample in its test, and one line in `ALL`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from seawall.sources import (
    configs,
    dns_queries,
    envelopes,
    evtx,
    flows,
    indicators,
    intercepts,
    mail,
    misp,
    nat,
    nfcapd,
    postgres,
    radius,
    stix,
    suricata,
    syslog,
    tacacs,
    transfers,
    web,
    zeek,
)
from seawall.sources.base import Chunk, Evidence, Reading, Source
from seawall.sources.opening import later_head

ALL: Final[tuple[Source, ...]] = (
    intercepts.SOURCE,  # first: of equals it wins, because what is read cannot be unread
    evtx.SOURCE,
    nfcapd.SOURCE,
    zeek.SOURCE,
    suricata.SOURCE,
    flows.SOURCE,
    mail.SOURCE,
    stix.SOURCE,
    misp.SOURCE,
    indicators.SOURCE,
    tacacs.SOURCE,
    radius.SOURCE,
    envelopes.SOURCE,
    web.SOURCE,
    dns_queries.SOURCE,
    transfers.SOURCE,
    postgres.SOURCE,
    nat.SOURCE,
    syslog.SOURCE,
    configs.SOURCE,
)

UNKNOWN: Final = "not a format Seawall knows"


def recognise(evidence: Evidence) -> Source | None:
    """The source that is surest of knowing this file, by its content; of equals the first in `ALL`. None: nobody.

    Where the start says nothing (NULs of a power cut, one line without end), what follows it is asked.
    """
    if source := _surest(evidence):
        return source
    later = later_head(evidence)
    return _surest(replace(evidence, head=later)) if later else None


def _surest(evidence: Evidence) -> Source | None:
    best: Source | None = None
    surest = 0
    for source in ALL:
        if (sure := source.sniff(evidence)) > surest:
            best, surest = source, sure
    return best


def why_unknown(evidence: Evidence) -> str:
    """Why nobody recognised a file, as a sentence with its mend."""
    head = evidence.head[:4096]
    for magic, what in _KNOWN_ELSEWHERE:
        if head.startswith(magic):
            return f"{UNKNOWN}: {what}"
    if b"\0" in head:
        return f"{UNKNOWN}: binary data"
    return f"{UNKNOWN}: text of another kind"


def read(source: Source, evidence: Evidence, reading: Reading) -> Iterator[Chunk]:
    """Read a file with a source, then say what stopped its bytes short (a cut-off gz, a failing disk)."""
    yield from source.read(evidence, reading)
    if evidence.troubles or evidence.remarks:
        yield Chunk(rejects=tuple(evidence.troubles), rejected=len(evidence.troubles), notes=tuple(evidence.remarks))


_KNOWN_ELSEWHERE: Final[tuple[tuple[bytes, str], ...]] = (
    (b"PK\x03\x04", "an office document or a program's own archive; save its tables as CSV"),
    (b"Rar!\x1a\x07", "a rar archive, which is not read; unpack it first"),
    (b"\x1f\x9d", "an old compress (.Z) file, which is not read; unpack it first"),
    (b"!<arch>\n", "a Debian package or a library"),
    (b"\xd4\xc3\xb2\xa1", "a packet capture; let Zeek read it first"),
    (b"\xa1\xb2\xc3\xd4", "a packet capture; let Zeek read it first"),
    (b"\x0a\x0d\x0d\x0a", "a packet capture (pcapng); let Zeek read it first"),
    (b"SQLite format 3\0", "a SQLite database"),
    (b"PAR1", "a Parquet file"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"%PDF", "a PDF"),
)
