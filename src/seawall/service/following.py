"""Files read on as they grow: whole lines only, through rotation, truncation and replacement, exactly where we
stopped.

A file is known by its inode and by what stands just before our place in it; a name means nothing, it changes. What was
read is written to the spool before the place is kept, so that a kill repeats lines at worst, and a repeated line is
the same event.
"""

from __future__ import annotations

import glob
import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from seawall.model.case import is_case

PIECE_BYTES: Final = 4 << 20  # of one file at one look
MAX_FILES: Final = 20_000
MAX_LINE: Final = 1 << 20  # octets; a longer one is left out and counted
_MAX_HEAD: Final = 16_384  # octets of lines that explain a file (Zeek's, a table's first)
_BEFORE: Final = 64  # octets before our place that tell whether the file was written anew
Deliver = Callable[[str, bytes], bool]  # (name, lines); False: not taken now, ask again


@dataclass
class Place:
    """How far a file was read."""

    name: str  # where it stood last
    offset: int = 0
    before: str = ""  # SHA-256 of the octets before `offset`, hex
    quiet: bool = False  # whether it had not grown at the last look


@dataclass
class Counts:
    """What following came to."""

    lines: int = 0
    octets: int = 0
    rotated: int = 0  # files that went on under another name, or ended
    truncated: int = 0  # files that became shorter
    replaced: int = 0  # files written anew in place, or gone in the middle of a line
    oversized: int = 0


@dataclass
class Follower:
    """What one entry of `serve.follow` names."""

    pattern: str
    from_start: bool = True
    places: dict[str, Place] = field(default_factory=dict)  # by device and inode
    counts: Counts = field(default_factory=Counts)
    first: bool = True  # whether nothing was looked at yet
    troubles: dict[str, str] = field(default_factory=dict)  # files that cannot be read, and why

    def look(self, deliver: Deliver) -> None:
        """Read on in every file that has grown; stops where `deliver` takes nothing more."""
        self.troubles = {}
        seen: set[str] = set()
        for path in files_of(self.pattern):
            try:
                status = path.stat()
            except OSError:
                continue
            key = f"{status.st_dev}:{status.st_ino}"
            if key in seen:
                continue
            seen.add(key)
            if key not in self.places:
                if len(self.places) >= MAX_FILES:
                    self.troubles[str(path)] = f"more than {MAX_FILES} files"
                    continue
                start = 0 if self.from_start or not self.first else status.st_size
                self.places[key] = Place(str(path), start, before=_before(path, start))
            if not self._read(path, self.places[key], deliver):
                return
        self._settle(seen, deliver)
        self.first = False

    def _read(self, path: Path, place: Place, deliver: Deliver, *, gone: bool = False) -> bool:
        """Read a file on from its place; False if what was read is not taken."""
        try:
            with path.open("rb") as file:
                return self._read_on(file, path, place, deliver, gone=gone)
        except OSError as error:
            self.troubles[str(path)] = error.strerror or str(error)
            return True

    def _read_on(self, file: Any, path: Path, place: Place, deliver: Deliver, *, gone: bool) -> bool:
        size = os.fstat(file.fileno()).st_size
        if size < place.offset:
            self.counts.truncated += 1
            place.offset, place.before = 0, ""
        elif place.offset and _digest(file, place.offset) != place.before:
            self.counts.replaced += 1
            place.offset, place.before = 0, ""
        place.name = str(path)
        grown = size > place.offset
        while size > place.offset:
            file.seek(place.offset)
            data = file.read(min(PIECE_BYTES, size - place.offset))
            last = place.offset + len(data) >= size
            taken = _whole(data, last=last, quiet=place.quiet, over=gone)
            if not taken:
                if len(data) <= MAX_LINE:
                    break
                self.counts.oversized += 1
                place.offset += len(data)
                place.before = _digest(file, place.offset)
                continue
            lines = data[:taken]
            if gone and not lines.endswith(b"\n"):
                self.counts.replaced += 1
                lines += b"\n"
            head = _head(file) if place.offset else b""
            if not deliver(path.name, head + lines):
                return False
            place.offset += taken
            place.before = _digest(file, place.offset)
            self.counts.lines += lines.count(b"\n")
            self.counts.octets += taken
        place.quiet = not grown or size > place.offset
        return True

    def _settle(self, seen: set[str], deliver: Deliver) -> None:
        """Files that are no longer among those named: read to their end where they went, then forget them."""
        for key in set(self.places) - seen:
            place = self.places[key]
            moved = _moved(Path(place.name), key)
            if moved is not None and not self._read(moved, place, deliver, gone=True):
                continue
            self.counts.rotated += 1
            del self.places[key]

    def state(self) -> dict[str, Any]:
        """What a restart needs."""
        return {
            "places": {key: asdict(place) for key, place in self.places.items()},
            "counts": asdict(self.counts),
            "first": self.first,
        }

    def restore(self, said: dict[str, Any]) -> None:
        """Go on where the last process stopped."""
        self.places = {str(key): Place(**place) for key, place in said.get("places", {}).items()}
        self.counts = Counts(**said.get("counts", {}))
        self.first = bool(said.get("first", True))


