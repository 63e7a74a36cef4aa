"""Configurations kept in git, as Oxidized and RANCID keep them: every version is a snapshot, taken at its commit.

    configs.git!/2026-03-01T10-00-00-1a2b3c4d/core/pe1:12      line 12 of pe1 as committed then

The repository is evidence and trusted in nothing. The real `git` reads its objects through a fresh, empty repository
of our own, into which its packs and loose objects are linked: no hook, configuration, attribute, alternate or
replacement of the evidence is ever looked at, and no program of it can be named. Commits, versions, octets and time
are bounded. Only versions that are device configurations are handed on.
"""

from __future__ import annotations

import os
import re
import resource
import shutil
import stat
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Final

from seawall.sources import configs
from seawall.sources.base import Evidence, Place, Reject, Skipped
from seawall.sources.opening import open_place
from seawall.sources.records import excerpt
from seawall.sources.spool import NoRoom, Spool

MAX_COMMITS: Final = 50_000
MAX_VERSIONS: Final = 200_000
MAX_BYTES: Final = 8 << 30  # of all versions
TIMEOUT_S: Final = 1_800.0
MEMORY_BYTES: Final = 2 << 30  # of address space git may have
_MAX_REFS: Final = 20_000
_SURE: Final = 50  # of a configuration, below which a version is something else
_ID: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_LOOSE: Final = re.compile(r"[0-9a-f]{2}")
_PACK: Final = re.compile(r"pack-[0-9a-f]{40,64}\.(?:pack|idx)")


def is_repository(folder: Path) -> bool:
    """Whether a folder is laid out as git's own: `HEAD`, `objects` and `refs`, none of them a link."""
    try:
        return (
            stat.S_ISREG((folder / "HEAD").lstat().st_mode)
            and stat.S_ISDIR((folder / "objects").lstat().st_mode)
            and ((folder / "packed-refs").is_file() or stat.S_ISDIR((folder / "refs").lstat().st_mode))
        )
    except OSError:
        return False


def stored_files(folder: Path) -> list[Path]:
    """What of a repository is hashed for custody: its references and packs. Loose objects are named by their hash."""
    found = [path for path in (folder / "HEAD", folder / "packed-refs") if path.is_file() and not path.is_symlink()]
    return [*found, *_files(folder / "refs"), *(p for p in _files(folder / "objects" / "pack") if _PACK.match(p.name))]


def _files(folder: Path) -> list[Path]:
    """The regular files below a folder; links are not followed."""
    found: list[Path] = []
    for where, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(where, name)
            if stat.S_ISREG(path.lstat().st_mode):
                found.append(path)
            if len(found) >= _MAX_REFS:
                return found
    return found


def versions(folder: Path, origin: str, spool: Spool, *, again: bool = False) -> Iterator[Evidence | Reject]:
    """Every version of every configuration in the history, oldest first. Nothing is raised.

    A content that comes back is given once, as first committed; with `again` each time that it came.
    """
    program = shutil.which("git")
    if program is None:
        yield Reject(origin, "a git repository, and git is not installed; install it (Debian: apt-get install git)")
        return
    try:
        with tempfile.TemporaryDirectory(prefix="seawall-git-") as own:
            _linked(folder, Path(own))
            yield from _History(program, Path(own), origin, spool, again=again).read(_tips(folder))
    except NoRoom:
        yield Reject(origin, "no room to put versions by; point TMPDIR to a folder on a larger disk")
    except OSError as error:
        yield Reject(origin, f"cannot be read: {error.strerror}; check its permissions, or leave it out")


@dataclass(frozen=True, slots=True)
class Commit:
    """Who put a version into the history, and what they wrote."""

    author: str
    message: str  # at most 500 characters, in one line


def commits(folder: Path) -> dict[str, Commit]:
    """Authors and messages by the first eight digits of the commit, as versions name it. Empty without git."""
    program = shutil.which("git")
    if program is None:
        return {}
    with tempfile.TemporaryDirectory(prefix="seawall-git-") as own:
        _linked(folder, Path(own))
        history = _History(program, Path(own), "", Spool())
        asked = "".join(f"{tip}\n" for tip in _tips(folder)).encode()
        options = ("--ignore-missing", "--stdin", f"--max-count={MAX_COMMITS}", "--format=%x1f%an%x1f%B%x1e")
        said = history._run(("rev-list", *options), asked).decode("utf-8", "replace")
    found = {}
    for record in said.split("\x1e"):
        head, author, message = (*record.split("\x1f", 2), "", "")[:3]
        if named := re.search(r"[0-9a-f]{40}", head):
            found[named[0][:8]] = Commit(excerpt(author.strip(), 100), excerpt(" ".join(message.split()), 500))
    return found


