"""Tables as text: which sign parts the columns, which line names them, and the rows as objects."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Final

from seawall.sources.base import Evidence
from seawall.sources.intercepts.base import decoded, squeezed, whole_file

MAX_BYTES: Final = 512 << 20
_SIGNS: Final = (",", ";", "\t", "|")


def columns_of(head: bytes) -> list[str]:
    """Squeezed names of the columns a head begins with; empty where it is no table."""
    for line in decoded(head[:16_384]).splitlines()[:20]:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        sign = max(_SIGNS, key=line.count)
        if line.count(sign) < 1:
            return []
        names = [squeezed(name) for name in next(csv.reader([line], delimiter=sign), [])]
        return names if len(set(names)) == len(names) and all(n and not n.isdigit() for n in names) else []
    return []


def rows_of(evidence: Evidence) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row as squeezed name → text, with its line number. A row of another length comes as far as it goes."""
    text = decoded(whole_file(evidence, MAX_BYTES)).replace("\0", "")
    lines = (line for line in io.StringIO(text, newline="") if line.strip() and not line.lstrip().startswith("#"))
    first = next(lines, "")
    sign = max(_SIGNS, key=first.count)
    names = [squeezed(name) for name in next(csv.reader([first], delimiter=sign), [])]
    reader = csv.reader(lines, delimiter=sign)
    csv.field_size_limit(1 << 20)
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            continue
        yield reader.line_num + 1, {n: v.strip() for n, v in zip(names, row, strict=False) if v.strip()}
