"""Finds the evidence below the PATHs a person names: folders are walked in a stable order, nothing is opened twice.

`origin` is the path below the PATH given, with `/` separators; a file given directly goes by its name. Where two
PATHs hold the same relative name, both get the last folder name of their PATH in front. A gz keeps its stored name
(`router.log.gz:12` is line 12 of its content); a member of an archive stands behind `!/`. `-` is standard input, and
a PATH that does not exist but has `*`, `?` or `[` in it is a pattern.
"""

from __future__ import annotations

import glob
import os
import stat
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Final

from seawall.model.case import is_case
from seawall.model.clock import Clock, SystemClock
from seawall.model.custody import SIDECAR
from seawall.sources import git_history, years
from seawall.sources.base import Evidence, Place, Reject, Skipped, Years
from seawall.sources.opening import blocks_of, cannot, digest, open_place
from seawall.sources.spool import Kept, NoRoom, Spool
from seawall.sources.unpacking import printable_name, unpack

MAX_DEPTH: Final = 64  # folders within folders
VCS_FOLDERS: Final = frozenset({".git", ".hg", ".svn", ".bzr", ".jj"})


STDIN: Final = Path("-")
STDIN_NAME: Final = "standard input"
MAX_MATCHES: Final = 1_000_000  # of one pattern


@dataclass(frozen=True, slots=True)
class Original:
    """A stored file as it was handed over, before anything in it is opened."""

    origin: str
    path: Path | None  # None: it came by standard input
    size: int  # bytes
    typed: Kept | None = None  # what standard input said


@dataclass(frozen=True, slots=True)
class _Found:
    """A file to open, or something to be said instead."""

    root: Path  # the PATH given
    name: str  # below the PATH, "/" separators
    path: Path
    instead: str = ""  # why it is not opened
    wrong: bool = True  # whether that is a fault, or only left out on purpose
    repository: bool = False  # a git repository, read as a whole


@dataclass(slots=True)
class Standing:
    """What a walk over evidence may keep between its passes: room to unpack in, and what standard input said."""

    spool: Spool = field(default_factory=Spool)
    typed: Kept | None = None  # standard input, read once

    def standard_input(self) -> Kept:
        """All of standard input, put by. Raises `NoRoom`."""
        if self.typed is None:
            self.typed = self.spool.keep(blocks_of(open(0, "rb", closefd=False)))  # noqa: SIM115 - closed there
        return self.typed


def find(
    paths: Sequence[Path],
    skip_cases: bool = True,
    *,
    standing: Standing | None = None,
    heads_only: bool = False,
    before: Callable[[Original], None] | None = None,
) -> Iterator[Evidence | Reject]:
    """Open everything below `paths`, sorted by name within each, one file at a time, members of archives included.

    What cannot be opened comes as a `Reject` (unreadable, loops, devices) or as a `Skipped` (empty files, case
    and version-control folders). Nothing is raised, and no file is opened twice. `before` is told of each stored
    file before it is opened; `heads_only` is for looking around: members of archives hold their first bytes only.
    """
    standing = standing or Standing()
    for one, origin, size in _stored(paths, skip_cases):
        if one.instead:
            yield Reject(origin, one.instead) if one.wrong else Skipped(origin, one.instead)
            continue
        if one.repository:
            if not heads_only:
                yield from _history(one, origin, standing.spool, before)
            continue
        place: Place | Reject = Place(origin, one.path, size=size)
        if one.path == STDIN:
            place = _typed(standing, origin)
        if isinstance(place, Reject):
            yield place
            continue
        if before is not None:
            before(Original(origin, one.path, size) if one.path != STDIN else _original(place))
        found = open_place(place)
        if isinstance(found, Reject):
            yield found
        else:
            yield from unpack(found, standing.spool, heads_only=heads_only)


def _history(
    one: _Found, origin: str, spool: Spool, before: Callable[[Original], None] | None
) -> Iterator[Evidence | Reject]:
    """The versions a repository holds."""
    for path in git_history.stored_files(one.path) if before is not None else ():
        assert before is not None
        name = printable_name(path.relative_to(one.path).as_posix())
        before(Original(f"{origin}/{name}", path, path.stat().st_size))
    yield from git_history.versions(one.path, origin, spool)


def stored_sizes(paths: Sequence[Path]) -> Iterator[int]:
    """The size of each stored file below `paths`, unopened; for progress."""
    return (size for one, _, size in _stored(paths, True) if not one.instead)


def _stored(paths: Sequence[Path], skip_cases: bool) -> Iterator[tuple[_Found, str, int]]:
    """Each stored file once, with its origin and size."""
    found = [one for path in paths for given in matches(path) for one in _walk_path(given, skip_cases)]
    seen: set[tuple[int, int]] = set()
    for one, origin in zip(found, _origins(found), strict=True):
        if one.instead or one.path == STDIN:
            yield one, origin, 0
            continue
        try:
            status = one.path.stat()
        except OSError as error:
            yield replace(one, instead=cannot(error)), origin, 0
            continue
        if (status.st_dev, status.st_ino) in seen:
            continue  # named twice: by two PATHs, or by two hard links
        seen.add((status.st_dev, status.st_ino))
        yield one, origin, status.st_size


def _typed(standing: Standing, origin: str) -> Place | Reject:
    try:
        kept = standing.standard_input()
    except NoRoom:
        return Reject(origin, "no room to put it by; point TMPDIR to a folder on a larger disk")
    except OSError as error:
        return Reject(origin, cannot(error))
    return Place(origin, kept.path, kept.content, kept.size, keep=kept)


