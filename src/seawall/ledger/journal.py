"""The journal: batches of entries, each whole on the disk before anybody hears that it was taken.

Files `journal/<number of their first entry>`, each a run of frames: magic, how many entries, number of the first, bytes
of the body, SHA-256 over all that and the body; then the body, an entry bundle. Frames are only added at the end, and
only after the one before is on the disk, so only the last can be torn. A torn frame is kept aside, not thrown away.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, Final

from seawall.disk.durable import Disk, DurableFile
from seawall.errors import InputError
from seawall.ledger.tiles import bundle, read_bundle

FOLDER: Final = "journal"
SEGMENT_BYTES: Final = 16 << 20  # a file that has grown beyond this gets a follower
MAX_FRAME_BYTES: Final = 64 << 20
_MAGIC: Final = b"SWL1"
_HEAD: Final = struct.Struct(">4sIQI")
_FRAME: Final = _HEAD.size + 32
_NAME_DIGITS: Final = 20
_RESTORE: Final = "restore the ledger folder from a backup; if you changed nothing, treat it as tampering"


@dataclass(frozen=True, slots=True)
class Frame:
    """One batch."""

    first: int  # number of its first entry
    entries: list[bytes]
    end: int  # offset behind it in its file


class Journal:
    """The journal below `folder`, read up to `size` entries."""

    def __init__(self, folder: Path, disk: Disk) -> None:
        self.folder = folder / FOLDER
        self.size = 0
        self._disk = disk
        self._segment = 0  # first entry of the file being written
        self._end = 0  # offset behind its last whole frame
        self._file: DurableFile | None = None

    def start_at(self, size: int) -> None:
        """Begin reading with the file that holds entry number `size`."""
        self._segment = max((first for first in self._segments() if first <= size), default=0)
        self._end, self.size = 0, self._segment

    def has_grown(self) -> bool:
        """Whether another writer added something since we last read."""
        try:
            there = self._path(self._segment).stat().st_size
        except FileNotFoundError:
            return self._end > 0 or bool(self._segments())
        return there != self._end or (there >= SEGMENT_BYTES and self._segments()[-1] > self._segment)

    def read_on(self, *, mend: bool) -> Iterator[list[bytes]]:
        """The batches we have not read yet, in order.

        A torn last frame ends the journal; with `mend` it is moved aside, so that the next one takes its place.

        Raises:
            InputError: a frame in the middle is damaged, or a file is missing.
        """
        while True:
            path = self._path(self._segment)
            if path.exists():
                for frame in frames(path, self._end):
                    if frame.first != self.size:
                        raise InputError(
                            f"entry {self.size} is missing: entry {frame.first} follows", where=str(path), mend=_RESTORE
                        )
                    self._end, self.size = frame.end, self.size + len(frame.entries)
                    yield frame.entries
            later = [first for first in self._segments() if first > self._segment]
            if not later:
                break
            if later[0] != self.size or (path.exists() and path.stat().st_size > self._end):
                raise InputError(
                    f"entries {self.size} to {later[0] - 1} are missing or damaged", where=str(path), mend=_RESTORE
                )
            self._close()
            self._segment, self._end = later[0], 0
        if mend and path.exists() and path.stat().st_size > self._end:
            self._set_aside(path)

    def append(self, entries: Sequence[bytes]) -> None:
        """Add one batch and wait until it is on the disk. After an OSError nothing of it counts.

        Raises:
            InputError: the batch is too big.
        """
        frame = encode_frame(self.size, entries)
        if self._end >= SEGMENT_BYTES:
            self._close()
            self._segment, self._end = self.size, 0
        first = self._end == 0  # its name may not be on the disk yet, whoever made the file
        if self._file is None:
            self._file = self._disk.extend(self._path(self._segment))
        try:
            self._file.write_at(frame, self._end)
            self._file.sync()
            if first:
                self._disk.sync_folder(self.folder)
        except OSError:
            self._forget()
            raise
        self._end += len(frame)
        self.size += len(entries)

    def make(self) -> None:
        """Make the journal's folder."""
        self._disk.make_folder(self.folder)

    def sync(self) -> None:
        """Wait until what a writer that died has left is on the disk: from here on it counts."""
        with self._disk.extend(self._path(self._segment)) as file:
            file.sync()
        self._disk.sync_folder(self.folder)

    def close(self) -> None:
        """Give the file back."""
        self._close()

    def _set_aside(self, path: Path) -> None:
        """Move the bytes of a torn frame into a file of their own: nobody was told they were taken."""
        with path.open("rb") as source:
            source.seek(self._end)
            torn = source.read()
        aside = path.with_name(f"{path.name}.torn-{self._end}-{sha256(torn).hexdigest()[:8]}")
        self._disk.write_file(aside, torn)
        with self._disk.extend(path) as file:
            file.cut(self._end)
            file.sync()

    def _forget(self) -> None:
        """A write failed: take it back if the disk lets us, else the next reader takes it for torn."""
        file, self._file = self._file, None
        if file is not None:
            try:
                file.cut(self._end)
                file.sync()
            except OSError:
                pass  # the disk is what failed; the caller hears of the first failure
            finally:
                file.close()

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _path(self, first: int) -> Path:
        return self.folder / f"{first:0{_NAME_DIGITS}d}"

    def _segments(self) -> list[int]:
        try:
            names = os.listdir(self.folder)
        except FileNotFoundError:
            return []
        return sorted(int(name) for name in names if len(name) == _NAME_DIGITS and name.isdigit())


def encode_frame(first: int, entries: Sequence[bytes]) -> bytes:
    """The bytes of a batch. Raises InputError if it is too big."""
    body = bundle(entries)
    if len(body) > MAX_FRAME_BYTES:
        raise InputError(f"a batch of {len(body)} bytes", mend=f"write at most {MAX_FRAME_BYTES >> 20} MB at once")
    head = _HEAD.pack(_MAGIC, len(entries), first, len(body))
    return head + sha256(head + body).digest() + body


def frames(path: Path, start: int) -> Iterator[Frame]:
    """The whole frames of a file from an offset on; ends at the end, or at a torn last frame.

    Raises:
        InputError: a frame is damaged and whole ones follow it: that is no torn write.
    """
    with path.open("rb") as file:
        while True:
            file.seek(start)
            frame = _read_frame(file, start)
            if frame is None:
                break
            yield frame
            start = frame.end
        _refuse_damage(file, path, start)


def _read_frame(file: IO[bytes], start: int) -> Frame | None:
    head = file.read(_FRAME)
    if len(head) < _FRAME:
        return None
    magic, count, first, length = _HEAD.unpack_from(head)
    if magic != _MAGIC or not 0 < length <= MAX_FRAME_BYTES:
        return None
    body = file.read(length)
    if len(body) < length or sha256(head[: _HEAD.size] + body).digest() != head[_HEAD.size :]:
        return None
    entries = read_bundle(body, where=file.name)
    return Frame(first, entries, start + _FRAME + length) if len(entries) == count else None


def _refuse_damage(file: IO[bytes], path: Path, start: int) -> None:
    """A whole frame behind the end means the damage is in the middle."""
    file.seek(start)
    rest = file.read(2 * MAX_FRAME_BYTES)
    at = rest.find(_MAGIC, 1)
    while at >= 0:
        file.seek(start + at)
        if _read_frame(file, start + at) is not None:
            raise InputError(
                f"the journal is damaged at byte {start}, and goes on behind", where=str(path), mend=_RESTORE
            )
        at = rest.find(_MAGIC, at + 1)