def _linked(folder: Path, own: Path) -> None:
    """An empty repository that sees the objects of another, and nothing else of it."""
    pack = own / "objects" / "pack"
    pack.mkdir(parents=True)
    (own / "refs").mkdir()
    (own / "HEAD").write_text("ref: refs/heads/none\n")
    (own / "config").write_text("[core]\n\trepositoryformatversion = 0\n\tbare = true\n")
    objects = folder.resolve() / "objects"
    for entry in os.scandir(objects):
        if _LOOSE.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False):
            (own / "objects" / entry.name).symlink_to(entry.path)
    if (objects / "pack").is_dir() and not (objects / "pack").is_symlink():
        for entry in os.scandir(objects / "pack"):
            if _PACK.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                (pack / entry.name).symlink_to(entry.path)


def _tips(folder: Path) -> list[str]:
    """The commits its references name."""
    found: dict[str, None] = {}
    for path in [folder / "HEAD", folder / "packed-refs", *_files(folder / "refs")]:
        try:
            with path.open("rb") as file:
                text = file.read(4 << 20).decode("latin-1")
        except OSError:
            continue
        found.update(dict.fromkeys(m[0] for line in text.splitlines() if (m := _ID.match(line.lstrip("^")))))
    return list(found)[:_MAX_REFS]


@dataclass(slots=True)
class _Version:
    commit: str
    when: int  # seconds since 1970
    path: bytes
    blob: str

    def name(self) -> str:
        """Its name below the repository, which says when it was taken."""
        try:
            moment = f"{datetime.fromtimestamp(self.when, UTC):%Y-%m-%dT%H-%M-%S}"
        except (ValueError, OverflowError, OSError):
            moment = "undated"
        shown = self.path.decode("utf-8", "backslashreplace")
        return f"{moment}-{self.commit[:8]}/" + "".join(c if c.isprintable() else "·" for c in shown)[:1_024]


