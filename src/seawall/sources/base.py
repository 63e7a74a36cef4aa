"""What a source is: bytes in, event tables and rejects out.

A source is one file. It says how sure it is that it knows a file from its first bytes (`sniff`), and reads it in
bounded pieces (`read`). It may raise only `SeawallError`s; a bad record is a reject, never an exception.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, Protocol

import pyarrow as pa

from seawall.model.clock import Clock, SystemClock
from seawall.model.maps import FieldMap
from seawall.vault.client import VaultClient

if TYPE_CHECKING:
    from seawall.sources.lines import LineBlock

HEAD_BYTES: Final = 65_536  # what `sniff` gets to see
MAX_LINE_BYTES: Final = 1 << 20  # longer lines are rejected, never buffered whole
BLOCK_BYTES: Final = 4 << 20  # how much of a text file is read at a time
MAX_REJECTS_KEPT: Final = 1_000  # per file; all are counted, so many are shown


@dataclass(frozen=True, slots=True)
class Reject:
    """One record that could not be read."""

    where: str  # origin, as events have it
    what: str  # one line, masked and free of control characters


@dataclass(frozen=True, slots=True)
class Skipped(Reject):
    """Something left out on purpose (an empty file, a case folder): said, but nothing went wrong."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A bounded piece of what a file held.

    `tables` maps an event kind to rows in its `arrow_schema` (open-ended kinds may append text columns).
    `rejected` counts all rejects of the piece, `rejects` keeps the first ones.
    """

    tables: dict[str, pa.Table] = field(default_factory=dict)
    rejects: tuple[Reject, ...] = ()
    rejected: int = 0
    read_bytes: int = 0  # decompressed bytes consumed by this piece
    notes: tuple[str, ...] = ()  # clock doubts and the like, one line each


@dataclass(frozen=True, slots=True)
class Shard:
    """A run of whole lines of a plain file, cut where the blocks of a reading of the whole file are cut."""

    start: int  # offset of its first line
    begin: int  # of its first block; what stands before it, from `start` on, is the beginning of a line
    end: int  # behind its last block; a line cut off there belongs to the next shard
    line: int  # number of its first line
    last: bool
    block: int = BLOCK_BYTES


@dataclass(frozen=True, slots=True)
class Cut:
    """A block read without memory of the blocks before it, so that any process can do it.

    `beside` is what its source needs besides to settle it: to make the piece it would be in a reading of the whole.
    """

    chunk: Chunk
    beside: object


@dataclass(frozen=True, slots=True)
class Sharding:
    """How a source reads a file in shards: blocks to cuts, anywhere; then all cuts in order to pieces, in one place."""

    cut: Callable[[str, Reading, Iterable[LineBlock]], Iterator[Cut]]  # the text is the origin
    settle: Callable[[str, Reading, Iterable[Cut]], Iterator[Chunk]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the bytes of a file of evidence stand: enough to open it again, in this process or in another."""

    origin: str
    path: Path | None  # a plain file, or one unpacked for us; None: the bytes are `content`
    content: bytes = b""
    size: int = 0  # bytes seen when it was found; what is written behind them later is not read
    keep: object = field(
        default=None, compare=False, repr=False
    )  # holds what was unpacked; gone when nobody refers to it
    shard: tuple[str, Shard] | None = None  # to read only this part, as the source of that name cuts it


@dataclass(frozen=True, slots=True)
class Evidence:
    """One file of evidence, opened so that a source sees plain bytes.

    `origin` is the path relative to the PATH given, with `/` separators, `a.zip!/b.log` inside archives.
    `path` is set where the bytes stand in a plain file of their own (not compressed).
    """

    origin: str
    head: bytes  # first HEAD_BYTES, decompressed
    open: Callable[[], BinaryIO]  # decompressed stream from the start; the caller closes it
    path: Path | None = None
    size: int | None = None  # bytes as stored; for progress only
    troubles: list[Reject] = field(default_factory=list, compare=False)
    """Why a stream ended early (a cut-off gz, a failing disk); filled while reading, told by `sources.read`."""
    remarks: list[str] = field(default_factory=list, compare=False)
    """What is worth a note and no fault (a file that grew while it was read); filled and told as troubles are."""
    place: Place | None = field(default=None, compare=False)
    share: int | None = None  # stored bytes this one accounts for in the progress, where `size` would count twice


class Years(Protocol):
    """Answers which year a date without one belongs to."""

    def year_for(self, observer: str, month: int, day: int) -> int:
        """The year of a yearless date said by `observer`: its own dated lines, then the folder's, then the clock."""
        ...


@dataclass(frozen=True, slots=True)
class Reading:
    """What a source may know beyond the bytes."""

    years: Years
    clock: Clock = field(default_factory=SystemClock)
    tenant: str | None = None
    scope: str | None = None
    trust: str = "file"
    maps: tuple[FieldMap, ...] = ()  # for tables and JSON nobody else knows
    vault: VaultClient | None = None  # where target identifiers are committed; without it intercept evidence is refused


class _AnyYear:
    def year_for(self, observer: str, month: int, day: int) -> int:  # noqa: ARG002 - the shape of `Years`
        return 2000  # a leap year: every day is one


SNIFFING: Final = Reading(_AnyYear())  # what `sniff` reads a head with: whether there is a time counts, not which


@dataclass(frozen=True, slots=True)
class Source:
    """One format. Listed in `sources.ALL`, most specific first."""

    name: str  # e.g. "syslog"
    title: str  # e.g. "Network-device syslog"
    kinds: tuple[str, ...]  # event kinds it produces
    sniff: Callable[[Evidence], int]  # 0 = not mine, 100 = certain; decides by content, never by the name alone
    read: Callable[[Evidence, Reading], Iterator[Chunk]]
    sharding: Sharding | None = None  # set where a file may be read by several processes at once
    refused: str | None = None  # set for formats recognised and refused: the reason, as a sentence
