"""Tables pasted from an advisory: what stands in a text that is an indicator, refanged, with what its line says of it.

Rows of the PDF arrive as lines, cells apart by tabs, bars or blanks. Only values written as bad are taken from running
text: refanged ones (`198.51.100[.]7`, `hxxp://`), hashes, and whatever stands alone in its cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from seawall.model.indicator_values import normalise, refang, what_it_is

MAX_LINE: Final = 20_000
MAX_ROWS: Final = 200_000
_CELLS: Final = re.compile(r"\t+|\s*\|\s*|\s{2,}|;\s*")
_FANGED: Final = re.compile(
    r"\[\.\]|\(\.\)|\{\.\}|\[dot\]|\(dot\)|\[:\]|\[://\]|\[@\]|\[at\]|\bh(?:xx|\*\*|__)ps?", re.I
)
_TRIM: Final = ".,;:!?'\"<>`*_"
_MONTHS: Final = {
    m: n for n, m in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)
}
_DATE: Final = re.compile(
    r"\b(?:(?P<y>20\d\d)-(?P<m>\d\d)(?:-(?P<d>\d\d))?"
    r"|(?P<name>[A-Z][a-z]{2})[a-z]*\.? (?:(?P<day>\d{1,2}), )?(?P<year>20\d\d))\b"
)


@dataclass(frozen=True, slots=True)
class Row:
    """An indicator of a table."""

    kind: str  # ip, domain, url, email, hash
    value: str
    line: int  # from 1
    note: str = ""  # the rest of its line
    first_seen: str = ""  # 2021-08-01
    last_seen: str = ""


def read_pasted(text: str) -> Iterator[Row]:
    """The indicators of a pasted text, each value once, in order."""
    seen: set[tuple[str, str]] = set()
    for number, line in enumerate(text.splitlines(), start=1):
        for found, note, dates in _in_line(line[:MAX_LINE]):
            if found not in seen and len(seen) < MAX_ROWS:
                seen.add(found)
                yield Row(found[0], found[1], number, note, *dates)


def _in_line(line: str) -> Iterator[tuple[tuple[str, str], str, tuple[str, str]]]:
    cells = [cell.strip() for cell in _CELLS.split(line.strip().strip("|")) if cell.strip()]
    values: list[tuple[str, str]] = []
    others: list[str] = []
    for cell in cells:
        whole = normalise(cell.strip(_TRIM))
        if whole is not None and _meant(cell, whole):
            values.append(whole)
            continue
        inside = [found for word in re.split(r"[\s,]+", cell) if (found := _word(word)) is not None]
        values += inside
        if len(inside) != len(re.split(r"[\s,]+", cell)):
            others.append(cell)
    dates = [_day(found) for found in _DATE.finditer(line)]
    first, last = (dates[0], dates[-1]) if dates else ("", "")
    note = " ".join(others)[:300]
    for value in values:
        yield value, note, (first, last if len(dates) > 1 else "")


def _word(word: str) -> tuple[str, str] | None:
    """An indicator inside a sentence: only what is written as one."""
    word = word.strip("()").strip(_TRIM)
    found = normalise(word)
    if found is None:
        return None
    return found if _FANGED.search(word) or found[0] == "hash" else None


def _meant(cell: str, found: tuple[str, str]) -> bool:
    """Whether a whole cell is meant as an indicator: a plain `e.g` or `file.txt` is not."""
    if _FANGED.search(cell) or found[0] in ("hash", "url", "email"):
        return True
    if found[0] == "ip":
        return what_it_is(refang(cell)) is not None and not re.fullmatch(r"\d+(?:\.\d+){0,2}", cell)
    return False


def _day(found: re.Match[str]) -> str:
    if found["y"]:
        return f"{found['y']}-{found['m']}" + (f"-{found['d']}" if found["d"] else "")
    month = _MONTHS.get(found["name"].lower())
    if month is None:
        return ""
    return f"{found['year']}-{month:02d}" + (f"-{int(found['day']):02d}" if found["day"] else "")
