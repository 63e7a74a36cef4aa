"""Bytes in, event tables and rejects out: one file per format.

To add a format: write one file with a `SOURCE`, a sample in its test, and one line in `ALL`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from seawall.model.maps import FieldMap
from seawall.sources import (
    access_tables,
    auditd,
    configs,
    dns_queries,
    dnstap,
    envelopes,
    evtx,
    exports,
    flows,
    indicators,
    intercepts,
    mail,
    mapped,
    misp,
    mysql_audit,
    nat,
    nfcapd,
    oracle_audit,
    pcaps,
    postgres,
    proposals,
    radius,
    snmp_traps,
    spooled,
    stix,
    suricata,
    syslog,
    tacacs,
    transfers,
    warrants,
    web,
    windows_json,
    zeek,
)
from seawall.sources.base import Chunk, Evidence, Reading, Source
from seawall.sources.opening import later_head

ALL: Final[tuple[Source, ...]] = (
    spooled.SOURCE,  # certain by its magic, and the service has thousands of them
    evtx.SOURCE,  # first: its magic number is certain, and a host has thousands of small files
    warrants.SOURCE,  # before the refusal of everything else about intercepts
    intercepts.SOURCE,  # of equals it wins over the others, because what is read cannot be unread
    nfcapd.SOURCE,
    exports.SOURCE,
    pcaps.SOURCE,
    zeek.SOURCE,
    suricata.SOURCE,
    windows_json.SOURCE,
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
    auditd.SOURCE,
    snmp_traps.SOURCE,
    dnstap.SOURCE,
    oracle_audit.SOURCE,
    mysql_audit.SOURCE,
    access_tables.SOURCE,
    syslog.SOURCE,
    configs.SOURCE,
)

CERTAIN: Final = 100  # what a source says of bytes that can be nothing else; nobody says more
UNKNOWN: Final = "not a format Seawall knows"


def recognise(evidence: Evidence, maps: Sequence[FieldMap] = ()) -> Source | None:
    """The source that is surest of knowing this file, by its content; of equals the first in `ALL`. None: nobody.

    A mapping that is for the file goes before all sources but those that refuse or need the vault. Where the start
    says nothing (NULs of a power cut, one line without end), what follows it is asked.
    """
    source = None if _known_elsewhere(evidence.head) else _surest(evidence)
    if source is None and (later := later_head(evidence)):
        source = _surest(replace(evidence, head=later))
    if maps and (source is None or not (source.refused or source is warrants.SOURCE)):
        return mapped.source_for(evidence, maps) or source
    return source


def _surest(evidence: Evidence) -> Source | None:
    best: Source | None = None
    surest = 0
    for source in ALL:
        if (sure := source.sniff(evidence)) > surest:
            best, surest = source, sure
            if surest >= CERTAIN:  # a magic number: asking all others costs more than reading a small file
                break
    return best


def why_unknown(evidence: Evidence) -> str:
    """Why nobody recognised a file, as a sentence with its mend."""
    head = evidence.head[:4096]
    if what := _known_elsewhere(head):
        return f"{UNKNOWN}: {what}"
    if b"\0" in head:
        return f"{UNKNOWN}: binary data"
    return f"{UNKNOWN}: {proposals.why(evidence) or 'text of another kind'}"


def _known_elsewhere(head: bytes) -> str:
    """What a file is that is nobody's evidence, by its first bytes; a text that happens to begin so is none."""
    for magic, what in _KNOWN_ELSEWHERE:
        if head.startswith(magic) and (len(magic) > 2 or b"\0" in head[:4096]):
            return what
    return ""


def read(source: Source, evidence: Evidence, reading: Reading) -> Iterator[Chunk]:
    """Read a file with a source, then say what stopped its bytes short (a cut-off gz, a failing disk)."""
    yield from source.read(evidence, reading)
    if evidence.troubles or evidence.remarks:
        yield Chunk(rejects=tuple(evidence.troubles), rejected=len(evidence.troubles), notes=tuple(evidence.remarks))


_KNOWN_ELSEWHERE: Final[tuple[tuple[bytes, str], ...]] = (
    (b"PK\x03\x04", "a zip that is a document or a program (office file, jar); save its tables as CSV"),
    (b"Rar!\x1a\x07", "a rar archive, which is not read; unpack it first"),
    (b"\x1f\x9d", "an old compress (.Z) file, which is not read; unpack it first"),
    (b"!<arch>\n", "a Debian package or a library"),
    (b"SQLite format 3\0", "a SQLite database"),
    (b"PAR1", "a Parquet file"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"%PDF", "a PDF"),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an old Office file, or an Outlook message (.msg); save the message as .eml first",
    ),
)
