"""Finds the evidence below the PATHs a person names: folders are walked in a stable order, nothing is opened twice.

`origin` is the path below the PATH given, with `/` separators; a file given directly goes by its name. Where two
PATHs hold the same relative name, both get the last folder name of their PATH in front. A gz keeps its stored name
(`router.log.gz:12` is line 12 of its content).
"""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from seawall.model.case import is_case
from seawall.model.clock import Clock, SystemClock
from seawall.sources import years
from seawall.sources.base import Evidence, Reject, Skipped, Years
from seawall.sources.opening import digest, open_evidence

MAX_DEPTH: Final = 64  # folders within folders
VCS_FOLDERS: Final = frozenset({".git", ".hg", ".svn", ".bzr", ".jj"})


@dataclass(frozen=True, slots=True)
class _Found:
    """A file to open, or something to be said instead."""

    root: Path  # the PATH given
    name: str  # below the PATH, "/" separators
    path: Path
    instead: str = ""  # why it is not opened
    wrong: bool = True  # whether that is a fault, or only left out on purpose


def find(paths: Sequence[Path], skip_cases: bool = True) -> Iterator[Evidence | Reject]:
    """Open everything below `paths`, sorted by name within each, one file at a time.

    What cannot be opened comes as a `Reject` (unreadable, loops, devices) or as a `Skipped` (empty files, case
    and version-control folders). Nothing is raised, and no file is opened twice.
    """
    found = [one for path in paths for one in _walk_path(path, skip_cases)]
    origins = _origins(found)
    seen: set[tuple[int, int]] = set()
    for one, origin in zip(found, origins, strict=True):
        if one.instead:
            yield Reject(origin, one.instead) if one.wrong else Skipped(origin, one.instead)
            continue
        try:
            status = one.path.stat()
        except OSError as error:
            yield Reject(origin, _cannot(error))
            continue
        if (status.st_dev, status.st_ino) in seen:
            continue  # named twice: by two PATHs, or by two hard links
        seen.add((status.st_dev, status.st_ino))
        yield open_evidence(one.path, origin)


def survey(paths: Sequence[Path], clock: Clock | None = None) -> Years:
    """The years the evidence below `paths` belongs to, from samples of its dated lines."""
    return years.survey((e for e in find(paths) if isinstance(e, Evidence)), clock or SystemClock())


def _walk_path(path: Path, skip_cases: bool) -> Iterator[_Found]:
    """What lies at one PATH given by a person; a link named directly is followed."""
    name = printable_name(path.name or str(path))
    try:
        mode = path.stat().st_mode
    except OSError as error:
        yield _Found(path, name, path, _cannot(error))
        return
    if stat.S_ISDIR(mode):
        root = Path(os.path.realpath(path))
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
        yield _Found(given, below or ".", folder, _cannot(error))
        return
    for entry in entries:
        name = f"{below}/{printable_name(entry.name)}" if below else printable_name(entry.name)
        path = folder / entry.name
        try:
            mode = entry.stat(follow_symlinks=False).st_mode
        except OSError as error:
            yield _Found(given, name, path, _cannot(error))
            continue
        if stat.S_ISDIR(mode):
            if entry.name in VCS_FOLDERS:
                yield _Found(given, name, path, "version control, not evidence", wrong=False)
            else:
                yield from _walk(given, root, path, name, depth + 1, skip_cases)
        elif stat.S_ISLNK(mode):
            yield _of_link(given, root, name, path)
        else:
            yield _of_mode(given, name, path, mode)


def _of_link(given: Path, root: Path, name: str, path: Path) -> _Found:
    """A link below a PATH: its target is read where it stands, once, or not at all."""
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError) as error:  # RuntimeError: how Python < 3.13 says "loop"
        why = _cannot(error) if isinstance(error, OSError) else "a link that leads to itself; remove it"
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


def printable_name(name: str) -> str:
    """A file name as text that fits into one line: undecodable bytes and control characters become `\\\\xNN`."""
    raw = os.fsencode(name).decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in raw)


def _cannot(error: OSError) -> str:
    return f"cannot be read: {error.strerror}; check its path and permissions, or leave it out"


__all__ = ["MAX_DEPTH", "VCS_FOLDERS", "digest", "find", "printable_name", "survey"]
