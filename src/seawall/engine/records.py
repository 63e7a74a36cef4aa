"""What the lake remembers of files besides their events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file of evidence that was read to its end. Times are UTC."""

    digest: str  # SHA-256 of the decompressed content, hex
    origin: str  # path relative to the PATH given
    format: str  # name of the source that read it
    events: int  # events it held, whether or not the lake knew them before
    rejected: int  # records that could not be read
    first: datetime | None  # earliest event time
    last: datetime | None  # latest event time
    bytes: int  # decompressed size
    notes: tuple[str, ...] = ()  # clock doubts and the like, one line each


@dataclass(frozen=True, slots=True)
class RejectRow:
    """A record that could not be read, as kept in the lake."""

    where: str  # origin, as events have it
    what: str  # one line, masked


class RejectLike(Protocol):
    """Anything that says where and what, such as a source's `Reject`."""

    @property
    def where(self) -> str:
        """Origin, as events have it."""

    @property
    def what(self) -> str:
        """One line, masked."""