@dataclass(slots=True)
class _History:
    """One repository being read."""

    program: str
    own: Path
    origin: str
    spool: Spool
    again: bool = False
    said: list[str] = field(default_factory=list)  # what git complained of
    given: int = 0
    others: set[bytes] = field(default_factory=set)  # files that are no configurations

    def read(self, tips: list[str]) -> Iterator[Evidence | Reject]:
        """Versions, and at the end what could not be read, or was left out."""
        if not tips:
            yield Skipped(self.origin, "a git repository without commits")
            return
        if any(len(tip) > 40 for tip in tips):
            yield Reject(self.origin, "a git repository with SHA-256 names, which is not read; clone it with SHA-1")
            return
        asked = "".join(f"{tip}\n" for tip in tips).encode()
        told = [line.split() for line in self._run(("cat-file", "--batch-check"), asked).splitlines()]
        there = [line[0].decode() for line in told if len(line) == 3 and line[1] in (b"commit", b"tag")]
        if missing := len(tips) - len(there):
            yield Reject(
                self.origin, f"references to {missing:,} commits that are not in the repository; fetch it whole"
            )
        commits = self._commits(there)
        found = self._versions(commits[:MAX_COMMITS])
        yield from self._contents(found[:MAX_VERSIONS])
        if len(commits) > MAX_COMMITS or len(found) > MAX_VERSIONS:
            what = f"more than {MAX_COMMITS:,} commits or {MAX_VERSIONS:,} versions; the latest were read"
            yield Reject(self.origin, what)
        if self.others:
            what = f"{len(self.others):,} files of its history are no device configurations; they are left out"
            yield Skipped(self.origin, what)
        yield from (Reject(self.origin, f"git says: {what}") for what in dict.fromkeys(self.said))

    def _commits(self, tips: list[str]) -> list[tuple[str, int]]:
        """Commits with their times, the latest first, one more than is read."""
        asked = "".join(f"{tip}\n" for tip in tips).encode()
        options = ("--ignore-missing", "--timestamp", "--stdin", f"--max-count={MAX_COMMITS + 1}")
        told = [
            line.split() for line in self._run(("rev-list", *options), asked).decode("ascii", "replace").splitlines()
        ]
        return [(one[1], int(one[0])) for one in told if len(one) == 2 and one[0].isdecimal()]

    def _versions(self, commits: list[tuple[str, int]]) -> list[_Version]:
        """Each content of each path once, as first committed; oldest first."""
        times = dict(commits)
        asked = "".join(f"{commit}\n" for commit, _ in reversed(commits)).encode()
        said = self._run(("diff-tree", "--stdin", "-r", "--root", "--raw", "-z", "--no-renames"), asked)
        found: dict[tuple[bytes, str, str], _Version] = {}
        commit, words = "", iter(said.split(b"\0"))
        for word in words:
            if not word.startswith(b":"):
                commit = word.decode("ascii", "replace").strip()
                continue
            parts, path = word.decode("ascii", "replace").split(" "), next(words, b"")
            if len(parts) == 5 and parts[1].startswith("100") and commit in times:
                version = _Version(commit, times[commit], path, parts[3])
                key = (path, version.blob, commit if self.again else "")
                held = found.get(key)
                if held is None or version.when < held.when:
                    found[key] = version
        return sorted(found.values(), key=lambda v: (v.when, v.path))[-MAX_VERSIONS - 1 :]

    def _contents(self, found: list[_Version]) -> Iterator[Evidence | Reject]:
        with self._running(("cat-file", "--batch")) as git:
            assert git.stdin is not None
            assert git.stdout is not None
            for version in found:
                try:
                    git.stdin.write(f"{version.blob}\n".encode())
                    git.stdin.flush()
                except BrokenPipeError:
                    break
                head = git.stdout.readline(256).split()
                if len(head) == 2 and head[1] == b"missing":
                    yield Reject(
                        f"{self.origin}!/{version.name()}", "its content is not in the repository; fetch it whole"
                    )
                    continue
                if len(head) != 3 or not head[2].isdigit():
                    break  # git ended; why stands in what it complained of
                size = int(head[2])
                self.given += size
                if self.given > MAX_BYTES:
                    yield Reject(self.origin, f"more than {MAX_BYTES >> 30} GiB in all versions; the rest was not read")
                    return
                yield from self._one(version, git.stdout, size)

    def _one(self, version: _Version, stream: IO[bytes], size: int) -> Iterator[Evidence | Reject]:
        origin = f"{self.origin}!/{version.name()}"
        kept = self.spool.keep(_blocks(stream, size))
        stream.read(1)  # the line end behind it
        if not kept.size:
            return
        if kept.size < size:
            yield Reject(origin, "its content is damaged")
            return
        evidence = open_place(Place(origin, kept.path, kept.content, kept.size, keep=kept))
        if isinstance(evidence, Reject):
            yield evidence
        elif configs.SOURCE.sniff(evidence) >= _SURE:
            yield replace(evidence, share=0)
        else:
            self.others.add(version.path)

    def _run(self, arguments: tuple[str, ...], asked: bytes) -> bytes:
        """What git answers to one question; what it could not answer is kept as a complaint."""
        with self._running(arguments) as git:
            answer, _ = git.communicate(asked)
        return answer

    @contextmanager
    def _running(self, arguments: tuple[str, ...]) -> Iterator[subprocess.Popen[bytes]]:
        """Git at work, within bounds of time and memory; ended with the context."""
        with tempfile.TemporaryFile() as complaints:
            git = subprocess.Popen(  # noqa: S603 - the program is git; its arguments are ours
                [self.program, "--no-pager", "--literal-pathspecs", *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=complaints,
                env=self._surroundings(),
                cwd=self.own,
            )
            resource.prlimit(git.pid, resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
            late = threading.Event()

            def stop() -> None:
                late.set()
                git.kill()

            timer = threading.Timer(TIMEOUT_S, stop)
            timer.start()
            try:
                yield git
            finally:
                timer.cancel()
                for pipe in (git.stdin, git.stdout):
                    if pipe is not None and not pipe.closed:
                        _close(pipe)
                try:
                    git.wait(10)
                except subprocess.TimeoutExpired:
                    git.kill()
                    git.wait()
                complaints.seek(0)
                words = excerpt(" ".join(complaints.read(2_000).decode("utf-8", "replace").split()), 200)
                if late.is_set():
                    words = f"it took longer than {TIMEOUT_S:.0f} s"
                if words:
                    self.said.append(words.replace(str(self.own), "the repository"))

    def _surroundings(self) -> dict[str, str]:
        """The environment of git: its own folder, no configuration, no network, nothing of the person who runs us."""
        nothing = dict.fromkeys(("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"), os.devnull)
        off = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_ALLOW_PROTOCOL": "none"}
        on = dict.fromkeys(
            ("GIT_CONFIG_NOSYSTEM", "GIT_ATTR_NOSYSTEM", "GIT_NO_REPLACE_OBJECTS", "GIT_NO_LAZY_FETCH"), "1"
        )
        return {
            **nothing,
            **off,
            **on,
            "GIT_DIR": str(self.own),
            "HOME": str(self.own),
            "PATH": os.defpath,
            "LC_ALL": "C",
        }


def _blocks(stream: IO[bytes], size: int) -> Iterator[bytes]:
    while size > 0 and (block := stream.read(min(size, 1 << 20))):
        size -= len(block)
        yield block


def _close(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except BrokenPipeError:
        return
