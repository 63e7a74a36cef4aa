"""Every Zeek log, tab-separated or as JSON lines; logs without a kind of their own become `zeek_other`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyarrow as pa

from seawall.sources.base import MAX_REJECTS_KEPT, Chunk, Evidence, Reading, Reject, Source
from seawall.sources.identities import Identities
from seawall.sources.zeek import jsonl, tsv
from seawall.sources.zeek.blocks import Block, read_blocks
from seawall.sources.zeek.columns import KINDS, OTHER, kind_of, path_of, table_of

_HEADERS: Final = (b"#separator ", b"#fields\t", b"#path\t")
_BARE_ROW: Final = re.compile(rb"\d{9,10}\.\d{1,6}\t[CF][0-9A-Za-z]{10,20}\t[0-9A-Fa-f.:]{3,45}\t\d{1,5}\t")


def _sniff(evidence: Evidence) -> int:
    head = evidence.head
    if any(mark in head[:4096] for mark in _HEADERS) and b"#fields" in head:
        return 95
    first = _first_whole_line(head)
    if first.startswith(b"{"):
        return _sniff_json(first, jsonl.hint_from(evidence.origin))
    return 60 if _BARE_ROW.match(first) else 0


def _sniff_json(line: bytes, hint: str) -> int:
    try:
        record = jsonl.parse(line)
    except jsonl.NotARecordError:
        return 40 if b'"id.orig_h"' in line and b'"uid"' in line else 0
    if "ts" not in record:
        return 35 if hint == "loaded_scripts" and isinstance(record.get("name"), str) else 0
    if isinstance(record.get("_path"), str) or "id.orig_h" in record:
        return 98  # nobody else writes these names; a request log they are all the same
    if any(name in record for name in ("uid", "uids", "fuid", "fuids")):
        return 55
    return 35 if hint and isinstance(record["ts"], float) else 0  # arp, notice and others without uid


def _first_whole_line(head: bytes) -> bytes:
    """The first line with something in it; Zeek never writes a byte-order mark, but tools in between do."""
    return next((line for line in head.removeprefix(b"\xef\xbb\xbf").split(b"\n", 8) if line.strip()), b"").strip()


@dataclass(slots=True)
class _File:
    """What reading one file has come to."""

    evidence: Evidence
    reading: Reading
    identities: Identities
    header: tsv.Header = field(default_factory=tsv.Header)
    others: Counter[str] = field(default_factory=Counter)  # records by Zeek log without a kind of its own
    hint: str = ""

    def chunk(self, block: Block) -> Chunk:
        """The events and rejects of one block."""
        tables: dict[str, list[pa.Table]] = {}
        rejects: list[tuple[int, str]] = []
        if block.too_long:
            rejects.append((block.first, "line longer than 1 MiB"))
        elif block.lines:
            self._take(block, tables, rejects)
        return Chunk(
            {kind: pa.concat_tables(parts, promote_options="default") for kind, parts in tables.items()},
            tuple(Reject(f"{self.evidence.origin}:{number}", what) for number, what in rejects[:MAX_REJECTS_KEPT]),
            len(rejects),
            block.size,
        )

    def _take(self, block: Block, tables: dict[str, list[pa.Table]], rejects: list[tuple[int, str]]) -> None:
        start = 0
        lines = block.lines
        if block.first > 1 and b"\n#" not in block.data and lines[0][:1] != b"#":
            self._records(lines, block.first, tables, rejects, cut=block.cut, data=block.data)
            return
        if block.first == 1:
            lines[0] = lines[0].removeprefix(b"\xef\xbb\xbf").lstrip()  # left there by tools in between
        marks = [i for i, line in enumerate(lines) if line[:1] == b"#"]
        for mark in [*marks, len(lines)]:
            if mark > start:
                self._records(lines[start:mark], block.first + start, tables, rejects, cut=block.cut)
            if mark < len(lines):
                self.header = tsv.read_header(self.header, lines[mark])
            start = mark + 1

    def _records(
        self,
        lines: list[bytes],
        first: int,
        tables: dict[str, list[pa.Table]],
        rejects: list[tuple[int, str]],
        *,
        cut: bool,
        data: bytes | None = None,
    ) -> None:
        """Read lines between two header lines; `data` is the same in one piece, if they are a whole block."""
        if not self.header.names:
            if lines[0].lstrip()[:1] == b"{":
                self._json(lines, first, tables, rejects)
            else:
                rejects.extend((n, _HEADLESS) for n, line in enumerate(lines, first) if line.strip())
            return
        path = path_of(self.header.path) or self.hint
        self._name(path, sum(1 for line in lines if line.strip()))
        for rows in tsv.read_rows(self.header, kind_of(path), lines, first, data):
            if isinstance(rows, tuple):
                number, what = rows
                rejects.append((number, "the file ends in the middle of this line" if cut else what))
            else:
                self._add(path, rows.columns, rows.lines, rows.numbers, tables)

    def _json(
        self, lines: list[bytes], first: int, tables: dict[str, list[pa.Table]], rejects: list[tuple[int, str]]
    ) -> None:
        groups: dict[str, tuple[list[dict[str, object]], list[bytes], list[int]]] = {}
        for number, raw in enumerate(lines, first):
            line = raw.strip()
            if not line:
                continue
            try:
                record = jsonl.parse(line)
            except jsonl.NotARecordError as error:
                rejects.append((number, str(error)))
                continue
            path = jsonl.path_in(record, self.hint)
            records, kept, numbers = groups.setdefault(path, ([], [], []))
            records.append(record)
            kept.append(line)
            numbers.append(number)
        for path, (records, kept, numbers) in groups.items():
            self._name(path, len(records))
            columns, faults = jsonl.columns_of(kind_of(path), records)
            rejects.extend((numbers[i], why) for i, why in faults.items())
            good = [i for i in range(len(kept)) if i not in faults]
            if good:
                self._add(path, columns, [kept[i] for i in good], np.array([numbers[i] for i in good]), tables)

    def _name(self, path: str, count: int) -> None:
        """Count the records of logs Seawall has no kind for, so that it can say where they went."""
        if path not in KINDS:
            self.others[path or _NAMELESS] += count

    def _add(
        self,
        path: str,
        columns: dict[str, pa.Array],
        lines: list[bytes],
        numbers: np.ndarray[tuple[int], np.dtype[np.int64]],
        tables: dict[str, list[pa.Table]],
    ) -> None:
        made = table_of(path, columns, lines, numbers, self.identities, self.evidence.origin, self.reading)
        tables.setdefault(kind_of(path), []).append(made)


_NAMELESS: Final = "unnamed"
_HEADLESS: Final = "no #fields line above it says what its columns are; add the header of the log it was cut from"


def _read(evidence: Evidence, reading: Reading) -> Iterator[Chunk]:
    """Read a Zeek log of either form, block by block."""
    with Identities(evidence.size) as identities, closing(evidence.open()) as stream:
        file = _File(evidence, reading, identities, hint=jsonl.hint_from(evidence.origin))
        for block in read_blocks(stream):
            yield file.chunk(block)
    notes = [f"Zeek's {path} log has no table of its own: kept in {OTHER}" for path in file.others]
    if notes:
        yield Chunk(notes=tuple(sorted(notes)))


SOURCE: Final = Source(
    name="zeek",
    title="Zeek logs",
    kinds=(*KINDS.values(), OTHER),
    sniff=_sniff,
    read=_read,
)
