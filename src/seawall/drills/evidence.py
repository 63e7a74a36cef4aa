"""The evidence folder: lines sorted by time into files, as a responder is handed them, and where each label landed."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from seawall.drills.acts import Label
from seawall.drills.truth import Landed


class Line(NamedTuple):
    """One line of a log."""

    time: datetime  # UTC, true; the line's own words may say another
    text: str
    label: Label | None
    seen: datetime | None = None  # when it can be read, if later


@dataclass(slots=True)
class LogFile:
    """One log: its lines in order of time, cut at midnight, older days compressed if `rotated`.

    `name` holds `{day}` (YYYY-MM-DD) where every day has a folder of its own; else old days get a suffix.
    """

    name: str
    head: Callable[[datetime], Sequence[str]] | None = None
    tail: Callable[[datetime], Sequence[str]] | None = None
    rotated: bool = True  # cut at midnight; else one file for all days
    lines: list[Line] = field(default_factory=list)

    def days(self) -> dict[date, list[Line]]:
        """Its lines by day, days in order."""
        if not self.rotated:
            return {self.lines[-1][0].date(): self.lines} if self.lines else {}
        days: dict[date, list[Line]] = {}
        for line in self.lines:
            days.setdefault(line[0].date(), []).append(line)
        return days

    def file_name(self, day: date, *, last: bool) -> str:
        """The path of one day's file below the evidence folder."""
        if "{day}" in self.name:
            return self.name.format(day=day.isoformat()) + ("" if last else ".gz")
        return self.name if last else f"{self.name}-{day:%Y%m%d}.gz"


def write_logs(folder: Path, logs: Sequence[LogFile]) -> tuple[list[Landed], int]:
    """Write every log below `folder`; returns where labelled lines landed, and how many lines there are in all."""
    landed: list[Landed] = []
    total = 0
    for log in logs:
        days = log.days()
        for day, lines in days.items():
            name = log.file_name(day, last=day == max(days))
            texts = list(log.head(lines[0][0])) if log.head else []
            for time, text, label, seen in lines:
                texts.append(text)
                if label:
                    landed.append(Landed(label, time, name, len(texts), text_digest(text), seen))
            if log.tail:
                texts.extend(log.tail(lines[-1][0]))
            total += len(lines)
            write_text(folder / name, "\n".join(texts) + "\n")
    return landed, total


def text_digest(text: str) -> str:
    """SHA-256 of a line's UTF-8 bytes without its end, hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def write_text(path: Path, text: str) -> None:
    """Write a file, compressed if its name says so; the same text gives the same bytes (no time inside the gzip)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    raw = text.encode()
    path.write_bytes(gzip.compress(raw, compresslevel=1, mtime=0) if path.suffix == ".gz" else raw)