def files_of(pattern: str) -> Iterator[Path]:
    """The plain files a path, a folder or a pattern names; below folders too. Case folders are left alone."""
    for name in sorted(glob.iglob(pattern)) if glob.has_magic(pattern) else [pattern]:
        path = Path(name)
        if path.is_dir():
            yield from _below(path)
        elif path.is_file():
            yield path


def _below(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(one for one in folders if not one.startswith(".") and not is_case(Path(root, one)))
        for name in sorted(names):
            path = Path(root, name)
            try:
                if stat.S_ISREG(path.lstat().st_mode) and not name.startswith("."):
                    yield path
            except OSError:
                continue


def _whole(data: bytes, *, last: bool, quiet: bool, over: bool) -> int:
    """How much of what was read is whole records: lines, or blocks where lines are indented (RADIUS detail)."""
    if over and last:
        return len(data)
    end = data.rfind(b"\n") + 1
    if b"\n\t" in data and not quiet:
        return (data.rfind(b"\n\n") + 2) if b"\n\n" in data else 0
    return end


def _head(file: Any) -> bytes:
    """The lines at a file's beginning without which the others mean nothing: `#fields`, or the names of columns."""
    file.seek(0)
    start = file.read(_MAX_HEAD)
    lines = start.splitlines(keepends=True)
    if start.startswith(b"#"):
        return b"".join(line for line in _leading(lines) if line.endswith(b"\n"))
    first = lines[0] if lines else b""
    names = first.count(b",") >= 3 or first.count(b";") >= 3 or first.count(b"\t") >= 3
    if names and first.endswith(b"\n") and not any(48 <= c <= 57 for c in first[:40]) and first[:1] not in b"{[<":
        return bytes(first)
    return b""


def _leading(lines: list[bytes]) -> Iterator[bytes]:
    for line in lines:
        if not line.startswith(b"#") or line.startswith(b"#close"):
            return
        yield line


def _digest(file: Any, offset: int) -> str:
    file.seek(max(0, offset - _BEFORE))
    return hashlib.sha256(file.read(min(_BEFORE, offset))).hexdigest()


def _before(path: Path, offset: int) -> str:
    if not offset:
        return ""
    try:
        with path.open("rb") as file:
            return _digest(file, offset)
    except OSError:
        return ""


def _moved(path: Path, key: str) -> Path | None:
    """Where a file went whose name changed: into the same folder, as rotation does."""
    try:
        with os.scandir(path.parent) as entries:
            for entry in entries:
                status = entry.stat(follow_symlinks=False)
                if f"{status.st_dev}:{status.st_ino}" == key and entry.is_file(follow_symlinks=False):
                    return Path(entry.path)
    except OSError:
        return None
    return None