def _original(typed: Place) -> Original:
    assert isinstance(typed.keep, Kept)
    return Original(typed.origin, None, typed.size, typed.keep)


def survey(paths: Sequence[Path], clock: Clock | None = None, standing: Standing | None = None) -> Years:
    """The years the evidence below `paths` belongs to, from samples of its dated lines; archives are looked into."""
    found = find(paths, standing=standing, heads_only=True)
    return years.survey((e for e in found if isinstance(e, Evidence)), clock or SystemClock())


def is_pattern(path: Path) -> bool:
    """Whether a PATH that does not exist is meant as a pattern for several."""
    return any(c in str(path) for c in "*?[") and not os.path.lexists(path)


def matches(path: Path) -> list[Path]:
    """What a PATH stands for: itself, or what matches it (`**` reaches into folders)."""
    if not is_pattern(path):
        return [path]
    matches = islice(glob.iglob(str(path), recursive=True, include_hidden=True), MAX_MATCHES)
    return sorted(map(Path, matches)) or [path]


def _walk_path(path: Path, skip_cases: bool) -> Iterator[_Found]:
    """What lies at one PATH given by a person; a link named directly is followed."""
    if path == STDIN:
        yield _Found(path, STDIN_NAME, path)
        return
    name = printable_name(path.name or str(path))
    try:
        mode = path.stat().st_mode
    except OSError as error:
        yield _Found(path, name, path, cannot(error))
        return
    if stat.S_ISDIR(mode):
        root = Path(os.path.realpath(path))
        if git_history.is_repository(root):
            yield _Found(path, name, root, repository=True)
            return
        yield from _walk(path, root, root, "", 0, skip_cases)
    else:
        yield _of_mode(path, name, path, mode)


def _walk(given: Path, root: Path, folder: Path, below: str, depth: int, skip_cases: bool) -> Iterator[_Found]:
    if depth > MAX_DEPTH:
        yield _Found(given, below, folder, f"more than {MAX_DEPTH} folders deep; give it as a PATH of its own")
        return
    if skip_cases and is_case(folder):
        yield _Found(given, below or ".", folder, "a Seawall case: holds our own words, not evidence", wrong=False)
        return
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield _Found(given, below or ".", folder, cannot(error))
        return
    for entry in entries:
        name = f"{below}/{printable_name(entry.name)}" if below else printable_name(entry.name)
        path = folder / entry.name
        try:
            mode = entry.stat(follow_symlinks=False).st_mode
        except OSError as error:
            yield _Found(given, name, path, cannot(error))
            continue
        if stat.S_ISDIR(mode):
            if git_history.is_repository(path):
                yield _Found(given, name, path, repository=True)
            elif entry.name in VCS_FOLDERS:
                yield _Found(given, name, path, "version control, not evidence", wrong=False)
            else:
                yield from _walk(given, root, path, name, depth + 1, skip_cases)
        elif entry.name == SIDECAR and stat.S_ISREG(mode):
            yield _Found(given, name, path, "says who collected the evidence beside it", wrong=False)
        elif stat.S_ISLNK(mode):
            yield _of_link(given, root, name, path)
        else:
            yield _of_mode(given, name, path, mode)


def _of_link(given: Path, root: Path, name: str, path: Path) -> _Found:
    """A link below a PATH: its target is read where it stands, once, or not at all."""
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError) as error:  # RuntimeError: how Python < 3.13 says "loop"
        why = cannot(error) if isinstance(error, OSError) else "a link that leads to itself; remove it"
        return _Found(given, name, path, why)
    if target == root or target in path.parents:
        return _Found(given, name, path, "a link to a folder it stands in, a loop; not followed")
    if root not in target.parents:
        return _Found(given, name, path, "a link out of the PATH given; name its target as a PATH of its own")
    return _Found(given, name, path, "a link; its target is read where it stands", wrong=False)


def _of_mode(given: Path, name: str, path: Path, mode: int) -> _Found:
    """A file that is no folder and no link: only regular ones are opened, a fifo would wait for ever."""
    if stat.S_ISREG(mode):
        return _Found(given, name, path)
    kinds = ((stat.S_ISFIFO, "a fifo"), (stat.S_ISSOCK, "a socket"), (stat.S_ISCHR, "a device"))
    kind = next((word for test, word in kinds if test(mode)), "a device")
    return _Found(given, name, path, f"{kind}, not a file; save its content to a file first")


def _origins(found: Iterable[_Found]) -> list[str]:
    """One name for each: below its PATH, told apart by the PATH's own name where two would be the same."""
    found = list(found)
    times = Counter(one.name for one in found)
    given: Counter[str] = Counter()
    origins = []
    for one in found:
        origin = one.name
        if times[origin] > 1:
            last = os.path.realpath(one.root if one.path != one.root else one.root.parent)
            origin = f"{printable_name(os.path.basename(last))}/{origin}"
        given[origin] += 1
        origins.append(origin if given[origin] == 1 else f"{origin}~{given[origin]}")
    return origins


__all__ = [
    "MAX_DEPTH",
    "STDIN",
    "VCS_FOLDERS",
    "Original",
    "Standing",
    "digest",
    "find",
    "is_pattern",
    "matches",
    "printable_name",
    "stored_sizes",
    "survey",
]
