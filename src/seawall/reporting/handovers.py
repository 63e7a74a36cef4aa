"""Who handed over what: the custody of a case, gathered for the report and for the terminal.

Evidence comes in handovers: files of which the same was said. A case may hold a million files, so handovers carry sums
and only the first files are kept to be shown; `seawall custody` lists them all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from seawall.model.custody import CustodyRecord, Said
from seawall.model.finding import utc_text
from seawall.reporting.text import count_text, moment_text, size_text

KEPT: Final = 100  # stored files, and handovers, that are shown
MEMBER: Final = "!/"  # between an archive's origin and its member's


@dataclass(slots=True)
class Handover:
    """Stored files of which the same was said."""

    said: Said
    files: int = 0
    bytes: int = 0
    first: datetime | None = None  # when its first and last file came to the case, UTC
    last: datetime | None = None

    def take(self, record: CustodyRecord) -> None:
        """One more file."""
        self.files += 1
        self.bytes += record.bytes
        self.first = min(filter(None, (self.first, record.received)))
        self.last = max(filter(None, (self.last, record.received)))


@dataclass(slots=True)
class Custody:
    """All handovers of a case, the earliest first."""

    handovers: list[Handover] = field(default_factory=list)  # the first ones
    stored: list[CustodyRecord] = field(default_factory=list)  # the first ones, by time and name
    members: dict[str, int] = field(default_factory=dict)  # files read inside a container, by its origin
    files: int = 0
    bytes: int = 0
    more: int = 0  # handovers beyond those kept

    @property
    def unsigned(self) -> int:
        """Stored files of which nobody said who collected them."""
        return sum(one.files for one in self.handovers if not one.said.collected_by)


def gather(records: Iterable[CustodyRecord], origins: Iterable[str] = ()) -> Custody:
    """Custody records as handovers; `origins` are those of all content read, members of containers among them."""
    by_said: dict[Said, Handover] = {}
    custody = Custody()
    for record in records:
        by_said.setdefault(record.said, Handover(record.said)).take(record)
        custody.files, custody.bytes = custody.files + 1, custody.bytes + record.bytes
        custody.stored.append(record)
        if len(custody.stored) > 2 * KEPT:
            custody.stored = _first(custody.stored)
    custody.stored = _first(custody.stored)
    ranked = sorted(
        by_said.values(),
        key=lambda one: (not one.said.collected_by, utc_text(one.first) if one.first else "", one.said.collected_by),
    )
    custody.handovers, custody.more = ranked[:KEPT], max(0, len(ranked) - KEPT)
    shown = {record.origin for record in custody.stored}
    counts = Counter(origin.partition(MEMBER)[0] for origin in origins if MEMBER in origin)
    custody.members = {origin: count for origin, count in counts.items() if origin in shown}
    return custody


def sentences(custody: Custody, most: int = 3) -> Sequence[str]:
    """What to say at the end of taking evidence in, a sentence for each handover."""
    told = [
        f"{count_text(one.files, 'stored file')}, {size_text(one.bytes)}, {_who(one.said)}"
        for one in custody.handovers[:most]
    ]
    left = len(custody.handovers) - most + custody.more
    return [*told, *([f"… and {count_text(left, 'more handover')}"] if left > 0 else [])]


def _who(said: Said) -> str:
    by = f"collected by {said.collected_by}" if said.collected_by else "nobody said who collected it: --collected-by"
    at = f", {moment_text(said.collected_at)} UTC" if said.collected_at else ""
    return f"{by}{at}" + (f" ({said.note})" if said.note else "")


def _first(records: list[CustodyRecord]) -> list[CustodyRecord]:
    return sorted(records, key=lambda record: (record.received, record.origin))[:KEPT]
