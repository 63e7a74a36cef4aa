"""What rule files were compiled to, kept on disk by their content, so that a hunt starts at once.

One pack per place rules come from, in the user's cache folder (`$XDG_CACHE_HOME/seawall/rules`). A file that changed is
read anew, the others are not. A pack belongs to the exact code that wrote it. It is plain data under a digest: one that
is damaged, foreign or of another version counts as missing. It can be deleted at any time.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

import orjson

from seawall.detect.sigma.archive import RuleFile
from seawall.detect.sigma.plain import NotPlainError, Writer, read
from seawall.errors import RuleError

MAX_PACK_BYTES: Final = 512 << 20
MAX_PACKS: Final = 24  # the oldest go first
_MAGIC: Final = b"seawall rules 1 "
_ENGINES: Final = ("pysigma", "pyarrow", "google-re2")  # what decides how a rule is read beside our own code


class RuleCache:
    """The compiled rules of one place.

    `classes` are what items consist of; `key` names the place and all that decides how its files are read.
    """

    def __init__(self, key: str, classes: Sequence[type], folder: Path | None = None) -> None:
        self._classes = tuple(classes)
        folder = folder or cache_folder()
        names = ",".join(cls.__qualname__ for cls in classes)
        digest = hashlib.sha256("\0".join((code(), names, key)).encode()).hexdigest()
        self._path = folder / f"{digest[:40]}.json" if folder is not None else None
        self.read_anew = 0  # files that were not in the pack

    def items(
        self, files: Iterable[RuleFile | RuleError], compile_: Callable[[RuleFile], Iterable[Any]]
    ) -> Iterator[Any]:
        """What the files hold, in order: from the pack, or compiled and put there once all were asked for."""
        known = self._load()
        kept: dict[str, Sequence[Any]] = {}
        for file in files:
            if isinstance(file, RuleError):
                yield file
                continue
            digest = hashlib.sha256(b"%d\0%s\0%s" % (len(file.origin), file.origin.encode(), file.data)).hexdigest()
            held = known.get(digest)
            if held is None:
                self.read_anew += 1
                held = tuple(compile_(file))
            kept[digest] = held
            yield from held
        if self.read_anew or len(kept) < len(known):
            self._save(kept)

    def _load(self) -> dict[str, Sequence[Any]]:
        """The pack: digest of a file → its items. Empty if there is none that can be trusted."""
        body = _sealed(self._path) if self._path is not None else None
        if body is None:
            return {}
        was_on = gc.isenabled()
        gc.disable()  # a hundred thousand small objects, none of them garbage
        try:
            pack = orjson.loads(body)
            made = read(pack["objects"], self._classes)
            return {digest: made[at] for digest, at in pack["files"].items()}
        except (ValueError, TypeError, LookupError):
            return {}
        finally:
            if was_on:
                gc.enable()

    def _save(self, kept: dict[str, Sequence[Any]]) -> None:
        if self._path is None:
            return
        writer = Writer(self._classes)
        files: dict[str, int] = {}
        for digest, items in kept.items():
            try:
                files[digest] = writer.write(items)[0]
            except NotPlainError:  # such a file is read anew each time
                continue
        try:
            body = orjson.dumps({"objects": writer.rows, "files": files})
        except TypeError:  # half a surrogate pair in a text: no JSON can hold it
            return
        _write(self._path, body)


def cache_folder() -> Path | None:
    """Where packs lie; None if this user has no home."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    if base and Path(base).is_absolute():
        return Path(base, "seawall", "rules")
    try:
        return Path.home() / ".cache" / "seawall" / "rules"
    except RuntimeError:
        return None


def _sealed(path: Path) -> bytes | None:
    """The body of a pack whose digest is right and which nobody else could have written."""
    try:
        with path.open("rb") as stream:
            info = os.fstat(stream.fileno())
            if info.st_uid != os.geteuid() or info.st_mode & 0o022 or info.st_size > MAX_PACK_BYTES:
                return None
            head, _, body = stream.read().partition(b"\n")
    except OSError:
        return None
    return body if head == _MAGIC + hashlib.sha256(body).hexdigest().encode() else None


def _write(path: Path, body: bytes) -> None:
    """Put a pack in place in one step. A cache that cannot be written costs time, nothing else."""
    head = _MAGIC + hashlib.sha256(body).hexdigest().encode() + b"\n"
    with contextlib.suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix="new-")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(head + body)
            os.replace(name, path)
        except OSError:
            os.unlink(name)
            raise
        packs = sorted(path.parent.glob("*.json"), key=lambda one: one.stat().st_mtime, reverse=True)
        for old in packs[MAX_PACKS:]:
            old.unlink()


@lru_cache(maxsize=1)
def code() -> str:
    """A digest of what decides how a rule is read: our own sources, the libraries that judge it, Python."""
    digest = hashlib.sha256(sys.version.encode())
    here = Path(__file__).parent
    words = here.parents[1] / "content"  # the tables tags are read against
    for path in (*sorted(here.rglob("*.py")), *sorted(here.parent.glob("*.py")), *sorted(words.glob("*.json"))):
        digest.update(path.read_bytes())
    for name in _ENGINES:
        with contextlib.suppress(PackageNotFoundError):
            digest.update(f"{name} {version(name)}\n".encode())
    return digest.hexdigest()
