"""Rule files from a folder, a single file or an archive, read without ever unpacking anything.

Names inside archives are only labels, so no path can lead anywhere; sizes and counts are bounded.
"""

from __future__ import annotations

import lzma
import os
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from seawall.errors import RuleError

MAX_RULE_BYTES: Final = 1 << 20
MAX_TOTAL_BYTES: Final = 512 << 20
MAX_FILES: Final = 200_000
_RULE_ENDINGS: Final = (".yml", ".yaml")
# What the standard library lets through for damaged archives, beside its own errors: names that are no UTF-8
# (ValueError), damaged LZMA inside a zip, and tar headers cut in odd places (struct.error, TypeError).
_DAMAGED: Final = (
    *(tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(EOFError, OSError, RuntimeError, ValueError, TypeError),
)


@dataclass(frozen=True, slots=True)
class RuleFile:
    """One YAML file; `origin` is its path relative to the folder or archive it came from."""

    origin: str
    data: bytes


def rule_files(path: Path) -> Iterator[RuleFile | RuleError]:
    """Every rule file at `path`, in the order of its names for folders, as stored for archives.

    A file that cannot be read is yielded as a RuleError; a path that cannot be read at all raises one.
    """
    if path.is_dir():
        return _folder(path)
    if not path.is_file():
        raise RuleError("no such file or folder", where=str(path), mend="check the path given with --rules")
    if path.name.lower().endswith(_RULE_ENDINGS):
        return _single(path)
    return _bounded(_archive(path), path)


def _single(path: Path) -> Iterator[RuleFile | RuleError]:
    yield _read(path, path.name)


def _folder(top: Path) -> Iterator[RuleFile | RuleError]:
    """Files below a folder. Links to folders are not followed, so loops cannot happen."""
    for folder, inner, names in os.walk(top, followlinks=False):
        inner.sort()
        for name in sorted(names):
            if name.lower().endswith(_RULE_ENDINGS):
                path = Path(folder, name)
                yield _read(path, path.relative_to(top).as_posix())


def _read(path: Path, origin: str) -> RuleFile | RuleError:
    if not path.is_file():  # opening a pipe would wait for ever
        return RuleError("not a regular file", where=origin, mend="take it out of the folder, or mend the link")
    try:
        with path.open("rb") as stream:
            return _taken(stream, origin)
    except OSError as error:
        return RuleError(error.strerror or str(error), where=origin, mend="check the file and its permissions")


def _taken(stream: IO[bytes], origin: str) -> RuleFile | RuleError:
    data = stream.read(MAX_RULE_BYTES + 1)
    if len(data) > MAX_RULE_BYTES:
        return RuleError(f"more than {MAX_RULE_BYTES} bytes", where=f"{origin}:1", mend="split it: a rule is small")
    return RuleFile(origin, data)


def _archive(path: Path) -> Iterator[RuleFile | RuleError]:
    """Regular YAML members of a tar or zip archive."""
    try:
        if zipfile.is_zipfile(path):
            yield from _zip(path)
        else:
            yield from _tar(path)
    except _DAMAGED as error:
        raise RuleError(
            f"not an archive that can be read: {error}", where=str(path), mend="give a folder, .tar.* or .zip of rules"
        ) from error


def _tar(path: Path) -> Iterator[RuleFile | RuleError]:
    with tarfile.open(path, "r|*") as archive:  # a stream: nothing is kept, nothing is unpacked
        for member in archive:
            if member.isfile() and member.name.lower().endswith(_RULE_ENDINGS):
                stream = archive.extractfile(member)
                if stream is not None:
                    yield _taken(stream, member.name)


def _zip(path: Path) -> Iterator[RuleFile | RuleError]:
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            if not member.is_dir() and member.filename.lower().endswith(_RULE_ENDINGS):
                with archive.open(member) as stream:
                    yield _taken(stream, member.filename)


def _bounded(files: Iterator[RuleFile | RuleError], path: Path) -> Iterator[RuleFile | RuleError]:
    """The same files, until there are too many of them."""
    total = 0
    for count, file in enumerate(files, start=1):
        total += len(file.data) if isinstance(file, RuleFile) else 0
        if count > MAX_FILES or total > MAX_TOTAL_BYTES:
            raise RuleError(
                f"more than {MAX_FILES} rule files or {MAX_TOTAL_BYTES} bytes",
                where=str(path),
                mend="give fewer rules at a time",
            )
        yield file
